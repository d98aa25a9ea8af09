/* tests/unit/test_table.c: labels.csv and differences.csv to the letter: columns,
 * quoting, cells that a spreadsheet would run, absent values. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <csv.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "report/report.h"

struct rows { const struct label_row *row; size_t len, at; };

static int rows_next(void *from, struct label_row *row, struct err *err)
{
    struct rows *r = from;
    (void)err;

    if (r->at == r->len)
        return 0;
    *row = r->row[r->at++];
    return 1;
}

static struct label_row plain_row(void)
{
    return (struct label_row){
        .id = 7300000000000000001u,
        .handle = STR("maker.of_things"),
        .state = STATE_MISSING,
        .label = LABEL_CANADA,
        .reason = REASON_CREATED_IN_CANADA,
        .rule = STR("canada-created"),
        .basis = BASIS_DOCUMENTED,
        .confirmed = true,
        .asked = 4,
        .days = 2,
        .first_at = 1782000000,
        .last_at = 1782086400,
        .sound_days = 2,
        .sound_list = STR("2026-06-21 2026-06-22"),
        .residual = 0.0001,
        .created_at = 1700000000,
        .page = ANSWER_PUBLIC,
        .page_at = 1782090000,
        .place = STR("CA"),
        .evidence = STR("a.warc.gz:120"),
    };
}

static char *labels_text(const struct label_row *row, size_t len, bool raw)
{
    char *text = NULL;
    size_t n = 0;
    struct err err = {0};
    struct rows rows = { row, len, 0 };
    const struct label_source from = { rows_next, &rows };
    struct csv_out out = { .f = open_memstream(&text, &n), .raw = raw };

    assert_int_equal(report_labels_csv(&out, &from, &err), 0);
    assert_int_equal(out.rows, len);
    fclose(out.f);
    return text;
}

static void columns_are_those_of_the_design(void **state)
{
    const struct label_row row = plain_row();
    char *text = labels_text(&row, 1, false);
    (void)state;

    assert_string_equal(
        text,
        "id,url,username,created_at,state,label,reason,rule,basis,confirmed,api_asked,api_days,"
        "api_first_asked_at,"
        "api_last_asked_at,page_outcome,page_status_code,page_status_msg,page_at,location_created,"
        "region_code,evidence,"
        "residual,sound_days,later_refused_at,validation,page_elsewhere,page_elsewhere_at,"
        "elsewhere_vantage,bucket,snapshot,account,page_witness,page_engine,"
        "public_at,refused_at\r\n"
        "7300000000000000001,https://www.tiktok.com/@maker.of_things/video/7300000000000000001,"
        "maker.of_things,"
        "2023-11-14T22:13:20Z,missing,canada,created_in_canada,canada-created,documented,yes,4,2,"
        "2026-06-21T00:00:00Z,"
        "2026-06-22T00:00:00Z,public,,,2026-06-22T01:00:00Z,CA,,a.warc.gz:120,0.0001,2026-06-21 "
        "2026-06-22,,,,,,missing/public/canada,,,,,,\r\n");
    free(text);
}

static void retrieved_row_has_no_label_and_no_confirmation(void **state)
{
    const struct label_row row = { .id = 9223372036854775807u,
                                   .state = STATE_RETRIEVED,
                                   .reason = REASON_AT_ONCE,
                                   .asked = 1,
                                   .days = 1,
                                   .first_at = 1782000000,
                                   .last_at = 1782000000,
                                   .page = ANSWER_COUNT,
                                   .residual = -1 };
    char *text = labels_text(&row, 1, false);
    (void)state;

    assert_non_null(strstr(
        text,
        "\r\n9223372036854775807,https://www.tiktok.com/@_/video/9223372036854775807,,,retrieved,,"
        "at_once,,,,1,1,2026-06-21T00:00:00Z,2026-06-21T00:00:00Z,,,,,,,,,,,,,,,"
        "retrieved/at_once,,,,,,\r\n"));
    free(text);
}

static void the_validity_check_has_its_column(void **state)
{
    struct label_row row = plain_row();
    char *text;
    (void)state;

    row.validation = VALIDATION_NOT_VALID;
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, "2026-06-22,,not_valid,,,,missing/public/canada,,,,,,\r\n"));
    free(text);
    row.validation = VALIDATION_VALID;
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, "2026-06-22,,valid,,,,missing/public/canada,,,,,,\r\n"));
    free(text);
}

static void another_vantage_has_columns_of_its_own(void **state)
{
    struct label_row row = plain_row();
    char *text;
    (void)state;

    row.elsewhere = ANSWER_PUBLIC;
    row.elsewhere_at = 1782000000;
    row.vantage = STR("ca");
    text = labels_text(&row, 1, false);
    assert_non_null(
        strstr(text, ",public,2026-06-21T00:00:00Z,ca,missing/public/canada,,,,,,\r\n"));
    free(text);
    row.public_at = STR("first fr");
    row.refused_at = STR("ca");
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, ",missing/public/canada,,,,,first fr,ca\r\n"));
    free(text);
}

static void the_common_instant_has_its_column(void **state)
{
    struct label_row row = plain_row();
    char *text;
    (void)state;

    row.snapshot = SNAPSHOT_NO;
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, "2026-06-22,,,,,,missing/public/canada,no,,,,,\r\n"));
    free(text);
    row.snapshot = SNAPSHOT_YES;
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, "2026-06-22,,,,,,missing/public/canada,yes,,,,,\r\n"));
    free(text);
}

static void witness_and_engine_have_their_columns(void **state)
{
    struct label_row row = plain_row();
    char *text;
    (void)state;

    row.page_witness = STR("page");
    row.page_engine = STR("browser");
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, "missing/public/canada,,,page,browser,,\r\n"));
    free(text);
}

static void formulas_are_defused_unless_raw(void **state)
{
    static const char *const begins[] = { "=1+1", "+1", "-1", "@x", "\tx", "\rx" };
    (void)state;

    for (size_t i = 0; i < sizeof begins / sizeof *begins; i++) {
        struct label_row row = plain_row();
        char want[32], *safe, *raw;

        row.message = str_of(begins[i]);
        safe = labels_text(&row, 1, false), raw = labels_text(&row, 1, true);
        snprintf(want, sizeof want, "'%s", begins[i]);
        assert_non_null(strstr(safe, want));
        assert_null(strstr(raw, want));
        assert_non_null(strstr(raw, begins[i]));
        free(safe);
        free(raw);
    }
}

static void controls_and_bidi_marks_are_shown_unless_raw(void **state)
{
    struct label_row row = plain_row();
    char *safe, *raw;
    (void)state;

    row.message = STR("caf\xc3\xa9 \x1b[2J \xe2\x80\xae" "cod\tx\ny");
    row.rule = STR("=rule\x7f");
    safe = labels_text(&row, 1, false), raw = labels_text(&row, 1, true);
    assert_non_null(strstr(safe, "caf\xc3\xa9 \\x1b[2J \\u202ecod\tx\ny"));
    assert_non_null(strstr(safe, ",'=rule\\x7f,"));
    assert_non_null(strstr(raw, "\x1b[2J \xe2\x80\xae" "cod"));
    free(safe);
    free(raw);
}

static void handle_that_is_no_handle_stays_out_of_the_address(void **state)
{
    struct label_row row = plain_row();
    char *text;
    (void)state;

    row.handle = STR("a/../b?x=\"");
    text = labels_text(&row, 1, false);
    assert_non_null(strstr(text, "/@_/video/"));
    assert_non_null(strstr(text, "\"a/../b?x=\"\"\""));
    free(text);
}

struct cells {
    struct buf cell[72];
    int n;
};

static void take_cell(void *text, size_t n, void *to)
{
    struct cells *c = to;

    buf_add(&c->cell[c->n++], text, n);
}

static void take_row(int ch, void *to) { (void)ch; (void)to; }

static void any_text_comes_back_from_a_strict_reader(void **state)
{
    static const struct str nasty = { "a \"b\", c\r\nd;\0e,", 16 };
    struct label_row row = plain_row();
    struct cells cells = {0};
    struct csv_parser parser;
    size_t n = 0;
    char *text = NULL;
    struct err err = {0};
    struct rows rows = { &row, 1, 0 };
    const struct label_source from = { rows_next, &rows };
    struct csv_out out = { .f = open_memstream(&text, &n), .raw = true };
    (void)state;

    row.message = nasty;
    assert_int_equal(report_labels_csv(&out, &from, &err), 0);
    fclose(out.f);
    assert_int_equal(csv_init(&parser, CSV_STRICT | CSV_STRICT_FINI), 0);
    assert_int_equal(csv_parse(&parser, text, n, take_cell, take_row, &cells), n);
    assert_int_equal(csv_fini(&parser, take_cell, take_row, &cells), 0);
    csv_free(&parser);
    assert_int_equal(cells.n, 2 * 35);
    assert_true(str_eq(buf_view(&cells.cell[35 + 16]), nasty));
    for (int i = 0; i < cells.n; i++)
        buf_release(&cells.cell[i]);
    free(text);
}

static char *difference_text(const struct gap *gap, bool all)
{
    char *text = NULL;
    size_t n = 0;
    struct err err = {0};
    struct csv_out out = { .f = open_memstream(&text, &n), .all = all };

    assert_int_equal(report_differences_begin(&out, &err), 0);
    assert_int_equal(report_differences_put(&out, gap, &err), 0);
    fclose(out.f);
    return text;
}

static void difference_shows_both_values_and_the_error(void **state)
{
    const struct gap gap = { .id = 7300000000000000001u,
                             .field = FIELD_VIEWS,
                             .api = value_int(100),
                             .page = value_int(200),
                             .verdict = VERDICT_DIFFERS,
                             .has_error = true,
                             .relative_error = -0.5,
                             .api_at = 1782000000,
                             .page_at = 1782000060 };
    char *text = difference_text(&gap, false);
    (void)state;

    assert_string_equal(
        text,
        "id,field,api_value,page_value,verdict,relative_error,api_at,page_at,rule,needed,allowed,"
        "witness,snapshot\r\n"
        "7300000000000000001,view_count,100,200,differs,-0.500000,2026-06-21T00:00:00Z,"
        "2026-06-21T00:01:00Z,,,,,\r\n");
    free(text);
}

static void a_counter_says_why_it_differs(void **state)
{
    struct gap gap = { .id = 1,
                       .field = FIELD_VIEWS,
                       .api = value_int(1459),
                       .page = value_int(200000),
                       .verdict = VERDICT_DIFFERS,
                       .why = { GAP_RULE_SINGLE, 136.154, 8, FIELD_COUNT },
                       .snapshot = SNAPSHOT_NO };
    char *text = difference_text(&gap, false);
    (void)state;

    assert_non_null(strstr(text, ",differs,,,,single,136.2,8,,no\r\n"));
    free(text);
    gap.why = (struct gap_why){ GAP_RULE_JOINT, 3, 1.5, FIELD_LIKES };
    text = difference_text(&gap, false);
    assert_non_null(strstr(text, ",joint,3,1.5,like_count,no\r\n"));
    free(text);
}

static void difference_of_outside_text_is_defused_and_sets_are_one_line(void **state)
{
    struct gap gap = { .id = 1,
                       .field = FIELD_HASHTAGS,
                       .api = value_text(STR("=one\ntwo")),
                       .verdict = VERDICT_API_ONLY,
                       .api_at = 1782000000 };
    char *text = difference_text(&gap, false);
    (void)state;

    assert_non_null(
        strstr(text, "\r\n1,hashtag_names,'=one two,,api_only,,2026-06-21T00:00:00Z,,,,,,\r\n"));
    free(text);
    gap.field = FIELD_CREATED, gap.api = value_int(1782000000);
    text = difference_text(&gap, false);
    assert_non_null(strstr(text, "1,created_at,2026-06-21T00:00:00Z,,"));
    free(text);
}

static void equal_rows_appear_only_with_all(void **state)
{
    const struct gap gap = { .id = 1,
                             .field = FIELD_LIKES,
                             .api = value_int(7),
                             .page = value_int(7),
                             .verdict = VERDICT_EQUAL };
    char *few = difference_text(&gap, false), *all = difference_text(&gap, true);
    (void)state;

    assert_null(strstr(few, "like_count"));
    assert_non_null(strstr(all, "1,like_count,7,7,equal,,,,,,,,\r\n"));
    free(few);
    free(all);
}

static void full_disk_is_an_error(void **state)
{
    const struct label_row row = plain_row();
    struct rows rows = { &row, 1, 0 };
    const struct label_source from = { rows_next, &rows };
    struct err err = {0};
    struct csv_out out = { .f = fopen("/dev/full", "w") };
    (void)state;

    if (!out.f)
        skip();
    setvbuf(out.f, NULL, _IONBF, 0);
    assert_int_equal(report_labels_csv(&out, &from, &err), -1);
    assert_int_equal(err.kind, ERR_IO);
    fclose(out.f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(columns_are_those_of_the_design),
        cmocka_unit_test(retrieved_row_has_no_label_and_no_confirmation),
        cmocka_unit_test(the_validity_check_has_its_column),
        cmocka_unit_test(another_vantage_has_columns_of_its_own),
        cmocka_unit_test(the_common_instant_has_its_column),
        cmocka_unit_test(a_counter_says_why_it_differs),
        cmocka_unit_test(witness_and_engine_have_their_columns),
        cmocka_unit_test(formulas_are_defused_unless_raw),
        cmocka_unit_test(controls_and_bidi_marks_are_shown_unless_raw),
        cmocka_unit_test(handle_that_is_no_handle_stays_out_of_the_address),
        cmocka_unit_test(any_text_comes_back_from_a_strict_reader),
        cmocka_unit_test(difference_shows_both_values_and_the_error),
        cmocka_unit_test(difference_of_outside_text_is_defused_and_sets_are_one_line),
        cmocka_unit_test(equal_rows_appear_only_with_all),
        cmocka_unit_test(full_disk_is_an_error),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
