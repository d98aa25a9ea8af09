/* What tools keep of the API's rows: frames, tables, lists in print; each with the keys that
 * its tool writes, and made-up people. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/csv_rows.h"
#include "base/json_cut.h"
#include "fetch/saved.h"
#include "tests/unit/peak.h"

#define ID_A "7361448925972155679"
#define ID_B "7361448925972155680"

static struct arena mem;
static struct kept_row row[8];
static size_t rows, replies;
static char passed[512];

static int on_reply(void *to, const struct reply *reply, struct str text, struct err *err)
{
    (void)to;
    (void)reply;
    (void)text;
    (void)err;
    replies++;
    return 0;
}

static int on_row(void *to, const struct kept_row *one, struct str text, struct err *err)
{
    struct json_doc doc = { 0 };

    (void)to;
    assert_true(rows < 8);
    row[rows].at = one->at;
    record_copy(&row[rows++].record, &one->record, &mem);
    assert_int_equal(json_parse(text, &doc, err), 0);    // what is kept can be read again
    json_free(&doc);
    return 0;
}

static void on_passed(void *to, const char *what, struct str name, int64_t n)
{
    size_t at = strlen(passed);

    (void)to;
    snprintf(passed + at, sizeof passed - at, "%s(%.*s) %lld;", what, STR_ARG(name), (long long)n);
}

static const struct saved_to sink = { on_reply, on_row, on_passed, NULL };

static void read_text(const char *text)
{
    struct err err = { 0 };

    rows = replies = 0;
    passed[0] = '\0';
    arena_clear(&mem);
    if (saved_document(str_of(text), &mem, &sink, &err))
        fail_msg("%s", err.msg);
}

static int64_t number(size_t i, enum field f)
{
    assert_int_equal(row[i].record.val[f].kind, VAL_INT);
    return row[i].record.val[f].i;
}

static void check_text(size_t i, enum field f, const char *want)
{
    assert_int_equal(row[i].record.val[f].kind, VAL_TEXT);
    if (!str_eq(row[i].record.val[f].text, str_of(want)))
        fail_msg("got %.*s", STR_ARG(row[i].record.val[f].text));
}

static void every_orientation_of_a_data_frame_has_the_same_rows(void **state)
{
    static const char *const frames[] = {
        /* records */
        "[{\"id\":" ID_A ",\"username\":\"mira.holt\",\"view_count\":10.0},"
        "{\"id\":" ID_B ",\"username\":\"nell\",\"view_count\":null}]",
        /* columns */
        "{\"id\":{\"0\":" ID_A ",\"1\":" ID_B "},\"username\":{\"0\":\"mira.holt\",\"1\":\"nell\"},"
        "\"view_count\":{\"0\":10.0,\"1\":null}}",
        /* to_dict('list') */
        "{\"id\":[" ID_A "," ID_B "],\"username\":[\"mira.holt\",\"nell\"],"
        "\"view_count\":[10,null]}",
        /* index */
        "{\"0\":{\"id\":" ID_A ",\"username\":\"mira.holt\",\"view_count\":10},"
        "\"1\":{\"id\":" ID_B ",\"username\":\"nell\",\"view_count\":null}}",
        /* the same with the ids as labels */
        "{\"" ID_A "\":{\"username\":\"mira.holt\",\"view_count\":10},"
        "\"" ID_B "\":{\"username\":\"nell\",\"view_count\":null}}",
        /* split, and with the ids as labels */
        "{\"columns\":[\"id\",\"username\",\"view_count\"],\"index\":[0,1],"
        "\"data\":[[" ID_A ",\"mira.holt\",10],[" ID_B ",\"nell\",null]]}",
        "{\"columns\":[\"username\",\"view_count\"],\"index\":[" ID_A ",\"" ID_B "\"],"
        "\"data\":[[\"mira.holt\",10],[\"nell\",null]]}",
        /* table */
        "{\"schema\":{\"fields\":[{\"name\":\"id\",\"type\":\"integer\"}],"
        "\"pandas_version\":\"1.4\"},"
        "\"data\":[{\"index\":0,\"id\":" ID_A ",\"username\":\"mira.holt\",\"view_count\":10},"
        "{\"index\":1,\"id\":" ID_B ",\"username\":\"nell\",\"view_count\":null}]}",
        /* what the official wrapper returns, dumped as it is */
        "[[{\"id\":" ID_A ",\"username\":\"mira.holt\",\"view_count\":10},"
        "{\"id\":" ID_B ",\"username\":\"nell\"}],\"7600000000000000007\",100,false,"
        "\"20240501\",\"20240530\"]",
    };

    (void)state;
    for (size_t i = 0; i < sizeof frames / sizeof frames[0]; i++) {
        read_text(frames[i]);
        if (rows != 2)
            fail_msg("frame %zu: %zu rows; %s", i, rows, passed);
        assert_true(row[0].record.id == 7361448925972155679u);
        assert_true(row[1].record.id == 7361448925972155680u);
        check_text(0, FIELD_AUTHOR, "mira.holt");
        check_text(1, FIELD_AUTHOR, "nell");
        assert_int_equal(number(0, FIELD_VIEWS), 10);
        assert_int_equal(row[1].record.val[FIELD_VIEWS].kind, VAL_NONE);
        assert_int_equal(row[0].at, 0);
    }
}

