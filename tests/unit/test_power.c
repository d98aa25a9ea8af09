/* The power fails at any instant of a run, under store, ledger and archive.
 * What must still hold (synchronous = FULL in a WAL: a commit is on the disk
 * when it returns, and so is the evidence that it points to):
 *   - store and ledger open, and pass SQLite's integrity check;
 *   - each request that was reserved is charged, each answer that was reported
 *     as committed is there, with the digest of its evidence;
 *   - each evidence of the store can be read where it is said to be;
 *   - the archive's files can be read up to the cut;
 *   - the audit can be written on. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <dirent.h>
#include <errno.h>
#include <cmocka.h>

#include "tests/fault/power_vfs.h"
#include "base/utc.h"
#include "record/id.h"
#include "archive/archive.h"
#include "archive/warc.h"
#include "store/answers.h"
#include "store/asks.h"
#include "store/check.h"
#include "store/evidence.h"
#include "store/items.h"
#include "store/ledger.h"
#include "store/meta.h"
#include "store/purge.h"
#include "store/records.h"
#include "store/replay.h"
#include "store/results.h"
#include "store/store.h"
#include "tests/unit/folder.h"
#include "tests/unit/temp.h"

#define ID(i) (7300000000000000000ull + (uint64_t)(i) * 4294967296ull)
#define ITEMS 60
#define BATCH 4
#define PAGES_A_COMMIT 5
#define CUTS 30                    // POWER_CUTS in the environment: so many instead
#define DAY_0 INT64_C(1767225600)

static char dir[64], store_path[96], ledger_path[96], clock_path[96];
static struct store *s;
static struct ledger *ledger;
static struct archive *archive;
static struct keeper keeper;
static struct sink sink;
static const struct digest client = {{ 9 }};

/* What the program was told to be done. */
static struct {
    int64_t reserved, api[ITEMS], page[ITEMS], read[ITEMS];
    int apis, pages, reads;
} told;

/* ---- one run ---- */

static int open_all(struct err *err)
{
    struct sink_opts o = { .client = client,
                           .daily_requests = 1000,
                           .commit_every = PAGES_A_COMMIT };

    if (store_open(&s, store_path, true, err) || ledger_open(&ledger, ledger_path, err) ||
        archive_open(&archive, dir, "test", KEEP_PAGES, err))
        return -1;
    o.ledger = ledger;
    keeper = archive_keeper(archive);
    o.keeper = &keeper;
    return store_sink(s, &o, &sink, err);
}

static int close_all(struct err *err)
{
    int rc;

    store_sink_release(&sink);
    rc = archive_close(archive, err);
    ledger_close(ledger);
    archive = NULL;
    ledger = NULL;
    rc = store_close(s, err) || rc ? -1 : 0;
    s = NULL;
    return rc;
}

/* A body of its own for each, long enough for several sectors. */
static struct http_exchange exchange_of(int i, struct buf *body)
{
    buf_clear(body);
    buf_printf(body, "{\"answer\":%d,\"text\":\"", i);
    for (uint64_t j = 0, x = (uint64_t)i; j < 1500; j++)
        buf_printf(body, "%c", 'a' + (int)((x = x * UINT64_C(6364136223846793005) + 1) >> 60));
    buf_puts(body, "\"}");
    return (struct http_exchange){
        .url = "https://api.example/query",
        .status = 200,
        .done_at = utc_now(),
        .request_head = STR("POST /query HTTP/1.1\r\nHost: api.example\r\n\r\n"),
        .request_body = STR("{}"),
        .head = STR("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n\r\n"),
        .body = buf_view(body)
    };
}

static int ask(int first, struct buf *body, struct err *err)
{
    struct ask_member m[BATCH];
    struct request r = { .witness = WITNESS_QUERY,
                         .round = 1,
                         .start_day = utc_day(id_time(ID(first))) - 1,
                         .end_day = utc_day(id_time(ID(first))) + 1,
                         .member = m,
                         .members = BATCH };
    struct http_exchange x = exchange_of(first, body);

    for (int i = 0; i < BATCH; i++)
        m[i] = (struct ask_member){ .id = ID(first + i),
                                    .item = first + i + 1,
                                    .came_back = i % 2 == 0 };
    if (sink.reserve(sink.to, &r, err))
        return -1;
    told.reserved++;
    r.sends++;
    r.done_at = utc_now();
    r.complete = true;
    r.http = 200;
    if (sink.exchange(sink.to, &r, &x, &r.evidence, err))
        return -1;
    for (int i = 0; i < BATCH; i += 2) {
        struct record rec = { .id = m[i].id };
        struct answer a = { .id = m[i].id,
                            .item = m[i].item,
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = r.done_at,
                            .request = r.n,
                            .generation = GENERATION_API,
                            .record = &rec,
                            .evidence = r.evidence };

        if (sink.put(sink.to, &r, &a, err))
            return -1;
    }
    if (sink.done(sink.to, &r, err))
        return -1;
    told.api[told.apis++] = r.n;
    return 0;
}

