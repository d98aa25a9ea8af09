/* record/comparison.c: what the moves of items from bucket to bucket add up to, and how
 * numbers of two audits differ. */
#include "record/comparison.h"
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/stat_paired.h"
#include "base/stat_sums.h"

#define CHANCE 0.05
#define CONFIDENCE 0.95

bool node_is_public(enum node n)
{
    return node_is_within(n, NODE_PUBLIC);
}

bool move_is_fixed(enum node from, enum node to)
{
    return node_is_public(from) && node_is_within(to, NODE_RETRIEVED);
}

bool move_is_broken(enum node from, enum node to)
{
    return move_is_fixed(to, from);
}

bool move_is_still_missing(enum node from, enum node to)
{
    return node_is_public(from) && node_is_public(to);
}

bool comparison_is_worse(const struct comparison *c)
{
    return c->broken > c->fixed && c->p < CHANCE;
}

bool comparison_is_better(const struct comparison *c)
{
    return c->fixed > c->broken && c->p < CHANCE;
}

/* ---- changes with their bounds ---- */

static void set_bounds(struct change *n, enum bounds bounds, struct stat_interval i)
{
    n->has_interval = true;
    n->bounds = bounds;
    n->low = i.low;
    n->high = i.high;
}

/* Shares of the same items: both, A alone, B alone, neither. */
static void set_paired(struct change *n, int64_t both, int64_t a, int64_t b, int64_t neither)
{
    set_bounds(n, BOUNDS_SAMPLE, stat_newcombe_paired(both, b, a, neither, CONFIDENCE));
    n->paired = true;
}

static struct change missing_of_public(const struct comparison *c)
{
    const int64_t all = c->fixed + c->broken + c->still_missing + c->still_retrieved;
    struct change n = {
        .name = STR("missing_of_public"),
        .criterion = CRITERION_COMPLETENESS,
        .unit = UNIT_SHARE,
        .has_a = all > 0,
        .has_b = all > 0,
        .is = STR("Items that are missing though public, as a share of those of which both audits "
                  "know that they were retrieved, or missing and public; the bounds of the change "
                  "are its 95 % interval, from the same items one by one (Newcombe 1998)."),
    };

    if (all == 0)
        return n;
    n.a = (double)(c->fixed + c->still_missing) / (double)all;
    n.b = (double)(c->broken + c->still_missing) / (double)all;
    n.change = n.b - n.a;
    set_paired(&n, c->still_missing, c->fixed, c->broken, c->still_retrieved);
    return n;
}

/* ---- whose posts changed ---- */

#define BLOCK 1024

struct compared_block { struct compared_change v[BLOCK]; size_t n; struct compared_block *next; };

void comparison_changed(struct comparison *c, const struct compared_change *change)
{
    struct compared_block *b = c->changed;

    if (!b || b->n == BLOCK) {
        b = arena_alloc(c->mem, sizeof *b);
        b->next = c->changed;
        c->changed = b;
    }
    b->v[b->n++] = *change;
}

static int by_account(const void *x, const void *y)
{
    const struct compared_change *a = x, *b = y;

    return (a->account > b->account) - (a->account < b->account);
}

static void sum_accounts(struct comparison *c)
{
    const int64_t all = c->fixed + c->broken;
    struct compared_change *v = arena_alloc(c->mem, (size_t)(all + 1) * sizeof *v);
    struct stat_sums sums = {0};
    double broken = 0, changed = 0;
    size_t n = 0;

    for (const struct compared_block *b = c->changed; b; b = b->next)
        for (size_t i = 0; i < b->n && n < (size_t)all; i++)
            v[n++] = b->v[i];
    qsort(v, n, sizeof *v, by_account);
    for (size_t i = 0; i < n; i++) {
        broken += v[i].broken;
        changed++;
        if (i + 1 < n && v[i].account && v[i].account == v[i + 1].account)
            continue;
        stat_sums_add(&sums, broken, changed);
        broken = changed = 0;
    }
    c->by_account.accounts = (int64_t)sums.clusters;
    c->by_account.share = all ? (double)c->broken / (double)all : 0;
    c->by_account.interval = stat_sums_share(&sums, CONFIDENCE);
}

bool comparison_hangs_on_accounts(const struct comparison *c)
{
    return c->p < CHANCE && c->by_account.interval.low <= 0.5 && c->by_account.interval.high >= 0.5;
}

static void take_move(struct comparison *c, enum node from, enum node to, int64_t n)
{
    const bool open_a = node_is_within(from, NODE_OPEN), open_b = node_is_within(to, NODE_OPEN);

    c->fixed += move_is_fixed(from, to) ? n : 0;
    c->broken += move_is_broken(from, to) ? n : 0;
    c->still_missing += move_is_still_missing(from, to) ? n : 0;
    c->still_retrieved +=
        node_is_within(from, NODE_RETRIEVED) && node_is_within(to, NODE_RETRIEVED) ? n : 0;
    c->open[COMPARED_A] += open_a ? n : 0;
    c->open[COMPARED_B] += open_b ? n : 0;
    c->open_any += open_a || open_b ? n : 0;
    c->moved += from != to ? n : 0;
}

