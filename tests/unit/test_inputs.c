/* The ledger over inputs: all that a source held is an item, a duplicate, passed over by
 * kind, or a short link of which it is known where it stands. */
#include "audit/inputs.h"
#include "audit/take/add.h"
#include "audit/take/load.h"
#include "store/check.h"
#include "store/inputs.h"
#include "tests/unit/audit_box.h"
#include "tests/unit/outside.h"

/* The steps from schema 7 on, taken back. */
__asm__(".section .rodata, \"a\"\n"
        "back_to_7_sql:\n"
        ".incbin \"tests/unit/back_to_7.sql\"\n"
        ".byte 0\n"
        ".previous\n");
extern const char back_to_7_sql[];

#define A "7361448925972155679"
#define B "7361448925972155680"
#define C 7361448925972155681ull

static struct arena mem;
static struct inputs in;

static int teardown_inputs(void **state)
{
    arena_release(&mem);
    mem = (struct arena){ 0 };
    return teardown(state);
}

static void read_inputs(void)
{
    struct err err = {0};

    arena_clear(&mem);
    if (inputs_read(&audit, &mem, &in, &err))
        fail_msg("%s", err.msg);
}

static struct added add_text(const char *name, const char *text)
{
    char *path = file_join(dir, name);
    const struct add_opts o = {0};
    struct added added = { 0 };
    struct err err = {0};

    if (file_write(path, str_of(text), &err) || add_file(&audit, path, &o, &added, &err))
        fail_msg("%s", err.msg);
    free(path);
    return added;
}

static int64_t passed(const struct intake *of, const char *name)
{
    for (size_t i = 0; i < of->kinds; i++)
        if (!strcmp(of->passed[i].name, name))
            return of->passed[i].n;
    return 0;
}

static const char everything[] =
    "https://www.tiktok.com/@a/video/" A "\n" A "\n" B "\n"
    "https://www.tiktok.com/@someone\nhttps://www.tiktok.com/music/x-1\n12345\nN/A\nwords\n"
    "https://vm.tiktok.com/ZMnew1/\nhttps://vm.tiktok.com/ZMnew1/\nhttps://vm.tiktok.com/ZMdead/\n"
    "https://vm.tiktok.com/ZMuser/\nhttps://vm.tiktok.com/ZMmute/\nhttps://vm.tiktok.com/ZMwait/\n";

static void all_that_a_list_held_is_accounted_for(void **state)
{
    struct added a = add_text("a.txt", everything);

    (void)state;
    assert_int_equal(a.intake.seen, 14);
    assert_int_equal(a.intake.fresh, 2);
    assert_int_equal(a.intake.duplicates, 1);
    assert_int_equal(intake_passed(&a.intake), 5);
    assert_int_equal(a.intake.link[FATE_WAITING], 6);
    assert_int_equal(intake_residual(&a.intake), 0);
    read_inputs();
    assert_int_equal(in.sources, 1);
    assert_int_equal(in.all.seen, 14);
    assert_int_equal(passed(&in.all, "user_profile"), 1);
    assert_int_equal(passed(&in.all, "placeholder"), 1);
    assert_int_equal(in.all.link[FATE_WAITING], 6);
    assert_int_equal(in.link[FATE_WAITING], 5);      // each once
    assert_int_equal(in.items, 2);
    assert_int_equal(in.residual, 0);
}

struct found_links { int64_t n[8]; size_t len; };
static int find_link(void *to, int64_t link, struct str url, int tries, int64_t at, struct err *err)
{
    struct found_links *l = to;

    (void)url, (void)tries, (void)at, (void)err;
    l->n[l->len++] = link;
    return 0;
}

/* What a run of scrape does with the five links. */
static void follow_links(void)
{
    struct found_links l = {0};
    struct err err = {0};

    assert_int_equal(store_open_links(audit.store, 5, find_link, &l, &err), 0);
    assert_int_equal(l.len, 5);
    assert_int_equal(store_link_resolved(audit.store, l.n[0], C, STR("a"), &err), 0);
    assert_int_equal(store_link_resolved(audit.store, l.n[1], 0, STR_NONE, &err), 0);
    assert_int_equal(store_link_no_item(audit.store, l.n[2], &err), 0);
    for (int i = 0; i < 5; i++) {
        struct ask_member m = { .item = l.n[3], .role = ROLE_ASKED };
        struct request r = {
            .witness = WITNESS_SHORT, .member = &m, .members = 1, .done_at = AT(i, 1)
        };
        struct answer a = { .item = l.n[3],
                            .witness = WITNESS_SHORT,
                            .kind = ANSWER_NO_ANSWER,
                            .why = NO_ANSWER_UNKNOWN_SHAPE,
                            .at = AT(i, 1) };

        assert_int_equal(sink.reserve(sink.to, &r, &err), 0);
        assert_int_equal(sink.put(sink.to, &r, &a, &err), 0);
        assert_int_equal(sink.done(sink.to, &r, &err), 0);
    }
    assert_int_equal(sink.commit(sink.to, &err), 0);
}

