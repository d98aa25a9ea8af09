/* audit/verdict/donors.c: each donor's share, their mean, and how far it would move had
 * other donors of the same kind come: drawn again with replacement. */
#include "audit/verdict/donors.h"
#include <stdlib.h>
#include "base/array.h"
#include "record/seed.h"

#define DONOR_DRAWS 1000

struct donor {
    int64_t source, missing, retrieved;
};
struct gathering {
    struct audit *audit;
    const uint8_t *kind;
    struct donor *v;
    size_t n, cap;
};

static int take_range(void *to, int64_t source, int64_t first, int64_t last, struct err *err)
{
    struct gathering *g = to;
    struct donor *d;

    (void)err;
    if (!g->n || g->v[g->n - 1].source != source) {
        ARRAY_ROOM(g->v, g->n, g->cap);
        g->v[g->n++] = (struct donor){ .source = source };
    }
    d = &g->v[g->n - 1];
    for (int64_t i = first; i <= last; i++) {
        d->missing += g->kind[i] == DONATED_MISSING;
        d->retrieved += g->kind[i] == DONATED_RETRIEVED;
    }
    return 0;
}

/* The mean of n shares drawn with replacement; the same draws for the same seed. */
static double draw_mean(const double *share, size_t n, uint64_t salt)
{
    double sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += share[mix64(salt + i) % n];
    return sum / (double)n;
}

/* Donors with nothing public have no share. One donor has no spread to speak of. */
static void conclude(const struct gathering *g, struct summary *s)
{
    double is_public = s->headline.sampled
                           ? (double)s->headline.sampled_public / (double)s->headline.sampled
                           : 1;
    double *share = xcalloc(g->n ? g->n : 1, sizeof *share),
           *mean = xcalloc(DONOR_DRAWS, sizeof *mean);
    double sum = 0;
    size_t n = 0;

    for (size_t i = 0; i < g->n; i++) {
        double all = (double)g->v[i].missing + is_public * (double)g->v[i].retrieved;

        if (all > 0)
            sum += share[n++] = (double)g->v[i].missing / all;
    }
    if (n > 1) {
        uint64_t seed = digest_rank(buf_view(&g->audit->seed), SEED_DONORS);

        for (uint64_t k = 0; k < DONOR_DRAWS; k++)
            mean[k] = draw_mean(share, n, mix64(seed ^ mix64(k)));
        s->donors = (struct donors){
            .has = true,
            .donors = (int64_t)n,
            .mean = sum / (double)n,
            .interval = { stat_quantile(mean, DONOR_DRAWS, 0.025),
                          stat_quantile(mean, DONOR_DRAWS, 0.975) },
        };
    }
    free(share);
    free(mean);
}

int donors_fill(struct audit *audit, const uint8_t *kind, struct summary *s, struct err *err)
{
    struct gathering g = { .audit = audit, .kind = kind };
    int rc = store_source_items(audit->store, "donation", take_range, &g, err);

    if (rc == 0)
        conclude(&g, s);
    free(g.v);
    return rc;
}
