/* audit/verdict/check_items.c: one pass over items, labels and differences, by id. */
#include "audit/verdict/check_items.h"
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/accounts.h"
#include "audit/verdict/agreement.h"
#include "audit/verdict/check_latency.h"
#include "audit/verdict/check_ratio.h"
#include "audit/verdict/differ.h"
#include "audit/verdict/facts.h"
#include "audit/verdict/standing.h"
#include "audit/verdict/walk.h"
#include "base/array.h"
#include "record/item.h"
#include "record/seed.h"
#include "record/witnesses.h"
#include "report/waterfall.h"

#define MEMORY_MAX ((uint64_t)256 << 20)    // counts by account of the claims of one pass

/* ---- three-valued conditions ---- */

enum maybe { MAYBE_NO, MAYBE_YES, MAYBE };

static bool is_unsettled(enum fact f, const struct check_unsettled *u)
{
    if (fact_is_verdict(f))
        return u->verdict;
    if (f >= FACT_API(0) || f == FACT_API_OUTCOME)
        return u->api;
    if (f >= FACT_PAGE(0))
        return u->page;
    switch (f) {
    case FACT_PAGE_OUTCOME:
    case FACT_PAGE_CODE:
    case FACT_PAGE_MSG:
    case FACT_PAGE_OEMBED:
    case FACT_PAGE_EMBED:
    case FACT_PAGE_WITNESS:
    case FACT_PAGE_GENERATION:
    case FACT_PAGE_REGION:
    case FACT_PAGE_ELSEWHERE: return u->page;
    case FACT_ITEM_AGE: return u->api;    // absent until it is asked
    default: return false;
    }
}

static enum maybe holds(const struct expr *e, const struct check_item *item)
{
    if ((is_unsettled(e->fact, &item->unsettled) &&
         !(e->fact == FACT_ITEM_AGE && item->facts->val[e->fact].kind != VAL_NONE)) ||
        (e->other != FACT_COUNT && is_unsettled(e->other, &item->unsettled)))
        return MAYBE;
    switch (expr_holds(e, item->facts)) {
    case TRUTH_YES: return MAYBE_YES;
    case TRUTH_NO: return MAYBE_NO;
    case TRUTH_GAVE_UP: break;
    }
    return MAYBE;
}

/* A condition that does not hold decides, whatever may become of the others. */
static enum maybe is_of(const struct claim *c, const struct check_item *item)
{
    enum maybe all = MAYBE_YES;

    for (size_t i = 0; i < c->ofs; i++)
        switch (holds(&c->of[i], item)) {
        case MAYBE_NO: return MAYBE_NO;
        case MAYBE_YES: break;
        case MAYBE: all = MAYBE; break;
        }
    return all;
}

/* Of retrieved items their sample is a fair one; beside missing ones, whose pages are all read,
 * it would make these too many. */
static bool is_of_retrieved(const struct claim *c)
{
    for (size_t i = 0; i < c->ofs; i++) {
        const struct expr *e = &c->of[i];

        if (e->op == EXPR_EQ &&
            ((e->fact == FACT_ITEM_STATE && str_eq(e->text, STR("retrieved"))) ||
             (e->fact == FACT_API_OUTCOME && str_eq(e->text, STR("found")))))
            return true;
    }
    return false;
}

enum check_stand check_stand_that(const struct claim *c, const struct check_item *given)
{
    struct check_item seen = *given, *item = &seen;
    enum maybe of;

    item->unsettled.page |= given->unsampled && !is_of_retrieved(c);
    of = is_of(c, item);
    if (of == MAYBE_NO)
        return STAND_OUT;
    if (of == MAYBE)
        return STAND_OPEN;
    switch (holds(c->that, item)) {
    case MAYBE_YES: return STAND_HELD;
    case MAYBE_NO: return STAND_FAILED;
    case MAYBE: break;
    }
    return STAND_OPEN;
}

/* Both sides' numbers, no further apart than a share of the page's. */
static bool is_within(const struct claim *c, const struct facts *facts)
{
    const struct value *api = &facts->val[FACT_API(c->field)],
                       *page = &facts->val[FACT_PAGE(c->field)];
    double a = (double)api->i, p = (double)page->i;

    return api->kind == VAL_INT && page->kind == VAL_INT &&
           (a > p ? a - p : p - a) <= c->within * p;
}

