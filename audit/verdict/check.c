/* audit/verdict/check.c: claims in, verdicts out. */
#include "audit/verdict/check.h"
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/check_change.h"
#include "audit/verdict/check_items.h"
#include "audit/verdict/check_number.h"
#include "audit/verdict/check_ratio.h"
#include "audit/verdict/label.h"
#include "audit/verdict/summarize.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/summary.h"

#define FEW_CANARIES 5    // lost or kept in a batch; below that losses are guessed

const char *check_part_name(enum check_part p)
{
    static const char *const names[CHECK_PARTS] = { "held", "failed", "open" };

    return (unsigned)p < CHECK_PARTS ? names[p] : "";
}

/* ---- measures ---- */

/* What a measure is handed; of those about items the pass is over. */
struct measuring {
    struct audit *audit;
    const struct summary *s;
    const char *file;
    struct arena *mem;
    const struct check_sums *sums;    // of this claim
};

static int64_t sooner(int64_t a, int64_t b) { return a < 0 || b < 0 ? -1 : a > b ? a : b; }

/* No more items a day than the quota has calls for. */
static int64_t days_of_quota(const struct audit *audit, int64_t items)
{
    const int64_t calls = (items + BATCH_MAX - 1) / BATCH_MAX * audit->set.api_confirm_days,
                  a_day = audit->set.api_daily_requests;

    return a_day > 0 ? (calls + a_day - 1) / a_day : 0;
}

/* What is to come: which of it decides. */
static void tell_further(const struct measuring *m, struct check_row *row, double at_least)
{
    row->further_items = check_further_items(m->sums, row->claim->confidence, at_least);
    if (row->further_items >= 0 && row->further_items <= row->open - m->sums->open_days[CHECK_DAYS])
        row->further_days = sooner(check_further_days(m->sums, row->further_items),
                                   days_of_quota(m->audit, row->further_items));
    if (row->n == 0)
        row->why = row->open ? STR("no item that it is about is decided")
                             : STR("the audit has no item that it is about");
    else if (row->further_items < 0 && at_least >= 1)
        row->why = STR("a promise of all can be broken by a test, and is never proved by one");
    else if (row->further_items < 0 && row->aside)
        row->why = STR("what decides is whether accounts without any retrieved post are those of "
                       "minors, which nobody can see");
    else if (row->further_items < 0)
        row->why = STR("the share is so near the bound that no number of items decides");
}

/* Shares of items, from their sums: first of what is as promised, then in the claim's own terms. */
static int of_items(struct measuring *m, struct check_row *row, struct err *err)
{
    const struct claim *c = row->claim;
    const bool turned = c->bound == CLAIM_AT_MOST ||
                        (c->bound == CLAIM_NOT_WORSE && c->higher_is_worse);
    const double at_least = turned ? 1 - c->limit : c->limit;
    struct check_bounds b = check_bounds_of(m->sums, c->confidence);

    (void)err;
    row->unit = UNIT_SHARE;
    row->now = turned ? (struct check_value){ b.has, 1 - b.value, 1 - b.high, 1 - b.low }
                      : (struct check_value){ b.has, b.value, b.low, b.high };
    if (c->bound == CLAIM_NOT_WORSE)
        return 0;
    row->verdict = b.has ? check_decide(b.low, b.high, at_least) : CHECK_UNDECIDED;
    if (row->verdict == CHECK_UNDECIDED)
        tell_further(m, row, at_least);
    return 0;
}

static void tell_about(struct check_row *row, double value, double low, double high,
                       double at_least)
{
    if (row->verdict != CHECK_UNDECIDED || !row->now.has ||
        check_ratio_says_nothing(row->unit, &row->now))
        return;
    row->further_items =
        check_further_about(value, low, high, row->unit == UNIT_SHARE, row->n, at_least);
    row->about = row->further_items >= 0;
}

static int of_value(struct measuring *m, struct check_row *row, struct err *err)
{
    const struct claim *c = row->claim;
    const struct check_value *v = &row->now;

    (void)m, (void)err;
    row->verdict = !v->has                      ? CHECK_UNDECIDED
                   : c->bound == CLAIM_AT_LEAST ? check_decide(v->low, v->high, c->limit)
                   : c->bound == CLAIM_AT_MOST  ? check_decide(-v->high, -v->low, -c->limit)
                                                : row->verdict;
    if (c->bound == CLAIM_AT_LEAST)
        tell_about(row, v->value, v->low, v->high, c->limit);
    if (c->bound == CLAIM_AT_MOST)
        tell_about(row, -v->value, -v->high, -v->low, -c->limit);
    return 0;
}

static int of_number(struct measuring *m, struct check_row *row, struct err *err)
{
    return check_number(m->s, m->file, m->mem, row, err) ? -1 : of_value(m, row, err);
}

static int (*const measures[CLAIM_MEASURES])(struct measuring *, struct check_row *,
                                             struct err *) = {
    [CLAIM_THAT] = of_items,      [CLAIM_FIELD] = of_items,   [CLAIM_MEDIAN_RATIO] = of_value,
    [CLAIM_AGREEMENT] = of_value, [CLAIM_NUMBER] = of_number, [CLAIM_LATENCY] = of_items,
};

/* ---- what to read before a verdict ---- */

static void caution(struct check *c, struct str text)
{
    if (c->cautions < sizeof c->caution / sizeof *c->caution)
        c->caution[c->cautions++] = text;
}

