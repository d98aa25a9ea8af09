/* Which ids are asked, when, and in which company. The platform is simulated:
 * it returns the ids it is told to, and notes every request. */
#include "audit/turn/ask.h"
#include "audit/turn/ask_first.h"
#include "audit/turn/plan.h"
#include "audit/turn/outlook.h"
#include "audit/turn/rounds.h"
#include "fetch/batch.h"
#include "record/id.h"
#include "tests/unit/audit_box.h"

#define NOTED 400
static struct noted { struct request r; struct ask_member m[BATCH_MAX]; } noted[NOTED];
static size_t noted_n;
#define FAR_WINDOWS 40
#define FAR_EACH 4
static bool returned[ITEMS + FAR_WINDOWS * FAR_EACH];    // by item number - 1
static size_t out_from, out_to;    // requests of a pass that bring nothing, whatever they ask
static int64_t late_by;                              // the clock after each request

static int simulate(const struct fetch_opts *o, struct ask_source *source, struct sink *to,
                    struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    struct request r;
    int got;

    (void)o;
    while ((got = source->next(source->from, &mem, &r, err)) > 0) {
        if (to->reserve(to->to, &r, err))
            return -1;
        r.sends = 1;
        for (size_t i = 0; i < r.members; i++) {
            struct record rec = { .id = r.member[i].id };
            struct answer a = { .id = r.member[i].id,
                                .item = r.member[i].item,
                                .witness = WITNESS_QUERY,
                                .kind = ANSWER_FOUND,
                                .at = utc_now(),
                                .record = &rec,
                                .generation = GENERATION_API };

            r.member[i].came_back = returned[r.member[i].item - 1] &&
                                    !(noted_n >= out_from && noted_n < out_to);
            if (r.member[i].came_back && to->put(to->to, &r, &a, err))
                return -1;
        }
        r.done_at = utc_now();
        r.complete = true;
        r.http = 200;
        if (to->done(to->to, &r, err))
            return -1;
        assert_true(noted_n < NOTED && r.members <= BATCH_MAX);
        noted[noted_n].r = r;
        memcpy(noted[noted_n].m, r.member, r.members * sizeof *r.member);
        noted[noted_n].r.member = noted[noted_n].m;
        noted_n++;
        out->requests++;
        if (late_by)
            set_clock(utc_now() + late_by);
    }
    arena_release(&mem);
    return got;
}

static struct ask_tally pass_at(int64_t at)
{
    struct fetch_result result;
    struct ask_tally tally = { 0 };
    struct err err = {0};

    set_clock(at);
    audit.ask = (struct answerers){ .fetch = simulate };
    noted_n = 0;
    view_free(view);
    view = NULL;
    if (sink.commit(sink.to, &err) || audit_view_make(&audit, &view, &err) ||
        ask_pass(&audit, view, &tally, &result, &err))
        fail_msg("%s", err.msg);
    return tally;
}

static int box(void **state)
{
    memset(returned, 0, sizeof returned);
    out_from = out_to = 0;
    late_by = 0;
    return setup(state);
}

static int times_asked(int i, enum ask_role role)
{
    int n = 0;

    for (size_t r = 0; r < noted_n; r++)
        for (size_t k = 0; k < noted[r].r.members; k++)
            n += noted[r].m[k].item == i + 1 && noted[r].m[k].role == role;
    return n;
}

static const struct request *request_of(int i)
{
    for (size_t r = 0; r < noted_n; r++)
        for (size_t k = 0; k < noted[r].r.members; k++)
            if (noted[r].m[k].item == i + 1)
                return &noted[r].r;
    return NULL;
}

/* Round 1 on day 0: of the 120 items only 20 to 29 come back. */
static void first_round(void)
{
    for (int i = 20; i < 30; i++)
        returned[i] = true;
    pass_at(AT(0, 1));
}

