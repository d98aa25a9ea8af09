/* tests/unit/test_renamed.c: two handles of one post are of one account only where
 * something other than the API says so. */
#include "audit/verdict/renamed.h"
#include "tests/unit/audit_box.h"

static void api_says(int i, int64_t at, const char *handle)
{
    struct record rec = { .id = ID(i) };

    rec.val[FIELD_AUTHOR] = value_text(str_of(handle));
    api_replies(i, at, &rec);
}

/* author "": the page does not say whose id it is. */
static void page_says(int i, int64_t at, const char *author, const char *handle)
{
    struct record rec = { .id = ID(i) };
    struct answer a = { .kind = ANSWER_PUBLIC, .has_code = true, .record = &rec };

    rec.val[FIELD_AUTHOR] = value_text(str_of(handle));
    if (*author)
        rec.val[FIELD_AUTHOR_ID] = value_text(str_of(author));
    read_page(i, at, &a);
}

static void link_says(int i, const char *handle)
{
    struct new_item it = { .id = ID(i) };

    snprintf(it.handle, sizeof it.handle, "%s", handle);
    add_items(&it, 1);
}

static bool is_renamed(int i)
{
    struct renamed *r = NULL;
    struct err err = { 0 };
    bool is;

    if (sink.commit(sink.to, &err) || renamed_read(audit.store, &r, &err))
        fail_msg("%s", err.msg);
    is = renamed_is(r, i + 1);
    renamed_free(r);
    return is;
}

static void an_earlier_page_of_the_post_showed_it(void **state)
{
    (void)state;
    page_says(0, AT(0, 1), "77", "old.name");
    api_says(0, AT(1, 1), "Old.Name");
    page_says(0, AT(2, 1), "77", "new.name");
    assert_true(is_renamed(0));
}

static void a_later_page_showed_it_when_the_api_was_first(void **state)
{
    (void)state;
    page_says(0, AT(0, 1), "77", "old.name");
    api_says(0, AT(1, 1), "new.name");
    assert_false(is_renamed(0));
    page_says(1, AT(3, 1), "77", "new.name");    // another post of the same author
    assert_true(is_renamed(0));
}

static void a_page_without_an_author_speaks_for_its_post_alone(void **state)
{
    (void)state;
    page_says(0, AT(0, 1), "", "old.name");
    page_says(1, AT(0, 2), "", "old.name");
    page_says(1, AT(0, 3), "77", "new.name");
    page_says(2, AT(0, 3), "77", "new.name");
    api_says(1, AT(1, 1), "old.name");
    api_says(2, AT(1, 1), "old.name");
    assert_true(is_renamed(1));
    assert_false(is_renamed(2));
}

static void the_link_that_came_in_named_it(void **state)
{
    (void)state;
    link_says(0, "old.name");
    api_says(0, AT(1, 1), "old.name\xe2\x90\x80");
    page_says(0, AT(2, 1), "77", "new.name");
    assert_true(is_renamed(0));
}

static void a_link_to_another_post_of_the_author_named_it(void **state)
{
    (void)state;
    link_says(1, "old.name");
    page_says(1, AT(0, 1), "77", "new.name");
    api_says(0, AT(1, 1), "old.name");
    page_says(0, AT(2, 1), "77", "new.name");
    assert_true(is_renamed(0));
}

static void a_link_proves_nothing_where_the_handle_is_anothers(void **state)
{
    (void)state;
    link_says(0, "old.name");
    api_says(0, AT(1, 1), "old.name");
    page_says(0, AT(2, 1), "77", "new.name");
    page_says(1, AT(2, 1), "88", "old.name");
    assert_false(is_renamed(0));
    page_says(2, AT(0, 1), "77", "old.name");    // it was 77's before it was 88's
    assert_true(is_renamed(0));
}

static void nobody_but_the_api_knows_a_wrong_handle(void **state)
{
    (void)state;
    link_says(0, "old.name");
    page_says(0, AT(0, 1), "77", "old.name");
    page_says(0, AT(0, 2), "77", "new.name");
    page_says(1, AT(0, 2), "88", "somebody.else");
    api_says(0, AT(1, 1), "wrong.name");
    api_says(1, AT(1, 1), "wrong.name");    // nor does it saying so twice
    assert_false(is_renamed(0));
    assert_false(is_renamed(1));
}

static void equal_handles_are_no_question(void **state)
{
    (void)state;
    api_says(0, AT(1, 1), "SAME.name");
    page_says(0, AT(2, 1), "77", "same.name");
    api_says(1, AT(1, 1), "");
    page_says(1, AT(2, 1), "77", "same.name");
    assert_false(is_renamed(0));
    assert_false(is_renamed(1));
}

#define BOXED(test) cmocka_unit_test_setup_teardown(test, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        BOXED(an_earlier_page_of_the_post_showed_it),
        BOXED(a_later_page_showed_it_when_the_api_was_first),
        BOXED(a_page_without_an_author_speaks_for_its_post_alone),
        BOXED(the_link_that_came_in_named_it),
        BOXED(a_link_to_another_post_of_the_author_named_it),
        BOXED(a_link_proves_nothing_where_the_handle_is_anothers),
        BOXED(nobody_but_the_api_knows_a_wrong_handle),
        BOXED(equal_handles_are_no_question),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
