/* tests/unit/test_state.c: what the embed page's answers make of an item's state, alone and
 * beside those of the page itself (store/state.h). */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>
#include "store/state.h"

#define AT(n) (1780000000 + (n) * 3600)

static struct item_row fresh(void)
{
    return (struct item_row){ .n = 1,
                              .id = UINT64_C(7300000000000000001),
                              .message = STR(""),
                              .region = STR(""),
                              .page = ANSWER_COUNT,
                              .oembed = ANSWER_COUNT,
                              .elsewhere = ANSWER_COUNT,
                              .page_witness = WITNESS_PAGE,
                              .embed = ANSWER_COUNT };
}

static void say(struct item_row *s, enum witness w, enum answer_kind kind, int at)
{
    const struct answer a = { .witness = w,
                              .kind = kind,
                              .why = kind == ANSWER_NO_ANSWER ? NO_ANSWER_TIMEOUT : NO_ANSWER_NONE,
                              .has_code = kind == ANSWER_REFUSED,
                              .code = 10204,
                              .message = kind == ANSWER_REFUSED ? STR("status_deleted") : STR(""),
                              .region = STR(""),
                              .at = AT(at),
                              .request = at };

    if (w == WITNESS_EMBED)
        state_embed(s, &a);
    else
        state_page(s, &a);
}

static void the_embed_decides_where_the_page_never_did(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_PAGE, ANSWER_NO_ANSWER, 1);
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 2);
    assert_int_equal(s.page, ANSWER_PUBLIC);
    assert_int_equal(s.page_witness, WITNESS_EMBED);
    assert_true(s.page_at == AT(2) && s.public_first_at == AT(2) && s.public_last_at == AT(2));
    assert_true(s.page_request == 2 && s.tries == 1 && s.embed_tries == 0);
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 5);
    assert_true(s.public_first_at == AT(2) && s.public_last_at == AT(5));
}

static void its_refusal_carries_neither_code_nor_words(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_EMBED, ANSWER_REFUSED, 1);
    assert_int_equal(s.page, ANSWER_REFUSED);
    assert_int_equal(s.page_witness, WITNESS_EMBED);
    assert_true(!s.has_code && s.code == 0 && s.message.n == 0);
    assert_int_equal(s.embed, ANSWER_REFUSED);
}

static void what_the_page_decided_stays_decided(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_PAGE, ANSWER_REFUSED, 1);
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 2);
    assert_true(s.page == ANSWER_REFUSED && s.page_witness == WITNESS_PAGE && s.code == 10204);
    assert_true(s.public_last_at == 0 && s.embed == ANSWER_PUBLIC);

    s = fresh();
    say(&s, WITNESS_PAGE, ANSWER_PUBLIC, 1);
    say(&s, WITNESS_EMBED, ANSWER_REFUSED, 2);
    assert_true(s.page == ANSWER_PUBLIC && s.refused_last_at == 0 && s.embed == ANSWER_REFUSED);
}

static void it_sees_a_post_that_the_page_showed_before(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_PAGE, ANSWER_PUBLIC, 1);
    say(&s, WITNESS_PAGE, ANSWER_NO_ANSWER, 30);
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 31);
    assert_true(s.page_at == AT(1) && s.page_request == 1 && s.page_witness == WITNESS_PAGE);
    assert_int_equal(s.public_last_at, AT(31));
}

static void the_page_always_takes_its_place(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_EMBED, ANSWER_REFUSED, 5);
    say(&s, WITNESS_PAGE, ANSWER_PUBLIC, 2);         // loaded afterwards
    assert_true(s.page == ANSWER_PUBLIC && s.page_witness == WITNESS_PAGE && s.page_at == AT(2));
    assert_int_equal(s.refused_last_at, 0);

    s = fresh();
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 5);
    say(&s, WITNESS_PAGE, ANSWER_REFUSED, 7);
    assert_true(s.page == ANSWER_REFUSED && s.has_code && s.refused_last_at == AT(7));
    assert_int_equal(s.public_last_at, AT(5));
}

/* In whatever order answers come in, by load or by replay. */
static void order_does_not_matter(void **state)
{
    static const struct {
        enum answer_kind page, embed;
        int page_at, embed_at;
    } pairs[] = {
        { ANSWER_PUBLIC, ANSWER_PUBLIC, 1, 2 },   { ANSWER_PUBLIC, ANSWER_PUBLIC, 2, 1 },
        { ANSWER_PUBLIC, ANSWER_REFUSED, 1, 2 },  { ANSWER_PUBLIC, ANSWER_REFUSED, 2, 1 },
        { ANSWER_REFUSED, ANSWER_PUBLIC, 1, 2 },  { ANSWER_REFUSED, ANSWER_PUBLIC, 2, 1 },
        { ANSWER_REFUSED, ANSWER_REFUSED, 1, 2 }, { ANSWER_REFUSED, ANSWER_REFUSED, 2, 1 },
    };

    (void)state;
    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct item_row a = fresh(), b = fresh();

        say(&a, WITNESS_PAGE, pairs[i].page, pairs[i].page_at);
        say(&a, WITNESS_EMBED, pairs[i].embed, pairs[i].embed_at);
        say(&b, WITNESS_EMBED, pairs[i].embed, pairs[i].embed_at);
        say(&b, WITNESS_PAGE, pairs[i].page, pairs[i].page_at);
        assert_true(a.page == b.page && a.page_witness == b.page_witness && a.page_at == b.page_at);
        assert_true(a.has_code == b.has_code && a.embed == b.embed && a.embed_at == b.embed_at);
        assert_true(a.public_first_at == b.public_first_at &&
                    a.public_last_at == b.public_last_at &&
                    a.refused_last_at == b.refused_last_at);
    }
}

