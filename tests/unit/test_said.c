/* tests/unit/test_said.c: what each witness of the site said is counted on its own, and the
 * counts add up to what was asked. */
#include "audit/verdict/label.h"
#include "audit/verdict/summarize.h"
#include "report/report.h"
#include "tests/unit/audit_box.h"

static void reading(enum witness witness, int i, int64_t at, enum answer_kind kind,
                    enum no_answer why)
{
    struct request r = { .witness = witness,
                         .loaded = true,
                         .complete = true,
                         .http = 200,
                         .reserved_at = at,
                         .sent_at = at,
                         .done_at = at };
    struct record rec = { .id = ID(i) };
    struct answer a = { .id = ID(i),
                        .item = i + 1,
                        .witness = witness,
                        .kind = kind,
                        .why = why,
                        .at = at,
                        .record = kind == ANSWER_PUBLIC ? &rec : NULL };
    struct err err = { 0 };

    if (sink.reserve(sink.to, &r, &err))
        fail_msg("%s", err.msg);
    a.request = r.n;
    if (sink.put(sink.to, &r, &a, &err) || sink.done(sink.to, &r, &err))
        fail_msg("%s", err.msg);
}

static void readings(void)
{
    struct err err = { 0 };

    reading(WITNESS_PAGE, 0, AT(1, 1), ANSWER_PUBLIC, NO_ANSWER_NONE);
    reading(WITNESS_PAGE, 1, AT(1, 1), ANSWER_REFUSED, NO_ANSWER_NONE);
    reading(WITNESS_PAGE, 2, AT(1, 1), ANSWER_NO_ANSWER, NO_ANSWER_CHALLENGE);
    reading(WITNESS_PAGE, 2, AT(1, 2), ANSWER_NO_ANSWER, NO_ANSWER_BLOCKED_ALONE);
    reading(WITNESS_PAGE, 2, AT(2, 1), ANSWER_NO_ANSWER, NO_ANSWER_TIMEOUT);
    reading(WITNESS_PAGE, 2, AT(3, 1), ANSWER_NO_ANSWER, NO_ANSWER_STRIPPED);
    reading(WITNESS_EMBED, 2, AT(3, 2), ANSWER_PUBLIC, NO_ANSWER_NONE);
    reading(WITNESS_EMBED, 1, AT(3, 2), ANSWER_NO_ANSWER, NO_ANSWER_TOO_MANY);
    reading(WITNESS_OEMBED, 1, AT(3, 2), ANSWER_REFUSED, NO_ANSWER_NONE);
    if (sink.commit(sink.to, &err))
        fail_msg("%s", err.msg);
}

static void is(const struct summary *s, enum witness w, struct witness_said want)
{
    const struct witness_said *is = &s->said[w];

    assert_memory_equal(is, &want, sizeof want);
    assert_int_equal(is->asked, is->is_public + is->refused + is->blocked + is->no_answer);
}

static void each_witness_has_counts_of_its_own(void **state)
{
    struct arena mem = { 0 };
    struct summary s = { 0 };
    struct buf text = { 0 };
    struct err err = { 0 };

    (void)state;
    readings();
    if (labels_refresh(&audit, &err) || summarize(&audit, &mem, &s, NULL, &err))
        fail_msg("%s", err.msg);
    is(&s, WITNESS_PAGE, (struct witness_said){ 6, 1, 1, 2, 2 });
    is(&s, WITNESS_EMBED, (struct witness_said){ 2, 1, 0, 1, 0 });
    is(&s, WITNESS_OEMBED, (struct witness_said){ 1, 0, 1, 0, 0 });
    is(&s, WITNESS_SHORT, (struct witness_said){ 0, 0, 0, 0, 0 });
    report_story(&text, &s, STORY_WITNESSES, 0);
    assert_true(str_find(buf_view(&text),
                         STR("embed                    2             1"
                             "             0             1             0\n"),
                         0) >= 0);
    assert_true(str_find(buf_view(&text), STR("creator"), 0) < 0);
    buf_clear(&text);
    report_summary_json(&text, &s);
    assert_true(str_find(buf_view(&text), STR("\"witnesses\""), 0) >= 0);
    buf_release(&text);
    arena_release(&mem);
}

static void nobody_asked_leaves_no_table(void **state)
{
    struct arena mem = { 0 };
    struct summary s = { 0 };
    struct buf text = { 0 };
    struct err err = { 0 };

    (void)state;
    if (labels_refresh(&audit, &err) || summarize(&audit, &mem, &s, NULL, &err))
        fail_msg("%s", err.msg);
    report_story(&text, &s, STORY_WITNESSES, 0);
    assert_int_equal(text.n, 0);
    buf_release(&text);
    arena_release(&mem);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_witness_has_counts_of_its_own, setup, teardown),
        cmocka_unit_test_setup_teardown(nobody_asked_leaves_no_table, setup, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