static void short_links_are_accounted_for_wherever_they_stand(void **state)
{
    (void)state;
    add_text("a.txt", everything);
    follow_links();
    read_inputs();
    assert_int_equal(in.all.link[FATE_NEW_ITEM], 1);
    assert_int_equal(in.all.link[FATE_DUPLICATE], 1);        // it stood there twice
    assert_int_equal(in.all.link[FATE_DEAD], 1);
    assert_int_equal(in.all.link[FATE_NO_ITEM], 1);
    assert_int_equal(in.all.link[FATE_GIVEN_UP], 1);
    assert_int_equal(in.all.link[FATE_WAITING], 1);
    assert_int_equal(in.items, 3);
    assert_int_equal(in.residual, 0);
    assert_int_equal(in.given_ups, 1);
    assert_true(str_eq(in.given_up[0].url, STR("https://vm.tiktok.com/ZMmute/")));
    assert_int_equal(in.given_up[0].tries, 5);
}

static void a_file_that_comes_twice_is_counted_twice(void **state)
{
    struct added again;

    (void)state;
    add_text("a.txt", everything);
    follow_links();
    again = add_text("b.txt", everything);
    assert_int_equal(again.intake.fresh, 0);
    assert_int_equal(again.intake.duplicates, 3);
    assert_int_equal(again.intake.link[FATE_DUPLICATE], 2);
    assert_int_equal(again.intake.link[FATE_DEAD], 1);
    assert_int_equal(again.intake.link[FATE_NO_ITEM], 1);
    assert_int_equal(again.intake.link[FATE_GIVEN_UP], 1);
    assert_int_equal(again.intake.link[FATE_WAITING], 1);
    assert_int_equal(intake_residual(&again.intake), 0);
    read_inputs();
    assert_int_equal(in.sources, 1);                         // the same bytes
    assert_int_equal(in.source[0].times, 2);
    assert_int_equal(in.all.seen, 28);
    assert_int_equal(in.all.link[FATE_NEW_ITEM], 1);
    assert_int_equal(in.all.link[FATE_DUPLICATE], 3);
    assert_int_equal(in.residual, 0);
}

/* The link's item was there: whoever added it first has the new item. */
static void a_link_to_an_item_that_is_there_is_a_duplicate(void **state)
{
    struct found_links l = {0};
    struct err err = {0};

    (void)state;
    add_text("a.txt", A "\nhttps://vm.tiktok.com/ZMone1/\n");
    assert_int_equal(store_open_links(audit.store, 5, find_link, &l, &err), 0);
    assert_int_equal(
        store_link_resolved(audit.store, l.n[0], 7361448925972155679ull, STR_NONE, &err), 0);
    read_inputs();
    assert_int_equal(in.all.link[FATE_NEW_ITEM], 0);
    assert_int_equal(in.all.link[FATE_DUPLICATE], 1);
    assert_int_equal(in.link[FATE_DUPLICATE], 1);
    assert_int_equal(in.residual, 0);
}

static void items_that_no_source_accounts_for_are_a_residual(void **state)
{
    struct new_item it = { .id = C };

    (void)state;
    add_text("a.txt", A "\n");
    add_items(&it, 1);               // without a count
    read_inputs();
    assert_int_equal(in.items, 2);
    assert_int_equal(in.residual, 1);
}

static void load_text(const char *text, const char *asked, struct load_result *result)
{
    char *path = file_join(dir, "in.json"), *list = file_join(dir, "asked.txt");
    const struct load_opts o = { .at = AT(1, 0), .has_at = true, .asked = asked ? list : NULL };
    struct err err = {0};

    if (file_write(path, str_of(text), &err) || (asked && file_write(list, str_of(asked), &err)) ||
        (asked ? load_asked(&audit, (const char *const[]){ path }, 1, &o, result, &err)
               : load_api(&audit, path, &o, result, &err)))
        fail_msg("%s", err.msg);
    free(path);
    free(list);
}

static void loaded_rows_stand_in_the_same_ledger(void **state)
{
    struct load_result r = {0};

    (void)state;
    add_text("a.txt", A "\n");
    load_text("{\"id\":" A "}{\"id\":" B "}{\"id\":" B "}", NULL, &r);
    assert_int_equal(r.intake.seen, 3);
    assert_int_equal(r.intake.fresh, 1);
    assert_int_equal(r.intake.duplicates, 2);
    assert_int_equal(intake_residual(&r.intake), 0);
    read_inputs();
    assert_int_equal(in.sources, 2);
    assert_true(str_eq(in.source[1].kind, STR("load")));
    assert_int_equal(in.source[1].intake.seen, 3);
    assert_int_equal(in.items, 2);
    assert_int_equal(in.residual, 0);
}