static void frame_without_names_or_with_uneven_columns_is_said_to_be_one(void **state)
{
    struct err err = { 0 };

    (void)state;
    read_text("[[" ID_A ",\"mira.holt\"],[" ID_B ",\"nell\"]]");
    assert_int_equal(rows, 0);
    assert_string_equal(passed, "no_column_names() 1;no_column_names() 1;");
    assert_int_equal(saved_document(STR("{\"id\":{\"0\":" ID_A ",\"1\":" ID_B
                                        "},\"username\":{\"0\":\"nell\"}}"),
                                    &mem, &sink, &err),
                     -1);
    assert_int_equal(err.kind, ERR_INPUT);
}

/* As the official wrapper's rows come out of pandas and spreadsheets. */
static void values_are_read_as_tools_write_them(void **state)
{
    (void)state;
    read_text("{\"id\":\"" ID_A "\",\"create_time\":\"2024-04-24 15:01:40\",\"view_count\":\"77\","
              "\"like_count\":3.0,\"comment_count\":\"12.0\",\"share_count\":\"NA\","
              "\"music_id\":7159460238003800066,\"video_duration\":\"15\","
              "\"hashtag_names\":\"['cats', \\\"o'clock\\\"]\",\"effect_ids\":\"0|12\","
              "\"video_mention_list\":\"nell, of York\",\"is_stem_verified\":\"False\","
              "\"video_description\":20240424,\"voice_to_text\":\"\",\"region_code\":null,"
              "\"video_tag\":\"{\\\"type\\\":\\\"Branded\\\",\\\"number\\\":1}\","
              "\"playlist_id\":7.2e18,\"liked_by_user\":\"ivo\",\"\":0}");
    assert_int_equal(rows, 1);
    assert_int_equal(number(0, FIELD_CREATED), 1713970900);
    assert_int_equal(number(0, FIELD_VIEWS), 77);
    assert_int_equal(number(0, FIELD_LIKES), 3);
    assert_int_equal(number(0, FIELD_COMMENTS), 12);
    assert_int_equal(number(0, FIELD_DURATION), 15);
    assert_true(number(0, FIELD_MUSIC) == 7159460238003800066);
    assert_int_equal(number(0, FIELD_STEM), 0);
    assert_int_equal(number(0, FIELD_BRANDED), 1);
    check_text(0, FIELD_HASHTAGS, "cats\no'clock");
    check_text(0, FIELD_EFFECTS, "0\n12");
    check_text(0, FIELD_MENTIONS, "nell, of York");
    check_text(0, FIELD_CAPTION, "20240424");
    assert_int_equal(row[0].record.val[FIELD_SHARES].kind, VAL_NONE);
    assert_int_equal(row[0].record.val[FIELD_VOICE].kind, VAL_NONE);
    assert_int_equal(row[0].record.val[FIELD_REGION].kind, VAL_NONE);
    assert_int_equal(row[0].record.val[FIELD_AUTHOR].kind, VAL_NONE);    // who liked is no author
    assert_string_equal(passed,
                        "value(playlist_id) 1;column(liked_by_user) 1;column((no name)) 1;");
}

