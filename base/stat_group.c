/* base/stat_group.c: the beta-binomial model of groups. */
#include "base/stat_group.h"

#include <math.h>
#include <stdbool.h>
#include <stdlib.h>
#include "base/digest.h"
#include "base/err.h"

/* P(none) = prod over j < m of ((1-b) s + j) / (s + j). With s = (1-rho)/rho
 * each factor is ((1-b)(1-rho) + j rho) / ((1-rho) + j rho), which is as good
 * at rho = 0, where it is 1-b. */
double stat_group_none(int64_t m, double b, double rho)
{
    double p = 1;

    for (int64_t j = 0; j < m && p > 0; j++)
        p *= ((1 - b) * (1 - rho) + (double)j * rho) / ((1 - rho) + (double)j * rho);
    return p;
}

/* Groups of equal (m, k) are one cell, so a fit costs as much as there are different
 * cells, not groups. */
struct cell {
    struct stat_group a;
    double count;
};

static int by_cell(const void *x, const void *y)
{
    const struct cell *a = x, *b = y;

    if (a->a.m != b->a.m)
        return a->a.m < b->a.m ? -1 : 1;
    return a->a.k < b->a.k ? -1 : a->a.k > b->a.k;
}

struct fit {
    bool whole;    // groups with none as well: nothing is conditional
    struct cell *cell;
    size_t cells;
    int64_t most;                 // largest m
    double *came, *lost, *all;    // running sums of logs, by j
    double b;
};

/* Log likelihood of rho, the binomial coefficients left out (they do not
 * depend on it): P(k of m) / (1 - P(0 of m)), by cell; of a whole fit P(k of m). */
static double fit_likelihood(struct fit *f, double rho)
{
    double sum = 0;

    for (int64_t j = 0; j < f->most; j++) {
        double drift = (double)j * rho, rest = 1 - rho;

        f->came[j + 1] = f->came[j] + log(f->b * rest + drift);
        f->lost[j + 1] = f->lost[j] + log((1 - f->b) * rest + drift);
        f->all[j + 1] = f->all[j] + log(rest + drift);
    }
    for (size_t i = 0; i < f->cells; i++) {
        int64_t m = f->cell[i].a.m, k = f->cell[i].a.k;
        double none = f->whole ? 0 : exp(f->lost[m] - f->all[m]);

        sum += f->cell[i].count *
               (f->came[k] + f->lost[m - k] - f->all[m] - log1p(-(none < 1 ? none : 1 - 1e-16)));
    }
    return sum;
}

/* The best of a grid that is dense near 0, then golden sections between its
 * neighbours. */
static double fit_best(struct fit *f)
{
    enum { GRID = 60 };
    const double golden = 0.6180339887498949;
    double best = -INFINITY, low, high, x1, x2, y1, y2;
    int at = 0;

    for (int i = 0; i <= GRID; i++) {
        double share = (double)i / GRID, y = fit_likelihood(f, 0.999 * share * share);

        if (y > best + 1e-9) {
            best = y;
            at = i;
        }
    }
    low = at > 0 ? 0.999 * (at - 1) * (at - 1) / (GRID * GRID) : 0;
    high = at < GRID ? 0.999 * (at + 1) * (at + 1) / (GRID * GRID) : 0.999;
    x1 = high - golden * (high - low);
    x2 = low + golden * (high - low);
    y1 = fit_likelihood(f, x1);
    y2 = fit_likelihood(f, x2);
    while (high - low > 1e-7) {
        if (y1 >= y2) {
            high = x2;
            x2 = x1;
            y2 = y1;
            x1 = high - golden * (high - low);
            y1 = fit_likelihood(f, x1);
        } else {
            low = x1;
            x1 = x2;
            y1 = y2;
            x2 = low + golden * (high - low);
            y2 = fit_likelihood(f, x2);
        }
    }
    // At the lower end the likelihood falls from 0 on: exactly 0 then.
    return at == 0 && fit_likelihood(f, 0) >= fit_likelihood(f, low + (high - low) / 2)
               ? 0
               : low + (high - low) / 2;
}

/* Of cells, each pair (m, k) once. */
static double fit_cells(struct cell *cell, size_t cells, double b, bool whole)
{
    struct fit f = { .b = b, .whole = whole, .cell = cell, .cells = cells };
    double rho;

    if (!(b > 0) || b >= 1 || cells == 0)
        return 0;    // nothing varies: no correlation to see
    for (size_t i = 0; i < cells; i++)
        f.most = cell[i].a.m > f.most ? cell[i].a.m : f.most;
    f.came = xcalloc((uint64_t)f.most + 1, sizeof *f.came);
    f.lost = xcalloc((uint64_t)f.most + 1, sizeof *f.lost);
    f.all = xcalloc((uint64_t)f.most + 1, sizeof *f.all);
    rho = fit_best(&f);
    free(f.came);
    free(f.lost);
    free(f.all);
    return rho;
}