static void first_asks_fill_batches_of_one_window(void **state)
{
    (void)state;
    audit.set.api_batch = 50;
    first_round();
    assert_int_equal(noted_n, 3);
    for (size_t r = 0; r < noted_n; r++) {
        assert_true(noted[r].r.members <= 50);
        assert_int_equal(noted[r].r.end_day - noted[r].r.start_day, 29);
        assert_true(noted[r].r.start_day <= MADE - 1 && noted[r].r.end_day >= MADE + 1);
        assert_int_equal(noted[r].r.round, 1);
    }
    for (int i = 0; i < ITEMS; i++)
        assert_int_equal(times_asked(i, ROLE_ASKED), 1);
    pass_at(AT(1, 1));                               // no page was read: nothing more to ask
    assert_int_equal(noted_n, 0);
}

static void items_never_asked_and_known_as_not_public_travel_apart(void **state)
{
    (void)state;
    for (int i = 0; i < 5; i++)
        page(i, AT(0, 0), SELF_ONLY);
    first_round();
    assert_int_equal(noted_n, 3);
    for (size_t r = 0; r < noted_n; r++)
        for (size_t k = 0; k < noted[r].r.members; k++)
            assert_true((noted[r].m[k].item <= 5) == (noted[r].m[0].item <= 5));
    for (int i = 0; i < 5; i++)
        assert_int_equal(times_asked(i, ROLE_ASKED), 1);
}

static void later_asks_take_retrieved_items_of_the_window_along(void **state)
{
    int canaries = 0;

    (void)state;
    audit.set.api_batch = 50;
    first_round();
    for (int i = 30; i < 119; i++)
        page(i, AT(0, 2), PUBLIC);
    page(119, AT(0, 2), SELF_ONLY);
    page(29, AT(0, 2), SELF_ONLY);    // came back once, gone since: no canary any more
    pass_at(AT(0, 3));
    assert_int_equal(noted_n, 2);                    // 89 items, at most 49 and a canary each
    for (size_t r = 0; r < noted_n; r++) {
        canaries = 0;
        assert_true(noted[r].r.members <= 50);
        for (size_t k = 0; k < noted[r].r.members; k++)
            canaries += noted[r].m[k].role == ROLE_CANARY;
        /* Sound batches lose little, as far as is known; what has room takes more, of
         * the eight that a day of creation keeps the half. */
        assert_int_equal(canaries, noted[r].r.members == 50 ? 1 : 4);
    }
    assert_int_equal(times_asked(119, ROLE_ASKED) + times_asked(29, ROLE_CANARY), 0);
    for (int i = 30; i < 119; i++) {
        assert_int_equal(times_asked(i, ROLE_ASKED), 1);
        assert_int_equal(times_asked(i, ROLE_CANARY), 0);
    }
    pass_at(AT(0, 23));                              // that day counts for them
    assert_int_equal(noted_n, 0);
    pass_at(AT(1, 0));
    assert_int_equal(noted_n, 2);
}

static void nothing_is_asked_when_all_is_confirmed(void **state)
{
    struct ask_due due;
    struct plan plan;
    struct err err = {0};
    const struct silence *silent;
    size_t n;

    (void)state;
    first_round();
    for (int day = 1; day <= 2; day++) {
        for (int i = 0; i < ITEMS; i++)
            if (!returned[i])
                page(i, AT(day, 1), PUBLIC);
        pass_at(AT(day, 2));
        assert_int_equal(noted_n, 2);
    }
    for (int i = 0; i < ITEMS; i++)
        if (!returned[i])
            page(i, AT(2, 3), PUBLIC);
    pass_at(AT(3, 1));
    assert_int_equal(noted_n, 0);
    assert_int_equal(ask_due(&audit, view, &due, &err), 0);
    assert_int_equal(ask_due_now(&due) + due.items[ASK_LATER] + due.aside.too_recent, 0);
    assert_int_equal(plan_make(&audit, &plan, &err), 0);
    assert_int_equal(plan.requests + plan.later + plan.batches, 0);
    silent = view_silences(view, &n);
    for (size_t i = 0; i < n; i++)
        assert_true(silent[i].confirmed);
}

