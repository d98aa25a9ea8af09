/* tests/unit/test_agreement.c: which asks are trials of the API, and how far they agree. */
#include "audit/verdict/accounts.h"
#include "audit/verdict/agreement.h"
#include "tests/unit/audit_box.h"

static struct agreement *agreement;

static void load(void)
{
    const struct account_table *accounts;
    const struct view *held;
    struct err err = { 0 };

    agreement_free(agreement);
    agreement = NULL;
    if (sink.commit(sink.to, &err) || audit_view_hold(&audit, &held, &err) ||
        accounts_hold(&audit, held, &accounts, &err) ||
        agreement_make(&audit, held, accounts, &agreement, &err))
        fail_msg("%s", err.msg);
    audit_view_let(&audit, held);
}

static int end(void **state)
{
    agreement_free(agreement);
    agreement = NULL;
    return teardown(state);
}

/* "4 2 1": decided asks, those that found, undecided; "" where the item has none. */
static const char *asks_of(int i)
{
    static char text[64];
    const struct item_asks *a;

    load();
    a = agreement_of(agreement, i + 1);
    text[0] = '\0';
    if (a)
        snprintf(text, sizeof text, "%d %d %d", a->asks, a->found, a->undecided);
    return text;
}

/* Canaries 20 to 22 came back once. */
static void canaries(void) { ask(AT(0, 1), "20+ 21+ 22+"); }

static void absence_of_a_post_that_came_later_is_a_trial(void **state)
{
    (void)state;
    canaries();
    ask(AT(1, 1), "0 c20+ c21+");
    ask(AT(2, 1), "0+ c20+ c21+");
    assert_string_equal(asks_of(0), "2 1 0");
    assert_int_equal(agreement_of(agreement, 1)->first_at, AT(1, 1));
    assert_int_equal(agreement_of(agreement, 1)->absent_at, AT(1, 1));
    assert_true(agreement_of(agreement, 1)->came_back);
}

static void beside_a_post_that_may_not_be_public_neither_way_counts(void **state)
{
    (void)state;
    canaries();
    ask(AT(1, 1), "0 5 c20+ c21+");
    ask(AT(2, 1), "0+ 5 c20+ c21+");
    assert_string_equal(asks_of(0), "");
    page(5, AT(2, 2), PUBLIC);
    assert_string_equal(asks_of(0), "2 1 0");
}