static double fit_rho(const struct stat_group *group, size_t len, double b, bool whole)
{
    struct cell *cell;
    size_t n = 0, cells = 0;
    double rho;

    if (!(b > 0) || b >= 1 || len == 0)
        return 0;
    cell = xcalloc(len, sizeof *cell);
    for (size_t i = 0; i < len; i++)
        if (group[i].m > 0 && group[i].k >= (whole ? 0 : 1) && group[i].k <= group[i].m)
            cell[n++] = (struct cell){ group[i], 1 };
    qsort(cell, n, sizeof *cell, by_cell);
    for (size_t i = 0; i < n; i++) {
        if (cells > 0 && by_cell(&cell[cells - 1], &cell[i]) == 0)
            cell[cells - 1].count++;
        else
            cell[cells++] = cell[i];
    }
    rho = fit_cells(cell, cells, b, whole);
    free(cell);
    return rho;
}

double stat_group_rho(const struct stat_group *group, size_t len, double b)
{
    return fit_rho(group, len, b, false);
}

/* The rate of the groups with k >= least. */
static struct stat_group_model fit_model(const struct stat_group *group, size_t len, bool whole)
{
    struct stat_group_model model = { NAN, NAN, 0 };
    double k = 0, m = 0;

    for (size_t i = 0; i < len; i++)
        if (group[i].m > 0 && group[i].k >= (whole ? 0 : 1)) {
            model.fitted++;
            k += (double)group[i].k;
            m += (double)group[i].m;
        }
    if (model.fitted > 0) {
        model.b = k / m;
        model.rho = fit_rho(group, len, model.b, whole);
    }
    return model;
}

struct stat_group_model stat_group_fit(const struct stat_group *group, size_t len)
{
    return fit_model(group, len, false);
}

/* ---- groups with none ---- */

static struct stat_zeros zeros_of(const struct stat_group *group, size_t len)
{
    const struct stat_group_model model = stat_group_fit(group, len);
    struct stat_zeros z = { 0, model.fitted ? 0 : NAN, NAN };

    for (size_t i = 0; i < len; i++) {
        if (group[i].m < 1)
            continue;
        z.seen += group[i].k == 0;
        if (model.fitted)
            z.expected += stat_group_none(group[i].m, model.b, model.rho);
    }
    return z;
}

/* Groups of the same sizes as the model has them: each thing comes back the likelier, the
 * more of its group did before it (Polya's urn), which is the beta-binomial. */
static void groups_make(const struct stat_group_model *model, const struct stat_group *like,
                        size_t len, uint64_t salt, struct stat_group *made)
{
    const double b = model->b, rho = model->rho;
    uint64_t turn = 0;

    for (size_t i = 0; i < len; i++) {
        made[i] = (struct stat_group){ like[i].m, 0 };
        for (int64_t j = 0; j < like[i].m; j++) {
            const double rate = (b * (1 - rho) + (double)made[i].k * rho) /
                                ((1 - rho) + (double)j * rho);

            made[i].k += (double)(mix64(salt + turn++) >> 11) * 0x1p-53 < rate;
        }
    }
}

struct stat_zeros stat_group_zeros(const struct stat_group *group, size_t len, uint64_t seed)
{
    struct stat_zeros z = zeros_of(group, len);
    struct stat_group_model model;
    struct stat_group *made;
    int64_t as_many = 0;

    if (isnan(z.expected))
        return z;
    model = fit_model(group, len, true);
    made = xcalloc(len, sizeof *made);
    for (int draw = 0; draw < STAT_ZEROS_DRAWS; draw++) {
        struct stat_zeros by_chance;

        groups_make(&model, group, len, mix64(seed ^ mix64((uint64_t)draw + 1)), made);
        by_chance = zeros_of(made, len);
        /* Where nothing came back at all there is no rate to expect anything by: as many. */
        as_many += isnan(by_chance.expected) || (double)by_chance.seen - by_chance.expected >=
                                                    (double)z.seen - z.expected - 1e-9;
    }
    free(made);
    z.chance = (double)(1 + as_many) / (1 + STAT_ZEROS_DRAWS);
    return z;
}

/* ---- how often it would be seen ---- */

/* Groups of m, so many with each k: cell k. */
struct groups {
    int64_t m;
    struct cell *cell;
};

static struct groups groups_new(int64_t m)
{
    struct groups g = { m, xcalloc((uint64_t)m + 1, sizeof *g.cell) };

    for (int64_t k = 0; k <= m; k++)
        g.cell[k].a = (struct stat_group){ m, k };
    return g;
}

/* The cells that are filled, those with none among them where all are wanted. */
static struct stat_group_model groups_fit(const struct groups *g, bool whole)
{
    struct cell *cell = xcalloc((uint64_t)g->m + 1, sizeof *cell);
    struct stat_group_model model = { NAN, NAN, 0 };
    double came = 0, all = 0;
    size_t cells = 0;

    for (int64_t k = whole ? 0 : 1; k <= g->m; k++)
        if (g->cell[k].count > 0) {
            came += (double)k * g->cell[k].count;
            all += (double)g->m * g->cell[k].count;
            cell[cells++] = g->cell[k];
        }
    if (all > 0) {
        model.b = came / all;
        model.rho = fit_cells(cell, cells, model.b, whole);
        model.fitted = (int64_t)(all / (double)g->m + 0.5);
    }
    free(cell);
    return model;
}

