/* Replies of the API: rows with exact ids, errors by what they ask for. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>
#include "base/file.h"
#include "base/utc.h"
#include "fetch/reply.h"

static const char two_rows[] =
    "{\"error\":{\"log_id\":\"20240131235958ABCDEF0123\",\"code\":\"ok\",\"message\":\"\"},"
    "\"data\":{\"has_more\":true,"
    "\"search_id\":7201388525814961198,\"cursor\":100,\"videos\":["
    "{\"id\":7301234567890123457,\"create_time\":1700000001,\"username\":\"pet\\u0000er\","
    "\"region_code\":\"DE\","
    "\"video_description\":\"\",\"view_count\":0,\"like_count\":9007199254740993,"
    "\"music_id\":7201234567890123459,"
    "\"hashtag_names\":[\"cats\",\"Katze\",\"cats\"],\"effect_ids\":[\"0\",12],"
    "\"is_stem_verified\":false,"
    "\"hashtag_info_list\":[{\"hashtag_id\":7201234567890123461,\"hashtag_description\":\"d\"},"
    "{\"hashtag_id\":\"5\"}],"
    "\"favourites_count\":3,\"video_tag\":[{\"type\":\"AIGC Type\",\"number\":2},"
    "{\"type\":\"Branded\",\"number\":7}],"
    "\"sticker_info_list\":[{\"sticker_id\":7201234567890123463}],\"share_count\":null,"
    "\"new_key\":1},"
    "{\"video_id\":\"7301234567890123465\",\"view_count\":\"many\",\"comment_count\":-1,"
    "\"new_key\":2,"
    "\"video_tag\":{\"video_tag_type\":\"branded\",\"video_tag_number\":1}},"
    "{\"create_time\":5},{\"id\":9223372036854775808},17]}}";

static struct reply parse(struct str body, struct arena *mem)
{
    struct reply re = { 0 };
    struct err err = { 0 };

    assert_int_equal(reply_parse(body, mem, &re, &err), 0);
    return re;
}

static void check_text(const struct record *r, enum field f, const char *want)
{
    assert_int_equal(r->val[f].kind, VAL_TEXT);
    assert_true(str_eq(r->val[f].text, str_of(want)));
}

static void check_int(const struct record *r, enum field f, int64_t want)
{
    assert_int_equal(r->val[f].kind, VAL_INT);
    assert_true(r->val[f].i == want);
}

static void rows_are_exact_and_what_is_left_out_stays_absent(void **state)
{
    struct arena mem = { 0 };
    struct reply re = parse(str_of(two_rows), &mem);
    const struct record *r = re.row;

    (void)state;
    assert_true(re.ok && re.has_has_more && re.has_more && re.has_cursor);
    assert_int_equal(re.cursor, 100);
    assert_true(str_eq(re.search_id, STR("7201388525814961198")));
    assert_int_equal(re.rows, 2);
    assert_int_equal(re.bad_rows, 3);
    assert_int_equal(re.nul_chars, 1);
    assert_true(r[0].id == 7301234567890123457u && r[1].id == 7301234567890123465u);
    check_text(r, FIELD_AUTHOR, "pet\xe2\x90\x80" "er");
    check_text(r, FIELD_CAPTION, "");
    check_int(r, FIELD_CREATED, 1700000001);
    check_int(r, FIELD_VIEWS, 0);
    check_int(r, FIELD_LIKES, 9007199254740993);
    check_int(r, FIELD_MUSIC, 7201234567890123459);
    check_text(r, FIELD_HASHTAGS, "cats\nKatze");
    check_text(r, FIELD_HASHTAG_IDS, "7201234567890123461\n5");
    check_text(r, FIELD_EFFECTS, "0\n12");
    check_int(r, FIELD_STEM, 0);
    check_int(r, FIELD_FAVORITES, 3);
    check_int(r, FIELD_BRANDED, 7);
    check_text(r, FIELD_STICKERS, "[{\"sticker_id\":7201234567890123463}]");
    assert_int_equal(r[0].val[FIELD_SHARES].kind, VAL_NONE);
    assert_int_equal(r[0].val[FIELD_VOICE].kind, VAL_NONE);
    assert_int_equal(r[1].val[FIELD_VIEWS].kind, VAL_NONE);
    assert_int_equal(r[1].val[FIELD_COMMENTS].kind, VAL_NONE);
    check_int(&r[1], FIELD_BRANDED, 1);
    arena_release(&mem);
}

static int64_t drift_of(const struct reply *re, const char *kind, const char *name)
{
    for (size_t i = 0; i < re->drift.n; i++)
        if (strcmp(re->drift.v[i].kind, kind) == 0 && str_eq(re->drift.v[i].name, str_of(name)))
            return re->drift.v[i].count;
    return 0;
}

static void changes_of_the_schema_are_counted(void **state)
{
    struct arena mem = { 0 };
    struct reply re = parse(str_of(two_rows), &mem);

    (void)state;
    assert_int_equal(drift_of(&re, "api_key", "new_key"), 2);
    assert_int_equal(drift_of(&re, "api_value", "view_count"), 1);
    assert_int_equal(drift_of(&re, "api_value", "comment_count"), 1);
    assert_int_equal(re.drift.n, 3);
    arena_release(&mem);
}

static void flood_of_unknown_keys_is_counted_under_one_name(void **state)
{
    struct arena mem = { 0 };
    struct buf b = { 0 };
    struct reply re;
    int64_t all = 0;

    (void)state;
    buf_puts(&b, "{\"data\":{\"videos\":[{\"id\":7");
    for (int i = 0; i < 5000; i++)
        buf_printf(&b, ",\"k%d\":1", i);
    buf_puts(&b, "}]}}");
    re = parse(buf_view(&b), &mem);
    for (size_t i = 0; i < re.drift.n; i++)
        all += re.drift.v[i].count;
    assert_in_range(re.drift.n, 2, 100);
    assert_int_equal(all, 5000);
    assert_true(drift_of(&re, "api_key", "(others)") > 4900);
    buf_release(&b);
    arena_release(&mem);
}

static void long_lists_are_cut(void **state)
{
    struct arena mem = { 0 };
    struct buf b = { 0 };
    struct reply re;
    struct str rest, one;
    int count = 0;

    (void)state;
    buf_puts(&b, "{\"data\":{\"videos\":[{\"id\":7,\"hashtag_names\":[\"t\"");
    for (int i = 0; i < 5000; i++)
        buf_printf(&b, ",\"t%d\"", i);
    buf_puts(&b, "]}]}}");
    re = parse(buf_view(&b), &mem);
    rest = re.row[0].val[FIELD_HASHTAGS].text;
    while (set_next(&rest, &one))
        count++;
    assert_int_equal(count, 1000);
    buf_release(&b);
    arena_release(&mem);
}

static void data_may_be_missing_empty_or_null(void **state)
{
    static const char *const bodies[] = {
        "{\"error\":{\"code\":\"ok\"}}", "{\"data\":{},\"error\":{\"code\":\"ok\"}}",
        "{\"data\":null,\"error\":{\"code\":\"ok\"}}", "{\"data\":{\"videos\":null}}",
    };
    struct arena mem = { 0 };

    (void)state;
    for (size_t i = 0; i < 4; i++) {
        struct reply re = parse(str_of(bodies[i]), &mem);

        assert_true(re.ok && re.rows == 0 && !re.has_has_more && !re.has_cursor &&
                    re.search_id.n == 0);
    }
    arena_release(&mem);
}

static void what_is_no_reply_is_refused(void **state)
{
    static const char *const bodies[] = { "",
                                          "<html>504</html>",
                                          "[]",
                                          "{}",
                                          "17",
                                          "{\"data\":{\"videos\":[{\"id\":1",
                                          "{\"data\":[]}",
                                          "null" };
    struct arena mem = { 0 };
    struct err err = { 0 };
    struct reply re;

    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        assert_int_equal(reply_parse(str_of(bodies[i]), &mem, &re, &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
    }
    arena_release(&mem);
}

static enum api_error error_of(int status, const char *code, const char *message)
{
    struct arena mem = { 0 };
    char body[512];
    struct reply re;
    enum api_error e;

    snprintf(body, sizeof body,
             "{\"data\":{},\"error\":{\"code\":\"%s\",\"message\":\"%s\",\"log_id\":\"x\"}}", code,
             message);
    re = parse(str_of(body), &mem);
    e = reply_error(status, &re);
    arena_release(&mem);
    return e;
}

static void errors_are_named_by_what_they_ask_for(void **state)
{
    (void)state;
    assert_int_equal(error_of(200, "ok", ""), API_OK);
    assert_int_equal(error_of(200, "ok", "ok."), API_OK);
    assert_int_equal(error_of(500, "internal_error", "Something is wrong"), API_RETRY);
    assert_int_equal(error_of(200, "timeout", ""), API_RETRY);
    assert_int_equal(error_of(503, "whatever", ""), API_RETRY);
    assert_int_equal(error_of(429, "rate_limit_exceeded", ""), API_RATE);
    assert_int_equal(error_of(429, "daily_quota_limit_exceeded", ""), API_QUOTA);
    assert_int_equal(error_of(401, "access_token_invalid", ""), API_TOKEN);
    assert_int_equal(error_of(401, "scope_not_authorized", ""), API_AUTH);
    assert_int_equal(error_of(400, "scope_permission_missed", "lacks a scope for field video_tag"),
                     API_AUTH);
    assert_int_equal(
        error_of(400, "invalid_params", "Search Id 7201388525814961198 is invalid or expired"),
        API_SEARCH);
    assert_int_equal(error_of(400, "invalid_params", "Invalid count or cursor"), API_SEARCH);
    assert_int_equal(error_of(400, "invalid_params", "Field video_tag is not supported"),
                     API_FIELD);
    assert_int_equal(error_of(400, "invalid_param", "invalid fields"), API_FIELD);
    assert_int_equal(error_of(400, "invalid_params", "field_values are invalid"), API_FAIL);
    assert_int_equal(error_of(400, "invalid_params", "The window is over 30 days"), API_FAIL);
    assert_int_equal(error_of(403, "forbidden", ""), API_FAIL);
}

static void flat_errors_are_read(void **state)
{
    struct arena mem = { 0 };
    struct reply re = parse(
        STR("{\"error\":\"invalid_token\",\"error_description\":\"old\",\"log_id\":\"L\"}"), &mem);

    (void)state;
    assert_false(re.ok);
    assert_true(str_eq(re.code, STR("invalid_token")) && str_eq(re.message, STR("old")) &&
                str_eq(re.log_id, STR("L")));
    assert_int_equal(reply_error(200, &re), API_TOKEN);
    arena_release(&mem);
}

static void refused_field_is_found_as_a_word(void **state)
{
    struct str names[FIELDS_MAX];
    size_t len = row_fields(names);

    (void)state;
    assert_int_equal(len, 23);
    assert_true(str_eq(names[0], STR("id")));
    assert_true(str_eq(names[FIELDS_OLD - 1], STR("voice_to_text")));
    assert_true(
        str_eq(names[reply_named_field(STR("bad: 'video_tag'."), names, len)], STR("video_tag")));
    assert_true(str_eq(names[reply_named_field(STR("HASHTAG_INFO_LIST"), names, len)],
                       STR("hashtag_info_list")));
    assert_int_equal(reply_named_field(STR("my_video_tags, id"), names, len), len);
    assert_int_equal(reply_named_field(STR(""), names, len), len);
}

static void log_id_tells_the_time(void **state)
{
    int64_t at = 0;

    (void)state;
    assert_true(reply_log_time(STR("20230113024658F0D7C5D6CA3A9B79C5B9"), &at));
    assert_int_equal(at, 1673578018);
    assert_false(reply_log_time(STR("19650113024658F0"), &at));    // nobody asked then
    assert_false(reply_log_time(STR("2023011302465"), &at));
    assert_false(reply_log_time(STR("20231313024658F0"), &at));
    assert_false(reply_log_time(STR("x0230113024658F0"), &at));
}

static void row_belongs_to_its_request_or_is_strange(void **state)
{
    struct ask_member m[2] = { { .id = 7301234567890123457u }, { .id = 7301234567890123465u } };
    int64_t day = utc_day(1700000001);
    struct request q = { .member = m, .members = 2, .start_day = day - 1, .end_day = day + 28 };
    struct record r = { .id = m[1].id };
    size_t at = 9;

    (void)state;
    r.val[FIELD_CREATED] = value_int(1700000001);
    assert_int_equal(reply_row_check(&q, &r, &at), ROW_TAKEN);
    assert_int_equal(at, 1);
    r.val[FIELD_CREATED] = value_int(utc_day_start(day - 1) - 1);
    assert_int_equal(reply_row_check(&q, &r, &at), ROW_OUTSIDE_WINDOW);
    r.val[FIELD_CREATED] = (struct value){ 0 };           // then the id's own time counts
    assert_int_equal(reply_row_check(&q, &r, &at), ROW_TAKEN);
    r.id = 17;
    assert_int_equal(reply_row_check(&q, &r, &at), ROW_NOT_ASKED);
}

static void bare_row_needs_an_id(void **state)
{
    struct json_doc doc = { 0 };
    struct arena mem = { 0 };
    struct record r = { 0 };
    struct err err = { 0 };

    (void)state;
    assert_int_equal(json_parse(STR("{\"id\":7301234567890123457,\"username\":\"a\"}"), &doc, &err),
                     0);
    assert_int_equal(row_parse(doc.root, &mem, &r, &err), 0);
    json_free(&doc);
    assert_true(r.id == 7301234567890123457u);
    check_text(&r, FIELD_AUTHOR, "a");                    // outlives the document
    assert_int_equal(json_parse(STR("{\"username\":\"a\"}"), &doc, &err), 0);
    assert_int_equal(row_parse(doc.root, &mem, &r, &err), -1);
    assert_int_equal(row_parse(NULL, &mem, &r, &err), -1);
    json_free(&doc);
    arena_release(&mem);
}

/* ---- recorded replies, where they are at hand ---- */

