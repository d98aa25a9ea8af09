/* tests/unit/test_claims.c: a claims file is read to the letter, and what is wrong in it is
 * said with its line. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "base/file.h"
#include "classify/claims.h"
#include "classify/defaults.h"

#define HEAD \
    "[a]\nclaim = It is there.\nsource = https://example.org, 2026-02-26\ncriterion = accuracy\n"

static struct claims *parse(const char *text)
{
    struct claims *cs = NULL;
    struct err err = { 0 };

    if (claims_parse(&cs, "c.ini", str_of(text), NULL, &err))
        fail_msg("%s", err.msg);
    return cs;
}

/* Refused, and the sentence begins with the place and holds these words. */
static void refused(const char *text, int line, const char *words)
{
    struct claims *cs = NULL;
    struct err err = { 0 };
    char place[32];

    snprintf(place, sizeof place, "c.ini:%d: ", line);
    if (claims_parse(&cs, "c.ini", str_of(text), NULL, &err) == 0)
        fail_msg("taken, but expected: %s", words);
    assert_null(cs);
    assert_int_equal(err.kind, ERR_USAGE);
    if (strncmp(err.msg, place, strlen(place)) != 0 || !strstr(err.msg, words))
        fail_msg("expected line %d and \"%s\", got: %s", line, words, err.msg);
}

static void a_share_of_items_is_read(void **state)
{
    struct claims *cs = parse(HEAD
                              "of = page.outcome = public\nof = item.state in retrieved, missing\n"
                              "that = api.outcome = found\nat_least = 99 %\nconfidence = 90%\n");
    const struct claim *c = claims_at(cs, 0);
    (void)state;
    assert_int_equal(claims_len(cs), 1);
    assert_null(claims_at(cs, 1));
    assert_true(str_eq(c->name, STR("a")));
    assert_true(str_eq(c->claim, STR("It is there.")));
    assert_true(str_eq(c->source, STR("https://example.org, 2026-02-26")));
    assert_int_equal(c->criterion, CRITERION_ACCURACY);
    assert_int_equal(c->measure, CLAIM_THAT);
    assert_int_equal(c->ofs, 2);
    assert_int_equal(c->of[1].fact, FACT_ITEM_STATE);
    assert_int_equal(c->that->fact, FACT_API_OUTCOME);
    assert_true(str_eq(c->subject, STR("api.outcome = found")));
    assert_int_equal(c->bound, CLAIM_AT_LEAST);
    assert_float_equal(c->limit, 0.99, 1e-12);
    assert_float_equal(c->confidence, 0.9, 1e-12);
    assert_true(claims_need(cs, FACT_ITEM_STATE));
    assert_false(claims_need(cs, FACT_PAGE_GENERATION));
    claims_free(cs);
}