static void item_that_its_page_dates_elsewhere_is_asked_there(void **state)
{
    const struct request *r;

    (void)state;
    page_made_at(0, AT(0, 0), (int64_t)(MADE + 31) * 86400);
    first_round();
    r = request_of(0);
    assert_non_null(r);
    assert_int_equal(r->members, 1);
    assert_true(r->start_day < MADE + 31 && r->end_day > MADE + 31);
}

static void young_items_wait_and_are_named(void **state)
{
    struct ask_due due;
    struct err err = {0};

    (void)state;
    page_made_at(0, AT(0, 0), AT(-1, 0));
    add_items(&(struct new_item){ .id = ((uint64_t)AT(-2, 0) << 32) + 13 * 256 }, 1);
    first_round();
    assert_null(request_of(0));
    assert_null(request_of(ITEMS));
    assert_int_equal(ask_due(&audit, view, &due, &err), 0);
    assert_int_equal(due.aside.too_recent, 2);
    assert_int_equal(due.aside.recent_first_at, AT(1, 0));
    assert_int_equal(due.aside.recent_last_at, AT(2, 0));
    pass_at(AT(1, 0));
    assert_non_null(request_of(ITEMS));
    assert_null(request_of(0));
}

static struct plan plan_of_now(void)
{
    struct plan plan = { 0 };
    struct err err = {0};

    if (sink.commit(sink.to, &err) || plan_make(&audit, &plan, &err))
        fail_msg("%s", err.msg);
    return plan;
}

/* Its page says that it is of yesterday, whatever its id says. */
static void plan_counts_the_young_as_the_asking_does(void **state)
{
    struct plan plan;

    (void)state;
    page_made_at(0, AT(0, 0), AT(-1, 0));
    add_items(&(struct new_item){ .id = ((uint64_t)AT(-2, 0) << 32) + 13 * 256 }, 1);
    set_clock(AT(0, 1));
    plan = plan_of_now();
    assert_int_equal(plan.too_recent, 2);
    assert_int_equal(plan.items, ITEMS - 1);
    set_clock(AT(2, 0));
    plan = plan_of_now();
    assert_int_equal(plan.too_recent, 0);
    assert_int_equal(plan.items, ITEMS + 1);
    pass_at(AT(2, 0));
    assert_int_equal(noted_n, plan.batches);
}

/* Its page, read after round 1, says that it was published the day before. */
static void item_asked_too_young_is_named_and_asked_again(void **state)
{
    struct ask_due due;
    struct err err = {0};

    (void)state;
    first_round();
    page_made_at(0, AT(0, 2), AT(-1, 0));
    page_made_at(1, AT(0, 2), AT(-1, 0));
    page(1, AT(0, 3), SELF_ONLY);
    pass_at(AT(0, 4));
    assert_int_equal(noted_n, 0);
    assert_int_equal(ask_due(&audit, view, &due, &err), 0);
    assert_int_equal(due.aside.too_recent, 2);
    assert_int_equal(plan_of_now().too_recent, 2);
    pass_at(AT(2, 0));
    assert_int_equal(times_asked(0, ROLE_ASKED), 1);
    assert_int_equal(times_asked(1, ROLE_ASKED), 1);
    assert_ptr_not_equal(request_of(0), request_of(1));
}

static void unread_item_is_asked_once_in_the_following_window(void **state)
{
    struct ask_tally tally;
    const struct request *r;

    (void)state;
    first_round();
    no_page(0, AT(0, 2), 5);
    tally = pass_at(AT(0, 3));
    assert_int_equal(tally.requests[ASK_FOLLOWING], 1);
    r = request_of(0);
    assert_non_null(r);
    assert_true(r->start_day > MADE && r->start_day <= MADE + 28);
    pass_at(AT(1, 3));
    assert_int_equal(noted_n, 0);
}

