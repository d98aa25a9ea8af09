/* tests/unit/test_ending.c: ids that something rounded, told by how many end alike. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "record/ending.h"

static uint64_t made(uint64_t i)    // as ids of posts are, each other than the last
{
    return ((UINT64_C(1777000000) + i * 2520) << 32) + (i * 37 % 1000 << 22) + 0xd00 + i * 61 % 256;
}
static struct endings of(uint64_t (*as)(uint64_t), uint64_t n, uint64_t good)
{
    struct endings e = { 0 };

    for (uint64_t i = 0; i < n; i++)
        endings_add(&e, as(made(i)));
    for (uint64_t i = n; i < n + good; i++)
        endings_add(&e, made(i));
    return e;
}
static uint64_t as_it_is(uint64_t id) { return id; }
static uint64_t by_javascript(uint64_t id) { return id / 1000 * 1000; }
static uint64_t by_spreadsheet(uint64_t id) { return id / 10000 * 10000; }
static uint64_t by_double(uint64_t id) { return (uint64_t)(double)id; }

static void ids_as_the_platform_makes_them_are_not_spoiled(void **state)
{
    struct endings e = of(as_it_is, 100000, 0);

    (void)state;
    assert_int_equal(endings_spoiled(&e), 0);
    assert_true(endings_count(&e, ENDING_000) > 20);    // chance gives a few
}
static void each_way_of_rounding_is_recognised(void **state)
{
    struct endings e = of(by_javascript, 12, 0);

    (void)state;
    assert_int_equal(endings_spoiled(&e) & ENDING_000, ENDING_000);
    e = of(by_spreadsheet, 12, 0);
    assert_int_equal(endings_spoiled(&e), ENDING_000 | ENDING_0000);
    e = of(by_double, 12, 0);
    assert_int_equal(endings_spoiled(&e) & ENDING_DOUBLE, ENDING_DOUBLE);
}
static void rounded_ids_are_recognised_among_ten_times_as_many_others(void **state)
{
    struct endings e = of(by_javascript, 30, 300);

    (void)state;
    assert_int_equal(endings_spoiled(&e), ENDING_000);
    e = of(by_double, 30, 300);
    assert_int_equal(endings_spoiled(&e), ENDING_DOUBLE);
    e = of(by_spreadsheet, 8, 2000);
    assert_true(endings_spoiled(&e) & ENDING_0000);
}
static void a_lone_id_that_ends_in_zeros_is_an_id(void **state)
{
    struct endings e = of(by_javascript, 1, 0);

    (void)state;
    assert_int_equal(endings_spoiled(&e), 0);
    e = of(by_spreadsheet, 1, 0);
    assert_int_equal(endings_spoiled(&e), 0);
    e = of(by_javascript, 2, 40);
    assert_int_equal(endings_spoiled(&e), 0);
    e = of(by_double, 1, 40);
    assert_int_equal(endings_spoiled(&e), 0);
}
static void smaller_ids_have_a_finer_step(void **state)
{
    (void)state;
    assert_int_equal(ending_of(UINT64_C(194951213564514304)) & ENDING_DOUBLE, 0);
    assert_int_equal(ending_of(UINT64_C(7635587706977897472)), ENDING_DOUBLE);
    assert_int_equal(ending_of(UINT64_C(7635587706977890000)), ENDING_000 | ENDING_0000);
}
static void the_sentence_has_the_numbers_and_the_cause(void **state)
{
    struct endings e = of(by_javascript, 12, 0);
    struct buf text = { 0 };

    (void)state;
    endings_sentence(&e, ENDING_000, &text);
    assert_string_equal(buf_cstr(&text), "12 of 12 ids end in 000, where chance gives 0.012: "
                                         "JSON.parse of JavaScript rounds ids so");
    buf_clear(&text);
    e = of(by_spreadsheet, 12, 0);
    endings_sentence(&e, ENDING_000 | ENDING_0000, &text);
    assert_non_null(strstr(buf_cstr(&text), "12 of 12 ids end in 0000, where chance gives 0.0012"));
    assert_null(strstr(buf_cstr(&text), "JavaScript"));
    buf_clear(&text);
    e = of(by_javascript, 400, 0);    // a tenth of these ends in 0000 as well
    assert_int_equal(endings_spoiled(&e), ENDING_000 | ENDING_0000);
    endings_sentence(&e, ENDING_000 | ENDING_0000, &text);
    assert_null(strstr(buf_cstr(&text), "spreadsheet"));
    assert_non_null(strstr(buf_cstr(&text), "400 of 400 ids end in 000"));
    buf_release(&text);
}
int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_as_the_platform_makes_them_are_not_spoiled),
        cmocka_unit_test(each_way_of_rounding_is_recognised),
        cmocka_unit_test(rounded_ids_are_recognised_among_ten_times_as_many_others),
        cmocka_unit_test(a_lone_id_that_ends_in_zeros_is_an_id),
        cmocka_unit_test(smaller_ids_have_a_finer_step),
        cmocka_unit_test(the_sentence_has_the_numbers_and_the_cause),
    };

    return cmocka_run_group_tests_name("ending", tests, NULL, NULL);
}
