/* audit/monitor/fresh.c: who is followed, and the curve of their coming. */
#include "audit/monitor/fresh.h"
#include <math.h>
#include <stdlib.h>
#include "audit/verdict/accounts.h"
#include "audit/verdict/agreement.h"
#include "audit/verdict/arrival.h"
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/utc.h"
#include "record/id.h"
#include "store/watch.h"
#include "watch/fresh.h"

#define HOUR_S 3600

/* ---- who is followed ---- */

int fresh_add(struct audit *audit, char **word, int n, struct fresh_added *out, struct err *err)
{
    const struct list_change change = { .role = WATCH_FRESH };
    char **young = xcalloc((size_t)n + 1, sizeof *young);
    struct list_counts counts = { 0 };
    struct new_item it;
    int kept = 0, rc = -1;

    *out = (struct fresh_added){ 0 };
    for (int i = 0; i < n; i++) {
        if (list_word(word[i], &it, err))
            goto out;
        if (utc_now() - id_time(it.id) > FRESH_YOUNG_HOURS * HOUR_S)
            out->too_old++;
        else
            young[kept++] = word[i];
    }
    if (kept && list_change(audit, young, kept, &change, &counts, err))
        goto out;
    out->added = counts.fresh;
    out->already = counts.already;
    rc = 0;
out:
    free(young);
    return rc;
}

/* ---- the curve ---- */

struct gathering {
    struct fresh_curve *out;
    int64_t *item;
    size_t n, cap;
};

static int take(void *to, const struct watched *w, struct err *err)
{
    struct gathering *g = to;

    (void)err;
    if (w->role != WATCH_FRESH || w->purged_at)
        return 0;
    ARRAY_ROOM(g->item, g->n, g->cap);
    g->item[g->n++] = w->item;
    return 0;
}

static void count(struct fresh_curve *c, const struct item_row *row, int64_t now)
{
    c->followed++;
    if (row->found_first_at)
        c->returned++;
    else if (row->refused_last_at > row->public_last_at)
        c->gone++;
    else if (now - item_born(row) > FRESH_LAST_HOURS * HOUR_S)
        c->given_up++;
    else
        c->waiting++;
}

static int64_t followed(const void *of, size_t i)
{
    return ((const struct gathering *)of)->item[i];
}

static int gather(struct audit *audit, const struct gathering *g, const struct agreement *agreement,
                  int64_t now, struct arrivals *a, struct err *err)
{
    struct items_ahead *rows = items_ahead_open(
        audit->store, &(struct items_wanted){ .item = followed, .of = g, .n = g->n });
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < g->n; i++) {
        struct item_row row;
        struct arrival one;
        bool found = false;

        rc = items_ahead_row(rows, i, &row, &found, err);
        if (rc || !found)
            continue;
        count(g->out, &row, now);
        if (arrival_of(&row, agreement_of(agreement, row.n), &one))
            arrivals_add(a, &one);
    }
    items_ahead_close(rows);
    return rc;
}

/* All is all: what is left of it is the grain of the estimate. */
static double whole(double share) { return share > 1 - 1e-5 ? 1 : share; }

static void draw(const struct arrivals *a, struct arena *mem, struct fresh_curve *c)
{
    const struct stat_turnbull *t = &a->fit;
    struct fresh_step *step = arena_alloc(mem, (2 * t->n + 1) * sizeof *step);
    double below = 0;

    c->step = step;
    for (size_t i = 0; i < t->n; i++) {
        const double p = t->v[i].p;

        if (p < 1e-9)
            continue;
        step[c->steps++] = (struct fresh_step){ t->v[i].left, below, whole(below + p) };
        below = whole(below + p);
        if (isfinite(t->v[i].right))
            step[c->steps++] = (struct fresh_step){ t->v[i].right, below, below };
    }
}

static void conclude(struct arrivals *a, struct arena *mem, struct fresh_curve *c)
{
    static const int hours[FRESH_MARKS] = { 24, 48, 72 };
    struct arrival_bound half;

    arrivals_fit(a);
    c->says = (int64_t)a->n;
    draw(a, mem, c);
    for (int i = 0; i < FRESH_MARKS; i++) {
        const struct arrival_bound b = arrivals_by(a, hours[i]);

        c->mark[i] = (struct fresh_mark){
            hours[i], b.has, whole(b.value), b.low, b.high, b.found, b.n
        };
    }
    half = arrivals_median(a);
    c->has_half = half.has && isfinite(half.value);
    c->half = half.value;
    c->half_low = half.low;
    c->half_high = half.high;
}

int fresh_curve_make(struct audit *audit, int64_t now, struct arena *mem, struct fresh_curve *out,
                     struct err *err)
{
    struct gathering g = { .out = out };
    struct arrivals a = { .whole = true };
    struct agreement *agreement = NULL;
    const struct account_table *accounts;
    const struct view *view = NULL;
    int rc = -1;

    *out = (struct fresh_curve){ 0 };
    if (store_watched(audit->store, take, &g, err))
        goto out;
    if (g.n == 0) {    // its marks are open, and still stand at their hours
        conclude(&a, mem, out);
        rc = 0;
        goto out;
    }
    if (audit_view_hold(audit, &view, err) || accounts_hold(audit, view, &accounts, err))
        goto out;
    a.graph = accounts->graph;
    if (agreement_make(audit, view, accounts, &agreement, err) ||
        gather(audit, &g, agreement, now, &a, err))
        goto out;
    conclude(&a, mem, out);
    rc = 0;
out:
    arrivals_release(&a);
    agreement_free(agreement);
    if (view)
        audit_view_let(audit, view);
    free(g.item);
    return rc;
}