static void every_measure_and_bound_is_read(void **state)
{
    struct claims *cs = parse(
        HEAD
        "field = view_count\nwithin = 10 %\nat_least = 0.95\n"
        "[b]\nclaim = x\nsource = y\ncriterion = accuracy\nmedian_ratio = like_count\n"
        "at_most = 1.1\n"
        "[c]\nclaim = x\nsource = y\ncriterion = consistency\nagreement = same_day\n"
        "not_worse_than = ../march\nmargin = 1 %\n"
        "[d]\nclaim = x\nsource = y\ncriterion = timeliness\nnumber = found_by_48h\n"
        "not_worse_than = old.tar\nmargin = 0\nworse = higher\n"
        "[e]\nclaim = x\nsource = y\ncriterion = validity\nuntestable = age is not shown\n"
        "[f]\nclaim = x\nsource = y\ncriterion = validity\nfield = username\nat_least = 99 %\n"
        "[g]\nclaim = x\nsource = y\ncriterion = timeliness\nlatency = 48h\nat_least = 99 %\n"
        "[h]\nclaim = x\nsource = y\ncriterion = timeliness\nlatency = 3d\nat_most = 1 %\n");
    (void)state;
    assert_int_equal(claims_at(cs, 0)->measure, CLAIM_FIELD);
    assert_int_equal(claims_at(cs, 0)->field, FIELD_VIEWS);
    assert_float_equal(claims_at(cs, 0)->within, 0.1, 1e-12);
    assert_int_equal(claims_at(cs, 1)->measure, CLAIM_MEDIAN_RATIO);
    assert_int_equal(claims_at(cs, 1)->bound, CLAIM_AT_MOST);
    assert_float_equal(claims_at(cs, 1)->limit, 1.1, 1e-12);
    assert_int_equal(claims_at(cs, 2)->agreement, CLAIM_AGREE_SAME_DAY);
    assert_int_equal(claims_at(cs, 2)->bound, CLAIM_NOT_WORSE);
    assert_true(str_eq(claims_at(cs, 2)->other, STR("../march")));
    assert_float_equal(claims_at(cs, 2)->margin, 0.01, 1e-12);
    assert_int_equal(claims_at(cs, 3)->measure, CLAIM_NUMBER);
    assert_true(claims_at(cs, 3)->higher_is_worse);
    assert_true(claims_at(cs, 4)->untestable.n > 0);
    assert_int_equal(claims_at(cs, 4)->measure, CLAIM_MEASURES);
    assert_false(claims_at(cs, 5)->has_within);
    assert_int_equal(claims_at(cs, 6)->measure, CLAIM_LATENCY);
    assert_int_equal(claims_at(cs, 6)->hours, 48);
    assert_int_equal(claims_at(cs, 7)->hours, 72);
    assert_true(claim_counts_items(claims_at(cs, 6)) && !claim_counts_items(claims_at(cs, 3)));
    assert_string_equal(claim_measure_name(CLAIM_MEDIAN_RATIO), "median_ratio");
    assert_string_equal(claim_bound_name(CLAIM_NOT_WORSE), "not_worse_than");
    claims_free(cs);
}

static void what_is_wrong_is_said_with_its_line(void **state)
{
    (void)state;
    refused("", 1, "at least one [claim]");
    refused(HEAD "thta = api.outcome = found\nat_least = 1\n", 5, "did you mean that?");
    refused(HEAD "that = api.outcom = found\nat_least = 1\n", 5, "did you mean api.outcome?");
    refused(HEAD "of = page.outcome == public\nthat = api.outcome ? found\n", 6, "an operator");
    refused(HEAD "that = api.outcome ~ (\nat_least = 1\n", 5, "pattern");
    refused(HEAD "field = view_cuont\nat_least = 1\n", 5, "did you mean view_count?");
    refused(HEAD "field = location_created\nat_least = 1\n", 5, "is compared");
    refused(HEAD "median_ratio = username\nat_least = 1\n", 5, "expected a counter");
    refused(HEAD "agreement = sometimes\nat_least = 1\n", 5, "all, same_day or other_days");
    refused(HEAD "latency = 48\nat_least = 1\n", 5, "whole hours or days");
    refused(HEAD "latency = 0h\nat_least = 1\n", 5, "not \"0h\"");
    refused(HEAD "latency = 366d\nat_least = 1\n", 5, "up to a year");
    refused(HEAD "latency = -1h\nat_least = 1\n", 5, "whole hours or days");
    refused(HEAD "latency = 48h\nat_least = 99\n", 6, "expected a share");
    refused(HEAD "number = Not A Name\nat_least = 1\n", 5, "the name of a number");
    refused(HEAD "that = api.outcome = found\nfield = username\nat_least = 1\n", 6,
            "one measure in claim \"a\", but another stands in line 5");
    refused(HEAD "that = api.outcome = found\nat_least = 1\nat_most = 1\n", 7,
            "one bound in claim \"a\", but another stands in line 6");
    refused(HEAD "that = api.outcome = found\nat_least = 99\n", 6, "expected a share");
    refused(HEAD "that = api.outcome = found\nat_least = many\n", 6, "not \"many\"");
    refused(HEAD "that = api.outcome = found\nat_least = %\n", 6, "not \"%\"");
    refused(HEAD "that = api.outcome = found\nat_least = nan\n", 6, "not \"nan\"");
    refused(HEAD "median_ratio = view_count\nat_least = 0\n", 6, "a ratio above 0");
    refused(HEAD "that = api.outcome = found\nnot_worse_than = ../march\n", 6, "expected margin");
    refused(HEAD "that = api.outcome = found\nnot_worse_than = ../march\nmargin = -1 %\n", 7,
            "0 or more");
    refused(HEAD "that = api.outcome = found\nat_least = 1\nmargin = 1 %\n", 7,
            "beside not_worse_than alone");
    refused(HEAD "that = api.outcome = found\nat_least = 1\nworse = lower\n", 7,
            "beside not_worse_than alone");
    refused(HEAD "that = api.outcome = found\nat_least = 1\nwithin = 1 %\n", 7,
            "beside field alone");
    refused(HEAD "field = username\nat_least = 1\nwithin = 1 %\n", 7, "within of a counter");
    refused(HEAD "that = api.outcome = found\nat_least = 1\nconfidence = 100 %\n", 7,
            "a confidence of");
    refused(HEAD "number = items\nat_least = 1\nconfidence = 99 %\n", 7, "beside number");
    refused(HEAD "number = items\nof = api.outcome = found\nat_least = 1\n", 5,
            "no of beside number");
    refused(HEAD "at_least = 1\n", 1, "expected a measure in claim \"a\"");
    refused(HEAD "that = api.outcome = found\n", 1, "expected a bound in claim \"a\"");
    refused("[a]\nsource = y\ncriterion = accuracy\nthat = api.outcome = found\nat_least = 1\n", 1,
            "expected claim = ...");
    refused("[a]\nclaim = y\ncriterion = accuracy\nthat = api.outcome = found\nat_least = 1\n", 1,
            "expected source = ...");
    refused("[a]\nclaim = y\nsource = z\nthat = api.outcome = found\nat_least = 1\n", 1,
            "expected criterion = ...");
    refused("[a]\ncriterion = accurracy\n", 2, "did you mean accuracy?");
    refused(HEAD "claim = again\n", 5, "expected claim once");
    refused(HEAD "untestable = no\n" HEAD "untestable = no\n", 6, "stands in line 1 as well");
    refused(HEAD "untestable = no\nthat = api.outcome = found\n", 6, "no measure and no bound");
    refused(HEAD "untestable = no\nof = api.outcome = found\n", 1, "alone in a claim");
    refused(HEAD "untestable =\n", 5, "why nobody can test it");
}

