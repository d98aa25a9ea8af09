/* tests/bench/bench_engines.c: the store on PostgreSQL beside the store in a file, the same calls
 * in the same run: items in bulk, requests of 100 ids, pages, pairs in order, what a view is made
 * of. Needs a server at BLINDSPOT_TEST_PG (tests/bench/run.sh starts one that syncs its commits).
 * An argument sets how many items. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/id.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/change.h"
#include "store/items.h"
#include "store/records.h"
#include "store/store.h"
#include "tests/bench/lab.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i)*1048577ull)
#define START INT64_C(1790000000)
#define MEMBERS 100
#define REQUESTS 200
#define PAGES 20000
#define CHUNK 10000

enum { ADD, ASK, PAGE, PAIRS, VIEW, STEPS };
static char dir[] = "/tmp/blindspot-bench.XXXXXX";
static struct err err;
static struct store *s;
static struct sink sink;

static void must(int rc)
{
    if (rc)
        lab_fail("%s", err.msg);
}

static void add_all(int64_t items)
{
    struct new_item *it = calloc(CHUNK, sizeof *it);
    const struct digest d = { { 1 } };
    struct add_count counts = { 0 };
    int64_t source;

    must(store_begin(s, &err));
    must(store_source(s, "list", &d, &source, &err));
    for (int64_t at = 0; at < items; at += CHUNK) {
        for (int i = 0; i < CHUNK; i++)
            it[i].id = ID(at + i);
        must(store_add_items(s, source, it, CHUNK, &counts, &err));
    }
    must(store_commit(s, &err));
    free(it);
}

static struct record made(int64_t i)
{
    struct record r = { .id = ID(i) };

    r.val[FIELD_CREATED] = value_int(START - 86400);
    r.val[FIELD_AUTHOR] = value_text(STR("somebody"));
    r.val[FIELD_CAPTION] = value_text(STR("a caption of usual length, with #tags and so on"));
    r.val[FIELD_VIEWS] = value_int(i);
    return r;
}

static void put(struct request *r, int64_t i, enum answer_kind kind)
{
    const struct record rec = made(i);
    const struct answer a = { .id = ID(i),
                              .item = i + 1,
                              .kind = kind,
                              .at = r->done_at,
                              .request = r->n,
                              .generation = GENERATION_REHYDRATE,
                              .record = &rec };

    must(sink.put(sink.to, r, &a, &err));
}

static void exchange(struct request *r)
{
    const struct http_exchange x = {
        .url = "https://example/", .status = 200, .done_at = r->done_at, .body = STR("{}")
    };

    must(sink.exchange(sink.to, r, &x, &r->evidence, &err));
}

static void ask_all(void)
{
    struct ask_member m[MEMBERS];

    for (int n = 0; n < REQUESTS; n++) {
        struct request r = {
            .witness = WITNESS_QUERY, .round = 1, .member = m, .members = MEMBERS
        };

        for (int i = 0; i < MEMBERS; i++)
            m[i] = (struct ask_member){ .id = ID(n * MEMBERS + i), .item = n * MEMBERS + i + 1 };
        must(sink.reserve(sink.to, &r, &err));
        r.sends = 1;
        r.complete = true;
        r.done_at = START + n;
        exchange(&r);
        for (int i = 0; i < MEMBERS; i += 2) {
            m[i].came_back = true;
            put(&r, n * MEMBERS + i, ANSWER_FOUND);
        }
        must(sink.done(sink.to, &r, &err));
    }
}

static void read_all(void)
{
    for (int i = 0; i < PAGES; i++) {
        struct request r = { .witness = WITNESS_PAGE };

        must(sink.reserve(sink.to, &r, &err));
        r.sends = 1;
        r.done_at = START + i;
        exchange(&r);
        put(&r, i, ANSWER_PUBLIC);
        must(sink.done(sink.to, &r, &err));
    }
    must(sink.commit(sink.to, &err));
}

static void walk_pairs(void)
{
    struct pair_cursor *c;
    struct pair_row row;
    int rc;

    must(store_pairs(s, true, false, &c, &err));
    while ((rc = pair_cursor_next(c, &row, &err)) == 1)
        ;
    must(rc);
    pair_cursor_close(c);
}

static void walk_asks(void)
{
    struct ask_cursor *c;
    struct ask_row row;
    int rc;

    must(store_asks(s, &c, &err));
    while ((rc = ask_cursor_next(c, &row, &err)) == 1)
        ;
    must(rc);
    ask_cursor_close(c);
}

static void measure(const char *place, int64_t items, double took[STEPS])
{
    const struct sink_opts o = { .commit_every = 50 };
    double from;

    must(store_create(place, &err));
    must(store_open(&s, place, STORE_WRITE, &err));
    from = lab_now();
    add_all(items);
    took[ADD] = lab_now() - from;
    must(store_sink(s, &o, &sink, &err));
    from = lab_now();
    ask_all();
    took[ASK] = lab_now() - from;
    from = lab_now();
    read_all();
    took[PAGE] = lab_now() - from;
    store_sink_release(&sink);
    from = lab_now();
    walk_pairs();
    took[PAIRS] = lab_now() - from;
    from = lab_now();
    walk_asks();
    took[VIEW] = lab_now() - from;
    must(store_close(s, &err));
}

static void tell(const char *what, double n, double ours, double other, enum lab_goal is,
                 double goal)
{
    char a[32], b[32];

    if (is == LAB_AT_LEAST) {    // a rate
        snprintf(a, sizeof a, "%.0f/s", n / ours);
        snprintf(b, sizeof b, "%.0f/s", n / other);
        lab_judge(what, a, b, other / ours, is, goal);
        return;
    }
    snprintf(a, sizeof a, "%.3f s", ours);
    snprintf(b, sizeof b, "%.3f s", other);
    lab_judge(what, a, b, ours / other, is, goal);
}

int main(int argc, char **argv)
{
    const int64_t items = argc > 1 ? atoll(argv[1]) : 200000;
    const char *server = getenv("BLINDSPOT_TEST_PG");
    double far[STEPS], file[STEPS];
    char path[64], place[600];

    if (!server) {
        lab_skip("store: PostgreSQL, beside a file", "no server: sh tests/pg.sh");
        return 0;
    }
    if (!mkdtemp(dir))
        lab_fail("no folder");
    snprintf(path, sizeof path, "%s/audit.db", dir);
    snprintf(place, sizeof place, "%s?schema=bench%ld", server, (long)getpid());
    measure(path, items, file);
    measure(place, items, far);
    tell("PostgreSQL beside a file: items in bulk", (double)items, far[ADD], file[ADD],
         LAB_AT_LEAST, 0.25);
    tell("PostgreSQL beside a file: requests of 100 ids", REQUESTS, far[ASK], file[ASK],
         LAB_AT_LEAST, 0.3);
    tell("PostgreSQL beside a file: pages, one connection", PAGES, far[PAGE], file[PAGE],
         LAB_AT_LEAST, 0.3);
    tell("PostgreSQL beside a file: pairs in order", 0, far[PAIRS], file[PAIRS], LAB_AT_MOST, 2);
    tell("PostgreSQL beside a file: what a view is made of", 0, far[VIEW], file[VIEW], LAB_AT_MOST,
         2);
    lab_remove(dir);
    return 0;
}
