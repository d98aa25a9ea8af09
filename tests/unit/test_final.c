/* Is an audit finished? One function says it, and what is due agrees with it at every step;
 * reports ask it without a clock. */
#include "audit/take/add.h"
#include "audit/turn/outlook.h"
#include "audit/verdict/final.h"
#include "tests/unit/audit_box.h"

#define DONE 3                      // items 0 to 2 are silent, all others came back

/* As `status` says it, with the clock at this instant. */
static bool finished_at(int64_t at)
{
    struct outlook o;
    struct err err = { 0 };

    set_clock(at);
    if (sink.commit(sink.to, &err) || outlook_make(&audit, &o, &err))
        fail_msg("%s", err.msg);
    if (o.finished != (outlook_left(&o) == 0))
        fail_msg("%s, and %lld are due", o.finished ? "finished" : "not finished",
                 (long long)outlook_left(&o));
    return o.finished;
}

/* As a report says it, which has no clock. */
static bool final_by_itself(void)
{
    const struct view *held;
    struct err err = { 0 };
    int64_t at = 0;
    bool final = false;

    if (sink.commit(sink.to, &err) || standing_as_of(&audit, &at, &err) ||
        audit_view_hold(&audit, &held, &err))
        fail_msg("%s", err.msg);
    if (standing_final(&audit, held, at, &final, &err))
        fail_msg("%s", err.msg);
    audit_view_let(&audit, held);
    return final;
}

static void all_but(int silent, int64_t at)
{
    char who[8 * ITEMS] = "";
    size_t n = 0;

    for (int i = 0; i < ITEMS; i++)
        n += (size_t)snprintf(who + n, sizeof who - n, "%s%d%s", i ? " " : "", i,
                              i < silent ? "" : "+");
    box_round = 1;
    ask(at, who);
    box_round = 2;
}

static void two_sound_days(void)
{
    ask(AT(1, 1), "0 1 2 c20+ c21+ c22+ c23+ c24+ c25+");
    ask(AT(2, 1), "0 1 2 c21+ c22+ c23+ c24+ c25+ c26+");
}

/* ---- what keeps an audit open ---- */

static void items_that_were_never_asked(void **state)
{
    (void)state;
    assert_false(finished_at(AT(0, 0)));
    all_but(0, AT(0, 1));
    assert_true(finished_at(AT(0, 2)));
    assert_true(final_by_itself());
}

static void pages_until_they_are_read_or_given_up(void **state)
{
    (void)state;
    all_but(DONE, AT(0, 1));
    assert_false(finished_at(AT(0, 2)));
    page(0, AT(0, 2), SELF_ONLY);
    page(1, AT(0, 2), REGION);
    no_page(2, AT(0, 2), 4);
    assert_false(finished_at(AT(0, 3)));
    no_page(2, AT(0, 3), 1);
    assert_false(finished_at(AT(0, 4)));        // the window after its own is still to be asked
    ask_in(AT(0, 4), FROM + 28, TO + 28, true, "2");
    assert_true(finished_at(AT(0, 5)));
    assert_true(final_by_itself());
}

static void public_items_until_they_are_confirmed(void **state)
{
    (void)state;
    all_but(DONE, AT(0, 1));
    for (int i = 0; i < DONE; i++)
        page(i, AT(0, 2), PUBLIC);
    assert_false(finished_at(AT(0, 3)));
    two_sound_days();
    assert_false(finished_at(AT(2, 2)));        // nobody knows whether they are public still
    assert_false(final_by_itself());
    for (int i = 0; i < DONE; i++)
        page(i, AT(2, 3), PUBLIC);
    assert_true(finished_at(AT(2, 4)));
    assert_true(final_by_itself());
}

static void the_sample_of_retrieved_pages(void **state)
{
    const int64_t item[] = { 51, 52 };
    struct err err = { 0 };

    (void)state;
    all_but(0, AT(0, 1));
    assert_int_equal(store_set_sampled(audit.store, item, 2, &err), 0);
    assert_false(finished_at(AT(0, 2)));
    page(50, AT(0, 2), PUBLIC);
    no_page(51, AT(0, 2), 5);
    assert_true(finished_at(AT(0, 3)));
}