static struct reply parse_sample(const char *name, struct buf *bytes, struct arena *mem)
{
    const char *shared = getenv("BLINDSPOT_SHARED");
    char path[512];
    struct err err = { 0 };

    snprintf(path, sizeof path, "%s/facts/samples/%s", shared ? shared : "../shared", name);
    if (!file_exists(path)) {
        print_message("skipped: no %s\n", path);
        skip();
    }
    assert_int_equal(file_read(path, REPLY_MAX, bytes, &err), 0);
    return parse(buf_view(bytes), mem);
}

static void recorded_null_bytes_are_counted(void **state)
{
    struct buf b = { 0 };
    struct arena mem = { 0 };
    struct reply re = parse_sample("research_api_videos_null_bytes.json", &b, &mem);

    (void)state;
    assert_int_equal(re.nul_chars, 6);
    assert_int_equal(re.rows, 1);
    assert_true(re.row[0].id == 7435406205763226897u);
    check_int(re.row, FIELD_MUSIC, 7375579229523643153);
    check_int(re.row, FIELD_VIEWS, 401);
    assert_true(str_ends(re.row[0].val[FIELD_AUTHOR].text, STR("\xe2\x90\x80" "4")));
    assert_true(re.has_has_more && !re.has_more && re.cursor == 1);
    assert_int_equal(re.drift.n, 0);
    buf_release(&b);
    arena_release(&mem);
}

