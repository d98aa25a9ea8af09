/* tests/bench/bench_diff_store.c: all pairs of a store read and compared,
 * against sqldiff (Debian: sqlite3-tools) on the same rows, written as two
 * database files with one table each. A million pairs of 20 fields, of which
 * one in a hundred differs in one field; an argument sets another number. */
#include <dirent.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "diff/diff.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/check.h"
#include "store/evidence.h"
#include "store/items.h"
#include "store/meta.h"
#include "store/purge.h"
#include "store/records.h"
#include "store/replay.h"
#include "store/results.h"
#include "store/store.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i) * 1048577ull)
#define MEMBERS 100
#define ROUNDS 3
#define NEVER 1e9
#define FIELDS 20
#define START INT64_C(1767225600)

static const enum field used[FIELDS] = {
    FIELD_CREATED,   FIELD_AUTHOR,      FIELD_CAPTION,  FIELD_MUSIC,    FIELD_DURATION,
    FIELD_HASHTAGS,  FIELD_HASHTAG_IDS, FIELD_MENTIONS, FIELD_PLAYLIST, FIELD_EFFECTS,
    FIELD_VIEWS,     FIELD_LIKES,       FIELD_COMMENTS, FIELD_SHARES,   FIELD_FAVORITES,
    FIELD_AUTHOR_ID, FIELD_NICKNAME,    FIELD_VERIFIED, FIELD_PLACE,    FIELD_LANGUAGE
};
static char dir[96];

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static void must(int rc, const struct err *err)
{
    if (rc < 0)
        die("bench: %s", err->msg);
}

/* The fields of post i, as a side shows it: every hundredth differs in one. */
static void fill(struct record *r, int64_t i, enum side side, char text[6][160])
{
    int n[6] = { snprintf(text[0], 160, "maker_%lld", (long long)(i % 50000)),
                 snprintf(text[1], 160,
                          "post %lld: a walk along the river before the rain #river #rain%s",
                          (long long)i, side == SIDE_PAGE && i % 100 == 0 ? " (edited)" : ""),
                 snprintf(text[2], 160, "river\nrain\nwalk%lld", (long long)(i % 100)),
                 snprintf(text[3], 160, "%lld\n%lld", (long long)(i % 900 + 1000),
                          (long long)(i % 800 + 7000)),
                 snprintf(text[4], 160, "67%lld", (long long)(i % 50000) + 10000000000000000),
                 snprintf(text[5], 160, "Maker No %lld", (long long)(i % 50000)) };

    *r = (struct record){ .id = ID(i) };
    for (int f = 0; f < FIELDS; f++)
        r->val[used[f]] = value_int((i * 2654435761 + f * 97) % 1000000);
    r->val[FIELD_CREATED] = value_int(START - i % 10000000);
    r->val[FIELD_MUSIC] = value_int(7300000000000000000 + i);
    r->val[FIELD_AUTHOR] = value_text((struct str){ text[0], (size_t)n[0] });
    r->val[FIELD_CAPTION] = value_text((struct str){ text[1], (size_t)n[1] });
    r->val[FIELD_HASHTAGS] = value_text((struct str){ text[2], (size_t)n[2] });
    r->val[FIELD_HASHTAG_IDS] = value_text((struct str){ text[3], (size_t)n[3] });
    r->val[FIELD_MENTIONS] = value_text(STR(""));
    r->val[FIELD_EFFECTS] = value_text(STR(""));
    r->val[FIELD_AUTHOR_ID] = value_text((struct str){ text[4], (size_t)n[4] });
    r->val[FIELD_NICKNAME] = value_text((struct str){ text[5], (size_t)n[5] });
    r->val[FIELD_VERIFIED] = value_int(i % 2);
    r->val[FIELD_PLACE] = value_text(STR("DE"));
    r->val[FIELD_LANGUAGE] = value_text(STR("de"));
}

/* ---- the store ---- */
static void add_items(struct store *s, int64_t pairs)
{
    struct new_item *it = xcalloc((uint64_t)pairs, sizeof *it);
    struct add_count counts = {0};
    struct digest d = {{0}};
    struct err err = {0};
    int64_t source;

    for (int64_t i = 0; i < pairs; i++)
        it[i].id = ID(i);
    must(store_source(s, "list", &d, &source, &err), &err);
    must(store_add_items(s, source, it, (size_t)pairs, &counts, &err), &err);
    free(it);
}

