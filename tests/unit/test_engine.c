/* What of the second engine needs no browser: a proxy's URL taken apart, base64, and a child that
 * is stopped, for which sleep will do. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/base64.h"
#include "scrape/cdp.h"
#include "scrape/proxy.h"

static void a_password_stands_beside_the_address_of_the_proxy(void **state)
{
    struct proxy p;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(proxy_parse(&p, "http://us%40er:pa%3ass@proxy.example:8080/", &err), 0);
    assert_string_equal(p.server, "http://proxy.example:8080");
    assert_string_equal(p.host, "proxy.example");
    assert_string_equal(p.user, "us@er");
    assert_string_equal(p.password, "pa:ss");
    proxy_release(&p);
    assert_int_equal(proxy_parse(&p, "socks5h://[::1]:1080", &err), 0);
    assert_string_equal(p.server, "socks5://[::1]:1080");
    assert_string_equal(p.host, "[::1]");
    assert_null(p.user);
    proxy_release(&p);
}

static void no_password_goes_to_a_socks_proxy(void **state)
{
    struct proxy p;
    struct err err = { 0 };
    (void)state;

    assert_int_equal(proxy_parse(&p, "socks5://name:secret@127.0.0.1:1080", &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_null(strstr(err.msg, "secret"));
    assert_null(p.server);
}

/* RFC 4648, 10. */
static void base64_is_that_of_the_standard(void **state)
{
    static const char *const pairs[][2] = {
        { "", "" },         { "f", "Zg==" },         { "fo", "Zm8=" },         { "foo", "Zm9v" },
        { "foob", "Zm9vYg==" }, { "fooba", "Zm9vYmE=" }, { "foobar", "Zm9vYmFy" },
    };
    (void)state;

    for (size_t i = 0; i < sizeof pairs / sizeof *pairs; i++) {
        struct buf text = { 0 }, back = { 0 };

        base64_put(&text, str_of(pairs[i][0]));
        assert_true(str_eq(buf_view(&text), str_of(pairs[i][1])));
        assert_int_equal(base64_take(&back, buf_view(&text)), 0);
        assert_true(str_eq(buf_view(&back), str_of(pairs[i][0])));
        buf_release(&text);
        buf_release(&back);
    }
}

static void a_lost_end_is_no_base64(void **state)
{
    struct buf out = { 0 };
    (void)state;

    assert_int_equal(base64_take(&out, STR("Zm9vYg=")), -1);
    assert_int_equal(base64_take(&out, STR("Zm9v!")), -1);
    assert_int_equal(out.n, 0);
    buf_release(&out);
}

/* Of our two children the one that is not the browser. */
static pid_t guard_of(pid_t browser)
{
    char path[64];
    int pid = 0, found = 0;
    FILE *f;

    snprintf(path, sizeof path, "/proc/self/task/%d/children", (int)getpid());
    if (!(f = fopen(path, "re")))
        return 0;
    while (fscanf(f, "%d", &pid) == 1)
        if (pid != browser)
            found = pid;
    fclose(f);
    return found;
}

static void a_browser_whose_guard_was_killed_is_ended_all_the_same(void **state)
{
    static const char *const argv[] = { "/bin/sleep", "300", NULL };
    char dir[] = "/tmp/blindspot-engine-XXXXXX", home[64];
    struct cdp *c = NULL;
    struct err err = { 0 };
    pid_t browser, guard;
    (void)state;

    assert_non_null(mkdtemp(dir));
    snprintf(home, sizeof home, "%s/home", dir);
    assert_int_equal(cdp_start(&c, argv, home, &err), 0);
    browser = cdp_pid(c);
    guard = guard_of(browser);
    if (guard > 0)
        kill(guard, SIGKILL);
    cdp_stop(c);
    assert_int_equal(kill(browser, 0), -1);
    (void)rmdir(home);
    assert_int_equal(rmdir(dir), 0);
    if (guard <= 0)
        skip();
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_password_stands_beside_the_address_of_the_proxy),
        cmocka_unit_test(no_password_goes_to_a_socks_proxy),
        cmocka_unit_test(base64_is_that_of_the_standard),
        cmocka_unit_test(a_lost_end_is_no_base64),
        cmocka_unit_test(a_browser_whose_guard_was_killed_is_ended_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
