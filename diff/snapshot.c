/* diff/snapshot.c: the instants, what each page reading leaves of them, and the verdicts.
 * Readings are gone through one after the other, and each instant keeps what the worst of
 * them needed of each counter. Logarithms of factors throughout. */
#include "diff/snapshot.h"
#include <math.h>
#include "base/utc.h"

/* How far a counter is from what is allowed: both are logarithms, below 0 for a fall. */
struct strain { bool unfit; double excess, needed, limit; };
/* The page reading by which a counter grew least beyond the 1 % limit: before is that later
 * than the instant, when it grew from the API's value to the page's. */
struct surge { const struct page_counters *page; double excess, needed; bool before; };
/* By how much a counter must have grown from the pages before an instant, and to those after
 * it; and whether a page of the ten days before, or after, bears its value out. */
struct growth { struct strain from, to; bool from_below, to_above; };
struct instant {
    double at;
    struct growth grown[COUNTERS];
    struct strain of[COUNTERS];        // falls, and growth that no page bears out
    struct surge views[2], likes;
    struct strain denied;              // views surge, and a witness says they did not
    enum counter witness;              // of it
    struct strain likes_denied;
};
struct judging {
    const struct api_counters *api;
    const struct page_counters *page; size_t len;
    double lambda, half;               // half the time between two instants
    bool judged[COUNTERS];
    struct instant at[SNAPSHOT_INSTANTS];
    struct snapshot_verdict *out;
};

/* ---- one page reading ---- */

/* What it asks of a counter: of a copy that is older than the page, and of a younger one. */
struct asked {
    bool shown, fell_before, fell_after;
    double grown_before, grown_after;              // logarithms of the factors needed
    double fallen_before, fallen_after, fall;      // of the fall needed, and allowed
};

static struct bracket bracket_of(const struct page_counters *p, enum counter c)
{
    return counter_bracket(p->value[c], p->step[c]);
}

static struct asked ask(const struct judging *g, const struct page_counters *page, enum counter c)
{
    const struct counter_fall fall = counter_fall(c);
    const double a = (double)g->api->value[c];
    struct asked q = { .shown = g->judged[c] && page->value[c] != COUNTER_ABSENT };
    double low, high;

    if (!q.shown)
        return q;
    low = (double)bracket_of(page, c).low;
    high = (double)bracket_of(page, c).high;
    q.grown_before = log(growth_factor(a, low));
    q.grown_after = log(growth_factor(high, a));
    q.fell_before = a * (1 - fall.share) > high + fall.count;
    q.fell_after = a < low * (1 - fall.share) - fall.count;
    if (q.fell_before)
        q.fallen_before = log((high + fall.count) / a);
    if (q.fell_after)
        q.fallen_after = log((a + fall.count) / low);
    q.fall = log(1 - fall.share);
    return q;
}

static void strain_add(struct strain *s, double needed, double limit)
{
    double excess = fabs(needed - limit);

    if (!s->unfit || excess > s->excess)
        *s = (struct strain){ true, excess, needed, limit };
}

static void surge_least(struct surge *s, const struct page_counters *page, double needed,
                        double limit, bool before)
{
    if (!s->page || needed - limit < s->excess)
        *s = (struct surge){ page, needed - limit, needed, before };
}

/* A counter at an instant and one page reading. before: the page was read after it. */
struct look { bool before, close; double l99, l999; };

static void weigh_counter(const struct asked *q, const struct page_counters *page,
                          const struct look *k, enum counter c, struct instant *s)
{
    const bool fell = k->before ? q->fell_before : q->fell_after;
    const double grown = k->before ? q->grown_before : q->grown_after;
    struct growth *g = &s->grown[c];

    if (fell)
        strain_add(&s->of[c], k->before ? q->fallen_before : q->fallen_after, q->fall);
    else if (k->close && k->before)
        g->to_above = true;
    else if (k->close)
        g->from_below = true;
    if (grown > k->l999)
        strain_add(k->before ? &g->to : &g->from, grown, k->l999);
    if (c == COUNTER_VIEWS)
        surge_least(&s->views[k->before], page, grown, k->l99, k->before);
    if (c == COUNTER_LIKES && k->before)
        surge_least(&s->likes, page, grown, k->l99, k->before);
}

/* An instant stands for the time around it, so of a page that was read within that nobody can
 * say whether it was read before or after: what fits either way fits. */