static void put_side(struct sink *k, int64_t pairs, enum side side)
{
    struct ask_member m[MEMBERS];
    char text[6][160];
    struct err err = {0};
    struct record rec;

    for (int64_t i = 0; i < pairs;) {
        struct request r = { .witness = side == SIDE_API ? WITNESS_QUERY : WITNESS_PAGE,
                             .loaded = true,
                             .done_at = START,
                             .complete = true,
                             .member = m };
        int64_t n = side == SIDE_PAGE ? 1 : pairs - i < MEMBERS ? pairs - i : MEMBERS;

        r.members = side == SIDE_API ? (size_t)n : 0;
        for (int64_t j = 0; j < n; j++)
            m[j] = (struct ask_member){ .id = ID(i + j), .item = i + j + 1, .came_back = true };
        must(k->reserve(k->to, &r, &err), &err);
        for (int64_t j = 0; j < n; j++) {
            struct answer a = { .id = ID(i + j),
                                .item = i + j + 1,
                                .witness = r.witness,
                                .at = START,
                                .record = &rec,
                                .kind = side == SIDE_API ? ANSWER_FOUND : ANSWER_PUBLIC,
                                .generation = side == SIDE_API ? GENERATION_API
                                                               : GENERATION_REHYDRATE };

            fill(&rec, i + j, side, text);
            must(k->put(k->to, &r, &a, &err), &err);
        }
        must(k->done(k->to, &r, &err), &err);
        i += n;
    }
    must(k->commit(k->to, &err), &err);
}

static struct store *make_store(int64_t pairs, double took[SIDE_COUNT])
{
    struct sink_opts o = { .commit_every = 10000 };
    struct store *s;
    struct sink sink;
    struct err err = {0};
    char path[128];

    snprintf(path, sizeof path, "%s/audit.db", dir);
    must(store_create(path, &err), &err);
    must(store_open(&s, path, true, &err), &err);
    add_items(s, pairs);
    must(store_sink(s, &o, &sink, &err), &err);
    for (int side = 0; side < SIDE_COUNT; side++) {
        took[side] = now_s();
        put_side(&sink, pairs, (enum side)side);
        took[side] = now_s() - took[side];
    }
    store_sink_release(&sink);
    return s;
}

