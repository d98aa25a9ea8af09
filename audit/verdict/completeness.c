/* audit/verdict/completeness.c: public posts that the API does not return: after all asks,
 * as one round would have shown it, and without what the documentation announced. */
#include "audit/verdict/numbers.h"
#include "report/summary.h"
#include "report/numbers_public.h"
#include "report/waterfall.h"

struct missed {
    const struct summary *s;
    struct behind *behind;
    int set_all, set_once, set_undocumented;
    int64_t documented, disputed;               // public missing posts, as rules that separate say
    int64_t again, again_public, again_read;    // after_retries; page public; page decisive
};

static void take(struct missed *m, const struct label_row *l)
{
    const bool public = l->state == STATE_MISSING && waterfall_group(l) == NODE_PUBLIC;

    if (public)
        behind_mark(m->behind, m->set_all, l->item);
    if (public || (l->reason == REASON_AFTER_RETRIES && l->page == ANSWER_PUBLIC))
        behind_mark(m->behind, m->set_once, l->item);
    if (public && (l->basis != BASIS_DOCUMENTED || !summary_rule_explains(m->s, l->rule)))
        behind_mark(m->behind, m->set_undocumented, l->item);
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

static void put(const struct numbers_from *from, const char *name, const struct public_part *p,
                const char *is)
{
    struct number n = { .name = str_of(name), .criterion = CRITERION_COMPLETENESS };

    number_set_public(&n, from->s, p);
    n.is = n.has ? str_of(is)
                 : arena_printf(from->s->mem,
                                "%s No value: no page of a returned post was read yet, or"
                                " no post is known as public.",
                                is);
    number_put(&from->s->numbers, from->s->mem, &n);
}

#define BOUNDS_SAY                                                                    \
    " The bounds are worst cases: below with as many wrong verdicts as the checks do" \
    " not rule out, above with all that is refused from here or open; with the 95 %"  \
    " interval of the sample of returned posts' pages where not all were read."

int completeness_numbers(const struct numbers_from *from, struct err *err)
{
    const struct summary *s = from->s;
    const struct headline *h = &s->headline;
    const double missing = (double)s->waterfall.n[NODE_PUBLIC],
                 retrieved = (double)s->waterfall.n[NODE_RETRIEVED];
    const struct public_open open = public_open_of(s);
    struct missed m = {
        .s = s,
        .behind = from->behind,
        .set_all = behind_set(from->behind, STR("missing_after_all_asks")),
        .set_once = behind_set(from->behind, STR("missing_asked_once")),
        .set_undocumented = behind_set(from->behind, STR("missing_undocumented")),
    };
    struct public_part p = { .missing = missing,
                             .join = public_open_all(&open),
                             .leave = h->wrong_most };
    double back;

    if (take_labels(from->audit, &m, err))
        return -1;
    back = (double)m.again_public;
    if (h->sampled)
        back += (double)(m.again - m.again_read) * (double)h->sampled_public / (double)h->sampled;
    put(from, "missing_after_all_asks", &p,
        "Public posts that the API did not return in any ask, as a share of all public"
        " posts." BOUNDS_SAY);
    /* A wrong verdict was no less absent at first. */
    p.leave = 0;
    p.retrieved = h->retrieved_public > 0 ? back * retrieved / h->retrieved_public : 0;
    put(from, "missing_asked_once", &p,
        "Public posts that the API did not return when they were first asked, as a share of all"
        " public posts: what an audit of one round would have called missing." BOUNDS_SAY);
    p = (struct public_part){ .missing = missing - (double)m.documented,
                              .join = public_open_all(&open),
                              .leave = h->wrong_most,
                              .without = (double)m.documented,
                              .without_low = (double)m.disputed };
    put(from, "missing_undocumented", &p,
        "Public posts that the API did not return in any ask, without those that a documented"
        " exclusion explains, as a share of all public posts without those. Below, exclusions on"
        " which the platform's pages disagree are left out as well." BOUNDS_SAY);
    return 0;
}
