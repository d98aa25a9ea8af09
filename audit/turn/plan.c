/* audit/turn/plan.c: counts with the packer that fetch asks with. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/turn/ask.h"
#include "audit/turn/forecast.h"
#include "audit/turn/plan.h"
#include "audit/phases.h"
#include "audit/verdict/standing.h"
#include "audit/turn/read.h"
#include "audit/turn/witness.h"
#include "base/array.h"
#include "base/file.h"
#include "base/utc.h"
#include "fetch/batch.h"
#include "fetch/validate.h"
#include "record/id.h"

/* A task of the validity check: created, looked at until it is ready, and
 * downloaded (fetch/validate.c); ready at once, after some minutes, or never. */
#define TASK_LOW 3
#define TASK_MID 7
#define TASK_HIGH 14
#define CALLS_AN_ACCOUNT 2
/* arXiv:2506.09746v2: of some 260,000 items 163 accounts had five or more, of which none came back.
 */
#define PUBLISHED_ITEMS 260000.0
#define PUBLISHED_ACCOUNTS 163.0

struct counter {
    struct packer packer;
    struct window last;
    struct plan *plan;
    struct pack_item *later; size_t later_n, later_cap;     // their page says another day than their id
};

static void count_batch(struct counter *c, const struct batch *b)
{
    c->plan->batches++;
    if (b->window.start_day != c->last.start_day)
        c->plan->windows++;
    c->last = b->window;
}

/* As they are asked: in the order of their ids, and what is of another day behind all. */
static void count_item(struct counter *c, const struct item_row *row, int64_t day)
{
    const struct pack_item item = { row->id, row->n, day };
    struct batch full;

    if (day != utc_day(id_time(row->id))) {
        ARRAY_ROOM(c->later, c->later_n, c->later_cap);
        c->later[c->later_n++] = item;
    } else if (packer_add(&c->packer, &item, &full)) {
        count_batch(c, &full);
    }
}

static void count_rest(struct counter *c)
{
    struct batch full;

    if (packer_finish(&c->packer, &full))
        count_batch(c, &full);
    if (c->later_n)
        qsort(c->later, c->later_n, sizeof *c->later, pack_item_cmp);
    for (size_t i = 0; i < c->later_n; i++)
        if (packer_add(&c->packer, &c->later[i], &full))
            count_batch(c, &full);
    if (packer_finish(&c->packer, &full))
        count_batch(c, &full);
    free(c->later);
}

static enum sight sight_of(const struct item_row *row)
{
    if (row->page == ANSWER_REFUSED && row->refused_last_at > row->public_last_at)
        return SIGHT_GONE;
    if (row->page == ANSWER_PUBLIC || row->oembed == ANSWER_PUBLIC)
        return SIGHT_PUBLIC;
    return row->oembed == ANSWER_REFUSED ? SIGHT_GONE : SIGHT_NONE;
}

static int count_first(struct audit *audit, struct plan *plan, struct forecast *f, int64_t *blind,
                       struct err *err)
{
    struct counter c = { .plan = plan, .last = { -1, -1 } };
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int64_t now = utc_now();
    int got;

    *blind = 0;
    packer_init(&c.packer, audit->set.api_batch);
    if (store_items(audit->store, ITEMS_NEVER_ASKED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0) {
        int64_t day = utc_day(item_created(&row));

        if (now < due_by_age(item_born(&row), &audit->set))
            continue;
        plan->items++;
        *blind += sight_of(&row) == SIGHT_NONE && row.oembed_tries < audit->set.page_attempts;
        forecast_first(f, row.id, day, sight_of(&row));
        count_item(&c, &row, day);
    }
    item_cursor_close(cursor);
    count_rest(&c);
    return got;
}

static int64_t sample_of(const struct settings *set, int64_t retrieved)
{
    uint64_t n = 0;

    if (!strcmp(set->page_retrieved_sample, "all"))
        return retrieved;
    str_u64(str_of(set->page_retrieved_sample), &n);
    return n < (uint64_t)retrieved ? (int64_t)n : retrieved;
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
            rc = ledger_used(ledger, &audit->client, utc_day(utc_now()), &plan->used_today, &spent,
                             err);
        if (rc == 0 && spent)
            plan->used_today = plan->daily;
        ledger_close(ledger);
    }
    free(path);
    return rc;
}

/* ---- phase by phase ---- */

static int64_t least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

static int64_t up(int64_t n, int64_t by)
{
    return by > 0 ? (n + by - 1) / by : 0;
}

