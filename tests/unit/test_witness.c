/* The API's other answers: who is asked about, in which company, once, and what
 * of it reaches facts and labels. The first tests stand in for the arms; the
 * last one asks the stand-in server. */
#include <dirent.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>

#include "audit/verdict/accounts.h"
#include "audit/verdict/facts.h"
#include "audit/verdict/standing.h"
#include "audit/turn/outlook.h"
#include "audit/turn/rounds.h"
#include "audit/turn/witness.h"
#include "base/file.h"
#include "base/utc.h"
#include "fixtures/standin.h"
#include "tests/unit/folder.h"

#define DAY0 20454                                   // 2026-01-01
#define MADE (DAY0 - 60)
#define ITEMS 60
#define RETRIEVED 30    // items 0..29 came back, of these 25 in the sample
#define SAMPLED 25
#define MIRA 40    // items 40..46 are hers, public, never returned
#define MIRAS 7
#define ID(i) \
    ((((uint64_t)(MADE + (i) % 3) * 86400 + 43200) << 32) + 13 * 256 + ((uint64_t)(i) << 12))

static char dir[64], clock_path[96];
static struct audit audit;

static void set_clock(int64_t at)
{
    char text[32];
    struct err err = {0};

    snprintf(text, sizeof text, "%lld", (long long)at);
    assert_int_equal(file_write(clock_path, str_of(text), &err), 0);
}

static void open_audit(const char *url, const char *more)
{
    char base[3][80], quota[96];
    const char *sets[] = { base[0],
                           base[1],
                           base[2],
                           quota,
                           "evidence.keep=none",
                           "api.requests_per_second=100000",
                           "page.requests_per_second=100000",
                           "api.validation=yes",
                           "api.user_check=yes",
                           more };
    const struct opt_list list = { .v = sets, .n = more ? 10 : 9 };
    struct err err = {0};

    snprintf(base[0], sizeof base[0], "api.base_url=%s", url);
    snprintf(base[1], sizeof base[1], "page.base_url=%s", url);
    snprintf(base[2], sizeof base[2], "page.short_url=%s", url);
    snprintf(quota, sizeof quota, "api.quota=%s/quota.db", dir);
    setenv("BLINDSPOT_CLOCK", clock_path, 1);
    if (audit_init(dir, &err) || audit_open(&audit, dir, &list, true, &err))
        fail_msg("%s", err.msg);
}