enum check_stand check_stand_field(const struct claim *c, const struct check_item *item)
{
    const bool compared = item->of_field == VERDICT_EQUAL || item->of_field == VERDICT_WITHIN ||
                          item->of_field == VERDICT_DIFFERS;
    enum maybe of = is_of(c, item);

    if (of == MAYBE_NO)
        return STAND_OUT;
    if (!compared)
        return item->unsettled.api || item->unsettled.page ? STAND_OPEN : STAND_OUT;
    if (of == MAYBE)
        return STAND_OPEN;
    return (c->has_within ? is_within(c, item->facts) : item->of_field != VERDICT_DIFFERS)
               ? STAND_HELD
               : STAND_FAILED;
}

/* ---- the pass ---- */

/* A claim of this pass. */
struct asked {
    const struct claim *claim;
    struct check_row *row;
    struct check_sums *sums;
    struct account_count {
        uint32_t held, failed, aside, open;
    } * account;          // by number
    uint8_t *of_field;    // of field: by item, enum verdict + 1; 0 not compared
    struct check_ratio ratio;
    struct agreed agreed;
    int64_t open_asks;    // of items that are open: were they to come back, these did not find them
};
struct pass {
    struct audit *audit;
    const struct claims *claims;
    const struct view *view;
    const struct account_table *accounts;
    struct agreement *agreement;    // NULL: no claim asks for it
    struct asked asked[CLAIMS_MAX];
    size_t len;
    bool ids;
    int64_t newest_at;
};

/* Days until it can be decided, by the audit's newest answer, at the earliest. */
static int64_t days_until_decided(const struct pass *p, const struct claim *c,
                                  const struct label_row *l, const struct item_row *row)
{
    const int64_t confirm = p->audit->set.api_confirm_days;
    int64_t wait;

    if (l->state != STATE_OPEN)    // its page is to be read; when it came is known no better
        return c->measure == CLAIM_LATENCY ? CHECK_DAYS : 1;
    switch (l->reason) {
    case REASON_TOO_RECENT:
        wait = due_by_age(item_born(row), &p->audit->set) - p->newest_at;
        return (wait > 0 ? (wait + 86399) / 86400 : 0) + confirm;
    case REASON_UNCONFIRMED: return l->sound_days < confirm ? confirm - l->sound_days : 1;
    case REASON_NOT_ASKED: return confirm;
    case REASON_RULE_GAVE_UP: return CHECK_DAYS;
    case REASON_UNOBSERVED:    // given up after so many
        return sight_tries(&p->audit->set, row) < p->audit->set.page_attempts ? 1 : CHECK_DAYS;
    default: return 1;
    }
}

static void count(struct asked *a, const struct check_count *one, int64_t account)
{
    struct account_count *to;

    if (account == 0) {
        check_sums_add(a->sums, one);
        return;
    }
    to = &a->account[account];
    to->held += (uint32_t)one->held;
    to->failed += (uint32_t)one->failed;
    to->aside += (uint32_t)one->aside;
    to->open += (uint32_t)one->open;
}

/* An item as the measures see it. */
struct look {
    const struct check_item *item;
    const struct label_row *label;
    const struct item_row *row;
    const struct account_stat *account;
};

static void take_stand(const struct pass *p, struct asked *a, const struct look *seen,
                       enum check_stand stand)
{
    const struct label_row *l = seen->label;
    const struct account_stat *account = seen->account;
    const bool missing = l->state == STATE_MISSING;
    struct check_count one = { 0 };
    enum check_part part = CHECK_OPEN;