static void few_items_without_any_canary_are_asked_one_by_one(void **state)
{
    struct new_item far[3] = {{0}};
    struct ask_tally tally;

    (void)state;
    for (int i = 0; i < 3; i++)
        far[i].id = ((uint64_t)(MADE - 100) * 86400 << 32) + 13 * 256 + ((uint64_t)i << 12);
    add_items(far, 3);
    first_round();
    for (int i = 0; i < 3; i++) {
        struct record rec = { .id = far[i].id };
        struct request r = { .witness = WITNESS_PAGE,
                             .loaded = true,
                             .complete = true,
                             .reserved_at = AT(0, 2),
                             .sent_at = AT(0, 2),
                             .done_at = AT(0, 2) };
        struct answer a = { .id = far[i].id,
                            .item = ITEMS + 1 + i,
                            .witness = WITNESS_PAGE,
                            .kind = ANSWER_PUBLIC,
                            .at = AT(0, 2),
                            .record = &rec };
        struct err err = {0};

        assert_int_equal(sink.reserve(sink.to, &r, &err) || sink.put(sink.to, &r, &a, &err) ||
                         sink.done(sink.to, &r, &err), 0);
    }
    tally = pass_at(AT(0, 3));
    assert_int_equal(tally.requests[ASK_LATER], 3);
    assert_int_equal(tally.requests[ASK_CANARIES], 1);          // of another window, to stand in
    assert_int_equal(noted_n, 4);
    for (int i = 0; i < 3; i++)
        assert_int_equal(request_of(ITEMS + i)->members, 1);
    for (size_t k = 0; k < noted[0].r.members; k++) {     // before what it is to stand in for
        assert_int_equal(noted[0].m[k].role, ROLE_CANARY);
        assert_true(returned[noted[0].m[k].item - 1]);
    }
}

/* Loaded replies say that 0 was asked on day 2 already, and that 1 came back. */
static void open_round_1_is_seen_without_a_view(void **state)
{
    struct err err = {0};
    bool due = false;

    (void)state;
    set_clock(AT(0, 1));
    assert_int_equal(ask_first_due(&audit, &due, &err), 0);
    assert_true(due);
    pass_at(AT(0, 1));
    assert_int_equal(ask_first_due(&audit, &due, &err), 0);
    assert_false(due);
}

static void loaded_replies_spare_an_ask(void **state)
{
    (void)state;
    first_round();
    page(0, AT(0, 2), PUBLIC);
    page(1, AT(0, 2), PUBLIC);
    ask(AT(2, 1), "0 c20+ c21+");
    ask(AT(2, 1), "1+");
    page(0, AT(2, 2), PUBLIC);
    pass_at(AT(2, 3));
    assert_int_equal(noted_n, 0);
    pass_at(AT(3, 1));
    assert_int_equal(noted_n, 1);
    assert_int_equal(times_asked(0, ROLE_ASKED), 1);
}

static void without_any_retrieved_item_each_day_asks_once(void **state)
{
    struct outlook o;
    struct err err = {0};

    (void)state;
    pass_at(AT(0, 1));
    for (int i = 0; i < ITEMS; i++)
        page(i, AT(0, 2), PUBLIC);
    pass_at(AT(0, 3));
    assert_int_equal(noted_n, 0);    // asked today already, and no canary could make it count
    pass_at(AT(1, 1));
    assert_int_equal(noted_n, 2);
    pass_at(AT(1, 2));
    assert_int_equal(noted_n, 0);
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_true(o.no_canary);
    assert_false(o.finished);
    assert_int_equal(o.next_at, AT(2, 0));
}

/* ---- an API that answers nothing ---- */

/* Items of forty older windows, four each, numbered after the box's own. */
static uint64_t far_id(int w, int k)
{
    return ((uint64_t)(MADE - 100 - 30 * (FAR_WINDOWS - 1 - w)) * 86400 << 32) + 13 * 256 +
           ((uint64_t)k << 12);
}

