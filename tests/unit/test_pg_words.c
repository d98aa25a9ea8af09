/* What goes to PostgreSQL and comes back: statements in its words, values in its form. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "store/pg_values.h"
#include "store/pg_words.h"

static void is_said(const char *sql, const char *args, const char *want)
{
    struct pg_wants wants;
    struct buf out = { 0 };

    pg_wants(&wants, args);
    pg_words(&out, sql, &wants);
    assert_string_equal(buf_cstr(&out), want);
    buf_release(&out);
}

static void statements_get_its_words(void **state)
{
    (void)state;
    is_said("SELECT max(n), max(a, ?1), 'max(a, ?1)' FROM t", "i",
            "SELECT max(n), greatest(a, $1), 'max(a, ?1)' FROM t");
    is_said("SELECT min(max(f(a, b)), c.max) FROM t -- min(1, 2)\nWHERE x = ?2", "it",
            "SELECT least(max(f(a, b)), c.max) FROM t -- min(1, 2)\nWHERE x = $2");
    is_said("SELECT e.offset, \"offset\" FROM a CROSS JOIN b ON c", "",
            "SELECT e.\"offset\", \"offset\" FROM a  JOIN b ON c");
    is_said("INSERT INTO t SELECT ?1, c0, c1 FROM {rows 2} g WHERE c1 > ?3", "is(it)i",
            "INSERT INTO t SELECT $1, c0, c1 FROM unnest($2, $3) AS g(c0, c1) WHERE c1 > $4");
}

static void tables_get_its_types(void **state)
{
    struct buf out = { 0 };

    (void)state;
    pg_words(&out, "CREATE TABLE t (a INTEGER, b TEXT, c BLOB, d REAL) WITHOUT ROWID;", NULL);
    assert_string_equal(buf_cstr(&out), "CREATE TABLE t (a bigint, b text COLLATE \"C\", c bytea, "
                                        "d double precision)  ;");
    buf_release(&out);
}

/* What it cannot hold comes back as it was: U+0000, bytes that are no text, and the characters
 * that stand for those. */
static void any_text_comes_back(void **state)
{
    static const struct str texts[] = {
        { "", 0 },
        { "caf\303\251", 5 },
        { "a\0b", 3 },
        { "\377\300x", 3 },
        { "\303", 1 },
        { "\364\217\274\200", 4 },
        { "\364\217\277\277\0\364", 6 },
        { "\355\240\200", 3 },
    };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        const struct arg arg[] = { arg_text(texts[i]) };
        struct pg_params p = { .mem = { 0 } };
        struct pg_wants wants;
        struct err err = { 0 };
        struct str back;

        pg_wants(&wants, "t");
        assert_int_equal(pg_params(&p, &wants, arg, &err), 0);
        back = (struct str){ p.value[0], (size_t)p.length[0] };
        assert_null(memchr(back.p, 0, back.n));
        for (size_t at = 0; at < back.n;) {
            uint32_t code;
            size_t n = str_utf8(back, at, &code);

            assert_true(n > 0);
            at += n;
        }
        assert_true(str_eq(pg_cell_text(PG_TEXT, back, &mem), texts[i]));
        buf_release(&p.mem);
    }
    arena_release(&mem);
}

static void value_of_a_field_keeps_its_kind(void **state)
{
    const struct value values[] = {
        { .kind = VAL_INT, .i = -5 },
        { .kind = VAL_INT, .i = INT64_MAX },
        { .kind = VAL_REAL, .real = 3 },
        { .kind = VAL_REAL, .real = 0.1 },
        { .kind = VAL_TEXT, .text = STR("17") },
        { .kind = VAL_TEXT, .text = STR("a\"\\\n\1\0z") },
    };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof values[0]; i++) {
        const struct arg arg[] = { arg_value(&values[i]) };
        struct pg_params p = { .mem = { 0 } };
        struct pg_wants wants;
        struct value back;
        struct err err = { 0 };

        pg_wants(&wants, "v");
        assert_int_equal(pg_params(&p, &wants, arg, &err), 0);
        pg_cell_value(PG_JSON, (struct str){ p.value[0], (size_t)p.length[0] }, &mem, &back);
        assert_int_equal(back.kind, values[i].kind);
        assert_true(back.kind != VAL_INT || back.i == values[i].i);
        assert_true(back.kind != VAL_REAL ||
                    (back.real >= values[i].real && back.real <= values[i].real));
        assert_true(back.kind != VAL_TEXT || str_eq(back.text, values[i].text));
        buf_release(&p.mem);
    }
    arena_release(&mem);
}

/* 10,000s, of which trailing zeroes are left out. */
static void sums_are_whole_numbers(void **state)
{
    static const char million[] = "\0\1\0\1\0\0\0\0\0\144";      // 100 * 10000
    static const char minus[] = "\0\2\0\1\100\0\0\0\0\1\0\2";    // -(1 * 10000 + 2)
    static const char none[] = "\0\0\0\0\0\0\0\0";

    (void)state;
    assert_int_equal(pg_cell_int(PG_NUMERIC, (struct str){ million, 10 }), 1000000);
    assert_int_equal(pg_cell_int(PG_NUMERIC, (struct str){ minus, 12 }), -10002);
    assert_int_equal(pg_cell_int(PG_NUMERIC, (struct str){ none, 8 }), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(statements_get_its_words),
        cmocka_unit_test(tables_get_its_types),
        cmocka_unit_test(any_text_comes_back),
        cmocka_unit_test(value_of_a_field_keeps_its_kind),
        cmocka_unit_test(sums_are_whole_numbers),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
