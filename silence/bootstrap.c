/* silence/bootstrap.c: the interval of the stated probabilities. */
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/err.h"
#include "silence/bootstrap.h"

#define DRAWS 200
#define TURNS_MAX 25
#define TURNS_ENOUGH 1e-7

static int by_day(const void *va, const void *vb)
{
    const struct belief_batch *a = va, *b = vb;

    return (a->day > b->day) - (a->day < b->day);
}

struct draws {
    struct belief_batch *batch; size_t n;       // by day
    size_t *from; size_t days;                  // first batch of each day, and the end
    uint64_t drawn;
};

static size_t draw(struct draws *r, size_t n)
{
    return (size_t)(mix64(++r->drawn) % n);
}

static void draws_init(struct draws *r, const struct belief_data *d)
{
    *r = (struct draws){ xmalloc(d->batches * sizeof *r->batch), d->batches,
                         xmalloc((d->batches + 1) * sizeof *r->from), 0, 0 };
    memcpy(r->batch, d->batch, d->batches * sizeof *r->batch);
    qsort(r->batch, r->n, sizeof *r->batch, by_day);
    for (size_t i = 0; i < r->n; i++)
        if (i == 0 || r->batch[i].day != r->batch[i - 1].day)
            r->from[r->days++] = i;
    r->from[r->days] = r->n;
}

/* Losses as another draw of days and batches would show them, and how many
 * would have come back, against those that did. */
static double draw_losses(struct draws *r, struct loss_tally seen[MAKE_UPS])
{
    double back = 0, had = 0;

    memset(seen, 0, MAKE_UPS * sizeof *seen);
    for (size_t i = 0; i < r->n; i++)
        had += r->batch[i].back;
    for (size_t k = 0; k < r->days; k++) {
        size_t day = draw(r, r->days), n = r->from[day + 1] - r->from[day];

        for (size_t i = 0; i < n; i++) {
            const struct belief_batch *b = &r->batch[r->from[day] + draw(r, n)];

            seen[b->make_up].lost += b->seen.lost;
            seen[b->make_up].kept += b->seen.kept;
            back += b->back;
        }
    }
    return had > 0 ? back / had : 1;
}

static double odds(double p)
{
    return p / (1 - p);
}

/* The stated probabilities, their odds moved as those of their history moved: of
 * so many items no more than all can be there. */
static double stated_under(const struct belief_data *d, const struct belief *as_is,
                           const struct belief *drawn)
{
    double sum = 0;

    for (size_t i = 0; i < d->groups; i++) {
        const struct history_group *g = &d->group[i];
        double was, is, moved;

        if (!(g->stated > 0))
            continue;
        was = odds(belief_there(as_is, &g->of));
        is = odds(belief_there(drawn, &g->of));
        moved = odds(g->stated / (double)g->confirmed) * (was > 0 ? is / was : 1);
        sum += moved < INFINITY ? (double)g->confirmed * moved / (1 + moved) : (double)g->confirmed;
    }
    return sum;
}

struct stat_interval belief_bootstrap(const struct belief_data *d, const struct belief *b)
{
    double sums[DRAWS], back[STRATA];
    struct draws r;

    if (d->batches == 0) {
        double sum = stated_under(d, b, b);

        return (struct stat_interval){ sum, sum };
    }
    draws_init(&r, d);
    for (int k = 0; k < DRAWS; k++) {
        struct loss_tally seen[MAKE_UPS];
        struct belief drawn = *b;
        double share = draw_losses(&r, seen);

        for (int g = 0; g < STRATA; g++)
            back[g] = share * (double)d->back[g];
        for (int i = 0; i < TURNS_MAX && belief_turn(d, seen, back, &drawn) > TURNS_ENOUGH; i++)
            ;
        sums[k] = stated_under(d, b, &drawn);
    }
    free(r.batch);
    free(r.from);
    return (struct stat_interval){ stat_quantile(sums, DRAWS, 0.025),
                                   stat_quantile(sums, DRAWS, 0.975) };
}
