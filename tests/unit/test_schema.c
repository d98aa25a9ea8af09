/* The schema: a store that was brought up to date is as one that is made new, and
 * nothing of what it held is lost. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include <sqlite3.h>

#include "record/field.h"
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
#include "store/schema.h"
#include "store/store.h"
#include "tests/unit/folder.h"
#include "tests/unit/outside.h"

/* schema.sql as it was at version 1. */
__asm__(".section .rodata, \"a\"\n"
        "schema_1_sql:\n"
        ".incbin \"tests/unit/schema_1.sql\"\n"
        ".byte 0\n"
        ".previous\n");
extern const char schema_1_sql[];

#define ID(i) (7300000000000000000ull + (uint64_t)(i) * 4294967296ull)

static char dir[64], fresh[96], old[96];

/* As the program of version 1 made it: columns of fields had no type. */
static void make_old(void)
{
    struct buf sql = {0};

    buf_puts(&sql, "PRAGMA journal_mode = WAL; PRAGMA application_id = 1651273316;");
    buf_puts(&sql, schema_1_sql);
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *name = field_info((enum field)f)->name;

        if (strcmp(name, "warn_info") == 0)       // one that came later
            continue;
        buf_printf(&sql, "ALTER TABLE record ADD COLUMN \"%s\";", name);
        if (field_drifts((enum field)f))
            buf_printf(&sql, "ALTER TABLE counter ADD COLUMN \"%s\";", name);
    }
    buf_puts(
        &sql,
        "ALTER TABLE record ADD COLUMN \"forgotten\";"     // a field that went
        "INSERT INTO meta VALUES ('audit', 'abc'), ('seed', 'def'), ('round', '6');"
        "INSERT INTO item (n, id, handle) VALUES (1, 7300000000000000000, 'mira'),"
        " (2, 7300000004294967296, '');"
        "INSERT INTO page_answer (item, request, witness, at, kind, why, generation, evidence)"
        " VALUES (1, 7, 3, 5, 2, 0, 1, 0);"
        "INSERT INTO evidence (n, file, offset, len, kind, digest) VALUES (7, 0, 0, 0, 0, x'00');"
        "INSERT INTO request VALUES (5, 1, 0, 1, 1, 2, 1, 0, 1, 1, 1, 1, 200, 1, 0, 0, 7, 'ok',"
        " '');"
        "INSERT INTO record (n, item, side, kind, generation, first_request, last_request,"
        " first_at, last_at, hash, compared, created_at, description, view_count, forgotten) VALUES"
        " (1, 2, 0, 1, 0, 1, 1, 1, 1, x'00', 0, 1700000000, 'before', 5, 'x'),"
        " (2, 2, 0, 1, 0, 2, 2, 2, 2, x'01', 0, 1700000000, '17', 6, 'x');"
        "INSERT INTO current (item, api) VALUES (2, 2);"
        "INSERT INTO counter (item, side, at, view_count) VALUES (2, 0, 1, 5), (2, 0, 2, 6);"
        "INSERT INTO item_state (series, item, asked, message) VALUES (1, 2, 4, 'gone');"
        "INSERT INTO difference VALUES (1, 2, 3, 2, 5, 'six', 0.5, 1, 2);"
        "PRAGMA user_version = 1");
    outside_run(old, buf_cstr(&sql));
    buf_release(&sql);
}

static int setup(void **state)
{
    struct err err = {0};

    (void)state;
    snprintf(dir, sizeof dir, "%.40s/blindspot-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(dir));
    snprintf(fresh, sizeof fresh, "%s/fresh.db", dir);
    snprintf(old, sizeof old, "%s/old.db", dir);
    assert_int_equal(store_create(fresh, &err), 0);
    make_old();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    remove_all(dir);
    return 0;
}

static struct store *open_store(const char *path)
{
    struct store *s = NULL;
    struct err err = {0};

    if (store_open(&s, path, STORE_WRITE, &err))
        fail_msg("%s", err.msg);
    return s;
}

static void close_store(struct store *s)
{
    struct err err = {0};

    assert_int_equal(store_close(s, &err), 0);
}

/* Tables with their columns, indexes with theirs, views: a line each. */
static void describe(const char *path, struct buf *out)
{
    static const char sql[] =
        "SELECT 'table ' || m.name || '.' || c.name || ' ' || c.type || ' ' || c.\"notnull\" || ' '"
        " || coalesce(c.dflt_value, '-') || ' ' || c.pk || ' ' || c.hidden || ' at ' || c.cid"
        " FROM sqlite_master m JOIN pragma_table_xinfo(m.name) c WHERE m.type = 'table'"
        " UNION ALL SELECT 'index ' || m.tbl_name || ' ' || m.name || ' ' || coalesce(i.name, '-')"
        " || ' ' || i.seqno || ' ' || coalesce(substr(m.sql, instr(m.sql, 'WHERE')), '')"
        " FROM sqlite_master m JOIN pragma_index_xinfo(m.name) i WHERE m.type = 'index'"
        " UNION ALL SELECT 'view ' || name || ' ' || sql FROM sqlite_master WHERE type = 'view'"
        " UNION ALL SELECT 'without rowid ' || name FROM sqlite_master WHERE type = 'table'"
        " AND sql LIKE '%WITHOUT ROWID' ORDER BY 1";
    sqlite3 *db;
    sqlite3_stmt *st;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &st, NULL), SQLITE_OK);
    while (sqlite3_step(st) == SQLITE_ROW)
        buf_printf(out, "%s\n", (const char *)sqlite3_column_text(st, 0));
    sqlite3_finalize(st);
    sqlite3_close(db);
}

