/* tests/bench/bench_engines.c: the store on PostgreSQL beside the store in a file, the same calls
 * in the same run: items in bulk, requests of 100 ids, pages; then a store that is full, which
 * goes over to the server (spread) and back (gather) beside a plain copy of its tables by sqlite3
 * and psql, and of which all pairs are read in order, and what a view is made of. Needs a server
 * at BLINDSPOT_TEST_PG (tests/bench/run.sh starts one that syncs its commits).
 * Arguments: how many items go in in bulk, and how many the full store has. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "record/id.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/carry.h"
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
#define ROUNDS 3    // of a pass; the quickest counts

enum { ADD, ASK, PAGE, STEPS };
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

/* Every `back`th comes back. One that is loaded is committed along with many. */
static void ask_all(int requests, int back, bool loaded)
{
    struct ask_member m[MEMBERS];

    for (int n = 0; n < requests; n++) {
        struct request r = {
            .witness = WITNESS_QUERY, .round = 1, .loaded = loaded, .member = m, .members = MEMBERS
        };

        for (int i = 0; i < MEMBERS; i++)
            m[i] = (struct ask_member){ .id = ID(n * MEMBERS + i), .item = n * MEMBERS + i + 1 };
        must(sink.reserve(sink.to, &r, &err));
        r.sends = 1;
        r.complete = true;
        r.done_at = START + n;
        exchange(&r);
        for (int i = 0; i < MEMBERS; i += back) {
            m[i].came_back = true;
            put(&r, n * MEMBERS + i, ANSWER_FOUND);
        }
        must(sink.done(sink.to, &r, &err));
    }
}

static void read_all(int64_t pages, bool loaded)
{
    for (int64_t i = 0; i < pages; i++) {
        struct request r = { .witness = WITNESS_PAGE, .loaded = loaded };

        must(sink.reserve(sink.to, &r, &err));
        r.sends = 1;
        r.done_at = START + i;
        exchange(&r);
        put(&r, i, ANSWER_PUBLIC);
        must(sink.done(sink.to, &r, &err));
    }
    must(sink.commit(sink.to, &err));
}

/* All that a comparison reads of each pair. */
static void walk_pairs(int64_t pairs)
{
    struct pair_cursor *c;
    struct pair_row row;
    int64_t n = 0;
    int rc;

    must(store_pairs(s, true, false, &c, &err));
    pair_cursor_with_readings(c, false);
    while ((rc = pair_cursor_next(c, &row, &err)) == 1)
        n++;
    must(rc);
    pair_cursor_close(c);
    if (n != pairs)
        lab_fail("%lld pairs of %lld", (long long)n, (long long)pairs);
}

/* As a view is made: the items that were touched, then who was asked together. */
static void walk_view(int64_t items)
{
    struct item_cursor *touched;
    struct ask_cursor *asks;
    struct item_row item;
    struct ask_row ask;
    int64_t n = 0;
    int rc;

    must(store_items(s, ITEMS_TOUCHED, 0, &touched, &err));
    while ((rc = item_cursor_next(touched, &item, &err)) == 1)
        n++;
    must(rc);
    item_cursor_close(touched);
    must(store_asks(s, &asks, &err));
    while ((rc = ask_cursor_next(asks, &ask, &err)) == 1)
        n++;
    must(rc);
    ask_cursor_close(asks);
    if (n != 2 * items)
        lab_fail("%lld items and asks of %lld", (long long)n, (long long)(2 * items));
}

/* In turns, so that a machine that is shared is shared by both. */
static void quickest(struct store *const in[2], void (*walk)(int64_t), int64_t n, double took[2])
{
    for (int i = 0; i < 2 * ROUNDS; i++) {
        double from = lab_now(), t;

        s = in[i % 2];
        walk(n);
        t = lab_now() - from;
        took[i % 2] = i < 2 || t < took[i % 2] ? t : took[i % 2];
    }
}

static void measure_writes(const char *place, int64_t items, double took[STEPS])
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
    ask_all(REQUESTS, 2, false);
    took[ASK] = lab_now() - from;
    from = lab_now();
    read_all(PAGES, false);
    took[PAGE] = lab_now() - from;
    store_sink_release(&sink);
    must(store_close(s, &err));
}