    if (stand == STAND_OUT)
        return;
    if (a->claim->bound == CLAIM_AT_MOST ||
        (a->claim->bound == CLAIM_NOT_WORSE && a->claim->higher_is_worse))
        stand = stand == STAND_HELD ? STAND_FAILED : stand == STAND_FAILED ? STAND_HELD : stand;
    if (stand == STAND_HELD) {
        one.held = 1;
        part = CHECK_HELD;
    } else if (stand == STAND_FAILED) {
        one.failed = 1;
        one.aside = missing && (!account || account->retrieved == 0);
        part = CHECK_FAILED;
        if (missing && !one.aside && l->residual > 0)
            a->sums->doubt += l->residual;
    } else {
        int64_t days = days_until_decided(p, a->claim, l, seen->row);

        one.open = 1;
        a->sums->open_days[days < CHECK_DAYS ? days : CHECK_DAYS]++;
    }
    count(a, &one, account ? l->account : 0);
    if (p->ids) {
        struct check_ids *ids = &a->row->ids[part];

        ARRAY_ROOM(ids->v, ids->n, ids->cap);
        ids->v[ids->n++] = l->id;
    }
}

static void take_that(const struct pass *p, struct asked *a, const struct look *seen)
{
    take_stand(p, a, seen, check_stand_that(a->claim, seen->item));
}

static void take_field(const struct pass *p, struct asked *a, const struct look *seen)
{
    take_stand(p, a, seen, check_stand_field(a->claim, seen->item));
}

static void take_latency(const struct pass *p, struct asked *a, const struct look *seen)
{
    const enum maybe of = is_of(a->claim, seen->item);
    struct arrival came;
    const bool has = arrival_of(seen->row, agreement_of(p->agreement, seen->row->n), &came);
    const enum check_stand stand = check_stand_latency(has ? &came : NULL, a->claim->hours,
                                                       seen->label->state == STATE_MISSING);

    if (of != MAYBE_NO)
        take_stand(p, a, seen, of == MAYBE && stand != STAND_OUT ? STAND_OPEN : stand);
}

static void take_ratio(const struct pass *p, struct asked *a, const struct look *seen)
{
    const struct value *api = &seen->item->facts->val[FACT_API(a->claim->field)],
                       *page = &seen->item->facts->val[FACT_PAGE(a->claim->field)];
    const int64_t account = seen->account ? seen->label->account : 0;
    const bool pair = api->kind == VAL_INT && page->kind == VAL_INT && api->i > 0 && page->i > 0;

    switch (is_of(a->claim, seen->item)) {
    case MAYBE_NO: break;
    case MAYBE_YES:
        if (pair)
            check_ratio_add(&a->ratio, account, p->accounts->n, (double)api->i / (double)page->i);
        else if (seen->item->unsettled.api || seen->item->unsettled.page)
            check_ratio_open(&a->ratio, account, p->accounts->n);
        break;
    case MAYBE: check_ratio_open(&a->ratio, account, p->accounts->n); break;
    }
}

static void take_agreement(const struct pass *p, struct asked *a, const struct look *seen)
{
    static const enum agreement_kind kinds[] = { [CLAIM_AGREE_ALL] = AGREEMENT_ALL,
                                                 [CLAIM_AGREE_SAME_DAY] = AGREEMENT_SAME_DAY,
                                                 [CLAIM_AGREE_OTHER_DAYS] = AGREEMENT_OTHER_DAYS };
    const struct item_asks *asks = agreement_of(p->agreement, seen->row->n);
    enum maybe of = is_of(a->claim, seen->item);

    if (of == MAYBE_NO || !asks)
        return;
    if (of == MAYBE || seen->label->state == STATE_OPEN) {
        a->sums->all.open++;
        if (a->claim->agreement == CLAIM_AGREE_ALL)
            a->open_asks += asks->asks + asks->undecided;
    } else {
        agreed_add(&a->agreed, kinds[a->claim->agreement], p->agreement, seen->row->n);
    }
}

static void close_stand(const struct pass *p, struct asked *a)
{
    struct check_row *row = a->row;

    for (size_t i = 1; i < p->accounts->n; i++) {
        const struct account_count *c = &a->account[i];
        const struct check_count one = { c->held, c->failed, c->aside, c->open };

        check_sums_add(a->sums, &one);
    }
    row->held = a->sums->all.held;
    row->open = a->sums->all.open;
    row->aside = a->sums->all.aside;
    row->n = a->sums->all.held + a->sums->all.failed;
    row->accounts = (int64_t)a->sums->plain.clusters;
}