static void its_tries_are_its_own(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_EMBED, ANSWER_NO_ANSWER, 1);
    say(&s, WITNESS_EMBED, ANSWER_NO_ANSWER, 2);
    assert_true(s.page == ANSWER_NO_ANSWER && s.tries == 0 && s.embed_tries == 2);
    say(&s, WITNESS_PAGE, ANSWER_NO_ANSWER, 3);
    assert_true(s.tries == 1 && s.embed_tries == 2);
    say(&s, WITNESS_EMBED, ANSWER_REFUSED, 4);
    assert_true(s.tries == 1 && s.embed_tries == 0);
}

/* A try that failed says nothing new, and does not move what was said before. */
static void a_try_without_an_answer_leaves_what_was_said(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 1);
    say(&s, WITNESS_PAGE, ANSWER_REFUSED, 3);
    say(&s, WITNESS_EMBED, ANSWER_NO_ANSWER, 5);
    assert_true(s.embed == ANSWER_PUBLIC && s.embed_at == AT(1));
    assert_int_equal(item_embed_since(&s), ANSWER_COUNT);
}

static void witnesses_disagree_where_the_embed_shows_what_was_refused(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_EMBED, ANSWER_REFUSED, 1);
    assert_int_equal(item_embed_since(&s), ANSWER_COUNT);    // nothing but the embed itself
    say(&s, WITNESS_PAGE, ANSWER_REFUSED, 2);
    assert_int_equal(item_embed_since(&s), ANSWER_COUNT);
    say(&s, WITNESS_EMBED, ANSWER_REFUSED, 2);
    assert_int_equal(item_embed_since(&s), ANSWER_REFUSED);
    say(&s, WITNESS_EMBED, ANSWER_PUBLIC, 3);
    assert_int_equal(item_embed_since(&s), ANSWER_PUBLIC);
    say(&s, WITNESS_PAGE, ANSWER_PUBLIC, 4);
    assert_int_equal(item_embed_since(&s), ANSWER_COUNT);
}

static void say_elsewhere(struct item_row *s, int64_t vantage, enum answer_kind kind, int at)
{
    const struct answer a = { .witness = WITNESS_PAGE, .kind = kind, .at = AT(at) };

    state_elsewhere(s, &a, vantage);
}

static void elsewhere_is(const struct item_row *s, enum answer_kind kind, int64_t vantage, int at)
{
    assert_int_equal(s->elsewhere, kind);
    assert_true(s->elsewhere_vantage == vantage && s->elsewhere_at == AT(at));
}

/* Pages that somebody saved come in when they come in. */
static void a_late_page_of_another_vantage_takes_the_place_of_nothing_newer(void **state)
{
    struct item_row s = fresh();

    (void)state;
    say(&s, WITNESS_PAGE, ANSWER_REFUSED, 3);
    say_elsewhere(&s, 2, ANSWER_REFUSED, 20);
    say_elsewhere(&s, 2, ANSWER_PUBLIC, 5);
    elsewhere_is(&s, ANSWER_REFUSED, 2, 20);
    say_elsewhere(&s, 3, ANSWER_PUBLIC, 2);    // before it was refused here
    elsewhere_is(&s, ANSWER_REFUSED, 2, 20);
    say_elsewhere(&s, 3, ANSWER_PUBLIC, 6);    // public at any is public
    elsewhere_is(&s, ANSWER_PUBLIC, 3, 6);
    say_elsewhere(&s, 4, ANSWER_PUBLIC, 5);
    elsewhere_is(&s, ANSWER_PUBLIC, 3, 6);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_embed_decides_where_the_page_never_did),
        cmocka_unit_test(its_refusal_carries_neither_code_nor_words),
        cmocka_unit_test(what_the_page_decided_stays_decided),
        cmocka_unit_test(it_sees_a_post_that_the_page_showed_before),
        cmocka_unit_test(the_page_always_takes_its_place),
        cmocka_unit_test(order_does_not_matter),
        cmocka_unit_test(its_tries_are_its_own),
        cmocka_unit_test(a_try_without_an_answer_leaves_what_was_said),
        cmocka_unit_test(a_late_page_of_another_vantage_takes_the_place_of_nothing_newer),
        cmocka_unit_test(witnesses_disagree_where_the_embed_shows_what_was_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