/* An id that was asked for and did not come back has an answer: absent. */
static void asked_ids_without_a_row_are_accounted_for(void **state)
{
    struct load_result r = {0};

    (void)state;
    load_text("{\"data\":{\"videos\":[{\"id\":" A "},{\"id\":" A "},{\"id\":7361448925972155699}],"
              "\"cursor\":100,\"has_more\":false,\"search_id\":\"x\"},\"error\":{\"code\":\"ok\","
              "\"message\":\"\",\"log_id\":\"20260301120000AAAA\"}}",
              A "\n" B "\n", &r);
    assert_int_equal(r.intake.seen, 4);
    assert_int_equal(r.intake.fresh, 2);
    assert_int_equal(r.intake.duplicates, 1);
    assert_int_equal(passed(&r.intake, "not_asked_for"), 1);
    assert_int_equal(intake_residual(&r.intake), 0);
    read_inputs();
    assert_int_equal(in.residual, 0);
}

/* A store of version 7: nothing was counted, and nothing is not 0. */
static void what_came_in_before_it_was_counted_is_not_called_0(void **state)
{
    struct err err = {0};
    char *path = file_join(dir, "audit.db");
    const struct opt_list none = {0};
    const struct sink_opts o = { .commit_every = 1000 };

    (void)state;
    add_text("a.txt", everything);
    follow_links();
    store_sink_release(&sink);
    assert_int_equal(audit_close(&audit, &err), 0);
    outside_run(path, back_to_7_sql);
    outside_run(path, "UPDATE link SET item = 0 WHERE item = -1;"
                      "INSERT INTO page_answer (item, request, witness, at, kind, why, generation,"
                      " evidence) VALUES (2, 900, 5, 5, 3, 0, 0, 0), (3, 901, 5, 5, 5, 0, 0, 0)");
    free(path);
    unsetenv("BLINDSPOT_CLOCK");
    if (audit_open(&audit, dir, &none, true, &err) || store_sink(audit.store, &o, &sink, &err))
        fail_msg("%s", err.msg);
    read_inputs();
    assert_int_equal(in.sources, 1);
    assert_int_equal(in.uncounted, 1);
    assert_int_equal(in.source[0].times, 0);
    assert_int_equal(in.link[FATE_DUPLICATE], 1);    // an item, new or not
    assert_int_equal(in.link[FATE_DEAD], 1);
    assert_int_equal(in.link[FATE_NO_ITEM], 1);      // as its answer says
    assert_int_equal(in.link[FATE_GIVEN_UP], 1);
    assert_int_equal(in.residual, 0);
    add_text("b.txt", everything);                   // what comes now is counted
    read_inputs();
    assert_int_equal(in.source[0].times, 1);
    assert_true(in.source[0].uncounted);
    assert_int_equal(in.all.seen, 14);
    assert_int_equal(in.residual, 0);
}

static int note_problem(void *to, struct str problem, struct err *err)
{
    (void)err;
    buf_str(to, problem);
    return 0;
}

/* `verify` looks as well: a link that is gone from its source, a count that was changed. */
static void a_store_whose_ledger_is_open_is_found(void **state)
{
    const struct sink_opts o = { .commit_every = 1000 };
    struct buf said = {0};
    struct err err = {0};
    char *path = file_join(dir, "audit.db");

    (void)state;
    add_text("a.txt", everything);
    follow_links();
    add_text("b.txt", A "\n");
    assert_int_equal(store_check(audit.store, note_problem, &said, &err), 0);
    assert_int_equal(said.n, 0);
    store_sink_release(&sink);
    assert_int_equal(store_close(audit.store, &err), 0);
    outside_run(path, "DELETE FROM link_source WHERE link = 1; DELETE FROM item_source;"
                      "DELETE FROM item WHERE n = 3");
    assert_int_equal(store_open(&audit.store, path, STORE_WRITE, &err), 0);
    assert_int_equal(store_sink(audit.store, &o, &sink, &err), 0);
    assert_int_equal(store_check(audit.store, note_problem, &said, &err), 0);
    assert_non_null(strstr(buf_cstr(&said), "source 1 saw 14, and 12 are accounted for"));
    free(path);
    buf_release(&said);
}

static void kinds_are_kept_by_name_and_add_up(void **state)
{
    struct intake a = {0}, b = {0};

    (void)state;
    intake_pass(&a, "sound", 2);
    intake_pass(&a, "live", 1);
    intake_pass(&b, "sound", 3);
    intake_pass(&b, "nothing", 0);
    a.seen = 3;
    b.seen = 4;
    intake_add(&a, &b);
    assert_int_equal(a.kinds, 2);
    assert_string_equal(a.passed[0].name, "sound");
    assert_int_equal(a.passed[0].n, 5);
    assert_int_equal(intake_residual(&a), 1);
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup_empty, teardown_inputs)
    const struct CMUnitTest tests[] = {
        TEST(all_that_a_list_held_is_accounted_for),
        TEST(short_links_are_accounted_for_wherever_they_stand),
        TEST(a_file_that_comes_twice_is_counted_twice),
        TEST(a_link_to_an_item_that_is_there_is_a_duplicate),
        TEST(items_that_no_source_accounts_for_are_a_residual),
        TEST(loaded_rows_stand_in_the_same_ledger),
        TEST(asked_ids_without_a_row_are_accounted_for),
        TEST(what_came_in_before_it_was_counted_is_not_called_0),
        TEST(a_store_whose_ledger_is_open_is_found),
        TEST(kinds_are_kept_by_name_and_add_up),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