static int far_item(int w, int k)
{
    return ITEMS + 1 + w * FAR_EACH + k;
}

static void far_items(void)
{
    struct new_item it[FAR_WINDOWS * FAR_EACH] = {{0}};

    for (int w = 0; w < FAR_WINDOWS; w++)
        for (int k = 0; k < FAR_EACH; k++)
            it[w * FAR_EACH + k].id = far_id(w, k);
    add_items(it, FAR_WINDOWS * FAR_EACH);
    audit.set.api_batch = FAR_EACH;
}

static void far_page(int w, int k, int64_t at, int code)
{
    struct record rec = { .id = far_id(w, k) };
    struct request r = { .witness = WITNESS_PAGE,
                         .loaded = true,
                         .complete = true,
                         .http = 200,
                         .reserved_at = at,
                         .sent_at = at,
                         .done_at = at };
    struct answer a = { .id = rec.id,
                        .item = far_item(w, k),
                        .witness = WITNESS_PAGE,
                        .at = at,
                        .has_code = true,
                        .code = code,
                        .kind = code ? ANSWER_REFUSED : ANSWER_PUBLIC,
                        .record = code ? NULL : &rec };
    struct err err = {0};

    assert_int_equal(sink.reserve(sink.to, &r, &err) || sink.put(sink.to, &r, &a, &err) ||
                         sink.done(sink.to, &r, &err),
                     0);
}

static int pass_that_may_end(int64_t at, struct ask_tally *tally, struct err *err)
{
    struct fetch_result result;

    set_clock(at);
    audit.ask = (struct answerers){ .fetch = simulate };
    noted_n = 0;
    view_free(view);
    view = NULL;
    if (sink.commit(sink.to, err) || audit_view_make(&audit, &view, err))
        fail_msg("%s", err->msg);
    return ask_pass(&audit, view, tally, &result, err);
}

static void reload(void)
{
    struct err err = {0};

    view_free(view);
    view = NULL;
    if (sink.commit(sink.to, &err) || audit_view_make(&audit, &view, &err))
        fail_msg("%s", err.msg);
}