static void close_ratio(const struct pass *p, struct asked *a)
{
    check_ratio_conclude(&a->ratio, digest_rank(buf_view(&p->audit->seed), SEED_ACCOUNTS), a->row);
}

/* Asks of open items are none that found them: were they all to come back, the share were less. */
static void close_agreement(const struct pass *p, struct asked *a)
{
    struct check_row *row = a->row;
    struct agreed_share share;
    double all;

    (void)p;
    agreed_conclude(&a->agreed, a->claim->confidence, &share);
    row->unit = UNIT_SHARE;
    row->n = share.asks;
    row->held = share.found;
    row->open = a->sums->all.open;
    if (share.asks == 0) {
        row->why = STR("no post that came back was asked again");
        return;
    }
    all = (double)(share.asks + a->open_asks);
    row->now = (struct check_value){ true, share.share, share.worst.low * (double)share.asks / all,
                                     share.worst.high };
}

/* A measure of items: what it takes of each, and what it makes of all. */
static const struct {
    void (*take)(const struct pass *, struct asked *, const struct look *);
    void (*close)(const struct pass *, struct asked *);
} by_item[CLAIM_MEASURES] = {
    [CLAIM_THAT] = { take_that, close_stand },
    [CLAIM_FIELD] = { take_field, close_stand },
    [CLAIM_MEDIAN_RATIO] = { take_ratio, close_ratio },
    [CLAIM_AGREEMENT] = { take_agreement, close_agreement },
    [CLAIM_LATENCY] = { take_latency, close_stand },
};

static bool is_about_items(const struct claim *c)
{
    return c->measure < CLAIM_MEASURES && by_item[c->measure].take;
}

static void set_verdict(struct facts *facts, const struct label_row *l)
{
    const enum node leaf = waterfall_leaf(l);

    facts->val[FACT_ITEM_STATE] = value_text(str_of(state_name(l->state)));
    if (l->label != LABEL_NONE)
        facts->val[FACT_ITEM_LABEL] = value_text(str_of(label_name(l->label)));
    if (l->reason != REASON_NONE)
        facts->val[FACT_ITEM_REASON] = value_text(str_of(reason_name(l->reason)));
    if (l->basis != BASIS_NONE)
        facts->val[FACT_ITEM_BASIS] = value_text(str_of(basis_name(l->basis)));
    if (leaf != NODE_COUNT)
        facts->val[FACT_ITEM_BUCKET] = value_text(str_of(node_path(leaf)));
}

static bool is_read(const struct label_row *l)
{
    return l->page == ANSWER_PUBLIC || l->page == ANSWER_REFUSED;
}

static struct check_unsettled unsettled(const struct label_row *l, const struct item_row *row)
{
    const bool open = l->state == STATE_OPEN;

    return (struct check_unsettled){ .api = open,
                                     .verdict = open,
                                     .page = !is_read(l) && (open || row->sampled) };
}

static int take_item(struct pass *p, const struct item_walk *w, struct label_row *l,
                     struct err *err)
{
    static struct facts facts;
    const struct silence *s = view_find(p->view, w->row.n);
    struct item_known known = {
        .row = &w->row, .silence = s, .api = w->rec[SIDE_API], .page = w->rec[SIDE_PAGE],
        .at = &w->at
    };
    struct check_item item = { .facts = &facts, .unsettled = unsettled(l, &w->row) };

    struct look seen = { .item = &item, .label = l, .row = &w->row };

    item.unsampled = l->state == STATE_RETRIEVED && !w->row.sampled && !is_read(l);
    l->account = account_of(p->accounts->graph, w->row.n);    // a purge leaves others than there
    known.account = account_table_find(p->accounts, l->account);    // were
    if (claims_need(p->claims, FACT_PAGE_GENERATION) &&
        facts_generation_of(p->audit, &w->row, s, &known.generation, err))
        return -1;
    seen.account = known.account;
    facts_of_item(p->audit, &known, &facts);
    set_verdict(&facts, l);
    for (size_t i = 0; i < p->len; i++) {
        struct asked *a = &p->asked[i];

        item.of_field = a->of_field && a->of_field[w->row.n]
                            ? (enum verdict)(a->of_field[w->row.n] - 1)
                            : VERDICT_NONE;
        by_item[a->claim->measure].take(p, a, &seen);
    }
    return 0;
}