static void what_other_endpoints_were_not_asked(void **state)
{
    struct err err = { 0 };

    (void)state;
    all_but(0, AT(0, 1));
    assert_int_equal(store_meta_set(audit.store, META_WITNESS_LEFT, STR("3"), &err), 0);
    assert_false(finished_at(AT(0, 2)));
    assert_false(final_by_itself());
}

static void a_short_link_that_gave_no_answer_yet(void **state)
{
    struct digest d = { { 2 } };
    struct err err = { 0 };
    enum link_fate fate;
    int64_t source;

    (void)state;
    all_but(0, AT(0, 1));
    if (store_source(audit.store, "list", &d, &source, &err) ||
        store_add_link(audit.store, source, STR("https://vm.tiktok.com/ZM1/"), 5, &fate, &err))
        fail_msg("%s", err.msg);
    assert_false(finished_at(AT(0, 2)));
    assert_false(final_by_itself());
}

/* ---- what does not ---- */

static void items_that_are_too_recent_keep_none_open_until_they_are_of_age(void **state)
{
    const struct new_item young = { .id = (uint64_t)AT(0, 0) << 32 | 1 << 12 | 13 * 256 };

    (void)state;
    all_but(0, AT(0, 1));
    add_items(&young, 1);
    assert_true(finished_at(AT(1, 0)));
    assert_true(final_by_itself());
    assert_false(finished_at(AT(3, 0)));        // 72 h old: `audit` asks it
    assert_true(final_by_itself());             // the same store says the same
}

/* What came in since is not "too recent" for a report, however old its newest answer is. */
static void a_list_that_came_in_later_opens_a_finished_audit(void **state)
{
    const struct new_item later = { .id = (uint64_t)AT(10, 0) << 32 | 1 << 12 | 13 * 256 };
    struct err err = { 0 };

    (void)state;
    all_but(0, AT(0, 1));
    add_items(&later, 1);
    assert_true(final_by_itself());
    assert_int_equal(store_meta_set(audit.store, META_TAKEN_AT, STR("2026-01-21T00:00:00Z"), &err),
                     0);
    assert_false(final_by_itself());
}

static void no_item_at_all(void **state)
{
    (void)state;
    assert_true(finished_at(AT(0, 0)));
    assert_true(final_by_itself());
}

/* `add` says when. */
static void items_come_in_with_their_instant(void **state)
{
    struct add_opts o = { 0 };
    struct added in;
    struct err err = { 0 };
    char path[128];
    int64_t at = -1;

    (void)state;
    snprintf(path, sizeof path, "%s/list.txt", dir);
    assert_int_equal(file_write(path, STR("https://www.tiktok.com/@a/video/7361448925972155679\n"),
                                &err), 0);
    set_clock(AT(5, 6));
    store_sink_release(&sink);
    sink = (struct sink){ 0 };
    if (add_file(&audit, path, &o, &in, &err) || standing_as_of(&audit, &at, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(at, AT(5, 6));
    set_clock(AT(6, 6));
    if (add_file(&audit, path, &o, &in, &err) || standing_as_of(&audit, &at, &err))
        fail_msg("%s", err.msg);
    assert_int_equal(at, AT(5, 6));             // nothing new came of it
}

int main(void)
{
#define T(test) cmocka_unit_test_setup_teardown(test, setup, teardown)
    const struct CMUnitTest tests[] = {
        T(items_that_were_never_asked),
        T(pages_until_they_are_read_or_given_up),
        T(public_items_until_they_are_confirmed),
        T(the_sample_of_retrieved_pages),
        T(what_other_endpoints_were_not_asked),
        T(a_short_link_that_gave_no_answer_yet),
        T(items_that_are_too_recent_keep_none_open_until_they_are_of_age),
        T(a_list_that_came_in_later_opens_a_finished_audit),
        cmocka_unit_test_setup_teardown(no_item_at_all, setup_empty, teardown),
        cmocka_unit_test_setup_teardown(items_come_in_with_their_instant, setup_empty, teardown),
    };

    return cmocka_run_group_tests_name("final", tests, NULL, NULL);
}
