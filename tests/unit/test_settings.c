/* tests/unit/test_settings.c: what a setting takes, and what is said where it does not. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/words.h"
#include "record/settings.h"

static void every_default_is_what_its_setting_takes(void **state)
{
    const struct setting_info *t;
    struct err err = { 0 };
    struct settings s;

    (void)state;
    settings_init(&s);
    assert_int_equal(settings_check(&s, &err), 0);
    for (size_t i = 0; (t = setting_at(i)); i++) {
        char text[600];

        snprintf(text, sizeof text, "%s.%s=%s", t->section, t->key, t->dflt);
        assert_int_equal(settings_set(&s, text, &err), 0);
        assert_true(*t->takes && *t->help);
    }
    settings_release(&s);
}

/* A file of defaults, as init writes it, reads back as the defaults. */
static void what_init_writes_is_read(void **state)
{
    struct buf text = { 0 };
    struct err err = { 0 };
    struct settings s;

    (void)state;
    settings_init(&s);
    settings_print_default(&text);
    assert_int_equal(settings_read(&s, "blindspot.ini", buf_view(&text), &err), 0);
    assert_int_equal(s.api_batch, 100);
    buf_release(&text);
    settings_release(&s);
}

static void a_value_that_is_not_taken_is_named_with_what_is(void **state)
{
    static const struct { const char *set, *want;
    } bad[] = {
        { "api.batch=0", "--set: api.batch: expected 1 to 100, not 0" },
        { "api.batch=101", "--set: api.batch: expected 1 to 100, not 101" },
        { "api.batch=x", "--set: api.batch: expected a whole number, not \"x\"" },
        { "api.residual=1", "--set: api.residual: expected a probability between 0 and 1" },
        { "page.requests_per_second=0",
          "--set: page.requests_per_second: expected more than 0 and at most 100000 a second" },
        { "page.recheck=maybe", "--set: page.recheck: expected yes or no, not \"maybe\"" },
        { "page.first=oembd",
          "--set: page.first: expected none, oembed or embed, not \"oembd\"; did you mean "
          "oembed?" },
        { "page.elsewhere=sample:0",
          "--set: page.elsewhere: expected ambiguous, refused, all or sample:N with a number of "
          "posts, not \"sample:0\"" },
        { "page.vantage=first",
          "--set: page.vantage: expected another name than first: the audit's first vantage is "
          "called so where it has none" },
        { "page.retrieved_sample=al",
          "--set: page.retrieved_sample: expected a whole number or all, not \"al\"" },
        { "evidence.worker=",
          "--set: evidence.worker: expected 1 to 16 letters, digits or _, not \"\"" },
        { "api.base_url=https://x/",
          "--set: api.base_url: expected a URL without a slash at its end" },
        { "api.quota_=1", "--set: there is no setting api.quota_; did you mean api.quota?" },
        { "page.batch=1", "--set: there is no setting page.batch; did you mean api.batch?" },
        { "apj.batch=1", "--set: there is no setting apj.batch; did you mean api.batch?" },
        { "a.b=1", "--set: there is no setting a.b" },
        { "batch=1", "--set batch: expected SECTION.KEY=VALUE; did you mean api.batch?" },
        { "colour=1", "--set colour: expected SECTION.KEY=VALUE" },
        { "=", "--set : expected SECTION.KEY=VALUE" },
    };
    struct settings s;

    (void)state;
    settings_init(&s);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = { 0 };

        assert_int_equal(settings_set(&s, bad[i].set, &err), -1);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_string_equal(err.msg, bad[i].want);
    }
    settings_release(&s);
}

/* What stands below a sentence is a line of the file: not where a password may stand in it. */
static void a_line_with_a_secret_is_not_shown(void **state)
{
    static const char *const bad[] = {
        "[page]\nproxy = socks4://u:hush@h:1\n",
        "[api]\nclient_secret = hush\n",
        "[api]\nkey hush_token\n",
        "[api]\nbase_url = https://u:hush@h/\n",
    };
    struct settings s;

    (void)state;
    settings_init(&s);
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++) {
        struct err err = { 0 };

        assert_int_equal(settings_read(&s, "x.ini", str_of(bad[i]), &err), -1);
        assert_int_equal(err.place.n, 0);
        assert_string_equal(err.place.line, "");
        assert_null(strstr(err.msg, "hush"));
    }
    settings_release(&s);
}

static void words_are_listed_as_people_do(void **state)
{
    struct buf out = { 0 };
    struct err err = { 0 };

    (void)state;
    words_list(&out, "a|b|c");
    buf_char(&out, ' ');
    words_list(&out, "yes|no");
    buf_char(&out, ' ');
    words_list(&out, "one");
    assert_string_equal(buf_cstr(&out), "a, b or c yes or no one");
    buf_release(&out);
    assert_true(words_has("csv|jsonl", STR("csv")));
    assert_false(words_has("csv|jsonl", STR("cs")));
    assert_false(words_has("csv|jsonl", STR("")));
    assert_int_equal(words_check("csv|jsonl", "jsonl", "it expects", &err), 0);
    assert_int_equal(words_check("csv|jsonl", "cvs", "it expects", &err), -1);
    assert_string_equal(err.msg, "it expects csv or jsonl, not \"cvs\"; did you mean csv?");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_default_is_what_its_setting_takes),
        cmocka_unit_test(what_init_writes_is_read),
        cmocka_unit_test(a_value_that_is_not_taken_is_named_with_what_is),
        cmocka_unit_test(a_line_with_a_secret_is_not_shown),
        cmocka_unit_test(words_are_listed_as_people_do),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