static void outage_ends_the_asking_and_counts_for_nothing(void **state)
{
    struct ask_tally tally;
    struct ask_due due;
    struct err err = {0};
    size_t lost;

    (void)state;
    far_items();
    memset(returned, true, sizeof returned);
    returned[far_item(21, 0) - 1] = false;           // not public
    returned[far_item(21, 1) - 1] = false;           // public, and missing
    out_from = 20;
    out_to = NOTED;
    assert_int_equal(pass_that_may_end(AT(0, 1), &tally, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(err.retry_at, AT(0, 2));
    assert_int_equal(tally.requests[ASK_FIRST], 23);    // three windows raise the suspicion,
    assert_int_equal(tally.requests[ASK_CANARIES], 4);  // canaries of four others prove it
    assert_int_equal(noted_n, 27);
    for (size_t i = 23; i < noted_n; i++)
        assert_int_equal(noted[i].m[0].role, ROLE_CANARY);
    far_page(21, 0, AT(0, 1) + 60, SELF_ONLY);
    far_page(21, 1, AT(0, 1) + 60, PUBLIC);
    reload();
    assert_int_equal(view_outages(view)->n, 1);
    assert_int_equal(view_outages(view)->v[0].requests, 7);
    canaries_lost(view_canaries(view), &lost);
    assert_int_equal(lost, 0);                       // no page of a canary need be read for it
    assert_int_equal(ask_due(&audit, view, &due, &err), 0);
    assert_int_equal(due.items[ASK_FIRST] - due.aside.apart,
                     ITEMS + (FAR_WINDOWS - 20) * FAR_EACH - 2);
    assert_int_equal(due.aside.apart, 1);
    assert_int_equal(due.items[ASK_LATER], 1);
    for (int k = 0; k < 2; k++) {
        assert_int_equal(view_find(view, far_item(21, k))->asked, 0);
        assert_int_equal(view_find(view, far_item(21, k))->absent->days, 0);
        assert_false(view_find(view, far_item(21, k))->confirmed);
    }
    out_from = 0;                                    // it goes on: one request, and the run ends
    err_clear(&err);
    assert_int_equal(pass_that_may_end(AT(0, 3), &tally, &err), -1);
    assert_int_equal(err.kind, ERR_AGAIN);
    assert_int_equal(noted_n, 1);
    assert_int_equal(noted[0].m[0].role, ROLE_CANARY);
    out_to = 0;    // it is over: a canary first, then all that is due
    err_clear(&err);
    assert_int_equal(pass_that_may_end(AT(1, 1), &tally, &err), 0);
    assert_int_equal(noted[0].r.members, 1);
    assert_int_equal(noted[0].m[0].role, ROLE_CANARY);
    reload();
    assert_int_equal(view_outages(view)->n, 1);
    assert_int_equal(view_outages(view)->v[0].requests, 8);
    assert_null(outages_open(view_outages(view)));
    assert_int_equal(view_found(view), ITEMS + FAR_WINDOWS * FAR_EACH - 2);
    assert_int_equal(view_recovered(view), 0);             // they were never lost
    assert_int_equal(view_recovered(view), 0);
    assert_true(view_find(view, far_item(21, 0))->confirmed);
    assert_int_equal(view_find(view, far_item(21, 1))->absent->days, 1);
}

/* Windows where nothing is returned, one behind the other, are no outage. */
static void windows_that_are_empty_by_themselves_only_cost_probes(void **state)
{
    struct ask_tally tally;
    struct err err = {0};

    (void)state;
    far_items();
    memset(returned, true, sizeof returned);
    for (int w = 15; w < 35; w++)
        for (int k = 0; k < FAR_EACH; k++)
            returned[far_item(w, k) - 1] = false;
    assert_int_equal(pass_that_may_end(AT(0, 1), &tally, &err), 0);
    assert_int_equal(tally.requests[ASK_FIRST], FAR_WINDOWS + ITEMS / FAR_EACH);
    assert_in_range(tally.requests[ASK_CANARIES], 1, 5);
    reload();
    assert_int_equal(view_outages(view)->n, 0);
}

static void audit_whose_items_are_all_missing_is_no_outage(void **state)
{
    struct ask_tally tally;
    struct err err = {0};

    (void)state;
    far_items();
    assert_int_equal(pass_that_may_end(AT(0, 1), &tally, &err), 0);
    assert_int_equal(tally.requests[ASK_FIRST], FAR_WINDOWS + ITEMS / FAR_EACH);
    assert_int_equal(tally.requests[ASK_CANARIES], 0);
    reload();
    assert_int_equal(view_outages(view)->n, 0);
}

/* ---- the day ---- */

/* Of two later batches the one that decides more goes first: thirty items that
 * need one more day before forty that need two. */
static void items_one_day_short_go_first(void **state)
{
    (void)state;
    audit.set.api_batch = 50;
    first_round();
    for (int i = 30; i < 70; i++)
        page_made_at(i, AT(0, 2), (int64_t)(MADE - 60) * 86400);     // another window
    for (int i = 70; i < 100; i++)
        page(i, AT(0, 2), PUBLIC);
    for (int i = 100; i < 120; i++)
        page(i, AT(0, 2), SELF_ONLY);
    for (int i = 0; i < 20; i++)
        page(i, AT(0, 2), SELF_ONLY);
    for (int i = 70; i < 100; i++) {
        char who[40];

        snprintf(who, sizeof who, "%d c20+ c21+", i);
        ask(AT(1, 1), who);
    }
    pass_at(AT(2, 1));
    assert_int_equal(noted_n, 2);    // the canary of the first stands in for the second
    assert_ptr_equal(request_of(70), &noted[0].r);
    assert_ptr_equal(request_of(30), &noted[1].r);
}

/* A pass that begins before midnight and ends after it: on both days canaries
 * are sent before what they are to stand in for. */
static void asks_without_canaries_have_one_on_each_side_of_midnight(void **state)
{
    int days[2] = {0};

    (void)state;
    far_items();
    for (int i = 0; i < ITEMS; i++)
        returned[i] = true;
    pass_at(AT(0, 1));
    for (int w = 0; w < FAR_WINDOWS; w++)
        far_page(w, 0, AT(0, 2), PUBLIC);
    late_by = 60;
    pass_at(AT(1, 23) + 3600 - 20 * 60);    // twenty requests before midnight, twenty after
    late_by = 0;
    for (size_t r = 0; r < noted_n; r++) {
        int64_t day = utc_day(noted[r].r.done_at) - DAY0 - 1;

        assert_in_range(day, 0, 1);
        assert_int_equal(noted[r].r.round, 2);       // also of canaries that go before all else
        if (days[day]++ == 0)
            assert_int_equal(noted[r].m[0].role, ROLE_CANARY);
    }
    assert_true(days[0] > 10 && days[1] > 10);
    reload();
    for (int w = 0; w < FAR_WINDOWS; w++) {
        const struct silence *s = view_find(view, far_item(w, 0));
        const struct request *r = request_of(far_item(w, 0) - 1);

        assert_non_null(r);
        assert_int_equal(s->absent->pending.days, 1);    // counted, on the day of its own answer
        assert_true(silence_counts_on(s, utc_day(r->done_at)));
    }
}

/* The clock goes back a day: what was asked tomorrow counts once, nothing is
 * asked again for it, and nothing waits for ever. */
static void clock_that_goes_back_counts_no_day_twice(void **state)
{
    struct outlook o;
    struct err err = {0};

    (void)state;
    audit.set.api_batch = 50;
    first_round();
    for (int i = 30; i < ITEMS; i++)
        page(i, AT(0, 2), PUBLIC);
    pass_at(AT(2, 1));
    assert_true(noted_n > 0);
    pass_at(AT(1, 1));                               // back
    assert_true(noted_n > 0);
    pass_at(AT(1, 2));
    assert_int_equal(noted_n, 0);
    pass_at(AT(2, 3));                               // and forward: that day is there already
    assert_int_equal(noted_n, 0);
    reload();
    assert_int_equal(view_find(view, 31)->absent->pending.days, 2);
    set_clock(AT(1, 3));
    assert_int_equal(outlook_make(&audit, &o, &err), 0);
    assert_false(o.finished);
    assert_true(o.next_at >= AT(1, 3) && o.next_at <= AT(3, 0));
}

#define T(f) cmocka_unit_test_setup_teardown(f, box, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        T(first_asks_fill_batches_of_one_window),
        T(items_never_asked_and_known_as_not_public_travel_apart),
        T(later_asks_take_retrieved_items_of_the_window_along),
        T(nothing_is_asked_when_all_is_confirmed),
        T(item_that_its_page_dates_elsewhere_is_asked_there),
        T(young_items_wait_and_are_named),
        T(plan_counts_the_young_as_the_asking_does),
        T(item_asked_too_young_is_named_and_asked_again),
        T(unread_item_is_asked_once_in_the_following_window),
        T(open_round_1_is_seen_without_a_view),
        T(loaded_replies_spare_an_ask),
        T(few_items_without_any_canary_are_asked_one_by_one),
        T(without_any_retrieved_item_each_day_asks_once),
        T(outage_ends_the_asking_and_counts_for_nothing),
        T(windows_that_are_empty_by_themselves_only_cost_probes),
        T(audit_whose_items_are_all_missing_is_no_outage),
        T(items_one_day_short_go_first),
        T(asks_without_canaries_have_one_on_each_side_of_midnight),
        T(clock_that_goes_back_counts_no_day_twice),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