/* How many more have none than expected; all of them where nothing came back. */
static double groups_excess(const struct groups *g)
{
    const struct stat_group_model model = groups_fit(g, false);
    double n = 0;

    for (int64_t k = 0; k <= g->m; k++)
        n += g->cell[k].count;
    return model.fitted ? g->cell[0].count - n * stat_group_none(g->m, model.b, model.rho) : n;
}

/* P(k of m), as counts of one group in all; shut_out of it has none. */
static void groups_expect(const struct stat_group_model *model, double shut_out, struct groups *g)
{
    const double b = model->b, rho = model->rho;

    for (int64_t k = 0; k <= g->m; k++)
        g->cell[k].count = k == 0;
    for (int64_t j = 0; j < g->m; j++)
        for (int64_t k = j; k >= 0; k--) {
            const double rate = (b * (1 - rho) + (double)k * rho) / ((1 - rho) + (double)j * rho);
            const double here = g->cell[k].count;

            g->cell[k + 1].count += here * rate;
            g->cell[k].count = here * (1 - rate);
        }
    for (int64_t k = 0; k <= g->m; k++)
        g->cell[k].count = (1 - shut_out) * g->cell[k].count + (k == 0) * shut_out;
}

/* n groups as they are expected. */
static void groups_draw(const struct groups *expected, int64_t n, uint64_t salt, struct groups *g)
{
    for (int64_t k = 0; k <= g->m; k++)
        g->cell[k].count = 0;
    for (int64_t i = 0; i < n; i++) {
        double u = (double)(mix64(salt + (uint64_t)i) >> 11) * 0x1p-53;
        int64_t k = g->m;

        while (k > 0 && u >= expected->cell[k].count)    // most have most
            u -= expected->cell[k--].count;
        g->cell[k].count++;
    }
}

static int by_size(const void *a, const void *b)
{
    const double *x = a, *y = b;

    return (*x > *y) - (*x < *y);
}

enum { POWER_DRAWS = 300, POWER_RARE = POWER_DRAWS / 20, POWER_NODES = 5 };

/* What the test finds in one world, and what it then takes for chance. */
struct tested {
    double excess;
    struct stat_group_model null;
};

static int by_rho(const void *a, const void *b)
{
    const struct tested *x = a, *y = b;

    return (x->null.rho > y->null.rho) - (x->null.rho < y->null.rho);
}

static uint64_t salt_of(uint64_t seed, int stream, int draw)
{
    return mix64(seed ^ mix64((uint64_t)stream * POWER_DRAWS + (uint64_t)draw + 1));
}

/* The excess that one world in twenty goes beyond where that model is the truth. */
static double limit_of(const struct stat_group_model *null, int64_t m, int64_t n, uint64_t seed,
                       int stream)
{
    struct groups expected = groups_new(m), drawn = groups_new(m);
    double excess[POWER_DRAWS], limit;

    groups_expect(null, 0, &expected);
    for (int i = 0; i < POWER_DRAWS; i++) {
        groups_draw(&expected, n, salt_of(seed, stream, i), &drawn);
        excess[i] = groups_excess(&drawn);
    }
    qsort(excess, POWER_DRAWS, sizeof *excess, by_size);
    limit = excess[POWER_DRAWS - POWER_RARE];
    free(expected.cell);
    free(drawn.cell);
    return limit;
}

double stat_group_power(const struct stat_group_world *w, int64_t n, uint64_t seed)
{
    const struct stat_group_model is = { w->b, w->rho, 0 };
    struct groups expected, drawn;
    struct tested t[POWER_DRAWS];
    double rho[POWER_NODES], limit[POWER_NODES];
    int seen = 0;

    if (w->m < 1 || n < 1)
        return 0;
    expected = groups_new(w->m);
    drawn = groups_new(w->m);
    groups_expect(&is, w->shut_out, &expected);
    for (int i = 0; i < POWER_DRAWS; i++) {
        groups_draw(&expected, n, salt_of(seed, 0, i), &drawn);
        t[i] = (struct tested){ groups_excess(&drawn), groups_fit(&drawn, true) };
    }
    free(expected.cell);
    free(drawn.cell);
    /* The limit of each world's own model, between those of a few. */
    qsort(t, POWER_DRAWS, sizeof *t, by_rho);
    for (int k = 0; k < POWER_NODES; k++) {
        const struct stat_group_model *null = &t[k * (POWER_DRAWS - 1) / (POWER_NODES - 1)].null;

        rho[k] = null->rho;
        limit[k] = limit_of(null, w->m, n, seed, k + 1);
    }
    for (int i = 0; i < POWER_DRAWS; i++) {
        int k = 0;
        double part;

        while (k < POWER_NODES - 2 && t[i].null.rho > rho[k + 1])
            k++;
        part = rho[k + 1] > rho[k] ? (t[i].null.rho - rho[k]) / (rho[k + 1] - rho[k]) : 0;
        seen += t[i].excess > limit[k] + part * (limit[k + 1] - limit[k]) + 1e-9;
    }
    return (double)seen / POWER_DRAWS;
}
