/* tests/unit/test_account_page.c: what an account's own embed page says of it: for rules, in
 * explain, and gone with the last of its posts. */
#include "audit/creator_page.h"
#include "audit/verdict/explain.h"
#include "audit/verdict/label.h"
#include "record/creator.h"
#include "record/id.h"
#include "store/frame.h"
#include "tests/unit/audit_box.h"

#define HANDLES 4
static const char *const handle[HANDLES] = { "closed", "left", "open", "silent" };
static int64_t account[HANDLES];

/* Two posts each, handles by their links. */
static int setup_accounts(void **state)
{
    struct new_item it[2 * HANDLES] = { { 0 } };
    struct err err = { 0 };

    setup_empty(state);
    for (int i = 0; i < 2 * HANDLES; i++) {
        it[i].id = ID(i);
        snprintf(it[i].handle, sizeof it[i].handle, "%s", handle[i / 2]);
    }
    add_items(it, 2 * HANDLES);
    for (int i = 0; i < HANDLES; i++)
        assert_int_equal(store_creator_put(audit.store, str_of(handle[i]), 0, &account[i], &err),
                         0);
    return 0;
}

/* Code 0: the page shows the account, with one post on its list. */
static void own_page(int i, int64_t at, int code)
{
    struct request r = { .witness = WITNESS_CREATOR,
                         .loaded = true,
                         .complete = true,
                         .http = code ? 400 : 200,
                         .reserved_at = at,
                         .sent_at = at,
                         .done_at = at };
    struct listed_post post = { .id = ID(99) };
    struct creator_page page = { .standing = code == 10222   ? CREATOR_PRIVATE
                                             : code == 10221 ? CREATOR_GONE
                                                             : CREATOR_PUBLIC,
                                 .post = &post,
                                 .posts = 1,
                                 .rows = 1 };
    struct answer a = { .item = account[i],
                        .witness = WITNESS_CREATOR,
                        .kind = code ? ANSWER_REFUSED : ANSWER_PUBLIC,
                        .has_code = code != 0,
                        .code = code,
                        .at = at,
                        .generation = GENERATION_EMBED,
                        .list = &page };
    struct err err = { 0 };

    if (sink.reserve(sink.to, &r, &err))
        fail_msg("%s", err.msg);
    a.request = r.n;
    if (sink.put(sink.to, &r, &a, &err) ||
        creator_page_put(audit.store, str_of(handle[i]), &a, &err) ||
        sink.done(sink.to, &r, &err) || sink.commit(sink.to, &err))
        fail_msg("%s", err.msg);
}

static void refused(int i, const char *message)
{
    struct answer a = {
        .kind = ANSWER_REFUSED, .has_code = true, .code = 10204, .message = str_of(message)
    };

    read_page(i, AT(2, 0), &a);
}

static void silent_and_refused(void)
{
    struct err err = { 0 };

    ask(AT(1, 0), "0 1 2 3 4 5 6 7");
    for (int i = 0; i < 2 * HANDLES; i++)
        refused(i, i % 2 ? "" : "status_deleted");
    if (sink.commit(sink.to, &err))
        fail_msg("%s", err.msg);
}

static enum reason reason_of(int i, enum label *label)
{
    struct label_cursor *c = NULL;
    struct label_row l;
    struct err err = { 0 };
    enum reason reason = REASON_NONE;

    if (labels_refresh(&audit, &err) || store_labels(audit.store, &c, &err))
        fail_msg("%s", err.msg);
    while (label_cursor_next(c, &l, &err) > 0)
        if (l.id == ID(i)) {
            reason = l.reason;
            *label = l.label;
        }
    label_cursor_close(c);
    return reason;
}

static void a_private_account_explains_a_refusal_that_says_nothing(void **state)
{
    enum label label = LABEL_NONE;

    (void)state;
    silent_and_refused();
    assert_int_equal(reason_of(1, &label), REASON_REFUSED_UNEXPLAINED);
    own_page(0, AT(2, 1), 10222);
    own_page(1, AT(2, 1), 10221);
    own_page(2, AT(2, 1), 0);
    assert_int_equal(reason_of(1, &label), REASON_PRIVATE_ACCOUNT);
    assert_int_equal(label, LABEL_PRIVATE);
    assert_int_equal(reason_of(0, &label), REASON_ITEM_DELETED);    // what its page says stands
    assert_int_equal(reason_of(3, &label), REASON_REFUSED_UNEXPLAINED);    // renamed, perhaps
    assert_int_equal(reason_of(5, &label), REASON_REFUSED_UNEXPLAINED);
    assert_int_equal(reason_of(7, &label), REASON_REFUSED_UNEXPLAINED);
}

static bool tells(int i, const char *what)
{
    char id[ID_TEXT_MAX];
    struct buf out = { 0 };
    struct err err = { 0 };
    bool found;

    if (labels_refresh(&audit, &err) ||
        explain_item(&audit, id_text(ID(i), id), EXPLAIN_TEXT, &out, &err))
        fail_msg("%s", err.msg);
    found = str_find(buf_view(&out), str_of(what), 0) >= 0;
    buf_release(&out);
    return found;
}

static void explain_shows_what_the_accounts_own_page_said(void **state)
{
    (void)state;
    silent_and_refused();
    own_page(0, AT(2, 1), 10222);
    own_page(1, AT(2, 1), 10221);
    own_page(2, AT(2, 1), 0);
    assert_true(tells(0, "the account's embed page: refused, code 10222"));
    assert_true(tells(1, "its own embed page said on 2026-01-03 that it is private"));
    assert_true(tells(2, "that it is gone: banned, deleted, renamed, or never there"));
    assert_true(tells(4, "that it is public"));
    assert_false(tells(6, "embed page"));
}

/* Its posts are nobody's business: it was asked whether it is there. */
static void the_list_of_an_account_in_no_frame_is_not_kept(void **state)
{
    struct frame_totals totals;
    struct err err = { 0 };

    (void)state;
    own_page(2, AT(2, 1), 0);
    assert_int_equal(store_frame_totals(audit.store, &totals, &err), 0);
    assert_true(totals.creators == 0 && totals.listings == 0 && totals.posts == 0);
}

static int one_handle(void *to, const struct creator *c, struct err *err)
{
    struct buf *out = to;

    (void)err;
    buf_printf(out, "%s ", c->purged ? "(purged)" : c->handle);
    return 0;
}

static void the_handle_goes_with_the_last_of_its_posts(void **state)
{
    const int64_t gone[] = { 1, 3, 4 };    // one of "closed", both of "left"
    struct buf out = { 0 };
    struct err err = { 0 };

    (void)state;
    silent_and_refused();
    own_page(0, AT(2, 1), 10222);
    own_page(1, AT(2, 1), 10221);
    if (store_purge_items(audit.store, STR("key"), gone, 3, &err) ||
        store_purge_finish(audit.store, &err) ||
        store_creator_rows(audit.store, one_handle, &out, &err))
        fail_msg("%s", err.msg);
    assert_string_equal(buf_cstr(&out), "closed open silent (purged) ");
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_private_account_explains_a_refusal_that_says_nothing,
                                        setup_accounts, teardown),
        cmocka_unit_test_setup_teardown(explain_shows_what_the_accounts_own_page_said,
                                        setup_accounts, teardown),
        cmocka_unit_test_setup_teardown(the_list_of_an_account_in_no_frame_is_not_kept,
                                        setup_accounts, teardown),
        cmocka_unit_test_setup_teardown(the_handle_goes_with_the_last_of_its_posts, setup_accounts,
                                        teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
