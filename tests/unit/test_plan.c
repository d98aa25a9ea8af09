/* What the audit will cost, held against whole audits of made-up worlds: the
 * platform and its site are simulated, calls are counted as they come. */
#include <dirent.h>
#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <cmocka.h>
#include "audit/turn/forecast.h"
#include "audit/phases.h"
#include "audit/turn/plan.h"
#include "audit/turn/outlook.h"
#include "audit/turn/rounds.h"
#include "base/file.h"
#include "base/utc.h"
#include "fixtures/world.h"
#include "record/creator.h"
#include "record/id.h"
#include "tests/unit/folder.h"
#include "tests/unit/rows_box.h"

#define DAYS_MAX 12

static char dir[64], clock_path[96];
static struct audit audit;
static struct world *world;
static int64_t now, calls[PHASE_COUNT];

static void set_clock(int64_t at)
{
    char text[32];
    struct err err = {0};

    now = at;
    snprintf(text, sizeof text, "%lld", (long long)at);
    assert_int_equal(file_write(clock_path, str_of(text), &err), 0);
}

// ---- the platform: a tenth of what is there is lost beside an id that is not public ----

static bool comes_back(const struct request *r, const struct world_item *it, bool dead)
{
    int64_t day = utc_day(it->created_at);

    return world_returned(world, it, now) && day >= r->start_day && day <= r->end_day &&
           !(dead && world_draw(world, it->id ^ (uint64_t)r->n, DRAW_SWALLOW) < 0.1);
}

static int answer_ask(struct request *r, struct sink *to, struct err *err)
{
    bool dead = false;

    for (size_t i = 0; i < r->members; i++)
        dead = dead || world_dead(world, world_find(world, r->member[i].id), now);
    for (size_t i = 0; i < r->members; i++) {
        const struct world_item *it = world_find(world, r->member[i].id);
        struct record rec = { .id = it->id };
        struct answer a = { .id = it->id,
                            .item = r->member[i].item,
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = now,
                            .request = r->n,
                            .record = &rec,
                            .generation = GENERATION_API };

        rec.val[FIELD_CREATED] = value_int(it->created_at);
        r->member[i].came_back = comes_back(r, it, dead);
        if (r->member[i].came_back && to->put(to->to, r, &a, err))
            return -1;
    }
    return 0;
}

static int simulate_fetch(const struct fetch_opts *o, struct ask_source *source, struct sink *to,
                          struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    struct request r;
    int got = -1;

    (void)o;
    memset(out, 0, sizeof *out);
    while (arena_clear(&mem), (got = source->next(source->from, &mem, &r, err)) > 0) {
        if (to->reserve(to->to, &r, err)) {
            got = -1;
            break;
        }
        set_clock(now + 1);
        r.sends = 1;
        calls[r.member[0].role == ROLE_SPOT       ? PHASE_SPOT
              : r.member[0].role == ROLE_FORENSIC ? PHASE_FORENSIC
              : r.round > 1                       ? PHASE_CONFIRMING
                                                  : PHASE_ROUND_1]++;
        r.complete = true;
        r.http = 200;
        r.sent_at = r.done_at = now;
        if (answer_ask(&r, to, err) || to->done(to->to, &r, err)) {
            got = -1;
            break;
        }
        out->requests++;
    }
    arena_release(&mem);
    return got;
}

static void say_page(const struct world_item *it, struct record *rec, struct answer *a)
{
    struct world_page page = world_page_at(world, it, now);

    if (world_view_is_public(page.view) || (page.view == VIEW_REFUSED && page.code != 10101)) {
        a->kind = page.view != VIEW_REFUSED ? ANSWER_PUBLIC : ANSWER_REFUSED;
        a->has_code = true;
        a->code = page.code;
        a->message = str_of(page.msg);
        a->generation = GENERATION_REHYDRATE;
        rec->val[FIELD_CREATED] = value_int(it->created_at);
        a->record = page.view != VIEW_REFUSED ? rec : NULL;
    } else {
        a->kind = ANSWER_NO_ANSWER;
        a->why = NO_ANSWER_STRIPPED;
    }
}

// ---- the site: each witness at its own pace, and one of them may block ----

static enum witness blocked = WITNESS_COUNT;
static const struct { double rate; int64_t at_once; } pace[WITNESS_COUNT] = {
    [WITNESS_PAGE] = { 9, 5 },
    [WITNESS_OEMBED] = { 3, 2 },
    [WITNESS_EMBED] = { 4, 3 },
    [WITNESS_CREATOR] = { 4, 3 },
};

