/* tests/unit/test_folder.c: a folder appears whole, takes the place of an older one of ours, and
 * of no other. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include <cmocka.h>
#include "base/file.h"
#include "base/folder.h"
#include "tests/unit/temp.h"

static char dir[64], path[128];

static int setup(void **state)
{
    (void)state;
    temp_name(dir, sizeof dir);
    assert_non_null(mkdtemp(dir));
    snprintf(path, sizeof path, "%s/site", dir);
    return 0;
}

static int teardown(void **state)
{
    (void)state;
    folder_remove(dir);
    return access(dir, F_OK) == 0;
}

static void put(const char *folder, const char *name, const char *text)
{
    char *file = file_join(folder, name);
    struct err err = { 0 };

    if (file_mkdirs_of(file, &err) || file_write(file, str_of(text), &err))
        fail_msg("%s", err.msg);
    free(file);
}

static bool has(const char *name)
{
    char *file = file_join(path, name);
    bool yes = file_exists(file);

    free(file);
    return yes;
}

static bool is_beside(const char *ending)
{
    char *file = file_beside(path, ending);
    bool yes = file_exists(file);

    free(file);
    return yes;
}

static void make(const char *name)
{
    struct folder_out f;
    struct err err = { 0 };

    if (folder_create(&f, path, &err))
        fail_msg("%s", err.msg);
    put(f.made, name, "x");
    if (folder_close(&f, &err))
        fail_msg("%s", err.msg);
}

static void it_appears_whole_and_takes_the_place_of_the_older_one(void **state)
{
    struct folder_out f;
    struct err err = { 0 };
    (void)state;
    make("one/a.html");
    assert_true(has("one/a.html"));
    assert_int_equal(folder_create(&f, path, &err), 0);
    put(f.made, "two.html", "x");
    assert_true(has("one/a.html") && !has("two.html"));
    assert_int_equal(folder_close(&f, &err), 0);
    assert_true(has("two.html") && !has("one/a.html"));
    assert_false(is_beside(".new") || is_beside(".old"));
}

static void what_is_given_up_leaves_the_older_one(void **state)
{
    struct folder_out f;
    struct err err = { 0 };
    (void)state;
    make("a");
    assert_int_equal(folder_create(&f, path, &err), 0);
    put(f.made, "b", "x");
    folder_abandon(&f);
    assert_true(has("a") && !has("b") && !is_beside(".new"));
}

static void what_a_killed_run_left_is_removed(void **state)
{
    char *left = file_beside(path, ".new");
    (void)state;
    put(left, "half/of/it", "x");
    make("a");
    assert_true(has("a") && !has("half"));
    free(left);
}

static void a_folder_of_somebody_else_is_never_replaced(void **state)
{
    struct folder_out f;
    struct err err = { 0 };
    (void)state;
    put(path, "thesis.tex", "x");
    assert_int_equal(folder_create(&f, path, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
    assert_non_null(strstr(err.msg, "expected a new or empty folder"));
    assert_true(has("thesis.tex"));
    put(dir, "file", "x");
    snprintf(path, sizeof path, "%s/file", dir);
    assert_int_equal(folder_create(&f, path, &err), -1);
    assert_int_equal(err.kind, ERR_USAGE);
}

static void an_empty_one_and_a_slash_at_the_end_are_fine(void **state)
{
    (void)state;
    assert_int_equal(mkdir(path, 0700), 0);
    strcat(path, "/");
    make("a");
    assert_true(has("a"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(it_appears_whole_and_takes_the_place_of_the_older_one),
        TEST(what_is_given_up_leaves_the_older_one),
        TEST(what_a_killed_run_left_is_removed),
        TEST(a_folder_of_somebody_else_is_never_replaced),
        TEST(an_empty_one_and_a_slash_at_the_end_are_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