static bool fits_either_way(const struct asked *q, double l999, struct growth *g)
{
    bool older = !q->fell_before && q->grown_before <= l999,
         younger = !q->fell_after && q->grown_after <= l999;

    g->to_above = g->to_above || older;
    g->from_below = g->from_below || younger;
    return older || younger;
}

static void weigh_instant(const struct judging *g, const struct page_counters *page,
                          const struct asked *asked, struct instant *s)
{
    const double at = (double)page->at, apart = fabs(s->at - at), first = fmin(s->at, at);
    const bool near = apart <= g->half;
    struct growth_limit limit = growth_limit((first - (double)g->api->created_at) / UTC_DAY_S,
                                             (near ? g->half : apart) / UTC_DAY_S);
    const struct look look = { .before = s->at <= at,
                               .close = apart <= growth_number(GROWTH_STALE_DAYS) * UTC_DAY_S,
                               .l99 = g->lambda * limit.l99,
                               .l999 = g->lambda * limit.l999 };

    for (int c = 0; c < COUNTERS; c++)
        if (asked[c].shown &&
            !(near && fits_either_way(&asked[c], look.l999, &s->grown[c])))
            weigh_counter(&asked[c], page, &look, (enum counter)c, s);
}

/* Growth that lies between two pages did happen, however rare: where a page of the ten days
 * before the instant showed no more than the API, growth to the pages after it is borne out by
 * the pages, and the other way round. */
static void settle(struct instant *s)
{
    for (int c = 0; c < COUNTERS; c++) {
        const struct growth *g = &s->grown[c];

        if (g->to.unfit && !g->from_below)
            strain_add(&s->of[c], g->to.needed, g->to.limit);
        if (g->from.unfit && !g->to_above)
            strain_add(&s->of[c], g->from.needed, g->from.limit);
    }
    if (s->grown[COUNTER_VIEWS].from_below)
        s->views[true].page = NULL;
    if (s->grown[COUNTER_VIEWS].to_above)
        s->views[false].page = NULL;
    if (s->grown[COUNTER_LIKES].from_below)
        s->likes.page = NULL;
}

/* The instants from first on, each `by`th, up to last. */
static void weigh(struct judging *g, int first, int last, int by)
{
    for (size_t i = 0; i < g->len; i++) {
        struct asked asked[COUNTERS];

        if (g->page[i].at == 0)
            continue;
        for (int c = 0; c < COUNTERS; c++)
            asked[c] = ask(g, &g->page[i], (enum counter)c);
        for (int s = first; s <= last; s += by)
            weigh_instant(g, &g->page[i], asked, &g->at[s]);
    }
    for (int s = first; s <= last; s += by)
        settle(&g->at[s]);
}

static bool surges(const struct surge *s)
{
    return s->page && s->excess > 0;
}

/* Everything fits there, and nothing surges that another counter could deny. */
static bool is_plain(const struct instant *s)
{
    for (int c = 0; c < COUNTERS; c++)
        if (s->of[c].unfit)
            return false;
    return !surges(&s->views[0]) && !surges(&s->views[1]) && !surges(&s->likes);
}

/* Nearly every honest row fits the oldest copy that it can be, or the newest, and then no other
 * instant needs to be looked at. */
static bool fits_an_end(struct judging *g)
{
    weigh(g, 0, SNAPSHOT_INSTANTS - 1, SNAPSHOT_INSTANTS - 1);
    return is_plain(&g->at[0]) || is_plain(&g->at[SNAPSHOT_INSTANTS - 1]);
}

static void lay_out(struct judging *g)
{
    const double to = (double)g->api->at, created = (double)g->api->created_at;
    double from = to - growth_number(GROWTH_STALE_DAYS) * UTC_DAY_S;

    if (created > from && created <= to)
        from = created;
    g->half = (to - from) / (SNAPSHOT_INSTANTS - 1) / 2;
    for (int s = 0; s < SNAPSHOT_INSTANTS; s++)
        g->at[s] = (struct instant){ .at = from + (to - from) * s / (SNAPSHOT_INSTANTS - 1) };
}

/* ---- what the counters say of one another ---- */

