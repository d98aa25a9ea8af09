/* tests/bench/bench_leases.c: parcels of 100 pages, leased by eight workers at once and marked as
 * read with an upload each: how many a second, and none twice. On a PostgreSQL of the tests' own:
 * without BLINDSPOT_TEST_PG it starts one and itself again. Run from the root of the checkout. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "store/pg.h"
#include "store/store.h"
#include "store/work.h"
#include "store/work_far.h"
#include "tests/bench/lab.h"

#define WORKERS 8
#define PARCELS 800
#define GOAL 100    // a second
#define WHAT "leases of 100 pages, 8 workers, a second; goal 100"

static void must(int rc, const struct err *err)
{
    if (rc)
        lab_fail("%s", err->msg);
}

static void hand_out(const char *url)
{
    struct read_task *t = xcalloc((size_t)PARCELS * WORK_PARCEL_MOST, sizeof *t);
    const struct work_new work = { .settings = STR("audit=bench\n") };
    struct store *s = NULL;
    struct err err = { 0 };
    int64_t n = 0, parcels = 0;

    for (int i = 0; i < PARCELS * WORK_PARCEL_MOST; i++)
        t[i] = (struct read_task){ .witness = WITNESS_PAGE, .item = i + 1,
                                   .id = UINT64_C(7361448925972155679) + (uint64_t)i,
                                   .handle = STR("somebody") };
    must(store_create(url, &err) || store_open(&s, url, STORE_WRITE, &err) ||
             store_work_begin(s, &work, &n, &err) ||
             store_work_add(s, n, t, (size_t)PARCELS * WORK_PARCEL_MOST, WORK_PARCEL_MOST,
                            &parcels, &err) ||
             store_close(s, &err),
         &err);
    free(t);
}

static void work(const char *url, int no)
{
    struct far_work *w = NULL;
    struct arena mem = { 0 };
    struct err err = { 0 };
    char name[32];
    size_t n = 1;

    snprintf(name, sizeof name, "bench-%d", no);
    must(far_work_open(&w, url, name, STR_NONE, &err), &err);
    while (n) {
        struct far_page *page;

        arena_clear(&mem);
        must(far_work_lease(w, &mem, &page, &n, &err), &err);
        if (n) {
            const struct far_upload u = { .body = STR("{}\n"), .answered = page, .answers = n,
                                          .done = &page[0].parcel, .dones = 1 };

            must(far_work_upload(w, &u, &err), &err);
        }
    }
    arena_release(&mem);
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

static int measure(const char *server)
{
    char url[512], ours[40];
    double begun, took;
    int64_t bad;

    snprintf(url, sizeof url, "%s?schema=bench_%d", server, (int)getpid());
    hand_out(url);
    begun = lab_now();
    for (int i = 0; i < WORKERS; i++)
        if (fork() == 0)
            work(url, i);
    for (int i = 0, status; i < WORKERS; i++)
        if (wait(&status) < 0 || status)
            lab_fail("a worker failed");
    took = lab_now() - begun;
    if ((bad = wrong(url)))
        lab_fail("%lld parcels were leased twice, or not read", (long long)bad);
    snprintf(ours, sizeof ours, "%.0f/s", PARCELS / took);
    lab_judge(WHAT, ours, "", PARCELS / took / GOAL, LAB_AT_LEAST, 1);
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
