/* report/numbers_public.c: see numbers_public.h. */
#include "report/numbers_public.h"

struct public_open public_open_of(const struct summary *s)
{
    const int64_t *n = s->waterfall.n;

    return (struct public_open){
        .refused = (double)n[NODE_RESTRICTED],
        .unseen = (double)n[NODE_UNOBSERVED],
        .waiting = (double)n[NODE_UNCONFIRMED],
    };
}

double public_open_all(const struct public_open *o)
{
    return o->refused + o->unseen + o->waiting;
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

static double most(double a, double b)
{
    return a > b ? a : b;
}

/* With k retrieved posts public; `more` missing ones join the part, `beside` the whole alone. */
static double share_at(const struct summary *s, const struct public_part *p, double k, double more,
                       double beside, double without)
{
    const double retrieved = (double)s->waterfall.n[NODE_RETRIEVED];
    const double part = p->missing + (retrieved > 0 ? p->retrieved * k / retrieved : 0) + more;
    const double all = (double)s->waterfall.n[NODE_PUBLIC] - without + k + most(more, 0) + beside;

    return all > 0 ? most(0, least(1, part / all)) : 0;
}

void number_set_public(struct number *n, const struct summary *s, const struct public_part *p)
{
    const struct headline *h = &s->headline;
    const struct public_open open = public_open_of(s);
    const double retrieved = (double)s->waterfall.n[NODE_RETRIEVED], k = h->retrieved_public,
                 all = (double)s->waterfall.n[NODE_PUBLIC] - p->without + k;
    const double leave = -least(p->leave + p->without_low, p->missing),
                 beside = public_open_all(&open);
    struct stat_interval i;

    n->unit = UNIT_SHARE;
    n->has = h->has_share && all > 0;
    n->n = (int64_t)(p->missing + (retrieved > 0 ? p->retrieved * k / retrieved : 0) + 0.5);
    n->of = (int64_t)(most(all, 0) + 0.5);
    if (!n->has)
        return;
    n->value = share_at(s, p, k, 0, 0, p->without);
    i.low = least(share_at(s, p, h->retrieved_low, leave, beside, p->without + p->without_low),
                  share_at(s, p, h->retrieved_high, leave, beside, p->without + p->without_low));
    i.high = most(share_at(s, p, h->retrieved_low, p->join, 0, p->without),
                  share_at(s, p, h->retrieved_high, p->join, 0, p->without));
    number_set_bounds(n, h->has_interval ? BOUNDS_BOTH : BOUNDS_OPEN, i);
}

/* ---- the numbers ---- */

static struct stat_interval put(struct summary *s, const char *name, const struct public_part *p,
                                const char *is)
{
    struct number n = { .name = str_of(name), .is = str_of(is) };

    number_set_public(&n, s, p);
    if (!n.has)
        n.is = arena_printf(s->mem, "%s No value: no page of a returned post was read yet, or no"
                                    " post is known as public.", is);
    number_put(&s->numbers, s->mem, &n);
    return (struct stat_interval){ n.low, n.high };
}

#define WORST " The bounds are worst cases of what is not settled"
#define WRONG "; below, as many of them are wrong verdicts as the checks do not rule out of all"
#define SAMPLED ", and 95 % limits of the sample of returned posts' pages where not all were read."

static void put_headline(struct summary *s)
{
    const struct public_open o = public_open_of(s);

    s->headline.range = put(
        s, "public_not_returned",
        &(struct public_part){ .missing = (double)s->waterfall.n[NODE_PUBLIC],
                               .join = public_open_all(&o),
                               .leave = s->headline.wrong_most },
        "Posts that anyone could open and that the API did not return, as a share of all posts that"
        " anyone could open." WORST
        ": below, as many verdicts are wrong as the checks do not rule out, and all that is open"
        " is returned; above, all that is refused from here or open is public and missing" SAMPLED);
}

static void put_returned(struct summary *s)
{
    const struct public_open o = public_open_of(s);
    const double once = (double)s->waterfall.n[NODE_AT_ONCE],
                 late = (double)s->waterfall.n[NODE_AFTER_RETRIES];

    put(s, "public_returned_at_once", &(struct public_part){ .retrieved = once },
        "Public posts that the API returned when they were first asked for, as a share of all"
        " public posts: what one sees who asks once." WORST SAMPLED);
    put(s, "public_returned_late",
        &(struct public_part){ .retrieved = late, .join = o.waiting + o.unseen },
        "Public posts that the API returned only when they were asked for again, as a share of all"
        " public posts." WORST SAMPLED);
}

static void put_missing(struct summary *s, const char *name, enum basis basis, const char *is)
{
    const struct public_open o = public_open_of(s);
    const double n = (double)s->public_split[basis], all = (double)s->waterfall.n[NODE_PUBLIC];
    struct public_part p = { .missing = n,
                             .join = public_open_all(&o),
                             .leave = all > 0 ? s->headline.wrong_most * n / all : 0 };

    if (basis == BASIS_UNEXPLAINED)
        p.leave += n - (double)s->public_unexplained_low;
    put(s, name, &p, is);
}

static void put_estimate(struct summary *s)
{
    const struct headline *h = &s->headline;
    const struct public_open o = public_open_of(s);
    const double missing = (double)s->waterfall.n[NODE_PUBLIC];
    struct number n = { .name = str_of("public_posts"),
                        .unit = UNIT_PLAIN,
                        .has = h->has_share,
                        .value = missing + h->retrieved_public };

    n.n = n.of = (int64_t)(n.value + 0.5);
    n.is = str_of("Posts of the audit that anyone could open: missing ones whose page is public,"
                  " and as many of the returned ones as the sample of their pages says." WORST
                  SAMPLED);
    if (n.has)
        number_set_bounds(&n, h->has_interval ? BOUNDS_BOTH : BOUNDS_OPEN,
                          (struct stat_interval){ missing + h->retrieved_low,
                                                  missing + h->retrieved_high +
                                                      public_open_all(&o) });
    number_put(&s->numbers, s->mem, &n);
}

static void put_decided(struct summary *s)
{
    const int64_t *w = s->waterfall.n;
    struct number n = { .name = str_of("decided") };

    number_set_share(&n, w[NODE_ITEMS] - w[NODE_OPEN], w[NODE_ITEMS]);
    n.is = str_of("Items that are returned or missing, not open, as a share of all items.");
    number_put(&s->numbers, s->mem, &n);
}

static void put_checks(struct summary *s)
{
    const struct checks *c = &s->checks;
    struct number n = { .name = str_of("spot_check") };

    number_set_share(&n, c->spot_back, c->spot_asked);
    if (n.has)
        number_set_bounds(&n, BOUNDS_SAMPLE, (struct stat_interval){ 0, c->spot_upper });
    n.is = str_of("Missing posts whose absence was confirmed and that came back when they were"
                  " asked for alone, as a share of those asked so; above, the one-sided 95 %"
                  " limit.");
    number_put(&s->numbers, s->mem, &n);
    n = (struct number){ .name = str_of("verdicts_wrong"),
                         .unit = UNIT_ESTIMATE,
                         .has = true,
                         .value = s->headline.wrong_expected,
                         .n = s->waterfall.n[NODE_PUBLIC],
                         .of = s->waterfall.n[NODE_PUBLIC],
                         .is = str_of("Missing public posts whose absence is expected to be an"
                                      " error of batch or window, by the stated probabilities;"
                                      " above, as many as the checks do not rule out.") };
    number_set_bounds(&n, BOUNDS_SAMPLE,
                      (struct stat_interval){ s->headline.wrong_interval.low,
                                              most(s->headline.wrong_interval.high,
                                                   s->headline.wrong_most) });
    number_put(&s->numbers, s->mem, &n);
}

void numbers_of_public(struct summary *s)
{
    put_headline(s);
    put_estimate(s);
    put_returned(s);
    put_missing(s, "public_missing_documented", BASIS_DOCUMENTED,
                "Public posts that the API did not return and whose exclusion the platform's"
                " documentation announced, as a share of all public posts." WORST WRONG SAMPLED);
    put_missing(s, "public_missing_disputed", BASIS_DISPUTED,
                "Public posts that the API did not return and about whose exclusion the platform's"
                " own pages disagree, as a share of all public posts." WORST WRONG SAMPLED);
    put_missing(s, "public_missing_unexplained", BASIS_UNEXPLAINED,
                "Public posts that the API did not return and for which the platform gives no"
                " reason, as a share of all public posts; below, of accounts with a returned post"
                " alone, which neither age nor registration keeps out." WORST SAMPLED);
    put_decided(s);
    put_checks(s);
}