void comparison_finish(struct comparison *c)
{
    c->fixed = c->broken = c->still_missing = c->still_retrieved = 0;
    c->open[COMPARED_A] = c->open[COMPARED_B] = c->open_any = c->moved = 0;
    for (int from = 0; from < NODE_COUNT; from++)
        for (int to = 0; to < NODE_COUNT; to++)
            if (c->moves[from][to])
                take_move(c, (enum node)from, (enum node)to, c->moves[from][to]);
    c->p = stat_mcnemar(c->fixed, c->broken);
    sum_accounts(c);
    c->missing = missing_of_public(c);
}

struct compared_label comparison_label(const struct comparison *c, enum node leaf)
{
    struct compared_label l = {0};

    for (int n = 0; n < NODE_COUNT; n++) {
        const int64_t out = c->moves[leaf][n], in = c->moves[n][leaf];

        l.a += out;
        l.b += in;
        l.fixed += move_is_fixed(leaf, (enum node)n) ? out : 0;
        l.still += move_is_still_missing(leaf, (enum node)n) ? out : 0;
        l.broken += move_is_broken((enum node)n, leaf) ? in : 0;
    }
    return l;
}

void comparison_caution(struct comparison *c, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    int n;

    if (c->cautions == COMPARED_CAUTIONS)
        return;
    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        die("out of memory");
    c->caution[c->cautions++] = arena_str(c->mem, text, (size_t)n);
    free(text);
}

/* ---- the numbers of both ---- */

/* The number of a bucket is the share of all items that lie there. */
static enum node bucket_of(struct str number)
{
    for (int n = 1; n < NODE_COUNT; n++) {
        const char *path = node_path((enum node)n);
        size_t i = 0;

        while (i < number.n && path[i] && (number.p[i] == path[i] ||
                                           (number.p[i] == '_' && path[i] == '/')))
            i++;
        if (i == number.n && !path[i])
            return (enum node)n;
    }
    return NODE_COUNT;
}

static void pair_bucket(const struct comparison *c, struct change *n, enum node bucket)
{
    int64_t both = 0, a = 0, b = 0;

    for (int from = 0; from < NODE_COUNT; from++)
        for (int to = 0; to < NODE_COUNT; to++) {
            const bool in_a = node_is_within((enum node)from, bucket),
                       in_b = node_is_within((enum node)to, bucket);

            both += in_a && in_b ? c->moves[from][to] : 0;
            a += in_a && !in_b ? c->moves[from][to] : 0;
            b += in_b && !in_a ? c->moves[from][to] : 0;
        }
    set_paired(n, both, a, b, c->both - both - a - b);
}

static bool is_sampled(const struct number *n)
{
    return n->bounds == BOUNDS_SAMPLE;
}

/* Two samples: the distances of the four bounds from their values, squared and added
 * (Newcombe 1998, method 10; Zou and Donner 2008 for other numbers than shares). Worst cases
 * add up as they are, and where one of the two has both kinds the result has as well: it is
 * wider than it need be. */
static void bound(struct change *n, const struct number *a, const struct number *b)
{
    const struct stat_interval of_a = { a->low, a->high }, of_b = { b->low, b->high };
    const bool sampled = is_sampled(a) || is_sampled(b) || a->bounds == BOUNDS_BOTH ||
                         b->bounds == BOUNDS_BOTH;
    const bool open = (a->bounds != BOUNDS_NONE && !is_sampled(a)) ||
                      (b->bounds != BOUNDS_NONE && !is_sampled(b));

    if (is_sampled(a) && is_sampled(b))
        set_bounds(n, BOUNDS_SAMPLE, stat_difference(a->value, of_a, b->value, of_b));
    else if (sampled || open)
        set_bounds(n, sampled && open ? BOUNDS_BOTH : open ? BOUNDS_OPEN : BOUNDS_SAMPLE,
                   (struct stat_interval){ b->low - a->high, b->high - a->low });
}

static void put_change(struct comparison *c, const struct number *a, const struct number *b)
{
    const struct number *known = b ? b : a;
    const struct compared_side *side_a = &c->side[COMPARED_A], *side_b = &c->side[COMPARED_B];
    const bool same_items = !side_a->only && !side_b->only && !side_a->not_comparable &&
                            !side_b->not_comparable;
    const enum node bucket = bucket_of(known->name);
    struct change *n = arena_alloc(c->mem, sizeof *n);

    *n = (struct change){ .name = arena_dup(c->mem, known->name),
                          .is = arena_dup(c->mem, known->is),
                          .criterion = known->criterion,
                          .unit = known->unit,
                          .has_a = a && a->has,
                          .has_b = b && b->has };
    n->a = a && n->has_a ? a->value : 0;
    n->b = b && n->has_b ? b->value : 0;
    if (n->has_a && n->has_b) {
        n->change = n->b - n->a;
        if (bucket != NODE_COUNT && same_items && c->both > 0)
            pair_bucket(c, n, bucket);
        else
            bound(n, a, b);
    }
    if (c->last_change)
        c->last_change->next = n;
    else
        c->first_change = n;
    c->last_change = n;
}

void comparison_numbers(struct comparison *c, const struct numbers *a, const struct numbers *b)
{
    for (const struct number *n = b->first; n; n = n->next)
        put_change(c, numbers_find(a, n->name), n);
    for (const struct number *n = a->first; n; n = n->next)
        if (!numbers_find(b, n->name))
            put_change(c, n, NULL);
}