static int read_page(int i, struct buf *body, struct err *err)
{
    struct request r = { .witness = WITNESS_PAGE };
    struct http_exchange x = exchange_of(1000 + i, body);
    struct answer a = { .id = ID(i),
                        .item = i + 1,
                        .witness = WITNESS_PAGE,
                        .kind = ANSWER_REFUSED,
                        .at = utc_now(),
                        .has_code = true,
                        .code = 10204,
                        .message = STR("item doesn't exist"),
                        .generation = GENERATION_REHYDRATE };

    if (sink.reserve(sink.to, &r, err))
        return -1;
    r.done_at = utc_now();
    r.http = 200;
    if (sink.exchange(sink.to, &r, &x, &r.evidence, err) || sink.put(sink.to, &r, &a, err) ||
        sink.done(sink.to, &r, err))
        return -1;
    told.read[told.reads++] = r.n;
    if (told.reads % PAGES_A_COMMIT)
        return 0;
    if (sink.commit(sink.to, err))
        return -1;
    memcpy(told.page, told.read, sizeof told.page);
    told.pages = told.reads;
    return 0;
}

static int add(struct err *err)
{
    struct new_item it[ITEMS] = {{0}};
    struct add_count counts = {0};
    struct digest d = {{ 1 }};
    int64_t source;

    for (int i = 0; i < ITEMS; i++)
        it[i].id = ID(i);
    return store_source(s, "list", &d, &source, err) ||
                   store_add_items(s, source, it, ITEMS, &counts, err)
               ? -1 : 0;
}

static int run(struct err *err)
{
    struct buf body = {0};
    int rc = add(err);

    for (int i = 0; rc == 0 && i + BATCH <= ITEMS; i += BATCH)
        rc = ask(i, &body, err);
    for (int i = 0; rc == 0 && i < ITEMS; i++)
        rc = read_page(i, &body, err);
    buf_release(&body);
    return rc;
}

/* ---- what is left ---- */

static int64_t number(sqlite3 *db, const char *sql, int64_t arg)
{
    sqlite3_stmt *st = NULL;
    int64_t n;

    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    sqlite3_bind_int64(st, 1, arg);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    n = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return n;
}

static void is_sound(const char *path)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, "PRAGMA integrity_check", -1, &st, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(st), SQLITE_ROW);
    assert_string_equal((const char *)sqlite3_column_text(st, 0), "ok");
    sqlite3_finalize(st);
    sqlite3_close(db);
}

/* Each row of evidence leads to a record whose payload has its digest. */
static int evidence_is_there(sqlite3 *db)
{
    sqlite3_stmt *st = NULL;
    int rows = 0;

    assert_int_equal(sqlite3_prepare_v2(db,
                                        "SELECT f.name, e.offset, e.digest FROM evidence e"
                                        " JOIN evidence_file f ON f.n = e.file",
                                        -1, &st, NULL),
                     SQLITE_OK);
    for (; sqlite3_step(st) == SQLITE_ROW; rows++) {
        char *path = file_join(dir, (const char *)sqlite3_column_text(st, 0));
        struct warc_reader *w;
        struct warc_record r;
        struct buf hold = {0};
        struct str head, body = STR_NONE;
        struct digest d;
        struct err err = {0};
        int status;

        if (warc_open(&w, path, &err) || warc_seek(w, sqlite3_column_int64(st, 1), &err) ||
            warc_next(w, &r, &err) != 1 ||
            warc_http_payload(&r, &hold, &status, &head, &body, &err))
            fail_msg("evidence %d: %s", rows, err.msg);
        d = digest_sha256(body);
        assert_memory_equal(d.b, sqlite3_column_blob(st, 2), DIGEST_BYTES);
        buf_release(&hold);
        warc_close(w);
        free(path);
    }
    sqlite3_finalize(st);
    return rows;
}

