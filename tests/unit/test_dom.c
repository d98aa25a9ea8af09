/* tests/unit/test_dom.c: a page allows the script that stands in it and no other, and data
 * for it cannot end their own element; what is packed for a browser unpacks to the same. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <cmocka.h>
#include <stdlib.h>
#include <string.h>
#include <zlib.h>
#include "base/deflate.h"
#include "report/dom.h"

static void a_page_allows_its_own_script_alone(void **state)
{
    struct buf page = {0};
    xmlNode *body;
    xmlDoc *doc = dom_page_scripted("t", STR("void 0"), &body);
    (void)state;

    dom_data(body, "application/octet-stream", "data", STR("a&b<c"));
    dom_write(doc, &page);
    /* printf 'void 0' | openssl dgst -sha256 -binary | base64 */
    assert_non_null(strstr(buf_cstr(&page),
                           "script-src 'sha256-yyjq/GGlTvm0YhdkNx72uPxcwaIXqWZBYZftmpA6pYU='; "));
    assert_non_null(strstr(buf_cstr(&page), "<script>void 0</script>"));
    assert_non_null(strstr(buf_cstr(&page), ">a&b<c</script>"));
    buf_release(&page);
}

static void a_page_without_a_script_allows_none(void **state)
{
    struct buf page = {0};
    xmlNode *body;
    xmlDoc *doc = dom_page("t", &body);
    (void)state;

    dom_write(doc, &page);
    assert_null(strstr(buf_cstr(&page), "script-src"));
    assert_null(strstr(buf_cstr(&page), "<script"));
    assert_non_null(strstr(buf_cstr(&page), "default-src 'none'"));
    buf_release(&page);
}

static void what_was_packed_unpacks_to_the_same(void **state)
{
    struct buf packed = {0};
    char text[4096], back[sizeof text];
    uLongf n = sizeof back;
    (void)state;

    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)(i * i % 251);
    deflate_zlib(&packed, (struct str){ text, sizeof text });
    assert_int_equal(uncompress((Bytef *)back, &n, (const Bytef *)packed.p, packed.n), Z_OK);
    assert_int_equal(n, sizeof text);
    assert_memory_equal(text, back, sizeof text);
    buf_release(&packed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_page_allows_its_own_script_alone),
        cmocka_unit_test(a_page_without_a_script_allows_none),
        cmocka_unit_test(what_was_packed_unpacks_to_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