static void lists_in_print_are_lists(void **state)
{
    static const struct {
        const char *text, *want;
    } cases[] = {
        { "\"['a', 'b']\"", "a\nb" },
        { "\"[\\\"a\\\",\\\"b\\\"]\"", "a\nb" },
        { "[\"a\",\"b\"]", "a\nb" },
        { "\"c(\\\"a\\\", \\\"b\\\")\"", "a\nb" },
        { "\"list(\\\"a\\\", \\\"b\\\")\"", "a\nb" },
        { "\"a|b\"", "a\nb" },
        { "\"a, b\"", "a\nb" },
        { "\"K\xc3\xa4se\"", "K\xc3\xa4se" },
        { "\"[]\"", "" },
        { "\"character(0)\"", "" },
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "{\"id\":" ID_A ",\"hashtag_names\":%s}", cases[i].text);
        read_text(text);
        assert_int_equal(rows, 1);
        check_text(0, FIELD_HASHTAGS, cases[i].want);
    }
}

static void row_is_of_the_time_that_its_column_says(void **state)
{
    static const struct {
        const char *cell;
        int64_t at;
    } cases[] = {
        { "\"crawled_at\":\"2024-05-01 12:00:00\"", 1714564800 },
        { "\"crawled_at\":\"2024-05-01 12:00:00\",\"crawled_updated_at\":\"2024-05-02 12:00:00\"",
          1714651200 },
        { "\"crawled_at\":\"2024-05-01 12:00:00\",\"crawled_updated_at\":null", 1714564800 },
        { "\"collected_at\":\"2024-05-01T12:00:00Z\"", 1714564800 },
        { "\"collected_at\":\"2024-05-01T14:00:00+02:00\"", 1714564800 },
        { "\"retrieved_at\":1714564800", 1714564800 },
        { "\"retrieved_at\":1714564800123", 1714564800 },
        { "\"collected_at\":\"2024-05-01 12:00:00\"", 0 },    // of which zone?
        { "\"collected_at\":\"soon\"", 0 },
        { "\"create_time\":1714564800", 0 },
    };
    char text[256];

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        snprintf(text, sizeof text, "{\"id\":" ID_A ",\"view_count\":1,%s}", cases[i].cell);
        read_text(text);
        assert_int_equal(rows, 1);
        if (row[0].at != cases[i].at)
            fail_msg("case %zu: %lld", i, (long long)row[0].at);
        assert_string_equal(passed, "");
    }
}

/* ---- tables ---- */

static int table_row(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    struct buf *out = to;

    (void)err;
    buf_printf(out, "%lld:", (long long)line);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "<%.*s>", STR_ARG(cell[i]));
    return 0;
}

