/* tests/unit/test_arena.c: the memory of one batch. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include <stdalign.h>
#include "base/arena.h"

static void memory_is_zeroed_and_aligned_after_reuse(void **state)
{
    struct arena a = {0};

    (void)state;
    for (int round = 0; round < 3; round++) {
        for (size_t n = 0; n < 3000; n += 7) {
            unsigned char *p = arena_alloc(&a, n);

            assert_int_equal((uintptr_t)p % alignof(max_align_t), 0);
            for (size_t i = 0; i < n; i++)
                assert_int_equal(p[i], 0);
            memset(p, 0xa5, n);
        }
        arena_clear(&a);
    }
    arena_release(&a);
}

static void pieces_do_not_overlap(void **state)
{
    struct arena a = {0};
    char *p[500];

    (void)state;
    for (int i = 0; i < 500; i++)
        memset(p[i] = arena_alloc(&a, 100), i & 127, 100);
    for (int i = 0; i < 500; i++)
        for (int k = 0; k < 100; k++)
            assert_int_equal(p[i][k], i & 127);
    arena_release(&a);
}

static void text_is_copied_with_a_nul_behind(void **state)
{
    struct arena a = {0};
    char from[] = "ab\0c";
    struct str s = arena_str(&a, from, 4), d = arena_dup(&a, s),
               f = arena_printf(&a, "%s-%d", "x", 12);

    (void)state;
    from[0] = 'z';
    assert_true(str_eq(s, STR("ab\0c")) && str_eq(d, s) && d.p != s.p);
    assert_int_equal(s.p[4], 0);
    assert_true(str_eq(f, STR("x-12")));
    assert_int_equal(f.p[4], 0);
    assert_int_equal(arena_dup(&a, STR_NONE).n, 0);
    assert_non_null(arena_dup(&a, STR_NONE).p);
    arena_release(&a);
}

static void a_large_piece_is_not_kept_for_the_next_batch(void **state)
{
    struct arena a = {0};
    size_t before;

    (void)state;
    arena_alloc(&a, 10);
    before = a.total;
    arena_alloc(&a, (size_t)30 << 20);
    assert_true(a.total >= (size_t)30 << 20);
    arena_clear(&a);
    assert_int_equal(a.total, before);
    arena_alloc(&a, 10);
    assert_int_equal(a.total, before);          // the kept block serves again
    arena_release(&a);
    assert_null(a.head);
    assert_int_equal(a.total, 0);
    arena_release(&a);
    arena_clear(&a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(memory_is_zeroed_and_aligned_after_reuse),
        cmocka_unit_test(pieces_do_not_overlap),
        cmocka_unit_test(text_is_copied_with_a_nul_behind),
        cmocka_unit_test(a_large_piece_is_not_kept_for_the_next_batch),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
