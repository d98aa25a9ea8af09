/* tests/unit/test_expr.c: what one condition of a rule means. */
#include <stdarg.h>
#include <stddef.h>
#include <setjmp.h>
#include <stdint.h>
#include <math.h>
#include <stdio.h>
#include <string.h>
#include <cmocka.h>
#include "classify/expr.h"

static struct arena mem;
static struct patterns *patterns;

static int load(void *from, const char *name, struct buf *out, struct err *err)
{
    (void)from;
    if (strcmp(name, "names.txt") != 0)
        return err_set(err, ERR_USAGE, "no file %s", name);
    buf_puts(out, "# names\n\nada.example\r\n  bo  \n");
    return 0;
}

static const struct rules_loader loader = { load, NULL };

static enum truth truth_of(const char *text, const struct facts *g)
{
    struct expr e;
    struct err err = {0};

    if (expr_parse(&e, str_of(text), &loader, &mem, patterns, &err))
        fail_msg("%s: %s", text, err.msg);
    return expr_holds(&e, g);
}

static bool holds(const char *text, const struct facts *g)
{
    return truth_of(text, g) == TRUTH_YES;
}

static void refused(const char *text, const char *says)
{
    struct expr e;
    struct err err = {0};

    assert_int_equal(expr_parse(&e, str_of(text), &loader, &mem, patterns, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    if (!strstr(err.msg, says))
        fail_msg("%s: %s", text, err.msg);
}

static struct facts some_facts(void)
{
    struct facts g;

    memset(&g, 0, sizeof g);
    g.val[FACT_PAGE_OUTCOME] = value_text(STR("public"));
    g.val[FACT_PAGE_CODE] = value_int(10204);
    g.val[FACT_PAGE_MSG] = value_text(STR("item_privacy_authorization&Status_Self_See"));
    g.val[FACT_PAGE(FIELD_AUTHOR)] = value_text(STR("Ada.Example"));
    g.val[FACT_PAGE(FIELD_PLACE)] = value_text(STR("CA"));
    g.val[FACT_PAGE(FIELD_IS_AD)] = value_int(1);
    g.val[FACT_PAGE(FIELD_ANCHORS)] = value_text(STR("28\n33"));
    g.val[FACT_PAGE(FIELD_MUSIC)] = value_int(INT64_MAX);
    g.val[FACT_PAGE(FIELD_CREATED)] = value_int(1735689600);          // 2025-01-01
    g.val[FACT_PAGE(FIELD_CAPTION)] = value_text(STR(""));
    g.val[FACT_ACCOUNT_TRIALS] = value_int(7);
    g.val[FACT_ACCOUNT_MIN_ITEMS] = value_int(5);
    g.val[FACT_ACCOUNT_Q] = value_real(0.01);
    g.val[FACT_ACCOUNT_CHANCE] = value_real(NAN);
    return g;
}

static void operators_do_what_they_say(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_true(holds("page.outcome = public", &g));
    assert_false(holds("page.outcome != public", &g));
    assert_true(holds("page.outcome=public", &g));
    assert_true(holds("page.status_code = 10204", &g));
    assert_true(holds("page.status_code >= 10204", &g));
    assert_false(holds("page.status_code > 10204", &g));
    assert_true(holds("page.status_code < 10204.5", &g));
    assert_true(holds("page.status_code in 10216, 10204", &g));
    assert_true(holds("page.status_msg ~ status_(deleted|self_see)$", &g));
    assert_false(holds("page.status_msg !~ self_see", &g));
    assert_true(holds("page.status_msg !~ friend_see", &g));
    assert_true(holds("account.q < 0.05", &g));
    assert_false(holds("account.q < 1e-3", &g));
    assert_true(holds("page.location_created present", &g));
    assert_true(holds("page.poi_country absent", &g));
    assert_true(holds("page.created_at >= 2025-01-01", &g));
    assert_false(holds("page.created_at < 2025-01-01T00:00:00Z", &g));
}

static void absent_fails_everything_but_absent(void **state)
{
    const char *const ops[] = {
        "= CA", "!= CA", "~ C", "!~ C", "in CA, US", "present", "= page.location_created",
        "< 5",  ">= 5"
    };
    struct facts g = some_facts();
    char text[96];
    (void)state;
    for (size_t i = 0; i < sizeof ops / sizeof *ops; i++) {
        snprintf(text, sizeof text, "page.poi_country %s", ops[i]);
        assert_false(holds(text, &g));
    }
    assert_true(holds("page.poi_country absent", &g));
    assert_false(holds("page.location_created != page.poi_country", &g));
    assert_true(holds("account.chance absent", &g));                  // NAN is absent too
    assert_false(holds("account.chance != 1", &g));
}

static void empty_text_is_a_value(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_true(holds("page.description present", &g));
    assert_true(holds("page.description = \"\"", &g));
    assert_true(holds("page.description ~ ^$", &g));
    assert_false(holds("page.location_created = \"\"", &g));
}

static void ids_never_pass_through_a_double(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_true(holds("page.music_id = 9223372036854775807", &g));
    assert_false(holds("page.music_id = 9223372036854775806", &g));
    assert_true(holds("page.music_id > 9223372036854775806", &g));
    assert_true(holds("page.music_id in 1, 9223372036854775807", &g));
}

static void texts_are_exact_and_handles_are_not(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_false(holds("page.location_created = ca", &g));
    assert_true(holds("page.username = ada.example", &g));
    assert_true(holds("page.username in @names.txt", &g));
    assert_true(holds("page.username in bo, ADA.EXAMPLE", &g));
    assert_false(holds("page.username in ada", &g));
    assert_false(holds("page.location_created in @names.txt", &g));
}

static void another_name_stands_for_its_value(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_true(holds("account.trials >= account.min_items", &g));
    g.val[FACT_ACCOUNT_MIN_ITEMS] = value_int(8);
    assert_false(holds("account.trials >= account.min_items", &g));
    g.val[FACT_API(FIELD_AUTHOR)] = value_text(STR("ada.EXAMPLE"));
    assert_true(holds("page.username = api.username", &g));
    assert_false(holds("page.username = \"api.username\"", &g));
}

static void flags_have_words(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_true(holds("page.is_ad = true", &g));
    assert_true(holds("page.is_ad = yes", &g));
    assert_true(holds("page.is_ad = 1", &g));
    assert_true(holds("page.is_ad != false", &g));
    assert_false(holds("page.status_code = true", &g));               // no flag
}

static void sets_hold_by_their_members(void **state)
{
    struct facts g = some_facts();
    (void)state;
    assert_true(holds("page.anchor_types = 33", &g));
    assert_false(holds("page.anchor_types = 3", &g));
    assert_false(holds("page.anchor_types != 33", &g));
    assert_true(holds("page.anchor_types != 34", &g));
    assert_true(holds("page.anchor_types in 1, 28", &g));
    assert_true(holds("page.anchor_types ~ ^33$", &g));
    assert_false(holds("page.anchor_types !~ ^3", &g));
    g.val[FACT_PAGE(FIELD_ANCHORS)] = value_text(STR(""));
    assert_false(holds("page.anchor_types = 33", &g));
    assert_true(holds("page.anchor_types != 33", &g));
}

static void patterns_read_utf8_and_survive_bytes_that_are_none(void **state)
{
    struct facts g = some_facts();
    (void)state;
    g.val[FACT_PAGE_MSG] = value_text(STR("\xC3\x89T\xC3\x89"));       // ÉTÉ
    assert_true(holds("page.status_msg ~ ^\xC3\xA9.\xC3\xA9$", &g));
    g.val[FACT_PAGE_MSG] = value_text(STR("\xFF\xFEgone"));
    assert_true(holds("page.status_msg ~ gone", &g));
}

#define ENDLESS "^(a+)+b(?=c)|(a*)*[^a]\\2$"

static void endless_pattern_holds_neither_way_and_says_so(void **state)
{
    static char text[4000];
    struct facts g = some_facts();
    (void)state;
    memset(text, 'a', sizeof text);
    g.val[FACT_PAGE_MSG] = value_text((struct str){ text, sizeof text });
    assert_int_equal(truth_of("page.status_msg ~ " ENDLESS, &g), TRUTH_GAVE_UP);
    assert_int_equal(truth_of("page.status_msg !~ " ENDLESS, &g), TRUTH_GAVE_UP);
}

/* The member that decides does so whatever became of the others. */
static void endless_member_of_a_set_leaves_it_to_the_others(void **state)
{
    static char text[4100];
    struct facts g = some_facts();
    struct value *tags = &g.val[FACT_PAGE(FIELD_HASHTAGS)];
    (void)state;
    memset(text, 'a', 4000);
    *tags = value_text((struct str){ text, 4000 });
    assert_int_equal(truth_of("page.hashtag_names ~ ^bc$|" ENDLESS, &g), TRUTH_GAVE_UP);
    memcpy(text + 4000, "\nbc\n", 4);
    *tags = value_text((struct str){ text, 4003 });
    assert_int_equal(truth_of("page.hashtag_names ~ ^bc$|" ENDLESS, &g), TRUTH_YES);
    assert_int_equal(truth_of("page.hashtag_names !~ ^bc$|" ENDLESS, &g), TRUTH_NO);
}

static void bad_conditions_say_what_was_expected(void **state)
{
    (void)state;
    refused("page.locaton = CA", "page.locaton");
    refused("", "known name");
    refused("= CA", "known name");
    refused("page.outcome", "operator");
    refused("page.outcome is public", "operator");
    refused("page.outcome inpublic", "operator");
    refused("page.outcome =", "value");
    refused("page.outcome ~ (", "pattern");
    refused("page.outcome ~", "pattern");
    refused("page.outcome ~ a\\C", "pattern");
    refused("page.outcome in ", "at least one");
    refused("page.outcome in , ,", "at least one");
    refused("page.outcome present yes", "nothing behind");
    refused("account.q < small", "number");
    refused("page.username in @other.txt", "no file other.txt");
    refused("page.username in @../names.txt", "plain file name");
    refused("page.username in @/etc/hosts", "plain file name");
    refused("page.username in @", "plain file name");
}

static int setup(void **state)
{
    (void)state;
    patterns = patterns_new();
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    patterns_free(patterns);
    arena_release(&mem);
    return 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(operators_do_what_they_say),
        cmocka_unit_test(absent_fails_everything_but_absent),
        cmocka_unit_test(empty_text_is_a_value),
        cmocka_unit_test(ids_never_pass_through_a_double),
        cmocka_unit_test(texts_are_exact_and_handles_are_not),
        cmocka_unit_test(another_name_stands_for_its_value),
        cmocka_unit_test(flags_have_words),
        cmocka_unit_test(sets_hold_by_their_members),
        cmocka_unit_test(patterns_read_utf8_and_survive_bytes_that_are_none),
        cmocka_unit_test(endless_pattern_holds_neither_way_and_says_so),
        cmocka_unit_test(endless_member_of_a_set_leaves_it_to_the_others),
        cmocka_unit_test(bad_conditions_say_what_was_expected),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