/* Of the witnesses that deny the surge the strictest counts. */
static void deny(const struct judging *g, struct instant *s, const struct surge *surge)
{
    if (!surges(surge))
        return;
    for (int c = COUNTER_VIEWS + 1; c < COUNTERS; c++) {
        struct bracket b = bracket_of(surge->page, (enum counter)c);
        double a = (double)g->api->value[c], most = 0, limit;

        if (g->api->value[c] == COUNTER_ABSENT || surge->page->value[c] == COUNTER_ABSENT ||
            !counter_denies((enum counter)c, exp(surge->needed),
                            surge->before ? a : (double)b.low,
                            surge->before ? (double)b.high : a, &most))
            continue;
        limit = fmax(log(most), surge->needed - surge->excess);
        if (s->denied.unfit && surge->needed - limit <= s->denied.excess)
            continue;
        s->denied = (struct strain){ true, surge->needed - limit, surge->needed, limit };
        s->witness = (enum counter)c;
    }
}

/* Each new like was a view; what chance adds to the number of views is forgiven. */
static void deny_likes(const struct judging *g, struct instant *s)
{
    const struct surge *surge = &s->likes;
    double likes, views, most;

    if (!surges(surge) || surge->page->value[COUNTER_VIEWS] == COUNTER_ABSENT ||
        g->api->value[COUNTER_VIEWS] == COUNTER_ABSENT)
        return;
    likes = (double)g->api->value[COUNTER_LIKES];
    views = (double)bracket_of(surge->page, COUNTER_VIEWS).high -
            (double)g->api->value[COUNTER_VIEWS];
    most = likes + fmax(views, 0) + 3 * sqrt(fmax(views, 0)) + 2;
    if ((double)bracket_of(surge->page, COUNTER_LIKES).low > most) {
        double limit = fmax(log(growth_factor(likes, most)), surge->needed - surge->excess);

        s->likes_denied = (struct strain){ true, surge->needed - limit, surge->needed, limit };
    }
}

/* ---- verdicts ---- */

static bool is_open(const struct judging *g, enum counter c)
{
    return g->out->of[c].verdict == VERDICT_WITHIN;
}

static void differs(struct judging *g, enum counter c, enum gap_rule rule, double needed,
                    double limit, enum field witness)
{
    g->out->of[c] = (struct counter_verdict){ VERDICT_DIFFERS, { rule, needed, limit, witness } };
}

static void judge_single(struct judging *g, enum counter c)
{
    const struct strain *least = NULL;

    for (int s = 0; s < SNAPSHOT_INSTANTS; s++) {
        const struct strain *here = &g->at[s].of[c];

        if (!here->unfit)
            return;
        if (!least || here->excess < least->excess)
            least = here;
    }
    differs(g, c, GAP_RULE_SINGLE, exp(least->needed), exp(least->limit), FIELD_COUNT);
}

/* Every page reading that shows both must have them the right way round. */
static bool pages_have_fewer(const struct judging *g, enum counter c)
{
    bool any = false;

    for (size_t i = 0; i < g->len; i++) {
        const struct page_counters *p = &g->page[i];

        if (p->value[c] == COUNTER_ABSENT || p->value[COUNTER_VIEWS] == COUNTER_ABSENT)
            continue;
        if (bracket_of(p, c).high > bracket_of(p, COUNTER_VIEWS).low)
            return false;
        any = true;
    }
    return any;
}

static bool judge_impossible(struct judging *g)
{
    static const enum counter part[] = { COUNTER_LIKES, COUNTER_FAVORITES };
    const int64_t views = g->api->value[COUNTER_VIEWS];

    for (size_t i = 0; i < sizeof part / sizeof *part; i++) {
        const int64_t of = g->api->value[part[i]];

        if (!is_open(g, COUNTER_VIEWS) || of <= views || !pages_have_fewer(g, part[i]))
            continue;
        differs(g, COUNTER_VIEWS, GAP_RULE_IMPOSSIBLE,
                views > 0 ? (double)of / (double)views : (double)of, 1, counter_field(part[i]));
        return true;
    }
    return false;
}

/* At each instant the counter does not fit, or was denied there. It was denied at one at least,
 * or no instant had fitted it alone (single). */
static void judge_joint(struct judging *g, enum counter c)
{
    const struct strain *least = NULL;
    enum counter witness = COUNTER_VIEWS;

    for (int s = 0; s < SNAPSHOT_INSTANTS; s++) {
        const struct instant *at = &g->at[s];
        const struct strain *denied = c == COUNTER_VIEWS ? &at->denied : &at->likes_denied;

        if (at->of[c].unfit)
            continue;
        if (!denied->unfit)
            return;
        if (!least || denied->excess < least->excess) {
            least = denied;
            witness = c == COUNTER_VIEWS ? at->witness : COUNTER_VIEWS;
        }
    }
    if (least)
        differs(g, c, GAP_RULE_JOINT, exp(least->needed), exp(least->limit),
                counter_field(witness));
}