static void a_file_from_outside_is_capped(void **state)
{
    struct buf text = { 0 };
    struct claims *cs = NULL;
    struct err err = { 0 };
    (void)state;
    for (int i = 0; i <= CLAIMS_MAX; i++)
        buf_printf(&text, "[%d]\nclaim = x\nsource = y\ncriterion = validity\nuntestable = z\n", i);
    assert_int_equal(claims_parse(&cs, "c.ini", buf_view(&text), NULL, &err), -1);
    assert_non_null(strstr(err.msg, "at most 256 claims"));
    while (text.n <= CLAIMS_FILE_MAX)
        buf_puts(&text, "# a comment that goes on and on\n");
    assert_int_equal(claims_parse(&cs, "c.ini", buf_view(&text), NULL, &err), -1);
    assert_non_null(strstr(err.msg, "at most 1 MiB"));
    assert_null(cs);
    buf_release(&text);
}

static void the_shipped_claims_are_read(void **state)
{
    struct claims *cs = NULL;
    struct err err = { 0 };
    size_t tested = 0;
    (void)state;
    if (claims_parse(&cs, "tiktok.ini", defaults_claims(), NULL, &err))
        fail_msg("%s", err.msg);
    for (size_t i = 0; i < claims_len(cs); i++) {
        const struct claim *c = claims_at(cs, i);

        tested += c->untestable.n == 0;
        if (!str_starts(c->source, STR("https://")) || str_find(c->source, STR("20"), 0) < 0)
            fail_msg("%.*s: expected its address and a date as source", STR_ARG(c->name));
    }
    assert_true(tested > 5 && tested < claims_len(cs));
    claims_free(cs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_share_of_items_is_read),
        cmocka_unit_test(every_measure_and_bound_is_read),
        cmocka_unit_test(what_is_wrong_is_said_with_its_line),
        cmocka_unit_test(a_file_from_outside_is_capped),
        cmocka_unit_test(the_shipped_claims_are_read),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
