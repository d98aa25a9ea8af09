/* audit/turn/plan.c: counts with the packer that fetch asks with. */
#include "audit/turn/plan.h"
#include <stdlib.h>
#include <string.h>
#include "audit/phases.h"
#include "audit/turn/ask.h"
#include "audit/turn/round_1.h"
#include "audit/turn/witness.h"
#include "audit/verdict/standing.h"
#include "base/file.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "record/id.h"
#include "store/expect.h"

struct counting {
    struct packer packer;
    struct window last;
    struct plan *plan;
    struct pile later;          // their page says another day than their id
};

static void count_batch(struct counting *c, const struct batch *b)
{
    c->plan->batches++;
    if (b->window.start_day != c->last.start_day)
        c->plan->windows++;
    c->last = b->window;
}

/* As they are asked: in the order of their ids, and what is of another day behind all. */
static void count_item(struct counting *c, const struct item_row *row, int64_t day)
{
    const struct pack_item item = { row->id, row->n, day };
    struct batch full;

    if (day != utc_day(id_time(row->id))) {
        pile_push(&c->later, item);
    } else if (packer_add(&c->packer, &item, &full)) {
        count_batch(c, &full);
    }
}

static void count_rest(struct counting *c)
{
    struct batch full;

    if (packer_finish(&c->packer, &full))
        count_batch(c, &full);
    pile_sort(&c->later);
    while (pile_pack(&c->later, &c->packer, &full))
        count_batch(c, &full);
    pile_release(&c->later);
}

static enum sight sight_of(const struct item_row *row)
{
    if (row->page == ANSWER_REFUSED && row->refused_last_at > row->public_last_at)
        return SIGHT_GONE;
    if (row->page == ANSWER_PUBLIC || row->oembed == ANSWER_PUBLIC)
        return SIGHT_PUBLIC;
    return row->oembed == ANSWER_REFUSED ? SIGHT_GONE : SIGHT_NONE;
}

static int count_first(struct audit *audit, struct plan *plan, struct to_come *of,
                       struct account_pages_count *accounts, struct err *err)
{
    struct counting c = { .plan = plan, .last = { -1, -1 } };
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int64_t now = utc_now();
    int got;

    packer_init(&c.packer, audit->set.api_batch);
    if (store_items(audit->store, ITEMS_NEVER_ASKED, 0, &cursor, err))
        return -1;
    item_cursor_goes_on(cursor);
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        int64_t day = utc_day(item_created(&row));

        account_pages_take(accounts, &row);
        if (now < due_by_age(item_born(&row), &audit->set))
            continue;
        plan->items++;
        of->blind += sight_of(&row) == SIGHT_NONE && row.oembed_tries < audit->set.page_attempts;
        of->blind_to_embed += sight_of(&row) == SIGHT_NONE &&
                              row.embed_tries < audit->set.page_attempts;
        forecast_first(&of->f, row.id, day, sight_of(&row));
        count_item(&c, &row, day);
    }
    item_cursor_close(cursor);
    count_rest(&c);
    return got;
}

static int count_quota(struct audit *audit, struct plan *plan, struct err *err)
{
    char *path = audit_ledger_path(&audit->set);
    struct ledger *ledger = NULL;
    bool spent = false;
    int rc = 0;

    plan->daily = audit->set.api_daily_requests;
    plan->used_today = -1;
    audit_secrets_try(audit);
    if (audit->key && ledger_is_made(path)) {
        rc = ledger_open(&ledger, path, err);
        if (rc == 0)
            rc = ledger_used(ledger, &audit->client, utc_day(utc_now()), &plan->used_today, &spent,
                             err);
        if (rc == 0 && spent)
            plan->used_today = plan->daily;
        ledger_close(ledger);
    }
    free(path);
    return rc;
}

const struct way *plan_way(const struct plan *plan)
{
    int set = 0;

    for (int i = 0; i < WAYS; i++)
        set = plan->way[i].set ? i : set;
    return &plan->way[set];
}

const char *plan_rests_on(const struct plan *plan)
{
    return plan->estimated
               ? "Ranges rest on published studies: 4 to 37 % of the items public and not returned "
                 "at first, 4 to 27 % gone."
               : "Ranges rest on the answers so far: 95 % intervals of the shares silent, public "
                 "and come back.";
}