static void table_rows_come_whole_in_pieces_of_any_size(void **state)
{
    static const char text[] =
        "\"video_id\",\"author_name\"\n\"7\",\"a \"\"b\"\"\"\r\n\"8\",\"two\n"
        "lines\"\n\n9,\n";

    (void)state;
    assert_int_equal(csv_rows_delim(STR("a;b;c,d\n1,2,3,4,5")), ';');
    assert_int_equal(csv_rows_delim(STR("\"a;b;c\",d")), ',');
    for (size_t piece = 1; piece < sizeof text; piece++) {
        struct buf got = { 0 };
        struct csv_rows *r = csv_rows_new(',', table_row, &got);
        struct err err = { 0 };

        for (size_t at = 0; at < sizeof text - 1; at += piece)
            assert_int_equal(csv_rows_feed(r, str_sub(STR(text), at, piece), &err), 0);
        assert_int_equal(csv_rows_end(r, &err), 0);
        assert_string_equal(buf_cstr(&got), "1:<video_id><author_name>2:<7><a \"b\">4:<8><two\n"
                                            "lines>6:<9><>");
        csv_rows_free(r);
        buf_release(&got);
    }
}

static void open_quote_at_the_end_is_damage_with_its_line(void **state)
{
    struct buf got = { 0 };
    struct csv_rows *r = csv_rows_new(',', table_row, &got);
    struct err err = { 0 };

    (void)state;
    assert_int_equal(csv_rows_feed(r, STR("a,b\n1,\"x\n2,y\n"), &err), 0);
    assert_int_equal(csv_rows_end(r, &err), -1);
    assert_non_null(strstr(err.msg, "line 4: a quote is not closed"));
    csv_rows_free(r);
    buf_release(&got);
}

/* ---- documents ---- */

static int document(void *to, struct str text, struct err *err)
{
    buf_printf(to, "<%.*s>", STR_ARG(text));
    return str_eq(text, STR("{\"bad\":1}")) ? (err_set(err, ERR_INPUT, "refused"), 1) : 0;
}