/* ---- the same rows for sqldiff ---- */
static void make_table(int64_t pairs, enum side side)
{
    char path[128], text[6][160];
    struct buf sql = {0};
    struct record r;
    sqlite3 *db;
    sqlite3_stmt *st;

    snprintf(path, sizeof path, "%s/%s.db", dir, side_name(side));
    buf_puts(&sql, "BEGIN; CREATE TABLE record (id INTEGER PRIMARY KEY");
    for (int f = 0; f < FIELDS; f++)
        buf_printf(&sql, ", \"%s\"", field_info(used[f])->name);
    buf_puts(&sql, ")");
    if (sqlite3_open(path, &db) || sqlite3_exec(db, buf_cstr(&sql), NULL, NULL, NULL))
        die("bench: %s", sqlite3_errmsg(db));
    buf_clear(&sql);
    buf_puts(&sql, "INSERT INTO record VALUES (?");
    for (int f = 0; f < FIELDS; f++)
        buf_puts(&sql, ", ?");
    buf_puts(&sql, ")");
    if (sqlite3_prepare_v2(db, buf_cstr(&sql), -1, &st, NULL))
        die("bench: %s", sqlite3_errmsg(db));
    for (int64_t i = 0; i < pairs; i++) {
        fill(&r, i, side, text);
        sqlite3_bind_int64(st, 1, (int64_t)r.id);
        for (int f = 0; f < FIELDS; f++) {
            const struct value *v = &r.val[used[f]];

            if (v->kind == VAL_INT)
                sqlite3_bind_int64(st, f + 2, v->i);
            else
                sqlite3_bind_text(st, f + 2, v->text.p, (int)v->text.n, SQLITE_STATIC);
        }
        if (sqlite3_step(st) != SQLITE_DONE)
            die("bench: %s", sqlite3_errmsg(db));
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
    sqlite3_close(db);
    buf_release(&sql);
}

static double time_sqldiff(void)
{
    char command[400];
    double from = now_s();

    snprintf(command, sizeof command, "sqldiff '%s/api.db' '%s/page.db' > '%s/out.sql'", dir, dir,
             dir);
    return system(command) == 0 ? now_s() - from : -1;
}

/* ---- ours ---- */
static double time_pairs(struct store *s, bool skip_equal, bool compare, int64_t *rows,
                         int64_t *differing)
{
    struct diff_count count = {0};
    const struct diff_sink none = {0};
    struct pair_cursor *c;
    struct pair_row row;
    struct err err = {0};
    double from = now_s();
    int rc;

    *rows = *differing = 0;
    must(store_pairs(s, true, skip_equal, &c, &err), &err);
    if (compare)
        pair_cursor_with_readings(c, false);
    while ((rc = pair_cursor_next(c, &row, &err)) == 1) {
        struct diff_pair p = { .item = row.item,
                               .id = row.id,
                               .api = row.rec[SIDE_API],
                               .page = row.rec[SIDE_PAGE],
                               .api_at = row.at[SIDE_API],
                               .page_at = row.at[SIDE_PAGE],
                               .generation = row.page_generation,
                               .marks = row.page_marks,
                               .reading = row.reading,
                               .len = row.readings };

        if (compare)
            must(diff_pair(NULL, &p, &none, &count, &err), &err);
        ++*rows;
    }
    must(rc, &err);
    pair_cursor_close(c);
    for (int f = 0; f < FIELD_COUNT; f++)
        *differing += count.field[f].differs;
    return now_s() - from;
}

/* Other work on the machine only ever adds: the least of several rounds counts. */
static void least(double *best, double s)
{
    if (s < *best)
        *best = s;
}

static void remove_folder(void)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    char name[400];

    while (d && (e = readdir(d))) {
        snprintf(name, sizeof name, "%s/%s", dir, e->d_name);
        unlink(name);
    }
    if (d)
        closedir(d);
    rmdir(dir);
}

static bool line(const char *what, double ours, double other, double goal)
{
    if (other < 0)
        printf("%s | %.2f s | no sqldiff (sqlite3-tools) | - | at most %.2f x\n", what, ours, goal);
    else
        printf("%s | %.2f s | %.2f s | %.2f x | at most %.2f x\n", what, ours, other, ours / other,
               goal);
    return other < 0 || ours <= goal * other;
}

int main(int argc, char **argv)
{
    int64_t pairs = argc > 1 ? atoll(argv[1]) : 1000000, rows, differing, skip_rows, ignored;
    double put[SIDE_COUNT], other = NEVER, read = NEVER, full = NEVER, skip = NEVER;
    struct store *s;
    struct err err = {0};
    bool ok;

    snprintf(dir, sizeof dir, "%.60s/blindspot-bench-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (pairs < 1 || !mkdtemp(dir))
        die("bench: no folder for it");
    s = make_store(pairs, put);
    make_table(pairs, SIDE_API);
    make_table(pairs, SIDE_PAGE);
    for (int i = 0; i < ROUNDS; i++) {
        least(&other, time_sqldiff());
        least(&read, time_pairs(s, false, false, &rows, &ignored));
        least(&full, time_pairs(s, false, true, &rows, &differing));
        least(&skip, time_pairs(s, true, true, &skip_rows, &ignored));
    }
    if (rows != pairs || differing != (pairs + 99) / 100 || skip_rows != differing ||
        ignored != differing)
        die("bench: %lld pairs, %lld differ, %lld were not skipped", (long long)rows,
            (long long)differing, (long long)skip_rows);
    printf("%lld pairs; put %.0f rows of the API and %.0f pages a second; reading alone %.2f s\n",
           (long long)pairs, (double)pairs / put[SIDE_API], (double)pairs / put[SIDE_PAGE], read);
    puts("what | ours | other | ratio | goal");
    ok = line("all pairs compared, sqldiff", full, other, 1.3);
    ok = line("differing pairs alone, sqldiff", skip, other, 0.25) && ok;
    must(store_close(s, &err), &err);
    remove_folder();
    return ok ? 0 : 1;
}
