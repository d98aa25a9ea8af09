/* States and labels of a whole audit, from rules.ini: what a rule sees, and what
 * becomes of an item of which a rule cannot tell. */
#include "audit/verdict/explain.h"
#include "audit/verdict/label.h"
#include "audit/verdict/summarize.h"
#include "record/id.h"
#include "report/report.h"
#include "tests/unit/audit_box.h"

#define ENDLESS "^(a+)+b(?=c)|(a*)*[^a]\\2$"

/* The rules of the audit from here on. */
static void use_rules(const char *text)
{
    struct err err = { 0 };

    rules_free(audit.rules);
    audit.rules = NULL;
    buf_clear(&audit.rules_text);
    buf_puts(&audit.rules_text, text);
    audit.rules_digest = digest_sha256(buf_view(&audit.rules_text));
    if (rules_parse(&audit.rules, "rules.ini", str_of(text), NULL, &err))
        fail_msg("%s", err.msg);
}

/* A refusal with a message that no pattern above gets to the end of. */
static void long_refusal(int i, int64_t at)
{
    static char text[4000];
    struct answer a = { .kind = ANSWER_REFUSED,
                        .generation = GENERATION_SIGI,
                        .message = { text, sizeof text } };

    memset(text, 'a', sizeof text);
    read_page(i, at, &a);
}

static struct classify_result classify(void)
{
    struct classify_result result = { 0 };
    struct err err = { 0 };

    if (sink.commit(sink.to, &err) || labels_make(&audit, &result, &err))
        fail_msg("%s", err.msg);
    return result;
}

static struct label_row label_of(int i, char *rule, size_t size)
{
    struct label_row l = { 0 }, out = { 0 };
    struct label_cursor *cursor = NULL;
    struct err err = { 0 };

    assert_int_equal(store_labels(audit.store, &cursor, &err), 0);
    while (label_cursor_next(cursor, &l, &err) > 0)
        if (l.id == ID(i)) {
            out = l;
            snprintf(rule, size, "%.*s", STR_ARG(l.rule));
        }
    label_cursor_close(cursor);
    return out;
}

/* Items 0 and 1 were asked and refused, 0 with the long message. */
static void two_refusals(void)
{
    ask(AT(0, 1), "20+ 21+ 22+");
    ask(AT(1, 1), "0 1 c20+ c21+");
    ask(AT(2, 1), "0 1 c20+ c21+");
    long_refusal(0, AT(2, 2));
    page(1, AT(2, 2), SELF_ONLY);
}

static void item_of_a_rule_that_is_given_up_stays_open_and_is_named(void **state)
{
    struct classify_result result;
    struct label_row l;
    struct summary s;
    struct arena mem = { 0 };
    struct err err = { 0 };
    struct buf text = { 0 };
    char rule[32];

    (void)state;
    use_rules("[endless]\nlabel = deleted\nwhen = page.status_msg ~ " ENDLESS "\n"
              "[all]\nlabel = unknown\nwhen = page.outcome = refused\n");
    two_refusals();
    no_page(2, AT(2, 2), 1);
    page_made_at(3, AT(2, 2), AT(-40, 0));
    result = classify();
    assert_int_equal(result.gave_up[0].items, 1);
    assert_true(result.gave_up[0].first == ID(0));
    assert_int_equal(result.gave_up[1].items, 0);
    l = label_of(0, rule, sizeof rule);
    assert_int_equal(l.state, STATE_OPEN);
    assert_int_equal(l.reason, REASON_RULE_GAVE_UP);
    assert_int_equal(l.label, LABEL_NONE);
    assert_false(l.confirmed);
    assert_string_equal(rule, "endless");
    l = label_of(1, rule, sizeof rule);
    assert_int_equal(l.state, STATE_MISSING);
    assert_string_equal(rule, "all");

    if (summarize(&audit, &mem, &s, NULL, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(s.reason[REASON_RULE_GAVE_UP], 1);
    assert_int_equal(s.waterfall.n[NODE_UNOBSERVED], 1);
    assert_int_equal(s.rule[0].gave_up, 1);
    assert_true(s.rule[0].gave_up_first == ID(0));
    report_story(&text, &s, STORY_GAVE_UP, 0);
    assert_non_null(strstr(buf_cstr(&text), "Rule endless was given up on 1 item"));
    buf_clear(&text);
    report_story(&text, &s, STORY_GAVE_UP, 1);
    assert_int_equal(text.n, 0);
    buf_release(&text);
    arena_release(&mem);
}

static void explain_names_the_rule_that_was_given_up(void **state)
{
    struct buf text = { 0 };
    struct err err = { 0 };
    char id[ID_TEXT_MAX];

    (void)state;
    use_rules("[endless]\nlabel = deleted\nwhen = page.status_msg ~ " ENDLESS "\n"
              "[all]\nlabel = unknown\nwhen = page.outcome = refused\n");
    two_refusals();
    classify();
    assert_int_equal(explain_item(&audit, id_text(ID(0), id), false, &text, &err), 0);
    assert_non_null(strstr(buf_cstr(&text), "; given up: nobody can tell whether it matches"));
    assert_non_null(strstr(buf_cstr(&text), "it is open (rule_gave_up)"));
    buf_release(&text);
}

static void rule_sees_the_generation_of_the_page_that_decides(void **state)
{
    char rule[32];

    (void)state;
    use_rules("[old]\nlabel = deleted\nwhen = page.generation = sigi_state\n"
              "[any]\nlabel = unknown\nwhen = page.outcome = refused\n");
    two_refusals();
    classify();
    assert_int_equal(label_of(0, rule, sizeof rule).state, STATE_MISSING);
    assert_string_equal(rule, "old");
    label_of(1, rule, sizeof rule);
    assert_string_equal(rule, "any");
    long_refusal(1, AT(3, 1));
    classify();
    label_of(1, rule, sizeof rule);
    assert_string_equal(rule, "old");
}

#define T(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        T(item_of_a_rule_that_is_given_up_stays_open_and_is_named),
        T(explain_names_the_rule_that_was_given_up),
        T(rule_sees_the_generation_of_the_page_that_decides),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