static void old_store_gets_the_schema_of_a_new_one(void **state)
{
    struct buf a = {0}, b = {0};
    struct str of_new, of_old, x, y;

    (void)state;
    outside_run(old, "ALTER TABLE record DROP COLUMN forgotten");
    close_store(open_store(old));
    describe(fresh, &a);
    describe(old, &b);
    of_new = buf_view(&a);
    of_old = buf_view(&b);
    assert_true(of_new.n > 5000);
    while (str_cut(&of_new, '\n', &x) && str_cut(&of_old, '\n', &y))
        if (!str_eq(x, y))
            fail_msg("a new store has\n%.*s\nand an old one\n%.*s", STR_ARG(x), STR_ARG(y));
    assert_true(of_new.n == 0 && of_old.n == 0);
    assert_int_equal(outside_number(old, "PRAGMA user_version"), SCHEMA_VERSION);
    buf_release(&a);
    buf_release(&b);
}

static void numbers_go_on_behind_those_of_an_old_store(void **state)
{
    (void)state;
    close_store(open_store(old));
    assert_int_equal(outside_number(old, "SELECT count(*) FROM numbered"),
                     outside_number(fresh, "SELECT count(*) FROM numbered"));
    assert_int_equal(outside_number(old, "SELECT last FROM numbered WHERE kind = 'item'"),
                     outside_number(old, "SELECT max(n) FROM item"));
    assert_int_equal(outside_number(old, "SELECT last FROM numbered WHERE kind = 'ruleset'"),
                     outside_number(old, "SELECT coalesce(max(n), 0) FROM ruleset"));
    assert_int_equal(outside_number(old, "SELECT last FROM numbered WHERE kind = 'round'"), 6);
    assert_int_equal(outside_number(old, "SELECT count(*) FROM meta WHERE key = 'round'"), 0);
}

static void every_field_has_a_type(void **state)
{
    (void)state;
    assert_int_equal(outside_number(fresh, "SELECT count(*) FROM pragma_table_info('record')"
                                           " WHERE type NOT IN ('INTEGER', 'TEXT', 'BLOB')"), 0);
    assert_int_equal(outside_number(fresh, "SELECT count(*) FROM pragma_table_info('counter')"
                                           " WHERE type <> 'INTEGER'"), 0);
}

static int sum_counters(void *to, const struct counter_row *row, struct err *err)
{
    (void)err;
    *(int64_t *)to += row->reading.value[COUNTER_VIEWS];
    return 0;
}

static void nothing_is_lost_on_the_way(void **state)
{
    struct store *s = open_store(old);
    struct arena mem = {0};
    struct record *r = NULL;
    struct item_row row;
    struct buf text = {0};
    struct err err = {0};
    int64_t at, sum = 0;
    bool found = false;

    (void)state;
    assert_int_equal(store_item(s, 2, &row, &found, &err), 0);
    assert_true(found && row.id == ID(1) && row.asked == 4 && str_eq(row.message, STR("gone")));
    assert_true(row.valid == VALIDATION_NONE && row.valid_at == 0);
    assert_int_equal(store_meta_get(s, META_SEED, &text, &err), 0);
    assert_string_equal(buf_cstr(&text), "def");
    assert_int_equal(store_record(s, 2, SIDE_API, &mem, &r, &at, &err), 0);
    assert_true(r && at == 2 && r->val[FIELD_CREATED].i == 1700000000 &&
                r->val[FIELD_VIEWS].i == 6);
    assert_true(r->val[FIELD_CAPTION].kind == VAL_TEXT &&
                str_eq(r->val[FIELD_CAPTION].text, STR("17")));
    assert_int_equal(store_counters(s, 0, sum_counters, &sum, &err), 0);
    assert_int_equal(sum, 11);
    close_store(s);
    assert_int_equal(outside_number(old, "SELECT n FROM record WHERE superseded"), 1);
    assert_int_equal(outside_number(old, "SELECT n FROM vantage WHERE name = ''"),
                     1);    // whence its pages were read
    assert_int_equal(outside_number(old, "SELECT vantage FROM page_answer"), 1);
    assert_int_equal(outside_number(old, "SELECT request FROM evidence WHERE n = 7"), 5);
    assert_int_equal(outside_number(old, "SELECT count(*) FROM pragma_integrity_check"
                                         " WHERE integrity_check <> 'ok'"), 0);
    arena_release(&mem);
    buf_release(&text);
}

/* For who opens the file with other tools. */
static void views_tell_items_answers_and_pairs(void **state)
{
    (void)state;
    close_store(open_store(old));
    outside_run(old, "INSERT INTO ask VALUES (5, 2, 0, 1);"
                     " UPDATE item_state SET page = 2 WHERE item = 2");
    assert_int_equal(outside_number(old, "SELECT id FROM v_items WHERE page = 'public' AND"
                                         " api_asked = 4 AND id_time LIKE '2023-%'"),
                     (int64_t)ID(1));
    assert_int_equal(outside_number(old, "SELECT request FROM v_answers WHERE answer = 'found' AND"
                                         " at = '1970-01-01T00:00:01Z' AND witness = 'query'"), 5);
    assert_int_equal(outside_number(old, "SELECT count(*) FROM v_answers WHERE answer = 'public'"),
                     1);
    assert_int_equal(outside_number(old, "SELECT api_view_count FROM v_pairs WHERE"
                                         " page_view_count IS NULL"), 6);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(old_store_gets_the_schema_of_a_new_one),
        TEST(numbers_go_on_behind_those_of_an_old_store),
        TEST(every_field_has_a_type),
        TEST(nothing_is_lost_on_the_way),
        TEST(views_tell_items_answers_and_pairs),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
