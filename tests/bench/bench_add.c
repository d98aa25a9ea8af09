/* tests/bench/bench_add.c: taking in a list of a million links, mixed forms in
 * random order, against the least that could do it: a loop that finds the
 * digits behind "/video/", sorts them and inserts them into one table. Both
 * write a file in WAL mode with the store's pragmas; medians of three. Memory:
 * the peak of a process that reads four million, beside one that reads two: by
 * then SQLite's page cache (64 MB) is full, and nothing else may grow. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "import/import.h"
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

#define LINKS 1000000
#define RUNS 3
#define NOW INT64_C(1790000000)
static char dir[96];

static double now_s(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}
static void must(bool ok, const char *what)
{
    if (!ok)
        die("bench_add: %s", what);
}
static const char *in_dir(const char *name)
{
    static char path[2][160];
    static int turn;

    turn ^= 1;
    snprintf(path[turn], sizeof path[0], "%s/%s", dir, name);
    return path[turn];
}
/* i in 0 .. 2^22-1, each once, in an order without system. */
static uint64_t shuffled(uint64_t i)
{
    for (int round = 0; round < 3; round++) {
        i = (i * 0x9e3779b1u + 12345) & 0x3fffff;
        i ^= i >> 9;
    }
    return i;
}
static void write_list(const char *path, int links)
{
    FILE *f = fopen(path, "w");

    must(f != NULL, "cannot write the list");
    for (int i = 0; i < links; i++) {
        unsigned long long s = shuffled((uint64_t)i);
        unsigned long long id = ((1500000000 + s * 50) << 32) + (s % 1000 << 22) + 0xd00 + s % 256;

        switch (i % 5) {
        case 0:
            fprintf(f, "https://www.tiktok.com/@maker_%llu/video/%llu\n", s % 50000, id);
            break;
        case 1:
            fprintf(f, "https://www.tiktokv.com/share/video/%llu/\n", id);
            break;
        case 2:
            fprintf(
                f,
                "https://www.tiktok.com/@Maker.%llu/video/%llu?is_copy_url=1&is_from_webapp=v1&"
                "lang=en\r\n",
                s % 50000, id);
            break;
        case 3:
            fprintf(f, "  <https://m.tiktok.com/@maker_%llu/video/%llu>\n", s % 50000, id);
            break;
        default:
            fprintf(f, "http://WWW.TikTok.com/share/video/%llu/?_r=1\n", id);
        }
    }
    must(fclose(f) == 0, "cannot write the list");
}

/* ---- ours ---- */
struct taker { struct store *store; int64_t source; struct add_count added; };
static int take_items(void *to, const struct new_item *items, size_t len, struct err *err)
{
    struct taker *t = to;

    return store_add_items(t->store, t->source, items, len, &t->added, err);
}
static int take_link(void *to, struct str url, struct err *err)
{
    struct taker *t = to;
    enum link_fate fate;

    return store_add_link(t->store, t->source, url, 5, &fate, err);
}
static double run_ours(const char *list, int links)
{
    struct taker t = { 0 };
    struct err err = { 0 };
    const struct import_opts opts = { .now = NOW, .source_key = STR("bench") };
    const struct import_sink sink = { .items = take_items, .link = take_link, .to = &t };
    struct import_count count;
    const char *path = in_dir("ours.db");
    double start;

    must(!store_create(path, &err) && !store_open(&t.store, path, true, &err), err.msg);
    start = now_s();
    must(!store_begin(t.store, &err) && !store_source_new(t.store, &t.source, &err) &&
         !import_file(list, &opts, &sink, &count, &err) &&
         !store_source_named(t.store, t.source, count.kind, &count.digest, &err) &&
         !store_commit(t.store, &err), err.msg);
    start = now_s() - start;
    must(count.taken == links && t.added.fresh == links, "an item was lost");
    must(!store_close(t.store, &err), err.msg);
    return start;
}