static void conclude(struct plan *plan, const struct to_come *of, const struct ask_due *asks)
{
    const struct way *w = plan_way(plan);
    int64_t due = forecast_due(&of->f), to_come = w->phase[PHASE_CONFIRMING].calls.mid;

    plan->requests = w->phase[PHASE_ROUND_1].calls.mid + due +
                     cost_up(asks->items[ASK_FOLLOWING], of->set->api_batch) +
                     cost_up(asks->items[ASK_LATE], of->set->api_batch);
    plan->later = to_come > due ? to_come - due : 0;
    plan->days = w->days.mid;
    plan->pages = w->phase[PHASE_PAGES].calls.mid;
    plan->hours = ways_hours(of->set, plan->pages);
}

static int make(struct audit *audit, const struct view *view, struct plan *plan, struct err *err)
{
    struct to_come of = { .set = &audit->set, .view = view };
    struct account_pages_count *accounts = NULL;
    struct read_due reads;
    struct ask_due asks;
    size_t silent;
    int rc = -1;

    memset(plan, 0, sizeof *plan);
    forecast_init(&of.f, &audit->set, view);
    plan->estimated = view_touched(view) <= 0;
    (void)view_silences(view, &silent);
    if (account_pages_count(&accounts, audit, err) ||
        count_first(audit, plan, &of, accounts, err) || ask_due(audit, view, &asks, err) ||
        read_due(audit, view, &reads, err) || count_quota(audit, plan, err) ||
        phases_read(audit, &plan->kept, err) || round_1_closed(audit, &of.closed, err) ||
        witness_left(audit, &of.to_witness, err) ||
        account_pages_due(accounts, silent > 0, &of.accounts, err))
        goto out;
    plan->too_recent = asks.aside.too_recent;
    plan->links = reads.links + reads.links_waiting;
    memcpy(plan->done, plan->kept.done, sizeof plan->done);
    memcpy(of.done, plan->done, sizeof of.done);
    of.batches = plan->batches;
    of.too_recent = plan->too_recent;
    of.daily = plan->daily;
    ways_make(&of, &reads, plan->used_today > 0 ? plan->used_today : 0, plan->way);
    conclude(plan, &of, &asks);
    rc = 0;
out:
    account_pages_count_free(accounts);
    forecast_release(&of.f);
    return rc;
}

int plan_make(struct audit *audit, struct plan *plan, struct err *err)
{
    const struct view *view;
    int rc;

    if (audit_view_hold(audit, &view, err))
        return -1;
    rc = make(audit, view, plan, err);
    audit_view_let(audit, view);
    return rc;
}

/* ---- plans that are kept ---- */

/* It goes through the same items several times. */
static int make_at_once(struct audit *audit, const struct view *view, struct plan *plan,
                        struct err *err)
{
    int rc;

    store_keep_answers(audit->store, true);
    rc = store_expect_plan(audit->store, str_of(audit->set.page_vantage), err);
    if (rc == 0)
        rc = view ? make(audit, view, plan, err) : plan_make(audit, plan, err);
    store_keep_answers(audit->store, false);
    return rc;
}

/* view: NULL where none is at hand. */
static int keep(struct audit *audit, const struct view *view, enum meta key, struct err *err)
{
    struct plan_kept kept = { .known = true };
    struct buf text = {0};
    struct plan plan;
    int rc;

    if (make_at_once(audit, view, &plan, err))
        return -1;
    kept.items = plan.items;
    for (int p = 0; p < PHASE_COUNT; p++) {
        const struct phase_plan *rest = &plan_way(&plan)->phase[p];
        const struct phase_done *done = &plan.done[p];

        kept.phase[p] = (struct phase_plan){
            .calls = { done->calls + rest->calls.low, done->calls + rest->calls.mid,
                       done->calls + rest->calls.high },
            /* The day on which a phase goes on may be one on which it was at work. */
            .days = { done->days > rest->days.low ? done->days : rest->days.low,
                      done->days + rest->days.mid, done->days + rest->days.high },
        };
    }
    plan_kept_print(&kept, &text);
    rc = store_meta_set(audit->store, key, buf_view(&text), err);
    buf_release(&text);
    return rc;
}

int plan_keep_before(struct audit *audit, struct err *err)
{
    struct phase_done done[PHASE_COUNT];

    if (store_phases(audit->store, done, err))
        return -1;
    for (int p = 0; p < PHASE_COUNT; p++)
        if (done[p].calls && p != PHASE_ACCOUNT_PAGES)    // what a sample's creators list may come
            return 0;                                     // before; of an audit they come last
    return keep(audit, NULL, META_PLAN_BEFORE, err);
}

int plan_keep_after(struct audit *audit, const struct view *view, struct err *err)
{
    return keep(audit, view, META_PLAN_AFTER_ROUND_1, err);
}
