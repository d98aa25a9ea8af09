/* tests/unit/test_vantages.c: a post that was deleted between two readings is not called refused
 * there and public here. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include "audit/verdict/vantages.h"

#define AT(n) (1782000000 + (n))

static struct sight here(enum answer_kind kind, int64_t at, int64_t first, int64_t last)
{
    const struct item_row row = { .page = kind,
                                  .page_witness = WITNESS_PAGE,
                                  .page_at = at,
                                  .public_first_at = first,
                                  .public_last_at = last };

    return sight_at_first(&row);
}

static int64_t clock_s;    // of silence/clock.h

static void is(const struct sight *a, const struct sight *b, enum beside want)
{
    const int64_t seen = a->public_last_at > b->public_last_at ? a->public_last_at
                                                               : b->public_last_at;

    assert_int_equal(sights_beside(a, b, seen, clock_s), want);
}

static void refusal_counts_between_two_sightings_here(void **state)
{
    const struct sight refused = sight_elsewhere(ANSWER_REFUSED, AT(10));
    const struct sight between = here(ANSWER_PUBLIC, AT(20), AT(5), AT(20)),
                       at_it = here(ANSWER_PUBLIC, AT(10), AT(10), AT(10)),
                       before = here(ANSWER_PUBLIC, AT(9), AT(5), AT(9)),
                       since = here(ANSWER_PUBLIC, AT(20), AT(11), AT(20));
    (void)state;

    is(&between, &refused, BESIDE_PUBLIC_REFUSED);
    is(&at_it, &refused, BESIDE_PUBLIC_REFUSED);
    is(&before, &refused, BESIDE_PUBLIC_REFUSED_OPEN);
    is(&since, &refused, BESIDE_PUBLIC_REFUSED_OPEN);
}

static void sighting_elsewhere_counts_from_the_refusal_here_on(void **state)
{
    const struct sight refused = here(ANSWER_REFUSED, AT(10), AT(1), AT(3));
    const struct sight since = sight_elsewhere(ANSWER_PUBLIC, AT(10)),
                       before = sight_elsewhere(ANSWER_PUBLIC, AT(9));
    (void)state;

    is(&refused, &since, BESIDE_REFUSED_PUBLIC);
    is(&refused, &before, BESIDE_REFUSED_PUBLIC_OPEN);
}

/* Nobody reads again for the sake of two further vantages; that a third saw it tells as much. */
static void sighting_at_a_third_tells_of_two_others(void **state)
{
    const struct sight a = sight_elsewhere(ANSWER_PUBLIC, AT(5)),
                       b = sight_elsewhere(ANSWER_REFUSED, AT(10));
    (void)state;

    assert_int_equal(sights_beside(&a, &b, AT(5), 0), BESIDE_PUBLIC_REFUSED_OPEN);
    assert_int_equal(sights_beside(&a, &b, AT(12), 0), BESIDE_PUBLIC_REFUSED);
    assert_int_equal(sights_beside(&b, &a, AT(12), 0), BESIDE_REFUSED_PUBLIC);
}

static void agreement_needs_no_instant(void **state)
{
    const struct sight gone = here(ANSWER_REFUSED, AT(10), AT(1), AT(3)),
                       there = here(ANSWER_PUBLIC, AT(10), AT(1), AT(10)),
                       public = sight_elsewhere(ANSWER_PUBLIC, AT(90)),
                       refused = sight_elsewhere(ANSWER_REFUSED, AT(2));
    (void)state;

    is(&gone, &refused, BESIDE_BOTH_REFUSED);
    is(&there, &public, BESIDE_BOTH_PUBLIC);
}

static void what_gave_no_answer_or_an_embed_page_alone_is_not_read(void **state)
{
    const struct item_row embed = { .page = ANSWER_PUBLIC,
                                    .page_witness = WITNESS_EMBED,
                                    .page_at = AT(20),
                                    .public_first_at = AT(5),
                                    .public_last_at = AT(20) };
    const struct sight by_embed = sight_at_first(&embed),
                       tried = here(ANSWER_NO_ANSWER, 0, 0, 0),
                       refused = sight_elsewhere(ANSWER_REFUSED, AT(10)),
                       nothing = sight_elsewhere(ANSWER_COUNT, 0);
    (void)state;

    is(&by_embed, &refused, BESIDE_COUNT);
    is(&tried, &refused, BESIDE_COUNT);
    is(&refused, &nothing, BESIDE_COUNT);
    assert_int_equal(by_embed.public_last_at, AT(20));    // a sighting all the same
}

/* The machines of two vantages: what lies within what their clocks may differ by is in no order. */
static void instants_of_two_clocks_are_apart_by_their_bound(void **state)
{
    const struct sight refused = sight_elsewhere(ANSWER_REFUSED, AT(10)),
                       far = here(ANSWER_PUBLIC, AT(12), AT(8), AT(12)),
                       late = here(ANSWER_PUBLIC, AT(11), AT(8), AT(11)),
                       early = here(ANSWER_PUBLIC, AT(12), AT(9), AT(12)),
                       gone = here(ANSWER_REFUSED, AT(10), AT(1), AT(3)),
                       since = sight_elsewhere(ANSWER_PUBLIC, AT(12)),
                       before = sight_elsewhere(ANSWER_PUBLIC, AT(11));
    (void)state;

    clock_s = 2;
    is(&far, &refused, BESIDE_PUBLIC_REFUSED);
    is(&late, &refused, BESIDE_PUBLIC_REFUSED_OPEN);
    is(&early, &refused, BESIDE_PUBLIC_REFUSED_OPEN);
    is(&gone, &since, BESIDE_REFUSED_PUBLIC);
    is(&gone, &before, BESIDE_REFUSED_PUBLIC_OPEN);
    clock_s = 0;
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusal_counts_between_two_sightings_here),
        cmocka_unit_test(sighting_elsewhere_counts_from_the_refusal_here_on),
        cmocka_unit_test(sighting_at_a_third_tells_of_two_others),
        cmocka_unit_test(instants_of_two_clocks_are_apart_by_their_bound),
        cmocka_unit_test(agreement_needs_no_instant),
        cmocka_unit_test(what_gave_no_answer_or_an_embed_page_alone_is_not_read),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