static void documents_are_cut_the_same_in_pieces_of_any_size(void **state)
{
    static const struct {
        const char *text, *want;
        int64_t damaged, line;
    } cases[] = {
        { "{\"a\":\"}\\\"\"}\n{\"b\":[1,{}]} {}", "<{\"a\":\"}\\\"\"}><{\"b\":[1,{}]}><{}>", 0, 0 },
        { " [ {\"a\":1},\n{\"b\":2} ]\n", "<{\"a\":1}><{\"b\":2}>", 0, 0 },
        { "[[1],[2]]", "<[[1],[2]]>", 0, 0 },
        { "[]", "<[]>", 0, 0 },
        { "null\n7\n", "<null><7>", 0, 0 },
        { "{\n\"a\":\n1}\n{\"bad\":1}\n{}", "<{\n\"a\":\n1}><{\"bad\":1}><{}>", 1, 4 },
        { "{}\n{\"a\n{\"b\":1}\n", "<{}><{\"b\":1}>", 1, 2 },
        { "{\"a\":[1\n{\"b\":1}\n{\"c\":1}", "<{\"b\":1}><{\"c\":1}>", 1, 1 },
        { "[{\"a\":1},\n{\"b\":", "<{\"a\":1}>", 1, 2 },
        { "[{\"a\":1},\n", "<{\"a\":1}>", 1, 2 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++)
        for (size_t piece = 1; piece < 40; piece++) {
            struct buf got = { 0 };
            struct json_cut cut = { .document = document, .to = &got, .max = 1000 };
            struct str text = str_of(cases[i].text);
            struct err err = { 0 };

            for (size_t at = 0; at < text.n; at += piece)
                assert_int_equal(json_cut_feed(&cut, str_sub(text, at, piece), &err), 0);
            assert_int_equal(json_cut_end(&cut, &err), 0);
            assert_string_equal(buf_cstr(&got), cases[i].want);
            if (cut.damaged != cases[i].damaged || cut.damaged_line != cases[i].line)
                fail_msg("case %zu: %lld at %lld", i, (long long)cut.damaged,
                         (long long)cut.damaged_line);
            json_cut_release(&cut);
            buf_release(&got);
        }
}

static void document_beyond_the_cap_costs_its_line(void **state)
{
    struct buf got = { 0 }, text = { 0 };
    struct json_cut cut = { .document = document, .to = &got, .max = 50 };
    struct err err = { 0 };

    (void)state;
    buf_puts(&text, "{\"a\":1}\n{\"b\":\"");
    for (int i = 0; i < 100; i++)
        buf_char(&text, 'x');
    buf_puts(&text, "\"}\n{\"c\":1}\n");
    assert_int_equal(json_cut_feed(&cut, buf_view(&text), &err), 0);
    assert_int_equal(json_cut_end(&cut, &err), 0);
    assert_string_equal(buf_cstr(&got), "<{\"a\":1}><{\"c\":1}>");
    assert_int_equal(cut.damaged, 1);
    assert_int_equal(cut.damaged_line, 2);
    json_cut_release(&cut);
    buf_release(&got);
    buf_release(&text);
}

/* ---- a million lines ---- */

static int64_t counted;

static int count_row(void *to, const struct kept_row *one, struct str text, struct err *err)
{
    (void)to;
    (void)text;
    (void)err;
    counted += one->record.val[FIELD_VIEWS].i == 7;
    return 0;
}

static const struct saved_to counter = { on_reply, count_row, on_passed, NULL };

static int count_document(void *to, struct str text, struct err *err)
{
    arena_clear(to);
    return saved_document(text, to, &counter, err);
}

static int count_cells(void *to, const struct str *cell, size_t n, int64_t line, struct err *err)
{
    char text[128];

    (void)to;
    (void)line;
    snprintf(text, sizeof text, "{\"id\":\"%.*s\",\"view_count\":\"%.*s\"}", STR_ARG(cell[0]),
             STR_ARG(cell[n - 1]));
    return saved_row(str_of(text), &counter, err);
}

static void memory_does_not_grow_with_the_lines(void **state)
{
    enum { LINES = PEAK_SAYS_NOTHING ? 50000 : 1000000 };
    struct json_cut cut = { .document = count_document, .to = &mem, .max = 1 << 20 };
    struct csv_rows *table = csv_rows_new(',', count_cells, NULL);
    struct err err = { 0 };
    char line[96];
    long before = 0;

    (void)state;
    counted = 0;
    for (int i = 0; i < LINES; i++) {
        snprintf(line, sizeof line, "{\"id\":%llu,\"view_count\":7}\n",
                 7361448925972155679ull + (unsigned)i);
        assert_int_equal(json_cut_feed(&cut, str_of(line), &err), 0);
        snprintf(line, sizeof line, "%llu,7\n", 7361448925972155679ull + (unsigned)i);
        assert_int_equal(csv_rows_feed(table, str_of(line), &err), 0);
        if (i == 1000)
            before = peak_kib();
    }
    assert_int_equal(json_cut_end(&cut, &err), 0);
    assert_int_equal(csv_rows_end(table, &err), 0);
    assert_int_equal(counted, 2 * LINES);
    assert_true(PEAK_SAYS_NOTHING || peak_kib() - before < 1024);
    json_cut_release(&cut);
    csv_rows_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_orientation_of_a_data_frame_has_the_same_rows),
        cmocka_unit_test(frame_without_names_or_with_uneven_columns_is_said_to_be_one),
        cmocka_unit_test(values_are_read_as_tools_write_them),
        cmocka_unit_test(lists_in_print_are_lists),
        cmocka_unit_test(row_is_of_the_time_that_its_column_says),
        cmocka_unit_test(table_rows_come_whole_in_pieces_of_any_size),
        cmocka_unit_test(open_quote_at_the_end_is_damage_with_its_line),
        cmocka_unit_test(documents_are_cut_the_same_in_pieces_of_any_size),
        cmocka_unit_test(document_beyond_the_cap_costs_its_line),
        cmocka_unit_test(memory_does_not_grow_with_the_lines),
    };
    int failed = cmocka_run_group_tests(tests, NULL, NULL);

    arena_release(&mem);
    return failed;
}
