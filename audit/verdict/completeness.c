/* audit/verdict/completeness.c: public posts that the API does not return: after all asks,
 * as one round would have shown it, and without what the documentation announced. */
#include "audit/verdict/numbers.h"
#include "report/summary.h"
#include "report/waterfall.h"

struct missed {
    const struct summary *s;
    int64_t documented, disputed;               // public missing posts, as rules that separate say
    int64_t again, again_public, again_read;    // after_retries; page public; page decisive
};

static void take(struct missed *m, const struct label_row *l)
{
    if (l->state == STATE_RETRIEVED && l->reason == REASON_AFTER_RETRIES) {
        m->again++;
        m->again_public += l->page == ANSWER_PUBLIC;
        m->again_read += l->page == ANSWER_PUBLIC || l->page == ANSWER_REFUSED;
    }
    if (l->state != STATE_MISSING || waterfall_group(l) != NODE_PUBLIC ||
        (l->basis != BASIS_DOCUMENTED && l->basis != BASIS_DISPUTED) ||
        !summary_rule_explains(m->s, l->rule))
        return;
    *(l->basis == BASIS_DOCUMENTED ? &m->documented : &m->disputed) += 1;
}

static int take_labels(struct audit *audit, struct missed *m, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (store_labels(audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        take(m, &l);
    label_cursor_close(labels);
    return got;
}

/* Of all that is public: what is missing in the end, less `out` of it, and what came back
 * only when it was asked again (back) as well. `least`: less at the low end alone. */
struct part {
    double out, least, back;
};

static double share(double missing, double retrieved, const struct part *p)
{
    const double part = missing - p->out + p->back, all = missing - p->out + retrieved;

    return part > 0 && all > 0 ? part / all : 0;
}

static void put(const struct numbers_from *from, const char *name, const struct part *p,
                const char *is)
{
    const struct summary *s = from->s;
    const struct headline *h = &s->headline;
    const struct waterfall *w = &s->waterfall;
    const double missing = (double)w->n[NODE_PUBLIC], retrieved = h->retrieved_public,
                 more = (double)(w->n[NODE_RESTRICTED] + w->n[NODE_UNOBSERVED] +
                                 w->n[NODE_UNCONFIRMED]);
    struct number n = { .name = str_of(name),
                        .criterion = CRITERION_COMPLETENESS,
                        .unit = UNIT_SHARE,
                        .has = h->has_share && missing - p->out + retrieved > 0,
                        .n = (int64_t)(missing - p->out + p->back + 0.5),
                        .of = (int64_t)(missing - p->out + retrieved + 0.5) };
    struct part low = *p;
    struct stat_interval ends = { retrieved, retrieved }, i;

    if (h->has_interval && h->interval.low > 0 && h->interval.high > 0) {
        ends.high = missing / h->interval.low - missing;
        ends.low = missing / h->interval.high - missing;
    }
    low.out += p->least + h->wrong_most;
    n.value = share(missing, retrieved, p);
    i.low = share(missing, ends.high, &low);
    i.high = share(missing + more, ends.low, p);
    i.high = i.high > n.value ? i.high : n.value;
    i.low = i.low < n.value ? i.low : n.value;
    number_set_bounds(&n, h->has_interval ? BOUNDS_BOTH : BOUNDS_OPEN, i);
    n.is = n.has ? str_of(is)
                 : arena_printf(s->mem,
                                "%s No value: no page of a returned post was read yet, or"
                                " no post is known as public.",
                                is);
    number_put(&from->s->numbers, s->mem, &n);
}

#define BOUNDS_SAY                                                                 \
    " The bounds are worst cases: below without verdicts that may be wrong, above" \
    " with what is restricted, unobserved or unconfirmed; with the 95 % interval"  \
    " of the sample of returned posts' pages where not all were read."

int completeness_numbers(const struct numbers_from *from, struct err *err)
{
    const struct headline *h = &from->s->headline;
    struct missed m = { .s = from->s };
    double back;

    if (take_labels(from->audit, &m, err))
        return -1;
    back = (double)m.again_public;
    if (h->sampled)
        back += (double)(m.again - m.again_read) * (double)h->sampled_public / (double)h->sampled;
    put(from, "missing_after_all_asks", &(struct part){ 0 },
        "Public posts that the API did not return in any ask, as a share of all public"
        " posts." BOUNDS_SAY);
    put(from, "missing_asked_once", &(struct part){ .back = back },
        "Public posts that the API did not return when they were first asked, as a share of all"
        " public posts: what an audit of one round would have called missing." BOUNDS_SAY);
    put(from, "missing_undocumented",
        &(struct part){ .out = (double)m.documented, .least = (double)m.disputed },
        "Public posts that the API did not return in any ask, without those that a documented"
        " exclusion explains, as a share of all public posts without those. Below, exclusions on"
        " which the platform's pages disagree are left out as well." BOUNDS_SAY);
    return 0;
}