static void recorded_page_has_fewer_rows_than_its_cursor(void **state)
{
    struct buf b = { 0 };
    struct arena mem = { 0 };
    struct reply re = parse_sample("research_api_videos_page_real.json", &b, &mem);

    (void)state;
    assert_int_equal(re.rows, 27);
    assert_int_equal(re.bad_rows, 0);
    assert_true(re.has_more && re.cursor == 100);
    assert_true(re.row[0].id == 7320768196569599275u && re.row[1].id == 7320768187275005226u);
    assert_true(str_eq(re.search_id, STR("7354367454467855403")));
    check_int(re.row, FIELD_CREATED, 1704499196);
    check_text(re.row, FIELD_HASHTAGS, "cats\nduet");
    buf_release(&b);
    arena_release(&mem);
}

static void documented_example_spells_video_id(void **state)
{
    struct buf b = { 0 };
    struct arena mem = { 0 };
    struct reply re = parse_sample("research_api_videos_doc_example.json", &b, &mem);
    int64_t at;

    (void)state;
    assert_int_equal(re.rows, 2);
    assert_true(re.row[0].id == 702874395068494965u);
    check_text(re.row, FIELD_REGION, "CA");
    assert_true(reply_log_time(re.log_id, &at));
    buf_release(&b);
    arena_release(&mem);
}