struct late_rest { struct late_due due; int64_t checks; };      // of those that are due or to come
struct maker {
    struct plan *plan;
    const struct settings *set;
    const struct view *view;
    const struct read_due *reads;
    struct forecast f;
    struct late_rest late;
    int64_t blind;              // items not yet asked of which nothing is known
    int64_t witness_left;
    bool closed;                // round 1
};

static int64_t *case_of(struct span *s, enum odds c)
{
    return c == ODDS_LOW ? &s->low : c == ODDS_MID ? &s->mid : &s->high;
}

/* Missing items of the late checks' sample; as many retrieved ones are in it. */
static int64_t late_sample(const struct maker *m, enum odds c)
{
    int64_t missing = m->f.confirmed + forecast_staying(&m->f, c);

    int64_t drawn = (int64_t)view_late(m->view)->n;

    return drawn ? drawn / 2 : least(m->set->api_late_check, missing);
}

/* A check is missed where the audit is not run then; what was absent in bad
 * company is asked again. */
static int64_t late_of(const struct maker *m, enum odds c)
{
    int64_t items = 2 * late_sample(m, c), tight = forecast_packed(&m->f, items), spread;

    if (items == 0 || m->late.checks == 0)
        return 0;
    spread = least(items, forecast_windows(&m->f));
    if (c == ODDS_LOW)
        return tight;
    return m->late.checks * (c == ODDS_HIGH   ? 2 * (tight + spread)
                             : tight > spread ? tight
                                              : spread);
}

static int64_t late_pages(const struct maker *m, enum odds c)
{
    return c == ODDS_LOW ? 0 : m->late.checks * late_sample(m, c) * (c == ODDS_HIGH ? 2 : 1);
}

static void count_late(struct maker *m)
{
    const struct late *late = view_late(m->view);
    int64_t today = utc_day(utc_now()), from = late->n ? utc_day(late->drawn_at) : today;

    late_due(late, m->set, utc_now(), &m->late.due);
    for (int i = 0; i < LATE_CHECKS && m->set->api_late_check; i++)
        m->late.checks += today < from + late_days[i];
    m->late.checks += m->late.due.asks > 0;
}

/* Each silent item once, again in the end what is public and stays away, and the sample. */
static int64_t pages_of(const struct maker *m, enum odds c)
{
    int64_t silent = forecast_silent(&m->f, c),
            again = m->set->page_recheck ? forecast_staying(&m->f, c) : 0;
    int64_t sample = m->closed ? m->reads->sample
                               : sample_of(m->set, view_found(m->view) + m->f.first - silent);

    return m->reads->pages + m->reads->canaries + m->reads->late + m->reads->elsewhere +
           late_pages(m, c) + sample + silent + again * (c == ODDS_HIGH ? 2 : 1);
}

static int64_t gone_of(const struct maker *m, enum odds c)
{
    return forecast_silent(&m->f, c) + m->f.unread + m->f.open - forecast_open(&m->f, c);
}

/* Where a refusal is ambiguous: those that are known, and as many as none, half
 * or all of those that will turn out to be refused. */
static int64_t oembed_of(const struct maker *m, enum odds c, bool first)
{
    int64_t known = strcmp(m->set->page_oembed, "never") ? m->f.ambiguous : 0, most = 0;

    if (first)
        return m->blind + known;
    if (c == ODDS_LOW || !strcmp(m->set->page_oembed, "never"))
        return known;
    for (int k = 0; k < ODDS_COUNT && c == ODDS_HIGH; k++)
        most = gone_of(m, (enum odds)k) > most ? gone_of(m, (enum odds)k) : most;
    return known + (c == ODDS_MID ? gone_of(m, c) / 2 : most);
}

static int64_t spots_of(const struct maker *m, enum odds c, int64_t queries)
{
    int64_t public = m->f.confirmed + forecast_staying(&m->f, c);
    int64_t asked = view_spot_sum(m->view).asked;
    int64_t most = least(least(m->set->api_spot_check, (view_requests(m->view) + queries) / 10), public);

    return most > asked ? most - asked : 0;
}

/* As many as the windows allow: none where none holds enough of what is gone or never returned. */
static int64_t forensic_of(const struct maker *m, enum odds c, int64_t queries)
{
    int64_t most = least(m->set->api_forensic, (view_requests(m->view) + queries) / 50);
    int64_t left = most - m->plan->done[PHASE_FORENSIC].calls;

    return c == ODDS_LOW || left < 0 ? 0 : left;
}

