/* audit/plan.c: counts with the packer that fetch asks with. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/ask.h"
#include "audit/plan.h"
#include "audit/read.h"
#include "base/file.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "record/id.h"

/* arXiv:2506.09746v2: of some 260,000 items 70,239 did not come back at first,
 * and 62.7 % of these were public. */
#define PUBLISHED_MISSING 0.27
#define PUBLISHED_PUBLIC 0.627

struct counter { struct packer packer; struct window last; struct plan *plan; };

static void count_batch(struct counter *c, const struct batch *b)
{
    c->plan->batches++;
    if (b->window.start_day != c->last.start_day)
        c->plan->windows++;
    c->last = b->window;
}

static int count_first(struct audit *audit, struct plan *plan, struct err *err)
{
    struct counter c = { .plan = plan, .last = { -1, -1 } };
    struct item_cursor *cursor = NULL;
    struct item_row row;
    struct batch full;
    int64_t now = utc_now();
    int got;

    packer_init(&c.packer, audit->set.api_batch);
    if (store_items(audit->store, ITEMS_NEVER_ASKED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        struct pack_item item = { row.id, row.n, utc_day(id_time(row.id)) };

        if (now < due_by_age(id_time(row.id), &audit->set)) {
            plan->too_recent++;
            continue;
        }
        plan->items++;
        if (packer_add(&c.packer, &item, &full))
            count_batch(&c, &full);
    }
    item_cursor_close(cursor);
    if (packer_finish(&c.packer, &full))
        count_batch(&c, &full);
    return got;
}

static int64_t sample_of(const struct settings *set, double retrieved)
{
    uint64_t n = 0;

    if (!strcmp(set->page_retrieved_sample, "all"))
        return (int64_t)retrieved;
    str_u64(str_of(set->page_retrieved_sample), &n);
    return (double)n < retrieved ? (int64_t)n : (int64_t)retrieved;
}

static int64_t requests_for(const struct settings *set, double items)
{
    double room = (double)(set->api_batch - (set->api_canaries < set->api_batch / 2 ? set->api_canaries
                                                                                    : set->api_batch / 2));

    return (int64_t)ceil(items / (room < 1 ? 1 : room));
}

static void estimate(const struct audit *audit, const struct view *view, const struct read_due *reads,
                     const struct ask_due *asks, struct plan *plan)
{
    const struct settings *set = &audit->set;
    double seen = (double)(view->found + (int64_t)view->n);
    double silent = seen > 0 ? (double)view->n / seen : PUBLISHED_MISSING;
    double settled = (double)(view->recovered + view->public_missing);
    double is_public = settled > 0 ? settled / ((double)view->n + (double)view->recovered) : PUBLISHED_PUBLIC;
    double new_silent = silent * (double)plan->items, waiting = 0;
    struct late_due late;

    late_due(&view->late, set, utc_now(), &late);
    plan->estimated = seen <= 0;
    for (size_t i = 0; i < view->n; i++) {
        const struct silence *s = &view->v[i];

        if (s->standing == STANDING_PUBLIC && !s->confirmed && s->tries < set->page_attempts)
            waiting += s->absent->hopeful.days < set->api_confirm_days
                ? (double)(set->api_confirm_days - s->absent->hopeful.days) : 0;
        else if (s->standing == STANDING_UNREAD && s->tries < set->page_attempts)
            waiting += is_public * (double)set->api_confirm_days;
    }
    plan->requests = plan->batches + requests_for(set, (double)asks->later) + requests_for(set, (double)asks->following) +
                     requests_for(set, (double)late.asks);
    plan->later = requests_for(set, waiting - (double)asks->later > 0 ? waiting - (double)asks->later : 0) +
                  (int64_t)set->api_confirm_days * requests_for(set, new_silent * is_public);
    /* Every silent item once, the public ones again at the end, and the sample;
     * of a late check the missing half, which mostly stays away. */
    plan->pages = reads->pages + reads->rechecks + reads->sample + reads->canaries + reads->late + late.asks / 2 +
                  (int64_t)(new_silent * (1 + (set->page_recheck ? is_public : 0)) + 0.5) +
                  (view->found ? 0 : sample_of(set, (1 - silent) * (double)plan->items));
    plan->hours = (double)plan->pages / set->page_requests_per_second / 3600;
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
    if (audit->key && file_exists(path)) {
        rc = ledger_open(&ledger, path, err);
        if (rc == 0)
            rc = ledger_used(ledger, &audit->client, utc_day(utc_now()), &plan->used_today, &spent, err);
        if (rc == 0 && spent)
            plan->used_today = plan->daily;
        ledger_close(ledger);
    }
    free(path);
    return rc;
}

static void count_days(const struct settings *set, struct plan *plan)
{
    int64_t left = plan->daily - (plan->used_today > 0 ? plan->used_today : 0);
    int64_t all = plan->requests + plan->later, days = 0;

    if (all > 0 && plan->daily > 0) {
        days = all <= left ? 1 : 1 + (all - (left > 0 ? left : 0) + plan->daily - 1) / plan->daily;
        if (plan->later > 0 && days < set->api_confirm_days)
            days = set->api_confirm_days;
    }
    plan->days = days;
}

int plan_make(struct audit *audit, struct plan *plan, struct err *err)
{
    struct store_totals totals;
    struct read_due reads;
    struct ask_due asks;
    struct view view;
    int rc = -1;

    memset(plan, 0, sizeof *plan);
    if (store_totals(audit->store, &totals, err) || view_load(audit, &view, err))
        return -1;
    plan->links = totals.links_open;
    if (count_first(audit, plan, err) || ask_due(audit, &view, &asks, err) || read_due(audit, &view, &reads, err) ||
        count_quota(audit, plan, err))
        goto out;
    estimate(audit, &view, &reads, &asks, plan);
    count_days(&audit->set, plan);
    rc = 0;
out:
    view_release(&view);
    return rc;
}