/* Which of two values a reader takes is chance; the row says neither. */
static void row_with_two_values_of_a_key_is_not_taken(void **state)
{
    static const char *const bad[] = {
        "\"id\":7301234567890123457,\"id\":7301234567890123458",
        "\"id\":1,\"view_count\":5,\"view_count\":6",
        "\"id\":1,\"region_code\":\"CA\",\"region_code\":\"US\"",
        "\"id\":1,\"new_key\":1,\"new_key\":[]",
        "\"id\":1,\"video_id\":2",
        "\"id\":1,\"favorites_count\":1,\"favourites_count\":2",
        "\"id\":1,\"hashtag_info_list\":[{\"hashtag_id\":1,\"hashtag_id\":2}]",
        "\"id\":1,\"id\":null",
    };
    struct arena mem = { 0 };
    struct err err = { 0 };
    struct reply re;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct buf b = { 0 };
        struct json_doc doc = { 0 };
        struct record row;

        buf_printf(&b, "{\"data\":{\"videos\":[{%s},{\"id\":5,\"id\":5,\"video_id\":5},{}]}}",
                   bad[i]);
        re = parse(buf_view(&b), &mem);
        assert_true(re.rows == 1 && re.row[0].id == 5 && re.bad_rows == 2 && re.doubled_rows == 1);
        assert_string_equal(re.drift.v[0].kind, "api_doubled");
        buf_clear(&b);
        buf_printf(&b, "{%s}", bad[i]);
        assert_int_equal(json_parse(buf_view(&b), &doc, &err), 0);
        assert_int_equal(row_parse(doc.root, &mem, &row, &err), -1);
        assert_non_null(strstr(err.msg, "stands twice"));
        json_free(&doc);
        buf_release(&b);
    }
    arena_release(&mem);
}