static int64_t validation_of(const struct maker *m, enum odds c)
{
    int64_t silent = view_touched(m->view) - view_found(m->view) + forecast_silent(&m->f, c);
    int64_t ids = silent + sample_of(m->set, view_found(m->view) + m->f.first);

    if (!m->set->api_validation)
        return 0;
    if (m->plan->done[PHASE_VALIDATION].calls)
        ids = m->witness_left;
    return up(ids, VALIDATE_MAX) * (c == ODDS_LOW   ? TASK_LOW
                                    : c == ODDS_MID ? TASK_MID
                                                    : TASK_HIGH);
}

static int64_t accounts_of(const struct maker *m, enum odds c)
{
    int64_t public = m->f.confirmed + forecast_staying(&m->f, c),
            most = public / m->set->account_min_items;
    int64_t mid = (int64_t)ceil(PUBLISHED_ACCOUNTS / PUBLISHED_ITEMS *
                                (double)(view_touched(m->view) + m->f.first));

    if (!m->set->api_user_check)
        return 0;
    if (m->plan->done[PHASE_ACCOUNTS].calls)
        return CALLS_AN_ACCOUNT * least(m->witness_left, most);
    return CALLS_AN_ACCOUNT * (c == ODDS_LOW ? 0 : c == ODDS_MID ? least(mid, most) : most);
}

static int64_t days_of_quota(const struct plan *plan, int64_t calls)
{
    int64_t used = plan->used_today > 0 ? plan->used_today : 0,
            left = plan->daily > used ? plan->daily - used : 0;

    return calls <= left ? 1 : 1 + up(calls - left, plan->daily);
}

/* The confirming rounds begin on the day on which round 1 ends. */
static int64_t days_of(const struct plan *plan, int64_t all, int64_t round_1, int64_t confirming)
{
    int64_t days, last;

    if (all <= 0 || plan->daily <= 0)
        return 0;
    days = days_of_quota(plan, all);
    last = days_of_quota(plan, round_1) + confirming - 1;
    return days > last ? days : last;
}

static double hours_of(const struct settings *set, int64_t calls)
{
    return (double)calls / set->page_requests_per_second / 3600;
}

static void site_days(const struct maker *m, struct way *w, enum odds c, int64_t confirming)
{
    static const enum phase site[] = { PHASE_PAGES, PHASE_OEMBED };

    for (size_t i = 0; i < sizeof site / sizeof *site; i++) {
        struct phase_plan *p = &w->phase[site[i]];
        int64_t calls = *case_of(&p->calls, c), days = (int64_t)ceil(hours_of(m->set, calls) / 24);

        /* Pages are read as the asks come to them, and again in the end. */
        if (calls && site[i] == PHASE_PAGES && days < confirming)
            days = c == ODDS_LOW ? least(confirming, 1 + m->set->page_recheck) : confirming;
        if (calls && c == ODDS_HIGH && days < w->days.high)
            days = w->days.high;
        *case_of(&p->days, c) = days;
    }
}

static void make_case(const struct maker *m, struct way *w, bool oembed, enum odds c)
{
    /* What comes of age meanwhile, some on each day. */
    int64_t aged = c == ODDS_HIGH ? least(m->plan->too_recent, m->set->api_confirm_days + 1) : 0;
    int64_t calls[PHASE_COUNT] = {0}, all = 0, confirming;

    calls[PHASE_ROUND_1] = (oembed ? forecast_round_1(&m->f, c) : m->plan->batches) + aged;
    calls[PHASE_CONFIRMING] = forecast_confirming(&m->f, c, oembed, &confirming);
    calls[PHASE_SPOT] = spots_of(m, c, calls[PHASE_ROUND_1] + calls[PHASE_CONFIRMING]);
    calls[PHASE_FORENSIC] = forensic_of(
        m, c, calls[PHASE_ROUND_1] + calls[PHASE_CONFIRMING] + calls[PHASE_SPOT]);
    calls[PHASE_LATE] = late_of(m, c);
    calls[PHASE_VALIDATION] = validation_of(m, c);
    calls[PHASE_ACCOUNTS] = accounts_of(m, c);
    for (int p = 0; p < PHASE_COUNT; p++) {
        int64_t days = up(calls[p], m->plan->daily);

        all += calls[p];
        *case_of(&w->phase[p].calls, c) = calls[p];
        if (p == PHASE_ROUND_1)
            days += aged;
        if (p == PHASE_CONFIRMING && days < confirming)
            days = confirming;
        /* More calls allow for more of them, on another day. */
        if ((p == PHASE_SPOT || p == PHASE_FORENSIC) && calls[p] && c == ODDS_HIGH)
            days++;
        if (p == PHASE_LATE && calls[p] && days < m->late.checks && c != ODDS_LOW)
            days = m->late.checks * (c == ODDS_HIGH ? 2 : 1);
        *case_of(&w->phase[p].days, c) = days;
    }
    *case_of(&w->calls, c) = all;
    *case_of(&w->days, c) = days_of(m->plan, all, calls[PHASE_ROUND_1], confirming);
    *case_of(&w->phase[PHASE_PAGES].calls, c) = pages_of(m, c);
    *case_of(&w->phase[PHASE_OEMBED].calls, c) = oembed_of(m, c, oembed);
    w->hours[c] = hours_of(m->set, pages_of(m, c) + oembed_of(m, c, oembed));
    site_days(m, w, c, confirming);
}

