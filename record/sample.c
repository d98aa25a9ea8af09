/* record/sample.c: what the drawn posts of each creator say of all creators. */
#include "record/sample.h"

#include <math.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/stat_group.h"
#include "base/stat_sums.h"

#define CONFIDENCE 0.95

const char *creator_fate_name(enum creator_fate f)
{
    static const char *const names[CREATOR_FATE_COUNT] = {
#define X(id, name) [CREATOR_FATE_##id] = name,
        CREATOR_FATES(X)
#undef X
    };
    return names[f];
}

static enum creator_fate fate_of(const struct sample_creator *c)
{
    if (c->why != DRAW_DRAWN)
        return CREATOR_FATE_LEFT_OUT;
    if (!c->drawn)
        return CREATOR_FATE_NOT_DRAWN;
    if (c->open)
        return CREATOR_FATE_OPEN;
    if (!sample_trials(c))
        return CREATOR_FATE_GONE;
    return sample_is_canadian(c) ? CREATOR_FATE_CANADA : CREATOR_FATE_COUNTED;
}

static void spread_take(struct sample_spread *spread, const struct sample_creator *c, int64_t posts)
{
    const int64_t most = c->available < posts ? c->available : posts;

    spread->creators++;
    spread->n[most]++;
    spread->all += c->missing == 0;
    spread->none += c->available == 0;
}

/* Wilson's; below as if no undecided creator were one of these, above as if each were that can. */
static struct stat_interval share_of_creators(const struct sample_result *s, int64_t n,
                                              int64_t could)
{
    const int64_t of = s->counted.creators, open = s->fate[CREATOR_FATE_OPEN];

    return of ? (struct stat_interval){ stat_wilson(n, of + open, CONFIDENCE).low,
                                        stat_wilson(n + could, of + could, CONFIDENCE).high }
              : (struct stat_interval){ 0, 1 };
}

/* What an undecided post may still become is not known; what the others are is. */
static void count(struct sample_result *s)
{
    struct stat_sums sums = { 0 };

    for (size_t i = 0; i < s->rows; i++) {
        struct sample_creator *c = &s->row[i];

        c->fate = fate_of(c);
        s->fate[c->fate]++;
        s->left_out[c->why] += c->fate == CREATOR_FATE_LEFT_OUT;
        s->drawn += c->drawn > 0;
        s->pinned += c->pinned;
        s->newest_lists += c->drawn > 0 && c->newest;
        s->no_choice += c->drawn > 0 && c->frame == c->drawn;
        s->could_be_all += c->fate == CREATOR_FATE_OPEN && c->missing == 0;
        s->could_be_none += c->fate == CREATOR_FATE_OPEN && c->available == 0;
        if (c->fate == CREATOR_FATE_CANADA)
            spread_take(&s->canada, c, s->draw.posts);
        if (c->fate != CREATOR_FATE_COUNTED)
            continue;
        spread_take(&s->counted, c, s->draw.posts);
        s->available += c->available;
        s->trials += sample_trials(c);
        stat_sums_add(&sums, (double)c->available, (double)sample_trials(c));
    }
    s->all = share_of_creators(s, s->counted.all, s->could_be_all);
    s->none = share_of_creators(s, s->counted.none, s->could_be_none);
    s->available_95 = stat_sums_share(&sums, CONFIDENCE);
}

/* By the rate of the counted creators of whom something came back. */
static void chances(struct sample_result *s, uint64_t seed)
{
    const size_t n = s->rows;
    struct stat_group *group = xcalloc(n + 1, sizeof *group);
    double *p = xcalloc(n + 1, sizeof *p), *q = xcalloc(n + 1, sizeof *q);
    struct stat_group_model fit;
    struct stat_zeros zeros;
    size_t counted = 0;

    for (size_t i = 0; i < n; i++) {
        s->row[i].chance = s->row[i].q = -1;
        if (s->row[i].fate == CREATOR_FATE_COUNTED)
            group[counted++] = (struct stat_group){ sample_trials(&s->row[i]),
                                                    s->row[i].available };
    }
    fit = stat_group_fit(group, counted);
    zeros = stat_group_zeros(group, counted, seed);
    s->rate = fit.fitted ? fit.b : -1;
    s->rho = fit.fitted ? fit.rho : -1;
    s->zeros = zeros.seen;
    s->zeros_expected = fit.fitted ? zeros.expected : -1;
    s->zeros_chance = fit.fitted ? zeros.chance : -1;
    for (size_t i = 0, k = 0; fit.fitted && i < n; i++) {
        struct sample_creator *c = &s->row[i];

        if (sample_trials(c) > 0)
            c->chance = c->available ? 1 : stat_group_none(sample_trials(c), fit.b, fit.rho);
        if (c->fate == CREATOR_FATE_COUNTED)
            p[k++] = c->chance;
    }
    stat_bh(p, q, fit.fitted ? counted : 0);
    for (size_t i = 0, k = 0; fit.fitted && i < n; i++)
        if (s->row[i].fate == CREATOR_FATE_COUNTED)
            s->row[i].q = q[k++];
    free(group);
    free(p);
    free(q);
}

void sample_finish(struct sample_result *s, struct arena *mem, uint64_t seed)
{
    s->has = true;
    s->creators = (int64_t)s->rows;
    s->counted.n = arena_alloc(mem, ((size_t)s->draw.posts + 1) * sizeof *s->counted.n);
    s->canada.n = arena_alloc(mem, ((size_t)s->draw.posts + 1) * sizeof *s->canada.n);
    count(s);
    chances(s, seed);
}
