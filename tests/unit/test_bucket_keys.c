/* base/bucket_keys.h: keys as AWS's own tools keep them, and no message that shows one; and which
 * URL may name a bucket. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>

#include "base/bucket.h"
#include "base/bucket_keys.h"
#include "base/file.h"

#define SECRET "hunter2/K7MDENG+bPx"

static char home[] = "/tmp/blindspot-keys.XXXXXX";

static void write_file(const char *text)
{
    char *dir = file_join(home, ".aws"), *path = file_join(dir, "credentials");
    struct err err = { 0 };

    (void)mkdir(dir, 0700);
    assert_int_equal(file_write(path, str_of(text), &err), 0);
    free(path);
    free(dir);
}

static int clean(void **state)
{
    static const char *const names[] = { "AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY",
                                         "AWS_SESSION_TOKEN", "AWS_REGION", "AWS_PROFILE" };
    char *dir = file_join(home, ".aws"), *path = file_join(dir, "credentials");

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        unsetenv(names[i]);
    unlink(path);
    rmdir(dir);
    free(path);
    free(dir);
    return 0;
}

static void good(const char *id, const char *token, const char *region)
{
    struct bucket_keys k = { 0 };
    struct err err = { 0 };

    if (bucket_keys_read(&k, &err))
        fail_msg("%s", err.msg);
    assert_string_equal(buf_cstr(&k.id), id);
    assert_string_equal(buf_cstr(&k.secret), SECRET);
    assert_string_equal(buf_cstr(&k.token), token);
    assert_string_equal(buf_cstr(&k.region), region);
    bucket_keys_release(&k);
}

static void bad(const char *says)
{
    struct bucket_keys k = { 0 };
    struct err err = { 0 };

    assert_int_equal(bucket_keys_read(&k, &err), -1);
    assert_int_equal(err.kind, ERR_AUTH);
    if (!strstr(err.msg, says))
        fail_msg("\"%s\" says nothing of \"%s\"", err.msg, says);
    assert_null(strstr(err.msg, "hunter2"));
    assert_null(k.secret.p);
}

static void keys_come_from_the_environment(void **state)
{
    (void)state;
    setenv("AWS_ACCESS_KEY_ID", "AKIAENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", SECRET, 1);
    good("AKIAENV", "", "us-east-1");
    setenv("AWS_SESSION_TOKEN", "tok/en==", 1);
    setenv("AWS_REGION", "eu-central-1", 1);
    write_file("[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = other\n");
    good("AKIAENV", "tok/en==", "eu-central-1");
}

static void half_of_them_is_no_key(void **state)
{
    (void)state;
    bad("set AWS_ACCESS_KEY_ID");
    setenv("AWS_SECRET_ACCESS_KEY", SECRET, 1);
    write_file("[default]\naws_access_key_id = AKIAFILE\naws_secret_access_key = other\n");
    bad("no AWS_ACCESS_KEY_ID");
    setenv("AWS_ACCESS_KEY_ID", "AKIAENV", 1);
    setenv("AWS_SECRET_ACCESS_KEY", "hunter2 and a blank", 1);
    bad("AWS_SECRET_ACCESS_KEY: expected one word");
    setenv("AWS_SECRET_ACCESS_KEY", SECRET, 1);
    setenv("AWS_REGION", "eu/../central", 1);
    bad("AWS_REGION");
}

static void keys_come_from_the_file_by_section(void **state)
{
    struct buf text = { 0 };

    (void)state;
    buf_puts(&text, "# mine\r\n[other]\r\naws_access_key_id=AKIAOTHER\r\n"
                    "aws_secret_access_key = " SECRET "\r\nregion = eu-west-3\r\n\r\n[default]\n"
                    "; a comment\n  aws_access_key_id = AKIAFILE\nsource_profile = x y\n"
                    "AWS_SECRET_ACCESS_KEY= " SECRET "\naws_session_token = ");
    for (int i = 0; i < 2000; i++)
        buf_char(&text, 't');
    write_file(buf_cstr(&text));
    {
        struct bucket_keys k = { 0 };
        struct err err = { 0 };

        assert_int_equal(bucket_keys_read(&k, &err), 0);
        assert_int_equal(k.token.n, 2000);
        assert_string_equal(buf_cstr(&k.id), "AKIAFILE");
        bucket_keys_release(&k);
    }
    setenv("AWS_PROFILE", "other", 1);
    good("AKIAOTHER", "", "eu-west-3");
    setenv("AWS_REGION", "eu-north-1", 1);
    good("AKIAOTHER", "", "eu-north-1");
    setenv("AWS_PROFILE", "third", 1);
    bad("no section [third]");
    buf_release(&text);
}

static void a_broken_file_is_named_by_its_line_alone(void **state)
{
    (void)state;
    write_file("[default]\naws_access_key_id = A\naws_secret_access_key hunter2\n");
    bad("line 3: expected NAME = VALUE");
    write_file("[default]\naws_access_key_id = A\naws_secret_access_key = hunter2 hunter2\n");
    bad("line 3: aws_secret_access_key: expected one word");
    write_file("[default]\naws_secret_access_key = hunter2\n");
    bad("no aws_access_key_id in it");
    write_file("");
    bad("no section [default]");
}

static void a_bucket_is_named_by_https(void **state)
{
    static const char *const fine[] = { "https://s3.example.org/evidence/march",
                                        "https://evidence.s3.eu-central-1.amazonaws.com",
                                        "http://127.0.0.1:9000/evidence", "http://[::1]:9/e" };
    static const char *const not[] = { "http://s3.example.org/evidence", "ftp://127.0.0.1/evidence",
                                       "https://AKIA:hunter2@s3.example.org/e", "s3://evidence",
                                       "https://s3.example.org/e/", "https://s3.example.org/e?x=1",
                                       "https://", "https://s3.example.org/a b",
                                       "http://127.0.0.1.example.org/e" };
    struct err err = { 0 };

    (void)state;
    for (size_t i = 0; i < sizeof fine / sizeof *fine; i++)
        if (bucket_url_check("evidence.bucket", fine[i], &err))
            fail_msg("%s: %s", fine[i], err.msg);
    for (size_t i = 0; i < sizeof not/ sizeof *not; i++) {
        if (!bucket_url_check("evidence.bucket", not[i], &err))
            fail_msg("%s was taken", not[i]);
        assert_int_equal(err.kind, ERR_USAGE);
        assert_null(strstr(err.msg, "hunter2"));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(keys_come_from_the_environment, clean),
        cmocka_unit_test_teardown(half_of_them_is_no_key, clean),
        cmocka_unit_test_teardown(keys_come_from_the_file_by_section, clean),
        cmocka_unit_test_teardown(a_broken_file_is_named_by_its_line_alone, clean),
        cmocka_unit_test(a_bucket_is_named_by_https),
    };
    int rc;

    if (!mkdtemp(home))
        return 1;
    setenv("HOME", home, 1);
    (void)clean(NULL);
    rc = cmocka_run_group_tests(tests, NULL, NULL);
    (void)clean(NULL);
    rmdir(home);
    return rc;
}