/* ---- the other ---- */
static int compare_ids(const void *a, const void *b)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    return x < y ? -1 : x > y;
}
static size_t parse_plain(const char *list, uint64_t *id)
{
    char line[512];
    size_t n = 0;
    FILE *f = fopen(list, "r");

    must(f != NULL, "cannot read the list");
    while (fgets(line, sizeof line, f)) {
        const char *at = strstr(line, "/video/");

        if (at)
            id[n++] = strtoull(at + 7, NULL, 10);
    }
    fclose(f);
    return n;
}
static double run_other(const char *list, int links)
{
    uint64_t *id = xmalloc((uint64_t)links * sizeof *id);
    sqlite3 *db;
    sqlite3_stmt *st;
    double start;
    size_t n;

    must(
        sqlite3_open(in_dir("other.db"), &db) == SQLITE_OK &&
            sqlite3_exec(
                db,
                "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA cache_size = -65536;"
                "CREATE TABLE item (n INTEGER PRIMARY KEY, id INTEGER UNIQUE, type INTEGER,"
                " handle TEXT,"
                " created_at INTEGER)",
                NULL, NULL, NULL) == SQLITE_OK,
        "cannot make a database");
    start = now_s();
    n = parse_plain(list, id);
    qsort(id, n, sizeof *id, compare_ids);
    must(sqlite3_exec(db, "BEGIN", NULL, NULL, NULL) == SQLITE_OK &&
             sqlite3_prepare_v2(db, "INSERT OR IGNORE INTO item VALUES (?1, ?2, ?3, '', ?4)", -1,
                                &st, NULL) == SQLITE_OK,
         sqlite3_errmsg(db));
    for (size_t i = 0; i < n; i++) {
        sqlite3_bind_int64(st, 1, (int64_t)i + 1);
        sqlite3_bind_int64(st, 2, (int64_t)id[i]);
        sqlite3_bind_int64(st, 3, (int64_t)(id[i] >> 8 & 15));
        sqlite3_bind_int64(st, 4, (int64_t)(id[i] >> 32));
        must(sqlite3_step(st) == SQLITE_DONE, sqlite3_errmsg(db));
        sqlite3_reset(st);
    }
    sqlite3_finalize(st);
    must(sqlite3_exec(db, "COMMIT", NULL, NULL, NULL) == SQLITE_OK, sqlite3_errmsg(db));
    start = now_s() - start;
    sqlite3_close(db);
    free(id);
    must(n == (size_t)links, "the plain loop lost a link");
    return start;
}

/* ---- measuring ---- */
static void drop(const char *name)
{
    static const char *const ends[] = { "", "-wal", "-shm", ".lock", "-lock" };
    char path[200];

    for (size_t i = 0; i < sizeof ends / sizeof ends[0]; i++) {
        snprintf(path, sizeof path, "%s/%s%s", dir, name, ends[i]);
        unlink(path);
    }
}
static double median(double *x)
{
    for (int i = 0; i < RUNS; i++)
        for (int j = i + 1; j < RUNS; j++)
            if (x[j] < x[i]) {
                double t = x[i];

                x[i] = x[j];
                x[j] = t;
            }
    return x[RUNS / 2];
}
/* Peak memory of a process of its own that takes the list in, in MB. */
static double peak_mb(const char *list, int links)
{
    struct rusage used;
    int status;
    pid_t child = fork();

    must(child >= 0, "cannot fork");
    if (!child) {
        (void)run_ours(list, links);
        _exit(0);
    }
    must(wait4(child, &status, 0, &used) == child && status == 0, "a child failed");
    drop("ours.db");
    return (double)used.ru_maxrss / 1024;
}
int main(void)
{
    double ours[RUNS], other[RUNS], one, two, four;
    const char *tmp = getenv("TMPDIR");
    char list[160];
    bool ok;

    snprintf(dir, sizeof dir, "%s/bench_add-XXXXXX", tmp ? tmp : "/tmp");
    must(mkdtemp(dir) != NULL, "cannot make a folder");
    snprintf(list, sizeof list, "%s/list.txt", dir);
    write_list(list, 4 * LINKS);
    four = peak_mb(list, 4 * LINKS);
    write_list(list, 2 * LINKS);
    two = peak_mb(list, 2 * LINKS);
    write_list(list, LINKS);
    one = peak_mb(list, LINKS);
    for (int i = 0; i < RUNS; i++) {
        ours[i] = run_ours(list, LINKS);
        drop("ours.db");
        other[i] = run_other(list, LINKS);
        drop("other.db");
    }
    unlink(list);
    drop("ours.db");
    rmdir(dir);
    ok = median(ours) <= 1.5 * median(other) && four <= 1.1 * two;
    printf("%-58s | %10.2f s | %10.2f s | %5.2f x | %s\n",
           "add 1,000,000 links / parse, sort, insert by a plain loop", median(ours), median(other),
           median(ours) / median(other), "at most 1.5 x");
    snprintf(list, sizeof list, "peak memory of add: 4,000,000 / 2,000,000 links (1M: %.0f MB)",
             one);
    printf("%-58s | %9.0f MB | %9.0f MB | %5.2f x | %s\n", list, four, two, four / two,
           "at most 1.1 x");
    return !ok;
}
