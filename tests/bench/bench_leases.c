/* tests/bench/bench_leases.c: parcels of 100 pages, leased by eight workers at once and marked as
 * read with an upload each: how many a second, and none twice. Then with what their pages said, as
 * a worker writes it: how many pages a second four workers commit beside one. On a PostgreSQL of
 * the tests' own: without BLINDSPOT_TEST_PG it starts one and itself again. Run from the root of
 * the checkout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "audit/work_line.h"
#include "store/pg.h"
#include "store/store.h"
#include "store/work.h"
#include "store/work_far.h"
#include "tests/bench/lab.h"

#define WORKERS 8
#define PARCELS 800
#define READERS 4
#define READ_PARCELS 100    // of each reader
#define GOAL 100    // a second
#define WHAT "leases of 100 pages, 8 workers, a second; goal 100"
#define START INT64_C(1790000000)
#define WHAT_READ "pages that four workers commit, one worker"

static void must(int rc, const struct err *err)
{
    if (rc)
        lab_fail("%s", err->msg);
}

static void hand_out(const char *url, int count)
{
    struct read_task *t = xcalloc((size_t)count * WORK_PARCEL_MOST, sizeof *t);
    const struct work_new work = { .settings = STR("audit=bench\n") };
    struct store *s = NULL;
    struct err err = { 0 };
    int64_t n = 0, parcels = 0;

    for (int i = 0; i < count * WORK_PARCEL_MOST; i++)
        t[i] = (struct read_task){ .witness = WITNESS_PAGE, .item = i + 1,
                                   .id = UINT64_C(7361448925972155679) + (uint64_t)i,
                                   .handle = STR("somebody") };
    must(store_create(url, &err) || store_open(&s, url, STORE_WRITE, &err) ||
             store_work_begin(s, &work, &n, &err) ||
             store_work_add(s, n, t, (size_t)count * WORK_PARCEL_MOST, WORK_PARCEL_MOST, &parcels,
                            &err) ||
             store_close(s, &err),
         &err);
    free(t);
}

/* What the pages said, a line each. */
static void tell_pages(struct buf *out, const struct far_page *page, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        struct ask_member member = { .id = page[i].task.id, .item = page[i].task.item };
        struct record rec = { .id = page[i].task.id };
        struct request r = { .witness = WITNESS_PAGE,
                             .member = &member,
                             .members = 1,
                             .sends = 1,
                             .http = 200,
                             .complete = true,
                             .reserved_at = START,
                             .sent_at = START,
                             .done_at = START };
        struct answer a = { .id = page[i].task.id,
                            .item = page[i].task.item,
                            .witness = WITNESS_PAGE,
                            .message = STR(""),
                            .region = STR("DE"),
                            .kind = ANSWER_PUBLIC,
                            .at = START,
                            .generation = GENERATION_REHYDRATE,
                            .record = &rec };

        rec.val[FIELD_CREATED] = value_int(START - 86400);
        rec.val[FIELD_AUTHOR] = value_text(STR("somebody"));
        rec.val[FIELD_CAPTION] = value_text(STR("a caption of usual length, with #tags and so on"));
        rec.val[FIELD_VIEWS] = value_int((int64_t)i);
        work_line_answer(out, &r, &a, NULL, 0);
    }
}

/* Until there are no more. */
static void work(const char *url, int no, bool reads)
{
    struct far_work *w = NULL;
    struct arena mem = { 0 };
    struct buf lines = { 0 };
    struct err err = { 0 };
    char name[32];
    size_t n = 1;

    snprintf(name, sizeof name, "bench-%d", no);
    must(far_work_open(&w, url, name, STR_NONE, &err), &err);
    while (n) {
        struct far_page *page;

        arena_clear(&mem);
        must(far_work_lease(w, &mem, &page, &n, &err), &err);
        buf_clear(&lines);
        if (reads)
            tell_pages(&lines, page, n);
        else
            buf_puts(&lines, "{}\n");
        if (n) {
            const struct far_upload u = { .body = buf_view(&lines),
                                          .answered = page,
                                          .answers = n,
                                          .done = &page[0].parcel,
                                          .dones = 1 };

            must(far_work_upload(w, &u, &err), &err);
        }
    }
    arena_release(&mem);
    buf_release(&lines);
    far_work_close(w);
    exit(0);
}

/* Parcels that were not leased once, or not done. */
static int64_t wrong(const char *url)
{
    static const struct pg_ask ask = {
        "SELECT count(*) FROM parcel WHERE n % 16777216 > 0 AND (leases <> 1 OR done = 0)", NULL, 0
    };
    struct pg *pg = NULL;
    struct err err = { 0 };
    int64_t n;

    must(pg_open(&pg, url, "bench", 15000, &err) || pg_run(pg, &ask, 1, &err), &err);
    n = pg_int(pg, 0, 0, 0);
    pg_close(pg);
    return n;
}

/* Seconds in which so many workers did them all. */
static double take(const char *server, int workers, int parcels, bool reads)
{
    char url[512];
    double begun, took;
    int64_t bad;

    snprintf(url, sizeof url, "%s?schema=bench_%d_%d_%d", server, (int)getpid(), workers, reads);
    hand_out(url, parcels);
    begun = lab_now();
    for (int i = 0; i < workers; i++)
        if (fork() == 0)
            work(url, i, reads);
    for (int i = 0, status; i < workers; i++)
        if (wait(&status) < 0 || status)
            lab_fail("a worker failed");
    took = lab_now() - begun;
    if ((bad = wrong(url)))
        lab_fail("%lld parcels were leased twice, or not read", (long long)bad);
    return took;
}

static int measure(const char *server)
{
    const double leases = PARCELS / take(server, WORKERS, PARCELS, false);
    const double one = WORK_PARCEL_MOST * READ_PARCELS / take(server, 1, READ_PARCELS, true);
    const double four = WORK_PARCEL_MOST * READ_PARCELS * READERS /
                        take(server, READERS, READERS * READ_PARCELS, true);
    char ours[40], other[40];

    snprintf(ours, sizeof ours, "%.0f/s", leases);
    lab_judge(WHAT, ours, "", leases / GOAL, LAB_AT_LEAST, 1);
    snprintf(ours, sizeof ours, "%.0f/s", four);
    snprintf(other, sizeof other, "%.0f/s", one);
    lab_judge(WHAT_READ, ours, other, four / one, LAB_AT_LEAST, 1.4);
    return 0;
}

int main(int argc, char **argv)
{
    const char *server = getenv("BLINDSPOT_TEST_PG");
    int rc;

    (void)argc;
    if (server && *server)
        return measure(server);
    rc = lab_shell(NULL, "sh tests/pg.sh %s", argv[0]);
    if (rc == 77)
        lab_skip(WHAT, "there is no PostgreSQL here");
    return rc == 77 ? 0 : rc;
}