static void reply_with_two_values_around_its_rows_is_refused(void **state)
{
    static const char *const bad[] = {
        "{\"data\":{\"videos\":[]},\"data\":{\"videos\":[{\"id\":1}]}}",
        "{\"data\":{\"videos\":[],\"videos\":[{\"id\":1}]}}",
        "{\"data\":{\"has_more\":true,\"has_more\":false}}",
        "{\"data\":{},\"error\":{\"code\":\"ok\",\"code\":\"internal_error\"}}",
        "{\"data\":{},\"error\":{\"code\":\"ok\"},\"error\":\"invalid_token\"}",
    };
    struct arena mem = { 0 };
    struct reply re;

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof bad[0]; i++) {
        struct err err = { 0 };

        assert_int_equal(reply_parse(str_of(bad[i]), &mem, &re, &err), -1);
        assert_int_equal(err.kind, ERR_INPUT);
        assert_non_null(strstr(err.msg, "stands twice in the API's reply"));
    }
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_are_exact_and_what_is_left_out_stays_absent),
        cmocka_unit_test(changes_of_the_schema_are_counted),
        cmocka_unit_test(row_with_two_values_of_a_key_is_not_taken),
        cmocka_unit_test(reply_with_two_values_around_its_rows_is_refused),
        cmocka_unit_test(flood_of_unknown_keys_is_counted_under_one_name),
        cmocka_unit_test(long_lists_are_cut),
        cmocka_unit_test(data_may_be_missing_empty_or_null),
        cmocka_unit_test(what_is_no_reply_is_refused),
        cmocka_unit_test(errors_are_named_by_what_they_ask_for),
        cmocka_unit_test(flat_errors_are_read),
        cmocka_unit_test(refused_field_is_found_as_a_word),
        cmocka_unit_test(log_id_tells_the_time),
        cmocka_unit_test(row_belongs_to_its_request_or_is_strange),
        cmocka_unit_test(bare_row_needs_an_id),
        cmocka_unit_test(recorded_null_bytes_are_counted),
        cmocka_unit_test(recorded_page_has_fewer_rows_than_its_cursor),
        cmocka_unit_test(documented_example_spells_video_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