static void own_return_does_not_make_the_ask_sound(void **state)
{
    (void)state;
    canaries();
    page(0, AT(0, 2), PUBLIC);
    page(20, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 c20+");    // of 20 nothing, found or not
    ask(AT(1, 2), "0 c20");
    page(0, AT(1, 3), PUBLIC);
    page(20, AT(1, 3), PUBLIC);
    assert_string_equal(asks_of(20), "");
    ask(AT(2, 1), "c21+ c20");    // another canary speaks for it
    ask(AT(2, 2), "c21+ c20+");
    page(20, AT(2, 3), PUBLIC);
    assert_string_equal(asks_of(20), "2 1 0");
    assert_int_equal(agreement_of(agreement, 21)->absent_at, 0);    // it had come before
}

static void absence_after_the_last_sign_of_life_is_undecided(void **state)
{
    (void)state;
    canaries();
    ask(AT(1, 1), "0+ c20+ c21+");
    ask(AT(2, 1), "c0 c20+ c21+");
    assert_string_equal(asks_of(0), "1 1 1");
    page(0, AT(2, 2), PUBLIC);
    assert_string_equal(asks_of(0), "2 1 0");
    ask(AT(3, 1), "c0 c20+ c21+");
    page(0, AT(3, 2), SELF_ONLY);    // gone, and nothing says since when
    assert_string_equal(asks_of(0), "2 1 0");
}

static void too_young_an_absence_is_no_trial_but_is_known(void **state)
{
    (void)state;
    audit.set.api_min_age_hours = 42 * 24;
    canaries();
    ask(AT(1, 1), "0 c20+ c21+");
    ask(AT(3, 1), "0+ c20+ c21+");
    assert_string_equal(asks_of(0), "1 1 0");
    assert_int_equal(agreement_of(agreement, 1)->absent_at, AT(1, 1));
}

static void same_day_and_other_days_follow_a_find(void **state)
{
    const struct item_asks *a;
    (void)state;

    canaries();
    ask(AT(1, 1), "0 c20+ c21+");
    ask(AT(1, 2), "0+ c20+ c21+");    // not again: it had not been found
    ask(AT(1, 3), "c0+ c20+ c21+");
    ask(AT(1, 4), "c0 c20+ c21+");
    ask(AT(2, 1), "c0 c20+ c21+");
    ask(AT(3, 1), "c0+ c20+ c21+");
    load();
    a = agreement_of(agreement, 1);
    assert_int_equal(a->asks, 6);
    assert_int_equal(a->found, 3);
    assert_int_equal(a->same_asks, 2);
    assert_int_equal(a->same_found, 1);
    assert_int_equal(a->later_asks, 2);
    assert_int_equal(a->later_found, 1);
}

/* Its retrieved items are its canaries, as in silence/sound.c. */
static void late_check_asks_again_on_another_day(void **state)
{
    (void)state;
    canaries();
    ask(AT(1, 1), "0+ c20+ c21+");
    ask(AT(20, 1), "l0 l20+ l21+");
    page(0, AT(20, 2), PUBLIC);
    assert_string_equal(asks_of(0), "2 1 0");
    assert_int_equal(agreement_of(agreement, 1)->later_asks, 1);
    assert_int_equal(agreement_of(agreement, 1)->later_found, 0);
    assert_int_equal(agreement_of(agreement, 21)->later_found, 1);
    ask(AT(21, 1), "l0+ l20");
    page(20, AT(21, 2), PUBLIC);
    assert_int_equal((load(), agreement_of(agreement, 1)->later_asks), 1);      // alone with 20
    assert_int_equal(agreement_of(agreement, 21)->later_asks, 2);
}

static void sums_take_items_that_came_back_and_the_worst_of_what_is_open(void **state)
{
    struct agreed sum = { 0 };
    struct agreed_share all;
    (void)state;

    canaries();
    page(1, AT(0, 2), PUBLIC);
    ask(AT(1, 1), "0 1 c20+ c21+");
    ask(AT(2, 1), "0+ 1 c20+ c21+");
    ask(AT(3, 1), "c0 c20+ c21+");
    page(1, AT(2, 2), PUBLIC);
    load();
    agreed_add(&sum, AGREEMENT_ALL, agreement, 1);
    agreed_add(&sum, AGREEMENT_ALL, agreement, 2);     // never came back
    agreed_add(&sum, AGREEMENT_ALL, agreement, 99);    // never asked
    agreed_conclude(&sum, 0.95, &all);
    assert_int_equal(all.items, 1);
    assert_int_equal(all.asks, 2);
    assert_int_equal(all.found, 1);
    assert_int_equal(all.undecided, 1);
    assert_true(all.share > 0.4999 && all.share < 0.5001);
    assert_true(all.worst.low < all.interval.low && all.worst.high >= all.interval.high);
    agreed_release(&sum);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, end)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(absence_of_a_post_that_came_later_is_a_trial),
        TEST(beside_a_post_that_may_not_be_public_neither_way_counts),
        TEST(own_return_does_not_make_the_ask_sound),
        TEST(absence_after_the_last_sign_of_life_is_undecided),
        TEST(too_young_an_absence_is_no_trial_but_is_known),
        TEST(same_day_and_other_days_follow_a_find),
        TEST(late_check_asks_again_on_another_day),
        TEST(sums_take_items_that_came_back_and_the_worst_of_what_is_open),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