/* Pages unread for a block: "block" of the site, "blocked_alone" of posts while others are read. */
static void caution_drift(struct check *c, const struct summary *s)
{
    int64_t blocks = 0, odd = 0;

    for (size_t i = 0; i < s->drifts; i++) {
        const struct drift_row *d = &s->drift[i];

        if (!summary_is_yield(d))
            odd += d->count;
        else if (str_eq(d->kind, STR("page_unread")) && str_starts(d->name, STR("block")))
            blocks += d->count;
    }
    if (blocks)
        caution(c, arena_printf(&c->mem, "blocks: the site blocked this machine " COUNTED,
                                COUNT_OF(blocks, "time", "times")));
    if (odd)
        caution(c, arena_printf(&c->mem,
                                "drift: codes, keys or shapes that this version does not know, or "
                                "that are gone, came " COUNTED "; labels may mean less",
                                COUNT_OF(odd, "time", "times")));
}

static void caution_canaries(struct check *c, const struct summary *s)
{
    double seen = 0;

    for (size_t i = 0; i < s->batches.len; i++)
        seen += s->batches.row[i].lost + s->batches.row[i].kept;
    if (s->waterfall.n[NODE_MISSING] && seen < FEW_CANARIES)
        caution(c, arena_printf(&c->mem,
                                "few canaries: %.0f asks say what a batch loses; absences rest on "
                                "assumptions",
                                seen));
}

static void cautions(struct check *c, const struct summary *s)
{
    char from[UTC_TEXT_MAX];

    for (size_t i = 0; i < s->outages && i < 2; i++)
        caution(c, arena_printf(&c->mem,
                                "outage: from %s on the API answered nothing to anybody in " COUNTED
                                "%s",
                                utc_rfc3339(s->outage[i].from, from),
                                COUNT_OF(s->outage[i].requests, "request", "requests"),
                                s->outage[i].open ? ", and has not since" : ""));
    caution_drift(c, s);
    caution_canaries(c, s);
    if (s->waterfall.n[NODE_OPEN])
        caution(c, arena_printf(&c->mem, "unfinished: " COUNTED " of %" PRId64 " %s open",
                                COUNT_OF(s->waterfall.n[NODE_OPEN], "item", "items"),
                                s->waterfall.n[NODE_ITEMS],
                                plural(s->waterfall.n[NODE_OPEN], "is", "are")));
}

/* ---- all of it ---- */

/* Values of every claim that is tested, and verdicts but for not_worse_than. */
static int measure(struct audit *audit, const struct claims *claims, const struct check_opts *o,
                   const struct summary *s, struct arena *mem, struct check_row *row,
                   struct err *err)
{
    struct check_sums *sums = xcalloc(claims_len(claims), sizeof *sums);
    int rc = check_items(audit, claims, o, row, sums, err);

    for (size_t i = 0; rc == 0 && i < claims_len(claims); i++) {
        struct measuring m = { audit, s, claims_name(claims), mem, &sums[i] };

        if (!row[i].claim->untestable.n)
            rc = measures[row[i].claim->measure](&m, &row[i], err);
    }
    free(sums);
    return rc;
}

/* What row[].why says there goes with its summary: of an earlier audit the values count alone. */
static int measure_earlier(struct audit *audit, const struct claims *claims, struct check_row *row,
                           struct err *err)
{
    const struct check_opts o = { 0 };
    struct arena mem = { 0 };
    struct summary s;
    int rc = summarize(audit, &mem, &s, NULL, err);

    if (rc == 0)
        rc = measure(audit, claims, &o, &s, &mem, row, err);
    arena_release(&mem);
    return rc;
}

static void conclude(struct check *c)
{
    for (size_t i = 0; i < c->rows; i++) {
        struct check_row *row = &c->row[i];

        if (row->claim->untestable.n)
            continue;
        if (row->claim->bound == CLAIM_NOT_WORSE) {
            check_change_decide(row);
            if (!row->before.has)
                row->why = STR("the earlier audit has no value to compare with");
        }
        c->count[row->verdict]++;
    }
}

static void begin(struct check *c, const struct claims *claims)
{
    c->rows = claims_len(claims);
    c->row = xcalloc(c->rows, sizeof *c->row);
    for (size_t i = 0; i < c->rows; i++) {
        const struct claim *claim = claims_at(claims, i);

        c->row[i] = (struct check_row){ .claim = claim, .further_items = -1, .further_days = -1 };
        c->row[i].verdict = claim->untestable.n ? CHECK_VERDICTS : CHECK_UNDECIDED;
    }
}

int check_claims(struct audit *audit, const struct claims *claims, const struct check_opts *o,
                 struct check *out, struct err *err)
{
    struct check c = { 0 };
    struct arena mem = { 0 };
    struct summary s;
    int rc = -1;

    begin(&c, claims);
    if (summarize(audit, &mem, &s, NULL, err) ||
        measure(audit, claims, o, &s, &c.mem, c.row, err) ||
        check_before(audit, claims, o->path, measure_earlier, c.row, err))
        goto out;
    conclude(&c);
    cautions(&c, &s);
    c.audit = arena_dup(&c.mem, s.audit);
    c.tool = arena_dup(&c.mem, s.tool);
    c.newest_answer_at = s.newest_answer_at;
    *out = c;
    c = (struct check){ 0 };
    rc = 0;
out:
    check_release(&c);
    arena_release(&mem);
    return rc;
}

void check_release(struct check *c)
{
    for (size_t i = 0; i < c->rows; i++)
        for (int p = 0; p < CHECK_PARTS; p++)
            free(c->row[i].ids[p].v);
    free(c->row);
    arena_release(&c->mem);
    *c = (struct check){ 0 };
}
