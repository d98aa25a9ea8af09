/* base/pg_url.h: addresses of databases: no password, nothing that sends in the clear. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <cmocka.h>

#include "base/pg_url.h"

static struct pg_url good(const char *text)
{
    struct pg_url url = { 0 };
    struct err err = { 0 };

    if (pg_url_read(&url, str_of(text), "api.quota", &err))
        fail_msg("%s: %s", text, err.msg);
    return url;
}

static void bad(const char *text, const char *says)
{
    struct pg_url url = { 0 };
    struct err err = { 0 };

    if (!pg_url_read(&url, str_of(text), "api.quota", &err))
        fail_msg("%s was taken", text);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_true(str_starts(str_of(err.msg), STR("api.quota: ")));
    if (!strstr(err.msg, says))
        fail_msg("%s: %s", text, err.msg);
    assert_null(strstr(err.msg, "hunter2"));
    assert_null(url.memory);
}

static void every_part_is_read_and_escapes_are_undone(void **state)
{
    struct pg_url u = good("postgresql://an%40na@db.example:5433/a%20b?schema=march&service=x"
                           "&sslrootcert=%2Fca.pem");

    (void)state;
    assert_string_equal(u.user, "an@na");
    assert_string_equal(u.host, "db.example");
    assert_string_equal(u.port, "5433");
    assert_string_equal(u.database, "a b");
    assert_string_equal(u.key[PG_URL_SCHEMA], "march");
    assert_string_equal(u.key[PG_URL_SERVICE], "x");
    assert_string_equal(u.key[PG_URL_SSLROOTCERT], "/ca.pem");
    assert_string_equal(u.key[PG_URL_SSLMODE], "");
    pg_url_release(&u);
    u = good("postgres://[::1]:1/x");
    assert_string_equal(u.host, "::1");
    assert_string_equal(u.port, "1");
    pg_url_release(&u);
    u = good("postgresql://%2Frun%2Fpostgresql/x");
    assert_string_equal(u.host, "/run/postgresql");
    assert_false(pg_url_is_loopback(&u));
    pg_url_release(&u);
    u = good("postgresql://");
    assert_string_equal(u.host, "");
    assert_string_equal(u.user, "");
    assert_string_equal(u.database, "");
    pg_url_release(&u);
}

static void a_password_is_refused_and_never_repeated(void **state)
{
    (void)state;
    bad("postgresql://anna:hunter2@db.example/q", "a password stands in no setting");
    bad("postgresql://anna:@db.example/q", "a password stands in no setting");
    bad("postgresql://db.example/q?password=hunter2", "a password stands in no setting");
    bad("postgresql://db.example/q?sslpassword=hunter2", "a password stands in no setting");
    bad("postgresql://db.example/q?schema=a&PassWord=hunter2", "a password stands in no setting");
    bad("postgresql://anna:hunter2/x@db.example/q", "the port");
    bad("postgresql://hunter2@db.example/q?hunter2=1", "the keys are");
}

static void off_loopback_the_certificate_is_always_checked(void **state)
{
    static const char *const loopback[] = {
        "postgresql://127.0.0.1/q?sslmode=disable",
        "postgresql://127.9.8.7/q",
        "postgresql://localhost/q?sslmode=prefer",
        "postgresql://[::1]/q",
    };
    static const char *const away[] = {
        "postgresql://db.example/q", "postgresql://10.0.0.1/q",
        "postgresql://[::2]/q",      "postgresql:///q",
        "postgresql://0177.0.0.1/q", "postgresql://db.example/q?sslmode=verify-full",
    };
    struct pg_url u;

    (void)state;
    for (size_t i = 0; i < sizeof loopback / sizeof *loopback; i++) {
        u = good(loopback[i]);
        assert_true(pg_url_is_loopback(&u));
        pg_url_release(&u);
    }
    for (size_t i = 0; i < sizeof away / sizeof *away; i++) {
        u = good(away[i]);
        assert_false(pg_url_is_loopback(&u));
        pg_url_release(&u);
    }
    bad("postgresql://db.example/q?sslmode=require", "certificate is always checked");
    bad("postgresql://db.example/q?sslmode=disable", "certificate is always checked");
    bad("postgresql:///q?sslmode=verify-ca", "certificate is always checked");
    bad("postgresql://127.0.0.1.example/q?sslmode=disable", "certificate is always checked");
}

static void what_is_no_address_of_one_database_is_refused(void **state)
{
    (void)state;
    bad("mysql://db/q", "begins otherwise");
    bad("", "begins otherwise");
    bad("postgresql://a,b/q", "one, not a list");
    bad("postgresql://%2Frun,b/q", "one, not a list");
    bad("postgresql://db:0/q", "the port");
    bad("postgresql://db:65536/q", "the port");
    bad("postgresql://db:/q", "the port");
    bad("postgresql://[::1/q", "no ]");
    bad("postgresql://[::1]5/q", "behind ]");
    bad("postgresql://db/%4", "hexadecimal");
    bad("postgresql://db/%zz", "hexadecimal");
    bad("postgresql://db/%00", "hexadecimal");
    bad("postgresql://db/q?hostaddr=8.8.8.8", "the keys are");
    bad("postgresql://db/q?options=-c%20x", "the keys are");
    bad("postgresql://db/q?schema", "the keys are");
    bad("postgresql://db/q?schema=March", "small letters");
    bad("postgresql://db/q?schema=pg_temp", "small letters");
    bad("postgresql://db/q?schema=1a", "small letters");
    bad("postgresql://db/q#x", "%23");
}

static void what_is_shown_has_no_user_and_no_file(void **state)
{
    struct pg_url u = good("postgres://anna@[::1]:99/q?sslcert=/c&schema=march");
    struct buf out = { 0 };

    (void)state;
    pg_url_show(&u, &out);
    assert_string_equal(buf_cstr(&out), "postgresql://[::1]:99/q?schema=march");
    pg_url_release(&u);
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_part_is_read_and_escapes_are_undone),
        cmocka_unit_test(a_password_is_refused_and_never_repeated),
        cmocka_unit_test(off_loopback_the_certificate_is_always_checked),
        cmocka_unit_test(what_is_no_address_of_one_database_is_refused),
        cmocka_unit_test(what_is_shown_has_no_user_and_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