/* ---- passes over a full store ---- */
static void fill(const char *place, int64_t items)
{
    const struct sink_opts o = { .commit_every = 10000 };

    must(store_create(place, &err));
    must(store_open(&s, place, STORE_WRITE, &err));
    add_all(items);
    must(store_sink(s, &o, &sink, &err));
    ask_all((int)(items / MEMBERS), 1, true);
    must(sink.commit(sink.to, &err));
    read_all(items, true);
    store_sink_release(&sink);
    must(store_close(s, &err));
}

/* The rows that went over, and how long it took. */
static double carry(const char *from, const char *to, int64_t *rows)
{
    double began = lab_now();
    struct carried c;

    must(store_open(&s, from, STORE_WRITE, &err));
    must(store_carry(s, to, &c, &err));
    must(store_close(s, &err));
    *rows = c.rows;
    return lab_now() - began;
}

static double copy_plainly(const char *way, const char *server, const char *schema,
                           const char *file)
{
    double from = lab_now();

    if (lab_shell(NULL, "sh tests/bench/copy_plainly.sh %s '%s' %s '%s'", way, server, schema,
                  file))
        lab_fail("no plain copy");
    return lab_now() - from;
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

static void measure_passes(const char *server, const char *file, int64_t items)
{
    double pairs[2], view[2];
    struct store *in[2];

    must(store_open(&in[0], server, STORE_WRITE, &err));
    must(store_open(&in[1], file, STORE_WRITE, &err));
    quickest(in, walk_pairs, items, pairs);
    quickest(in, walk_view, items, view);
    must(store_close(in[0], &err));
    must(store_close(in[1], &err));
    tell("PostgreSQL beside a file: pairs in order", 0, pairs[0], pairs[1], LAB_AT_MOST, 2);
    tell("PostgreSQL beside a file: what a view is made of", 0, view[0], view[1], LAB_AT_MOST, 2);
}

static void tell_writes(const char *server, int64_t items)
{
    double far[STEPS], file[STEPS];
    char path[64], place[600];

    snprintf(path, sizeof path, "%s/audit.db", dir);
    snprintf(place, sizeof place, "%s?schema=bench%ld", server, (long)getpid());
    measure_writes(path, items, file);
    measure_writes(place, items, far);
    tell("PostgreSQL beside a file: items in bulk", (double)items, far[ADD], file[ADD],
         LAB_AT_LEAST, 0.25);
    tell("PostgreSQL beside a file: requests of 100 ids", REQUESTS, far[ASK], file[ASK],
         LAB_AT_LEAST, 0.3);
    tell("PostgreSQL beside a file: pages, one connection", PAGES, far[PAGE], file[PAGE],
         LAB_AT_LEAST, 0.3);
}

static void tell_copy(const char *what, int64_t rows, double ours, double plain)
{
    char a[32], b[32];

    snprintf(a, sizeof a, "%.0f rows/s", (double)rows / ours);
    snprintf(b, sizeof b, "%.0f rows/s", (double)rows / plain);
    lab_row(what, a, b, plain / ours, "printed");
}

static void tell_passes(const char *server, int64_t items)
{
    double over, back;
    char path[64], place[600], again[64], schema[32], plain[64];
    int64_t rows = 0;

    snprintf(path, sizeof path, "%s/full.db", dir);
    snprintf(again, sizeof again, "%s/back.db", dir);
    snprintf(plain, sizeof plain, "%s/plain.db", dir);
    snprintf(schema, sizeof schema, "full%ld", (long)getpid());
    snprintf(place, sizeof place, "%s?schema=%s", server, schema);
    fill(path, items);
    over = carry(path, place, &rows);
    measure_passes(place, path, items);
    back = carry(place, again, &rows);
    tell_copy("spread to PostgreSQL, a plain copy without a check", rows, over,
              copy_plainly("to", server, schema, path));
    tell_copy("gather from PostgreSQL, a plain copy without a check", rows, back,
              copy_plainly("from", server, schema, plain));
}

int main(int argc, char **argv)
{
    const char *server = getenv("BLINDSPOT_TEST_PG");

    if (!server) {
        lab_skip("store: PostgreSQL, beside a file", "no server: sh tests/pg.sh");
        return 0;
    }
    if (!mkdtemp(dir))
        lab_fail("no folder");
    tell_writes(server, argc > 1 ? atoll(argv[1]) : 1000000);
    tell_passes(server, argc > 2 ? atoll(argv[2]) : 100000);
    lab_remove(dir);
    return 0;
}
