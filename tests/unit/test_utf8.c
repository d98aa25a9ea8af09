/* UTF-8 read strictly; capitals beyond ASCII. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <cmocka.h>

#include "base/utf8.h"

static void utf8_is_read_strictly(void **state)
{
    struct str s = STR("\xC0\xAF");    // an overlong slash is two stray bytes
    (void)state;
    assert_int_equal(utf8_next(&s), 0x1100C0);
    assert_int_equal(s.n, 1);
    s = STR("\xF0\x9F\x8C\x8A");
    assert_int_equal(utf8_next(&s), 0x1F30A);
    assert_int_equal(s.n, 0);
    s = STR("\xE2\x82");    // cut short
    assert_int_equal(utf8_next(&s), 0x1100E2);
    s = STR("\xED\xA0\x80");    // a surrogate
    assert_int_equal(utf8_next(&s), 0x1100ED);
    assert_int_equal(utf8_fold(0x130), 'i');
    assert_int_equal(utf8_fold(0x101), 0x101);
    assert_int_equal(utf8_fold(0x4C0), 0x4CF);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_read_strictly),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