static void expect_pace(const struct scrape_opts *o, enum witness w)
{
    assert_true(o->set->page_requests_per_second == pace[w].rate);
    assert_int_equal(o->set->page_concurrency, pace[w].at_once);
}

static int simulate_scrape(const struct scrape_opts *o, struct read_source *source, struct sink *to,
                           struct scrape_result *out, struct err *err)
{
    static const struct creator_page no_such_account = { .standing = CREATOR_GONE };
    struct arena mem = {0};
    struct read_task task;
    int got;

    memset(out, 0, sizeof *out);
    while (arena_clear(&mem), (got = source->next(source->from, &mem, &task, err)) > 0) {
        const struct world_item *it = world_find(world, task.id);
        struct record rec = { .id = task.id };
        struct request r = { .witness = task.witness, .complete = true, .http = 200 };
        struct answer a = { .id = task.id, .item = task.item, .witness = task.witness };

        expect_pace(o, task.witness);
        if (task.witness == blocked) {
            got = err_set(err, ERR_AGAIN, "the site blocks us");
            break;
        }
        assert_int_equal(to->reserve(to->to, &r, err), 0);
        set_clock(now + 1);
        r.sends = 1;
        r.sent_at = r.done_at = a.at = now;
        a.request = r.n;
        if (task.witness == WITNESS_CREATOR) {
            a.kind = ANSWER_REFUSED;
            a.list = &no_such_account;
            a.generation = GENERATION_EMBED;
        } else if (task.witness == WITNESS_EMBED) {
            struct world_page page = world_page_at(world, it, now);

            a.kind = page.oembed || world_view_is_public(page.view) ? ANSWER_PUBLIC
                                                                    : ANSWER_REFUSED;
            a.generation = GENERATION_EMBED;
            rec.val[FIELD_CREATED] = value_int(it->created_at);
            a.record = a.kind == ANSWER_PUBLIC ? &rec : NULL;
        } else if (task.witness == WITNESS_OEMBED) {
            a.kind = world_page_at(world, it, now).oembed ? ANSWER_PUBLIC : ANSWER_REFUSED;
            a.generation = GENERATION_OEMBED;
        } else {
            say_page(it, &rec, &a);
        }
        calls[phase_of_call(task.witness, ROLE_ASKED, 0)]++;
        *(task.witness == WITNESS_OEMBED  ? &out->oembed
          : task.witness == WITNESS_EMBED ? &out->embeds
          : task.witness == WITNESS_PAGE  ? &out->pages
                                          : &out->creators) += 1;
        out->is_public += a.kind == ANSWER_PUBLIC;
        out->refused += a.kind == ANSWER_REFUSED;
        out->no_answer += a.kind == ANSWER_NO_ANSWER;
        assert_int_equal(to->put(to->to, &r, &a, err) || to->done(to->to, &r, err), 0);
    }
    arena_release(&mem);
    return got < 0 ? -1 : to->commit(to->to, err);
}

// ---- an audit in a folder of its own ----