/* Up to the cut: an end, or a sentence; never more records than were written. */
static void archive_is_readable(void)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    while ((e = readdir(d))) {
        char *path = file_join(dir, e->d_name);
        struct warc_reader *w;
        struct warc_record r;
        struct err err = {0};
        int rc = 0, records = 0;

        if (strstr(e->d_name, ".warc.gz") && warc_open(&w, path, &err) == 0) {
            while ((rc = warc_next(w, &r, &err)) == 1)
                records++;
            assert_true(records <= 1 + 2 * ITEMS * 2);
            assert_true(rc == 0 || err.kind == ERR_INPUT);
            warc_close(w);
        }
        free(path);
    }
    closedir(d);
}

static void look_at_store(void)
{
    sqlite3 *db = NULL;

    is_sound(store_path);
    assert_int_equal(sqlite3_open(store_path, &db), SQLITE_OK);
    for (int i = 0; i < told.apis; i++) {
        assert_int_equal(
            number(db, "SELECT count(*) FROM request WHERE n = ?1 AND done_at > 0 AND complete = 1",
                   told.api[i]),
            1);
        assert_int_equal(
            number(db, "SELECT count(*) FROM ask WHERE request = ?1 AND came_back", told.api[i]),
            BATCH / 2);
    }
    for (int i = 0; i < told.pages; i++)
        assert_int_equal(
            number(db, "SELECT count(*) FROM page_answer WHERE request = ?1", told.page[i]), 1);
    assert_true(evidence_is_there(db) >= told.apis + told.pages);
    sqlite3_close(db);
}

/* Every charge is there, and at most the one whose answer the cut swallowed besides. */
static void look_at_ledger(void)
{
    struct ledger *l;
    struct err err = {0};
    int64_t used = -1;
    bool spent;

    if (access(ledger_path, F_OK) == 0)
        is_sound(ledger_path);
    if (ledger_open(&l, ledger_path, &err) ||
        ledger_used(l, &client, utc_day(DAY_0), &used, &spent, &err))
        fail_msg("%s", err.msg);
    assert_in_range(used, told.reserved, told.reserved + 1);
    ledger_close(l);
}

static void goes_on(void)
{
    struct buf body = {0};
    struct err err = {0};

    if (open_all(&err) || add(&err) || ask(0, &body, &err) || close_all(&err))
        fail_msg("the next run: %s", err.msg);
    buf_release(&body);
}

/* ---- the cuts ---- */

/* An index of the WAL in shared memory is not on any disk; a file of the
 * archive that nothing synced may be there, empty or not at all. */
static void lose_the_rest(void)
{
    DIR *d = opendir(dir);
    struct dirent *e;

    while ((e = readdir(d))) {
        char *path = file_join(dir, e->d_name);
        bool index = strstr(e->d_name, "-shm") != NULL;

        if (index || (strstr(e->d_name, ".warc.gz") && !power_find(path, false) && power_draw(2)))
            unlink(path);
        else if (strstr(e->d_name, ".warc.gz") && !power_find(path, false) &&
                 truncate(path, (off_t)power_draw(4000)))
            die("%s cannot be cut", path);
        free(path);
    }
    closedir(d);
}

static void begin(void)
{
    struct err err = {0};

    memset(&told, 0, sizeof told);
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(store_path, sizeof store_path, "%s/audit.db", dir);
    snprintf(ledger_path, sizeof ledger_path, "%s/quota.db", dir);
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    assert_int_equal(file_write(clock_path, STR("1767225600"), &err), 0);
    assert_int_equal(utc_use_file(clock_path, &err), 0);
    assert_int_equal(store_create(store_path, &err), 0);
}

/* Returns how many calls a whole run makes, or cuts at one of them. */
static long run_until(long fails_at, uint64_t seed)
{
    struct err err = {0};
    long calls;
    int rc;

    begin();
    power_install();
    power.fails_at = fails_at;
    power.dice = seed;
    rc = open_all(&err);
    if (rc == 0)
        rc = run(&err);
    assert_int_equal(rc == 0 && !power.off, fails_at == 0);
    calls = power.calls;
    if (s)
        (void)close_all(&err);
    if (fails_at) {
        lose_the_rest();
        power_lose();
    }
    power_remove();
    look_at_store();
    look_at_ledger();
    archive_is_readable();
    goes_on();
    remove_all(dir);
    return calls;
}

static void what_was_committed_survives_a_power_cut(void **state)
{
    const char *text = getenv("POWER_CUTS");
    long cuts = text ? atol(text) : CUTS, calls = run_until(0, 1);

    (void)state;
    assert_true(calls > 300);
    for (long i = 0; i < cuts; i++)
        (void)run_until(1 + i * calls / cuts + (i * 7) % (calls / cuts + 1) / 2, (uint64_t)i + 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = { cmocka_unit_test(what_was_committed_survives_a_power_cut) };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
