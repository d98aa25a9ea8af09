/* report/numbers_vantages.c: the numbers of posts that are public at one vantage and refused at
 * another. */
#include "report/numbers.h"

#define CONFIDENCE 0.95

/* Wilson's; below as if nothing that is open were one of these, above as if all were. */
static void put_share(struct summary *s, struct str name, int64_t k, int64_t of, int64_t open,
                      struct str is)
{
    struct number n = { .name = name };

    number_set_share(&n, k, of);
    if (of)
        number_set_bounds(&n, open ? BOUNDS_BOTH : BOUNDS_SAMPLE,
                          (struct stat_interval){
                              stat_wilson(k, of + open, CONFIDENCE).low,
                              stat_wilson(k + open, of + open, CONFIDENCE).high });
    n.is = arena_printf(s->mem, "%.*s %s", STR_ARG(is),
                        !of    ? "No value: there is no such post that is decided."
                        : open ? "The bounds are a 95 % interval (Wilson), below as if none of "
                                 "those that are undecided were one of these, above as if all were."
                               : "The bounds are a 95 % interval (Wilson).");
    number_put(&s->numbers, s->mem, &n);
}

static struct str of_pair(struct summary *s, const struct vantage_pair *p, const char *here,
                          const char *there)
{
    const struct str a = s->vantages.v[p->a].name, b = s->vantages.v[p->b].name;

    return arena_printf(s->mem,
                        "Posts that are %s at %.*s and %s at %.*s, as a share of those that are "
                        "%s at %.*s and whose pages decided at both.",
                        here, STR_ARG(a), there, STR_ARG(b), here, STR_ARG(a));
}

static void put_pair(struct summary *s, const struct vantage_pair *p)
{
    put_share(s, p->refused_there, p->n[BESIDE_PUBLIC_REFUSED],
              p->n[BESIDE_PUBLIC_REFUSED] + p->n[BESIDE_BOTH_PUBLIC],
              p->n[BESIDE_PUBLIC_REFUSED_OPEN], of_pair(s, p, "public", "refused"));
    put_share(s, p->public_there, p->n[BESIDE_REFUSED_PUBLIC],
              p->n[BESIDE_REFUSED_PUBLIC] + p->n[BESIDE_BOTH_REFUSED],
              p->n[BESIDE_REFUSED_PUBLIC_OPEN], of_pair(s, p, "refused", "public"));
}

static void put_open(struct summary *s)
{
    const int64_t open = s->vantages.open;
    const struct number n = {
        .name = STR("vantages_undecided"),
        .has = true,
        .value = (double)open,
        .low = (double)open,
        .high = (double)open,
        .n = open,
        .of = open,
        .is = STR("Posts that are public at one vantage and refused at another, and that nobody "
                  "saw since the refusal: they may have been deleted in between."),
    };

    number_put(&s->numbers, s->mem, &n);
}

void numbers_of_vantages(struct summary *s)
{
    const struct vantages *v = &s->vantages;

    put_share(s, STR("public_here_refused_there"), v->apart, v->of, v->open,
              STR("Posts that are public at one vantage and were refused at another while they "
                  "were there still, as a share of all whose pages decided at two or more."));
    put_open(s);
    for (size_t i = 0; i < v->pairs; i++)
        put_pair(s, &v->pair[i]);
}