static int by_id(const void *a, const void *b)
{
    const struct new_item *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static void add_all(void)
{
    struct new_item *it = xcalloc(world->items, sizeof *it);
    struct add_count counts = {0};
    struct digest d = {{ 1 }};
    struct err err = {0};
    int64_t source;

    for (size_t i = 0; i < world->items; i++) {
        char handle[WORLD_HANDLE_MAX];

        it[i].id = world->item[i].id;
        snprintf(it[i].handle, sizeof it[i].handle, "%s",
                 world_link_handle(world, world->item[i].account, handle));
    }
    qsort(it, world->items, sizeof *it, by_id);
    if (store_source(audit.store, "list", &d, &source, &err) ||
        store_add_items(audit.store, source, it, world->items, &counts, &err))
        fail_msg("%s", err.msg);
    free(it);
}

/* An audit draws a seed of its own, and with it who travels with whom: here always
 * the same. PLAN_SEED in the environment: another one. */
static void same_seed(uint64_t seed)
{
    const char *other = getenv("PLAN_SEED");
    struct err err = {0};

    buf_clear(&audit.seed);
    buf_printf(&audit.seed, "%056" PRIu64 "%08" PRIu64,
               other ? (uint64_t)strtoull(other, NULL, 10) : 7, seed);
    if (store_meta_set(audit.store, META_SEED, buf_view(&audit.seed), &err))
        fail_msg("%s", err.msg);
}

static void open_world(uint64_t seed, uint32_t items, const char *extra)
{
    char quota[128];
    const char *sets[] = { "api.base_url=http://127.0.0.1:9",
                           "page.base_url=http://127.0.0.1:9",
                           "page.short_url=http://127.0.0.1:9",
                           "evidence.keep=none",
                           "page.retry_base_ms=1",
                           quota,
                           "page.requests_per_second=9",
                           "page.concurrency=5",
                           "page.embed_requests_per_second=4",
                           "page.embed_concurrency=3",
                           "page.oembed_requests_per_second=3",
                           "page.oembed_concurrency=2",
                           extra };
    const struct opt_list list = { .v = sets, .n = extra ? 13 : 12 };
    struct world_params params;
    struct err err = {0};

    memset(calls, 0, sizeof calls);
    snprintf(dir, sizeof dir, "%.40s/blindspot-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    assert_non_null(mkdtemp(dir));
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    snprintf(quota, sizeof quota, "api.quota=%s/quota.db", dir);
    set_clock(WORLD_START);
    setenv("BLINDSPOT_CLOCK", clock_path, 1);
    setenv("BLINDSPOT_CLIENT_KEY", "made-up-key", 1);
    setenv("BLINDSPOT_CLIENT_SECRET", "made-up-secret", 1);
    world_params_default(&params, seed, items);
    if (world_new(&params, &world, &err) || audit_init(dir, &err) ||
        audit_open(&audit, dir, &list, true, &err))
        fail_msg("%s", err.msg);
    audit.ask = (struct answerers){ .fetch = simulate_fetch, .scrape = simulate_scrape };
    same_seed(seed);
    add_all();
}

static void close_world(void)
{
    struct err err = {0};

    assert_int_equal(audit_close(&audit, &err), 0);
    world_free(world);
    remove_all(dir);
    unsetenv("BLINDSPOT_CLOCK");
}

static struct plan plan_now(void)
{
    struct plan plan;
    struct err err = {0};

    if (plan_make(&audit, &plan, &err))
        fail_msg("%s", err.msg);
    return plan;
}

static struct phases phases_now(void)
{
    struct phases phases;
    struct err err = {0};

    if (phases_read(&audit, &phases, &err))
        fail_msg("%s", err.msg);
    return phases;
}

static void run_until_done(void)
{
    struct progress p;
    struct outlook look;
    struct err err = {0};

    for (int day = 0; day < DAYS_MAX; day++) {
        if (now < WORLD_START + day * 86400)
            set_clock(WORLD_START + day * 86400);
        if (rounds_run(&audit, ROUNDS_ASK | ROUNDS_READ, &p, &err) ||
            outlook_make(&audit, &look, &err))
            fail_msg("%s", err.msg);
        if (look.finished)
            return;
    }
    fail_msg("the audit is not finished after %d days", DAYS_MAX);
}

static void within(const char *what, int seed, enum phase p, const struct span *planned,
                   int64_t came)
{
    if (getenv("PLAN_TELL"))
        fprintf(stderr, "seed %d %-18s %-12s %6lld to %6lld, mid %6lld: came %6lld\n", seed, what,
                phase_name(p), (long long)planned->low, (long long)planned->high,
                (long long)planned->mid, (long long)came);
    if (came < planned->low || came > planned->high)
        fail_msg("seed %d, %s, %s: %lld came, planned %lld to %lld", seed, what, phase_name(p),
                 (long long)came, (long long)planned->low, (long long)planned->high);
}

static int64_t width(const struct span *s)
{
    return s->high - s->low;
}

static void what_comes_lies_in_the_range_for(const char *extra, int way, int seeds)
{
    for (int seed = 1; seed <= seeds; seed++) {
        struct plan plan;
        struct phases came;

        open_world((uint64_t)seed, 4000, extra);
        plan = plan_now();
        run_until_done();
        came = phases_now();
        assert_true(came.before.known && came.after.known);
        for (int p = 0; p < PHASE_COUNT; p++) {
            const struct phase_plan *first = &plan.way[way].phase[p],
                                    *kept = &came.before.phase[p];

            if (came.done[p].calls != calls[p])
                fail_msg("seed %d, %s: %lld calls are kept, %lld were made", seed,
                         phase_name((enum phase)p), (long long)came.done[p].calls,
                         (long long)calls[p]);
            assert_memory_equal(first, kept, sizeof *first);      // kept as it was printed
            within("calls before", seed, (enum phase)p, &first->calls, came.done[p].calls);
            within("days before", seed, (enum phase)p, &first->days, came.done[p].days);
            within("calls after round 1", seed, (enum phase)p, &came.after.phase[p].calls,
                   came.done[p].calls);
            /* What is too recent comes of age later still: round 1 stays as wide. */
            if (width(&first->calls) && p != PHASE_ROUND_1)
                assert_true(width(&came.after.phase[p].calls) < width(&first->calls) ||
                            p == PHASE_SPOT || p == PHASE_FORENSIC);
        }
        close_world();
    }
}

static void what_comes_lies_in_the_range_that_was_planned(void **state)
{
    (void)state;
    what_comes_lies_in_the_range_for(NULL, 0, 3);
}

static void what_comes_lies_in_the_range_where_oembed_is_first(void **state)
{
    (void)state;
    what_comes_lies_in_the_range_for("page.first=oembed", 1, 3);
}

static void what_comes_lies_in_the_range_where_the_embed_page_is_first(void **state)
{
    (void)state;
    what_comes_lies_in_the_range_for("page.first=embed", 2, 3);
}

// ---- packing ----

#define EACH 50

/* Fifty items that all stay away for good, so many days apart. */
static int64_t calls_of_two_rounds(int64_t apart, bool canaries)
{
    struct item_row found[EACH] = {{0}};
    struct rows_box box = { .item = found, .items = canaries ? EACH : 0 };
    struct row_source rows = box_source(&box);
    struct settings set;
    struct view *view;
    struct forecast f;
    struct err err = {0};
    int64_t days, sum;

    settings_init(&set);
    for (int64_t i = 0; i < EACH; i++)
        found[i] = (struct item_row){ .n = i + 1,
                                      .id = (uint64_t)(15000 + i * apart) * 86400 << 32,
                                      .found_first_at = 1,
                                      .found_last_at = 1,
                                      .page = ANSWER_COUNT };
    assert_int_equal(view_make(&rows, &set, &view, &err), 0);
    forecast_init(&f, &set, view);
    f.guess[ODDS_LOW] = (struct guess){ .open = 1 };
    for (int64_t i = 0; i < EACH; i++)
        forecast_first(&f, (uint64_t)(15000 + i * apart) * 86400 << 32, 15000 + i * apart,
                       SIGHT_PUBLIC);
    sum = forecast_confirming(&f, ODDS_LOW, false, &days);
    assert_int_equal(days, 2);
    assert_int_equal(forecast_open(&f, ODDS_LOW), EACH);
    forecast_release(&f);
    settings_release(&set);
    view_free(view);
    return sum;
}

static void a_round_costs_a_call_for_each_window(void **state)
{
    (void)state;
    assert_int_equal(calls_of_two_rounds(0, true), 2);
    assert_int_equal(calls_of_two_rounds(7, true), 2 * 13);       // four fit one window
    assert_int_equal(calls_of_two_rounds(40, true), 2 * EACH);
    assert_int_equal(calls_of_two_rounds(7, false),
                     2 * EACH);    // no canary could tell: one by one
}

static void where_oembed_came_first_one_round_is_saved(void **state)
{
    (void)state;
    open_world(5, 2000, NULL);
    {
        struct plan plan = plan_now();
        const struct way *none = &plan.way[0], *oembed = &plan.way[1];

        assert_true(none->set && !oembed->set && plan_way(&plan) == none);
        assert_true(oembed->phase[PHASE_CONFIRMING].calls.mid <
                    none->phase[PHASE_CONFIRMING].calls.mid);
        assert_true(oembed->phase[PHASE_ROUND_1].calls.mid > none->phase[PHASE_ROUND_1].calls.mid);
        assert_int_equal(oembed->phase[PHASE_OEMBED].calls.mid, plan.items);
        assert_true(oembed->hours[1] > none->hours[1]);
        assert_int_equal(plan.requests, plan.batches);
        assert_int_equal(plan.later, none->phase[PHASE_CONFIRMING].calls.mid);
        assert_int_equal(plan.pages, none->phase[PHASE_PAGES].calls.mid);
        assert_int_equal(plan.days, 2);
    }
    close_world();
}

static void late_checks_are_planned_where_they_are_set(void **state)
{
    struct plan plan;
    const struct phase_plan *late;

    (void)state;
    open_world(5, 2000, "api.late_check=20");
    plan = plan_now();
    late = &plan_way(&plan)->phase[PHASE_LATE];
    assert_int_equal(late->calls.low, 1);            // forty items of one window, one check
    assert_true(late->calls.mid > 20 &&
                late->calls.mid <= 2 * 40);    // two checks over many windows
    assert_true(late->calls.high > late->calls.mid);
    assert_int_equal(late->days.mid, 2);
    close_world();
    open_world(5, 2000, NULL);
    plan = plan_now();
    assert_int_equal(plan_way(&plan)->phase[PHASE_LATE].calls.high, 0);
    close_world();
}

static void few_calls_a_day_make_many_days(void **state)
{
    struct plan plan;

    (void)state;
    open_world(5, 2000, "api.daily_requests=20");
    plan = plan_now();
    assert_true(plan.days >= (plan.requests + plan.later + 19) / 20);
    assert_int_equal(plan.way[0].phase[PHASE_ROUND_1].days.mid, (plan.batches + 19) / 20);
    close_world();
}

static struct progress run_blocked(enum witness w)
{
    struct progress p;
    struct err err = { 0 };

    open_world(5, 400, NULL);
    blocked = w;
    if (rounds_run(&audit, ROUNDS_ASK | ROUNDS_READ, &p, &err))
        fail_msg("%s", err.msg);
    blocked = WITNESS_COUNT;
    close_world();
    return p;
}

static void one_that_blocks_stops_no_other(void **state)
{
    (void)state;
    assert_true(run_blocked(WITNESS_EMBED).blocked);
    assert_true(calls[PHASE_PAGES] > 400 && !calls[PHASE_EMBED]);
    assert_false(run_blocked(WITNESS_PAGE).blocked);    // the embed pages decided all of it
    assert_true(calls[PHASE_EMBED] > 390 && calls[PHASE_ACCOUNT_PAGES] && !calls[PHASE_PAGES]);
    assert_true(run_blocked(WITNESS_OEMBED).blocked);
    assert_true(calls[PHASE_PAGES] > 400 && calls[PHASE_EMBED] && calls[PHASE_ACCOUNT_PAGES]);
    assert_int_equal(calls[PHASE_OEMBED], 0);
    assert_false(run_blocked(WITNESS_CREATOR).blocked);    // second evidence keeps nothing waiting
    assert_true(calls[PHASE_PAGES] > 400 && calls[PHASE_EMBED] && calls[PHASE_OEMBED]);
}

/* What the creators of a sample list is read before its posts become an audit's items. */
static void what_creators_listed_before_leaves_the_first_plan_to_be_kept(void **state)
{
    struct request r = { .witness = WITNESS_CREATOR,
                         .complete = true,
                         .http = 200,
                         .sends = 1,
                         .sent_at = WORLD_START,
                         .done_at = WORLD_START };
    struct sink_opts o = { .commit_every = 1 };
    struct phases phases;
    struct sink sink;
    struct err err = { 0 };

    (void)state;
    open_world(5, 200, NULL);
    if (store_sink(audit.store, &o, &sink, &err) || sink.reserve(sink.to, &r, &err) ||
        sink.done(sink.to, &r, &err) || sink.commit(sink.to, &err) ||
        plan_keep_before(&audit, &err))
        fail_msg("%s", err.msg);
    store_sink_release(&sink);
    phases = phases_now();
    assert_int_equal(phases.done[PHASE_ACCOUNT_PAGES].calls, 1);
    assert_true(phases.before.known);
    assert_int_equal(phases.before.items, plan_now().items);
    close_world();
}

static void kept_plan_is_read_as_it_was_written(void **state)
{
    struct plan_kept kept = { .known = true,
                              .items = 70,
                              .phase = { [PHASE_ROUND_1] = { { 3, 3, 3 }, { 1, 1, 1 } },
                                         [PHASE_PAGES] = { { 10, 20, 30 }, { 1, 2, 2 } } } };
    struct plan_kept read = {0};
    struct buf text = {0};

    (void)state;
    plan_kept_print(&kept, &text);
    assert_true(plan_kept_read(buf_view(&text), &read));
    assert_memory_equal(&kept, &read, sizeof kept);
    buf_puts(&text, "of_a_later_version calls 1 2 3 days 1 1 1\n");
    assert_true(plan_kept_read(buf_view(&text), &read));
    assert_memory_equal(&kept, &read, sizeof kept);
    buf_puts(&text, "pages calls 1 2\n");
    assert_false(plan_kept_read(buf_view(&text), &read));
    assert_false(plan_kept_read(STR(""), &read));
    buf_release(&text);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_round_costs_a_call_for_each_window),
        cmocka_unit_test(where_oembed_came_first_one_round_is_saved),
        cmocka_unit_test(late_checks_are_planned_where_they_are_set),
        cmocka_unit_test(few_calls_a_day_make_many_days),
        cmocka_unit_test(one_that_blocks_stops_no_other),
        cmocka_unit_test(what_creators_listed_before_leaves_the_first_plan_to_be_kept),
        cmocka_unit_test(kept_plan_is_read_as_it_was_written),
        cmocka_unit_test(what_comes_lies_in_the_range_that_was_planned),
        cmocka_unit_test(what_comes_lies_in_the_range_where_oembed_is_first),
        cmocka_unit_test(what_comes_lies_in_the_range_where_the_embed_page_is_first),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