static void make_dir(void)
{
    snprintf(dir, sizeof dir, "%.40s/blindspot-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(dir));
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
}

static int teardown(void **state)
{
    struct err err = {0};

    (void)state;
    assert_int_equal(audit_close(&audit, &err), 0);
    remove_all(dir);
    unsetenv("BLINDSPOT_CLOCK");
    return 0;
}

/* ---- a store by hand ---- */

static void add_items(void)
{
    struct new_item it[ITEMS] = {{0}};
    struct add_count counts = {0};
    struct digest d = {{ 1 }};
    struct err err = {0};
    int64_t source, item;
    size_t n = 0;

    for (int k = 0; k < 3; k++)                      // sorted by id
        for (int i = k; i < ITEMS; i += 3) {
            it[n].id = ID(i);
            if (i >= MIRA && i < MIRA + MIRAS)
                snprintf(it[n].handle, sizeof it[n].handle, "mira_then");
            n++;
        }
    assert_int_equal(store_source(audit.store, "list", &d, &source, &err), 0);
    assert_int_equal(store_add_items(audit.store, source, it, ITEMS, &counts, &err), 0);
    for (int i = 0; i < SAMPLED; i++) {
        assert_int_equal(store_item_find(audit.store, ID(i), &item, &err), 0);
        assert_int_equal(store_set_sampled(audit.store, &item, 1, &err), 0);
    }
}

static void ask_all(struct sink *sink)
{
    struct ask_member m[ITEMS] = {{0}};
    struct request q = { .witness = WITNESS_QUERY,
                         .round = 1,
                         .start_day = MADE - 1,
                         .end_day = MADE + 28,
                         .member = m,
                         .members = ITEMS };
    struct err err = {0};

    for (int i = 0; i < ITEMS; i++)
        m[i].id = ID(i);
    assert_int_equal(sink->reserve(sink->to, &q, &err), 0);
    q.sends = 1;
    q.complete = true;
    q.done_at = utc_now();
    for (int i = 0; i < RETRIEVED; i++) {
        struct record r = { .id = ID(i) };
        struct answer a = { .id = ID(i),
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = q.done_at,
                            .record = &r };

        m[i].came_back = true;
        assert_int_equal(sink->put(sink->to, &q, &a, &err), 0);
    }
    assert_int_equal(sink->done(sink->to, &q, &err), 0);
}

/* Mira's items with five canaries: an absence that counts. */
static void ask_mira(struct sink *sink)
{
    struct ask_member m[MIRAS + 5] = {{0}};
    struct request q = { .witness = WITNESS_QUERY,
                         .round = 2,
                         .start_day = MADE - 1,
                         .end_day = MADE + 28,
                         .member = m,
                         .members = MIRAS + 5 };
    struct err err = {0};

    for (int i = 0; i < MIRAS + 5; i++)
        m[i] = (struct ask_member){ .id = i < MIRAS ? ID(MIRA + i) : ID(i - MIRAS),
                                    .role = i < MIRAS ? ROLE_ASKED : ROLE_CANARY,
                                    .came_back = i >= MIRAS };
    assert_int_equal(sink->reserve(sink->to, &q, &err), 0);
    q.sends = 1;
    q.complete = true;
    q.done_at = utc_now();
    assert_int_equal(sink->done(sink->to, &q, &err), 0);
}

static void read_page(struct sink *sink, int i)
{
    struct request q = { .witness = WITNESS_PAGE };
    struct record r = { .id = ID(i) };
    struct answer a = { .id = ID(i),
                        .witness = WITNESS_PAGE,
                        .kind = ANSWER_PUBLIC,
                        .at = utc_now(),
                        .record = &r,
                        .generation = GENERATION_REHYDRATE };
    struct err err = {0};

    r.val[FIELD_AUTHOR] = value_text(STR("mira.now"));
    r.val[FIELD_AUTHOR_ID] = value_text(STR("6800000000000000001"));
    assert_int_equal(sink->reserve(sink->to, &q, &err), 0);
    q.sends = 1;
    assert_int_equal(sink->put(sink->to, &q, &a, &err), 0);
    q.done_at = a.at;
    assert_int_equal(sink->done(sink->to, &q, &err), 0);
}

static int setup(void **state)
{
    struct sink_opts o = { .commit_every = 1000 };
    struct sink sink;
    struct err err = {0};

    (void)state;
    make_dir();
    set_clock((int64_t)DAY0 * 86400);
    open_audit("http://127.0.0.1:9", "api.residual=0.9");
    add_items();
    assert_int_equal(store_sink(audit.store, &o, &sink, &err), 0);
    ask_all(&sink);
    for (int day = 0; day < 3; day++) {
        set_clock((int64_t)(DAY0 + day) * 86400 + 3600);
        for (int i = MIRA; i < MIRA + MIRAS; i++)
            read_page(&sink, i);
        set_clock((int64_t)(DAY0 + day) * 86400 + 7200);
        if (day < 2)
            ask_mira(&sink);
    }
    assert_int_equal(sink.commit(sink.to, &err), 0);
    store_sink_release(&sink);
    assert_int_equal(
        store_meta_set(audit.store, META_ROUND_1_CLOSED_AT, STR("2026-01-01T00:00:00Z"), &err), 0);
    return 0;
}

/* ---- arms that do as they are told ---- */

static struct {
    int tasks, members, canaries, users;
    char handle[32]; int64_t start_day, end_day; size_t own;
    enum err_kind fails; bool gives_up;
    enum user_info info; int rows;
} arm;

static int fail_with(struct err *err)
{
    err_set(err, arm.fails, "made up");
    err->retry_at = utc_now() + 60;
    return -1;
}

/* Odd items are valid. */
static int fake_validate(const struct fetch_opts *o, struct ask_source *from, struct sink *sink,
                         struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    struct request q = {0};
    int rc = arm.fails ? fail_with(err) : 0;

    (void)o;
    while (rc == 0 && from->next(from->from, &mem, &q, err) == 1) {
        arm.tasks++;
        assert_int_equal(q.witness, WITNESS_VALIDATION);
        assert_int_equal(sink->reserve(sink->to, &q, err), 0);
        q.sends = 1;
        out->requests++;
        for (size_t i = 0; i < q.members; i++) {
            arm.members++;
            arm.canaries += q.member[i].role == ROLE_CANARY;
            q.member[i].came_back = !arm.gives_up && (q.member[i].id >> 12) % 2;
        }
        q.complete = !arm.gives_up;
        out->failed += arm.gives_up;
        assert_int_equal(sink->done(sink->to, &q, err), 0);
        assert_int_equal(sink->commit(sink->to, err), 0);
        q = (struct request){0};
    }
    arena_release(&mem);
    return rc;
}

static int fake_users(const struct fetch_opts *o, struct user_source *from, struct sink *sink,
                      struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    struct user_task t;
    int rc = arm.fails ? fail_with(err) : 0;

    (void)o;
    while (rc == 0 && from->next(from->from, &mem, &t, err) == 1) {
        struct request q = { .witness = WITNESS_USERNAME };
        struct user_answer u = { .handle = t.handle,
                                 .item = t.item,
                                 .at = utc_now(),
                                 .query_ok = !arm.gives_up,
                                 .query_rows = arm.rows,
                                 .info = arm.gives_up ? USER_INFO_NONE : arm.info };

        arm.users++;
        snprintf(arm.handle, sizeof arm.handle, "%.*s", STR_ARG(t.handle));
        arm.start_day = t.start_day;
        arm.end_day = t.end_day;
        arm.own = t.members;
        assert_int_equal(sink->reserve(sink->to, &q, err), 0);
        q.sends = 1;
        out->requests++;
        assert_int_equal(sink->user(sink->to, &q, &u, err), 0);
        assert_int_equal(sink->done(sink->to, &q, err), 0);
        assert_int_equal(sink->commit(sink->to, err), 0);
    }
    arena_release(&mem);
    return rc;
}

static struct witness_result run(void)
{
    struct witness_result w;
    struct err err = {0};

    memset(&arm, 0, offsetof(__typeof__(arm), fails));
    audit.ask.validate = fake_validate;
    audit.ask.users = fake_users;
    if (witness_run(&audit, true, &w, &err))
        fail_msg("%s", err.msg);
    return w;
}

static void reset(void)
{
    memset(&arm, 0, sizeof arm);
    arm.info = USER_INFO_KNOWN;
}

static struct item_row item(int i)
{
    struct item_row row = {0};
    struct err err = {0};
    bool found;
    int64_t n;

    assert_int_equal(store_item_find(audit.store, ID(i), &n, &err), 0);
    assert_int_equal(store_item(audit.store, n, &row, &found, &err), 0);
    return row;
}

/* What the rules see of Mira's account. */
static struct facts facts_of_mira(void)
{
    const struct account_table *t;
    struct item_row row = item(MIRA);
    const struct view *view;
    struct item_known known = { .row = &row };
    struct facts facts;
    struct err err = {0};

    assert_int_equal(audit_view_hold(&audit, &view, &err), 0);
    assert_int_equal(accounts_hold(&audit, view, &t, &err), 0);
    known.account = &t->v[account_of(t->graph, row.n)];
    facts_of_item(&audit, &known, &facts);
    audit_view_let(&audit, view);
    return facts;
}

/* ---- promises ---- */

static void nothing_is_asked_before_round_1_is_closed(void **state)
{
    struct err err = {0};

    (void)state;
    reset();
    assert_int_equal(store_meta_set(audit.store, META_ROUND_1_CLOSED_AT, STR(""), &err), 0);
    assert_int_equal(run().left, 0);
    assert_int_equal(arm.tasks + arm.users, 0);
}

static void silent_items_and_the_sample_are_validated_once(void **state)
{
    (void)state;
    reset();
    assert_int_equal(run().left, 0);
    assert_int_equal(arm.tasks, 1);
    assert_int_equal(arm.members, ITEMS - RETRIEVED + SAMPLED);
    assert_int_equal(arm.canaries, SAMPLED);
    assert_true(item(31).valid == VALIDATION_VALID && item(32).valid == VALIDATION_NOT_VALID);
    assert_true(item(3).valid == VALIDATION_VALID && item(SAMPLED + 2).valid == VALIDATION_NONE);
    assert_int_equal(item(31).asked, 1);             // the query's own count is untouched
    run();
    assert_int_equal(arm.tasks + arm.users, 0);
}

static void silent_account_is_asked_by_its_newest_name(void **state)
{
    struct facts f;

    (void)state;
    reset();
    run();
    assert_int_equal(arm.users, 1);
    assert_string_equal(arm.handle, "mira.now");
    assert_true(arm.start_day == MADE - 1 && arm.end_day == MADE + 28 && arm.own == MIRAS);
    f = facts_of_mira();
    assert_true(str_eq(f.val[FACT_ACCOUNT_KNOWN].text, STR("yes")));
    assert_true(f.val[FACT_ACCOUNT_ROWS].kind == VAL_INT && f.val[FACT_ACCOUNT_ROWS].i == 0);
}

static void denials_become_facts_and_rows_outweigh_them(void **state)
{
    struct facts f;

    (void)state;
    reset();
    arm.info = USER_INFO_DENIED;
    f = facts_of_mira();
    assert_true(f.val[FACT_ACCOUNT_KNOWN].kind == VAL_NONE &&
                f.val[FACT_ACCOUNT_ROWS].kind == VAL_NONE);
    run();
    f = facts_of_mira();
    assert_true(str_eq(f.val[FACT_ACCOUNT_KNOWN].text, STR("denied")));
    teardown(NULL);
    setup(NULL);
    reset();
    arm.info = USER_INFO_UNKNOWN;
    run();
    f = facts_of_mira();
    assert_true(str_eq(f.val[FACT_ACCOUNT_KNOWN].text, STR("no")));
    teardown(NULL);
    setup(NULL);
    reset();
    arm.info = USER_INFO_UNKNOWN;
    arm.rows = 2;                                    // posts under that name: the account is there
    run();
    f = facts_of_mira();
    assert_true(str_eq(f.val[FACT_ACCOUNT_KNOWN].text, STR("yes")) &&
                f.val[FACT_ACCOUNT_ROWS].i == 2);
}

static void spent_quota_leaves_the_rest_for_another_day(void **state)
{
    struct witness_result w;
    struct outlook o;
    struct err err = {0};

    (void)state;
    reset();
    arm.fails = ERR_QUOTA;
    w = run();
    assert_true(w.why.kind == ERR_QUOTA && w.left == ITEMS - RETRIEVED + SAMPLED + 1);
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_true(o.to_witness == w.left && !o.finished && o.next_at > 0);
    arm.fails = ERR_NONE;
    w = run();
    assert_true(w.left == 0 && arm.tasks == 1 && arm.users == 1);
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_int_equal(o.to_witness, 0);
}

static void refused_endpoints_do_not_hold_the_audit_up(void **state)
{
    (void)state;
    reset();
    arm.fails = ERR_AUTH;
    assert_int_equal(run().left, 0);
    arm.fails = ERR_NONE;                            // approved later: asked after all
    assert_int_equal(run().left, 0);
    assert_true(arm.tasks == 1 && arm.users == 1);
}

static void what_gives_no_answer_is_given_up_after_three_runs(void **state)
{
    (void)state;
    reset();
    arm.gives_up = true;
    for (int i = 0; i < 3; i++) {
        run();
        assert_true(arm.tasks == 1 && arm.users == 1);
    }
    assert_int_equal(run().left, 0);
    assert_int_equal(arm.tasks + arm.users, 0);
    assert_int_equal(item(31).valid, VALIDATION_NONE);
}

static void settings_turn_both_off(void **state)
{
    (void)state;
    reset();
    audit.set.api_validation = audit.set.api_user_check = false;
    assert_int_equal(run().left, 0);
    assert_int_equal(arm.tasks + arm.users, 0);
}

static void simulation_of_the_query_alone_is_asked_nothing_else(void **state)
{
    struct witness_result w;
    struct err err = {0};

    (void)state;
    audit.ask = (struct answerers){ .fetch = fake_validate };
    assert_int_equal(witness_run(&audit, true, &w, &err), 0);
    assert_true(w.requests == 0 && w.left == 0);
}

/* ---- the whole, against the stand-in ---- */

static void add_world(const struct world *w)
{
    struct add_count counts = {0};
    struct new_item it = {0};
    struct digest d = {{ 1 }};
    struct err err = {0};
    int64_t source;

    assert_int_equal(store_source(audit.store, "list", &d, &source, &err), 0);
    for (size_t i = 0; i < w->items; i++) {
        char handle[WORLD_HANDLE_MAX];

        it.id = w->item[i].id;
        snprintf(it.handle, sizeof it.handle, "%.*s", HANDLE_MAX,
                 world_link_handle(w, w->item[i].account, handle));
        assert_int_equal(store_add_items(audit.store, source, &it, 1, &counts, &err), 0);
    }
}

static void check_answers(const struct world *w, int64_t *known, int64_t *denied)
{
    const struct account_table *t;
    const struct view *view;
    struct err err = {0};

    assert_int_equal(audit_view_hold(&audit, &view, &err), 0);
    assert_int_equal(accounts_hold(&audit, view, &t, &err), 0);
    for (size_t i = 0; i < w->items; i++) {
        const struct world_item *truth = &w->item[i];
        const struct account_stat *a;
        struct item_row row;
        bool found;
        int64_t n;

        assert_int_equal(store_item_find(audit.store, truth->id, &n, &err), 0);
        assert_int_equal(store_item(audit.store, n, &row, &found, &err), 0);
        if (row.asked && !row.found_first_at)
            assert_int_equal(row.valid, VALIDATION_NOT_VALID);
        if (row.found_first_at && row.sampled)
            assert_int_equal(row.valid, VALIDATION_VALID);
        a = &t->v[account_of(t->graph, n)];
        if (truth->reason != REASON_NO_ITEM_RETRIEVED || a->trials < 5)
            continue;
        assert_true(a->query_ok && a->query_rows == 0);
        *known += a->info == USER_INFO_KNOWN;
        *denied += a->info == USER_INFO_DENIED;
    }
    audit_view_let(&audit, view);
}

#define DAYS 5
static void platform_is_asked_after_the_query_and_within_the_quota(void **state)
{
    struct standin_opts o = STANDIN_DEFAULTS;
    struct standin *s = NULL;
    struct world *w = NULL;
    struct world_params p;
    struct progress progress;
    struct err err = {0};
    int64_t known = 0, denied = 0, used = 0, now, sends[DAYS], days[DAYS];
    char url[40];
    bool spent;

    (void)state;
    make_dir();
    world_params_default(&p, 11, 900);
    p.value[WORLD_UNOBSERVED_SHARE] = 0;    // pages without an answer would be tried in vain
    assert_int_equal(world_new(&p, &w, &err), 0);
    o.world = w;
    o.clock_path = clock_path;
    o.page_kb = 8;
    if (standin_start(&s, &o, &err))
        fail_msg("%s", err.msg);
    snprintf(url, sizeof url, "http://127.0.0.1:%d", standin_port(s));
    setenv("BLINDSPOT_CLIENT_KEY", "test-key", 1);
    setenv("BLINDSPOT_CLIENT_SECRET", "test-secret", 1);
    open_audit(url, "page.retrieved_sample=50");
    add_world(w);
    for (int day = 0; day < DAYS;
         day++) {    // accounts are asked about when their silence is confirmed
        if (rounds_run(&audit, ROUNDS_ASK | ROUNDS_READ, &progress, &err))
            fail_msg("%s", err.msg);
        sends[day] = progress.sends;
        days[day] = utc_day(utc_now());
        assert_int_equal(standin_clock(clock_path, 0, 86400000, -1, &now, &err), 0);
    }
    check_answers(w, &known, &denied);
    assert_true(known + denied > 0);
    for (int day = 0; day < DAYS; day++) {           // every send of every witness is charged
        assert_int_equal(ledger_used(audit.ledger, &audit.client, days[day], &used, &spent, &err),
                         0);
        assert_int_equal(used, sends[day]);
    }
    standin_stop(s);
    world_free(w);
    unsetenv("BLINDSPOT_CLIENT_KEY");
    unsetenv("BLINDSPOT_CLIENT_SECRET");
}

int main(void)
{
#define TEST(f) cmocka_unit_test_setup_teardown(f, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_asked_before_round_1_is_closed),
        TEST(silent_items_and_the_sample_are_validated_once),
        TEST(silent_account_is_asked_by_its_newest_name),
        TEST(denials_become_facts_and_rows_outweigh_them),
        TEST(spent_quota_leaves_the_rest_for_another_day),
        TEST(refused_endpoints_do_not_hold_the_audit_up),
        TEST(what_gives_no_answer_is_given_up_after_three_runs),
        TEST(settings_turn_both_off),
        TEST(simulation_of_the_query_alone_is_asked_nothing_else),
        cmocka_unit_test_teardown(platform_is_asked_after_the_query_and_within_the_quota, teardown),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