static int walk(struct pass *p, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    struct item_walk w;
    int got = -1;

    if (item_walk_open(p->audit, &w, err) || store_labels(p->audit->store, &labels, err))
        goto out;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        do
            got = item_walk_next(&w, err);
        while (got > 0 && w.row.id < l.id);
        if (got > 0)
            got = take_item(p, &w, &l, err) ? -1 : 1;
        if (got <= 0)
            break;
    }
out:
    label_cursor_close(labels);
    item_walk_close(&w);
    return got < 0 ? -1 : 0;
}

/* ---- what the comparator said ---- */

static int take_gap(void *to, const struct gap *g, struct err *err)
{
    struct pass *p = to;

    (void)err;
    for (size_t i = 0; i < p->len; i++)
        if (p->asked[i].of_field && p->asked[i].claim->field == g->field)
            p->asked[i].of_field[g->item] = (uint8_t)(g->verdict + 1);
    return 0;
}

static int compare(struct pass *p, struct err *err)
{
    const struct diff_sink sink = { .emit = take_gap, .equal = true, .to = p };
    struct diff_result result;
    bool any = false;

    for (size_t i = 0; i < p->len; i++)
        if (p->asked[i].claim->measure == CLAIM_FIELD) {
            p->asked[i].of_field = xcalloc((uint64_t)view_max_item(p->view) + 1, 1);
            any = true;
        }
    return any ? differ_each(p->audit, &sink, &result, err) : 0;
}

/* ---- all of it ---- */

/* The claims from number *next on, as many as go into the memory of one pass. */
static void choose(struct pass *p, size_t *next, struct check_row *row, struct check_sums *sums)
{
    uint64_t each = (p->accounts->n + 1) * sizeof *p->asked[0].account;

    p->len = 0;
    for (; *next < claims_len(p->claims); ++*next) {
        const struct claim *c = claims_at(p->claims, *next);

        if (!is_about_items(c))
            continue;
        if (p->len > 0 && (p->len + 1) * each > MEMORY_MAX)
            break;
        p->asked[p->len++] = (struct asked){ .claim = c,
                                             .row = &row[*next],
                                             .sums = &sums[*next],
                                             .account = xcalloc(1, each),
                                             .agreed.sum.graph = p->accounts->graph };
    }
}

static void release(struct pass *p)
{
    for (size_t i = 0; i < p->len; i++) {
        free(p->asked[i].account);
        free(p->asked[i].of_field);
        check_ratio_release(&p->asked[i].ratio);
        agreed_release(&p->asked[i].agreed);
    }
    p->len = 0;
}

static bool wants_agreement(const struct claims *claims)
{
    for (size_t i = 0; i < claims_len(claims); i++)
        if (claims_at(claims, i)->measure == CLAIM_AGREEMENT ||
            claims_at(claims, i)->measure == CLAIM_LATENCY)
            return true;
    return false;
}

int check_items(struct audit *audit, const struct claims *claims, const struct check_opts *o,
                struct check_row *row, struct check_sums *sums, struct err *err)
{
    struct pass *p = xcalloc(1, sizeof *p);
    struct store_stamp newest;
    size_t next = 0;
    int rc = -1;

    *p = (struct pass){ .audit = audit, .claims = claims, .ids = o->ids };
    if (audit_view_hold(audit, &p->view, err) || store_stamp(audit->store, &newest, err) ||
        accounts_hold(audit, p->view, &p->accounts, err))
        goto out;
    p->newest_at = newest.newest_answer_at;
    if (wants_agreement(claims) && agreement_make(audit, p->view, p->accounts, &p->agreement, err))
        goto out;
    for (;;) {
        choose(p, &next, row, sums);
        if (p->len == 0)
            break;
        if (compare(p, err) || walk(p, err))
            goto out;
        for (size_t i = 0; i < p->len; i++)
            by_item[p->asked[i].claim->measure].close(p, &p->asked[i]);
        release(p);
    }
    rc = 0;
out:
    release(p);
    agreement_free(p->agreement);
    audit_view_let(audit, p->view);
    free(p);
    return rc;
}