/* A case is a case of everything at once; that of a phase may lie beyond that
 * of another (what spreads thin packs badly). */
static void in_order(struct span *s)
{
    int64_t low = least(s->low, least(s->mid, s->high)),
            high = -least(-s->low, least(-s->mid, -s->high));

    *s = (struct span){ low, s->mid, high };
}

static void make_ways(const struct maker *m)
{
    struct plan *plan = m->plan;

    for (int i = 0; i < WAYS; i++) {
        struct way *w = &plan->way[i];

        w->first = i ? "oembed" : "none";
        w->set = settings_oembed_first(m->set) == (i == 1);
        for (int c = 0; c < ODDS_COUNT; c++)
            make_case(m, w, i == 1, (enum odds)c);
        in_order(&w->calls);
        in_order(&w->days);
        for (int p = 0; p < PHASE_COUNT; p++) {
            in_order(&w->phase[p].calls);
            in_order(&w->phase[p].days);
        }
    }
}

const struct way *plan_way(const struct plan *plan)
{
    return &plan->way[plan->way[1].set];
}

const char *plan_rests_on(const struct plan *plan)
{
    return plan->estimated
               ? "Ranges rest on published studies: 4 to 37 % of the items public and not returned at first, 4 to 27 % gone."
               : "Ranges rest on the answers so far: 95 % intervals of the shares silent, public and come back.";
}

static void conclude(const struct maker *m, const struct ask_due *asks)
{
    struct plan *plan = m->plan;
    const struct way *w = plan_way(plan);
    int64_t due = forecast_due(&m->f), to_come = w->phase[PHASE_CONFIRMING].calls.mid;

    plan->requests = w->phase[PHASE_ROUND_1].calls.mid + due +
                     up(asks->following, m->set->api_batch) +
                     up(m->late.due.asks, m->set->api_batch);
    plan->later = to_come > due ? to_come - due : 0;
    plan->days = w->days.mid;
    plan->pages = w->phase[PHASE_PAGES].calls.mid;
    plan->hours = hours_of(m->set, plan->pages);
}

static int is_closed(struct audit *audit, bool *closed, struct err *err)
{
    struct buf text = {0};
    int rc = store_meta_get(audit->store, META_ROUND_1_CLOSED_AT, &text, err);

    *closed = text.n > 0;
    buf_release(&text);
    return rc;
}

static int make(struct audit *audit, const struct view *view, struct plan *plan, struct err *err)
{
    struct maker m = { .plan = plan, .set = &audit->set, .view = view };
    struct read_due reads;
    struct ask_due asks;
    int rc = -1;

    memset(plan, 0, sizeof *plan);
    if (store_count_open_links(audit->store, &plan->links, err))
        return -1;
    forecast_init(&m.f, &audit->set, view);
    plan->estimated = view_touched(view) <= 0;
    m.reads = &reads;
    if (count_first(audit, plan, &m.f, &m.blind, err) || ask_due(audit, view, &asks, err) ||
        read_due(audit, view, &reads, err) || count_quota(audit, plan, err) ||
        phases_read(audit, &plan->kept, err) || is_closed(audit, &m.closed, err) ||
        witness_left(audit, &m.witness_left, err))
        goto out;
    plan->too_recent = asks.too_recent;
    memcpy(plan->done, plan->kept.done, sizeof plan->done);
    count_late(&m);
    make_ways(&m);
    conclude(&m, &asks);
    rc = 0;
out:
    forecast_release(&m.f);
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

/* view: NULL where none is at hand. */
static int keep(struct audit *audit, const struct view *view, enum meta key, struct err *err)
{
    struct plan_kept kept = { .known = true };
    struct buf text = {0};
    struct plan plan;
    int rc;

    if (view ? make(audit, view, &plan, err) : plan_make(audit, &plan, err))
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
        if (done[p].calls)
            return 0;
    return keep(audit, NULL, META_PLAN_BEFORE, err);
}

int plan_keep_after(struct audit *audit, const struct view *view, struct err *err)
{
    return keep(audit, view, META_PLAN_AFTER_ROUND_1, err);
}