static void judge_together(struct judging *g)
{
    if (is_open(g, COUNTER_VIEWS)) {
        for (int s = 0; s < SNAPSHOT_INSTANTS; s++)
            for (int side = 0; side < 2; side++)
                deny(g, &g->at[s], &g->at[s].views[side]);
        judge_joint(g, COUNTER_VIEWS);
    }
    if (is_open(g, COUNTER_LIKES) && g->out->of[COUNTER_VIEWS].verdict != VERDICT_DIFFERS) {
        for (int s = 0; s < SNAPSHOT_INSTANTS; s++)
            deny_likes(g, &g->at[s]);
        judge_joint(g, COUNTER_LIKES);
    }
}

static bool one_instant_fits(const struct judging *g)
{
    for (int s = 0; s < SNAPSHOT_INSTANTS; s++) {
        const struct instant *at = &g->at[s];
        bool fits = !at->denied.unfit && !at->likes_denied.unfit;

        for (int c = 0; c < COUNTERS; c++)
            fits = fits && !at->of[c].unfit;
        if (fits)
            return true;
    }
    return false;
}

/* ---- what needs no instants ---- */

/* Equal or within for each counter that both show; how many there are, and how many equal. */
static int begin(struct judging *g, int *equal)
{
    int judged = 0;

    *equal = 0;
    for (int c = 0; c < COUNTERS; c++) {
        const int64_t a = g->api->value[c], p = g->len ? g->page[0].value[c] : COUNTER_ABSENT;

        g->judged[c] = a != COUNTER_ABSENT && p != COUNTER_ABSENT;
        g->out->of[c] = (struct counter_verdict){ !g->judged[c] ? VERDICT_NONE
                                                  : a == p      ? VERDICT_EQUAL : VERDICT_WITHIN,
                                                  { .witness = FIELD_COUNT } };
        judged += g->judged[c];
        *equal += g->judged[c] && a == p;
    }
    return judged;
}

static bool all_lie_in_brackets(const struct judging *g)
{
    for (size_t i = 0; i < g->len; i++)
        for (int c = 0; c < COUNTERS; c++) {
            struct bracket b = bracket_of(&g->page[i], (enum counter)c);

            if (g->judged[c] && g->page[i].value[c] != COUNTER_ABSENT && g->page[i].at != 0 &&
                (g->api->value[c] < b.low || g->api->value[c] > b.high))
                return false;
        }
    return true;
}

static bool is_grown(const struct api_counters *api)
{
    return (double)(api->at - api->created_at) >= growth_number(GROWTH_GROWN_DAYS) * UTC_DAY_S;
}

static void judge_all(struct judging *g)
{
    bool impossible = false;

    weigh(g, 1, SNAPSHOT_INSTANTS - 2, 1);      // the ends were
    for (int c = 0; c < COUNTERS; c++)
        if (is_open(g, (enum counter)c))
            judge_single(g, (enum counter)c);
    if (is_grown(g->api)) {
        impossible = judge_impossible(g);
        if (!g->api->ad)
            judge_together(g);
    }
    if (impossible || !one_instant_fits(g))
        g->out->snapshot = SNAPSHOT_NO;
}

void snapshot_judge(double lambda, const struct api_counters *api, const struct page_counters *page,
                    size_t len, struct snapshot_verdict *out)
{
    struct judging g;
    int equal, judged;

    g.api = api;
    g.page = page;
    g.len = len;
    g.lambda = lambda;
    g.out = out;
    judged = begin(&g, &equal);
    out->snapshot = judged ? SNAPSHOT_YES : SNAPSHOT_NONE;
    if (judged == equal)
        return;
    if (api->at == 0) {
        out->snapshot = SNAPSHOT_NONE;
        return;
    }
    if (all_lie_in_brackets(&g))
        return;
    lay_out(&g);
    if (!fits_an_end(&g))
        judge_all(&g);
    else if (is_grown(api) && judge_impossible(&g))
        out->snapshot = SNAPSHOT_NO;
}
