/* classify/account.c: handles change and are taken over, so neither a handle
 * nor an author id alone names an account: 6.3 % of the posts that Wikipedia
 * cites are served under another handle than the cited one (2026-08). */
#include "classify/account.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/stat.h"
#include "base/stat_group.h"
#include "platform/tiktok.h"

#define NONE 0u                     // no node; nodes are numbered from 1
#define HASHED ((uint64_t)1 << 63)  // set in keys that are no number
#define MANY UINT32_MAX             // a handle seen with two author ids

struct more { uint32_t item, handle; };        // a second, third ... handle of an item
struct account_graph {
    uint64_t *key;                  // by node: a number below 2^63, or a hash
    uint32_t *link;                 // by node: first the author a handle was seen with,
                                    // after finish the parent in its component
    uint32_t nodes, node_room;
    uint32_t *slot; size_t mask;    // hash table of nodes
    uint32_t *author, *handle;      // by item; after finish author holds the account
    size_t items, item_room;        // items: highest number so far, plus 1
    struct more *more; size_t mores, more_room;
    int64_t accounts;
    bool finished;
};

struct account_graph *account_graph_new(void)
{
    struct account_graph *g = xcalloc(1, sizeof *g);

    g->nodes = 1;
    g->mask = 1023;
    g->slot = xcalloc(g->mask + 1, sizeof *g->slot);
    return g;
}

void account_graph_free(struct account_graph *g)
{
    if (!g)
        return;
    free(g->key);
    free(g->link);
    free(g->slot);
    free(g->author);
    free(g->handle);
    free(g->more);
    free(g);
}

static void slots_double(struct account_graph *g)
{
    size_t mask = 2 * g->mask + 1;
    uint32_t *slot = xcalloc(mask + 1, sizeof *slot);

    for (uint32_t n = 1; n < g->nodes; n++) {
        size_t i = (size_t)mix64(g->key[n]) & mask;

        while (slot[i] != NONE)
            i = (i + 1) & mask;
        slot[i] = n;
    }
    free(g->slot);
    g->slot = slot;
    g->mask = mask;
}

static uint32_t node_of(struct account_graph *g, uint64_t key)
{
    size_t i = (size_t)mix64(key) & g->mask;

    while (g->slot[i] != NONE) {
        if (g->key[g->slot[i]] == key)
            return g->slot[i];
        i = (i + 1) & g->mask;
    }
    if (g->nodes == g->node_room || g->node_room == 0) {
        g->node_room = g->node_room ? g->node_room + g->node_room / 2 : 1024;
        g->key = xrealloc(g->key, g->node_room * (uint64_t)sizeof *g->key);
        g->link = xrealloc(g->link, g->node_room * (uint64_t)sizeof *g->link);
    }
    if (g->nodes >= MANY - 1)
        die("more than 4,294,967,293 author ids and handles");
    g->slot[i] = g->nodes;
    g->key[g->nodes] = key;
    g->link[g->nodes] = NONE;
    if (g->nodes + 1 > (g->mask + 1) / 4 * 3) {
        g->nodes++;
        slots_double(g);
        return g->nodes - 1;
    }
    return g->nodes++;
}

/* FNV-1a over the lower-case bytes, mixed; kind keeps handles apart from
 * author ids that are no numbers. */
static uint64_t text_key(struct str s, uint64_t kind)
{
    uint64_t h = 1469598103934665603u ^ kind;

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        h = (h ^ (c >= 'A' && c <= 'Z' ? c + 32u : c)) * 1099511628211u;
    }
    return mix64(h) | HASHED;
}

static uint64_t author_key(struct str id)
{
    uint64_t n;

    return str_u64(id, &n) && n < HASHED ? n : text_key(id, 0);
}

static bool handle_joins(struct str h, enum account_from from)
{
    if (h.n == 0)
        return false;
    return from != ACCOUNT_FROM_LINK || !tiktok_handle_is_none(h);
}

static void items_grow(struct account_graph *g, size_t n)
{
    size_t old = g->item_room;

    if (n >= g->items)
        g->items = n + 1;
    if (n < old)
        return;
    g->item_room = n + 1 > old + old / 2 ? n + 1024 : old + old / 2;
    g->author = xrealloc(g->author, g->item_room * (uint64_t)sizeof *g->author);
    g->handle = xrealloc(g->handle, g->item_room * (uint64_t)sizeof *g->handle);
    memset(g->author + old, 0, (g->item_room - old) * sizeof *g->author);
    memset(g->handle + old, 0, (g->item_room - old) * sizeof *g->handle);
}

static void more_add(struct account_graph *g, size_t n, uint32_t handle)
{
    if (g->mores == g->more_room) {
        g->more_room = g->more_room ? g->more_room + g->more_room / 2 : 256;
        g->more = xrealloc(g->more, g->more_room * (uint64_t)sizeof *g->more);
    }
    g->more[g->mores++] = (struct more){ (uint32_t)n, handle };
}

void account_graph_add(struct account_graph *g, int64_t n, struct str author_id, struct str handle,
                       enum account_from from)
{
    bool joins = handle_joins(handle, from);

    if (g->finished || n < 1 || n >= (int64_t)UINT32_MAX)
        die("an item cannot be added to the accounts");
    if (author_id.n == 0 && !joins)
        return;
    items_grow(g, (size_t)n);
    // an item has one author for life: the first id that was seen stays
    if (author_id.n > 0 && g->author[n] == NONE)
        g->author[n] = node_of(g, author_key(author_id));
    if (joins) {
        uint32_t h = node_of(g, text_key(handle, 1));

        if (g->handle[n] == NONE)
            g->handle[n] = h;
        else if (g->handle[n] != h)
            more_add(g, (size_t)n, h);
    }
}

/* ---- joining ---- */

static void handle_seen_with(struct account_graph *g, uint32_t handle, uint32_t author)
{
    if (handle == NONE || author == NONE)
        return;
    if (g->link[handle] == NONE)
        g->link[handle] = author;
    else if (g->link[handle] != author)
        g->link[handle] = MANY;
}

static uint32_t root_of(struct account_graph *g, uint32_t n)
{
    while (g->link[n] != n) {
        g->link[n] = g->link[g->link[n]];
        n = g->link[n];
    }
    return n;
}

static void join(struct account_graph *g, uint32_t a, uint32_t b)
{
    a = root_of(g, a);
    b = root_of(g, b);
    if (a < b)
        g->link[b] = a;
    else
        g->link[a] = b;
}

/* The node that stands for an item: its author, else a handle that joins. */
static void item_join(struct account_graph *g, size_t n, uint32_t handle)
{
    if (handle == NONE || g->link[handle] == MANY)
        return;
    if (g->author[n] == NONE)
        g->author[n] = handle;
    else
        join(g, g->author[n], handle);
}

int64_t account_graph_finish(struct account_graph *g)
{
    uint32_t *number;

    if (g->finished)
        return g->accounts;
    for (size_t n = 1; n < g->items; n++)
        handle_seen_with(g, g->handle[n], g->author[n]);
    for (size_t i = 0; i < g->mores; i++)
        handle_seen_with(g, g->more[i].handle, g->author[g->more[i].item]);
    free(g->slot);
    g->slot = NULL;
    for (uint32_t n = 1; n < g->nodes; n++)         // everything else begins alone
        if (g->link[n] != MANY)
            g->link[n] = n;
    for (size_t n = 1; n < g->items; n++)
        item_join(g, n, g->handle[n]);
    for (size_t i = 0; i < g->mores; i++)
        item_join(g, g->more[i].item, g->more[i].handle);
    free(g->handle);
    g->handle = NULL;
    free(g->more);
    g->more = NULL;
    g->mores = g->more_room = 0;
    number = xcalloc(g->nodes, sizeof *number);
    for (size_t n = 1; n < g->items; n++) {
        uint32_t root;

        if (g->author[n] == NONE)
            continue;
        root = root_of(g, g->author[n]);
        if (number[root] == 0)
            number[root] = (uint32_t)++g->accounts;
        g->author[n] = number[root];
    }
    free(number);
    free(g->key);
    free(g->link);
    g->key = NULL;
    g->link = NULL;
    g->node_room = 0;
    g->finished = true;
    return g->accounts;
}

int64_t account_of(const struct account_graph *g, int64_t n)
{
    return g->finished && n > 0 && (uint64_t)n < g->items ? g->author[n] : 0;
}

/* ---- is it chance? ---- */

struct account_model account_stats(struct account_stat *row, size_t len, int64_t min_items)
{
    struct account_model m = { NAN, NAN, 0, 0 };
    struct stat_group *group = xcalloc(len + 1, sizeof *group);
    struct stat_group_model fit;
    double *p = xcalloc(len + 1, sizeof *p), *q = xcalloc(len + 1, sizeof *q);
    size_t tested = 0;

    for (size_t i = 0; i < len; i++) {
        row[i].chance = row[i].q = NAN;
        row[i].canada_share = row[i].public_items > 0
                                  ? (double)row[i].canada / (double)row[i].public_items
                                  : NAN;
        group[i] = (struct stat_group){ row[i].trials, row[i].trials_retrieved };
    }
    fit = stat_group_fit(group, len);
    m.fitted = fit.fitted;
    if (m.fitted > 0) {
        m.b = fit.b;
        m.rho = fit.rho;
        for (size_t i = 0; i < len; i++) {
            row[i].chance = row[i].retrieved > 0 ? 1 : stat_group_none(row[i].trials, m.b, m.rho);
            if (row[i].trials >= min_items)
                p[tested++] = row[i].chance;
        }
        stat_bh(p, q, tested);
    }
    m.tested = (int64_t)tested;
    for (size_t i = 0, t = 0; i < len && tested > 0; i++)
        if (row[i].trials >= min_items)
            row[i].q = q[t++];
    free(group);
    free(p);
    free(q);
    return m;
}

const struct account_stat *account_table_find(const struct account_table *t, int64_t account)
{
    return account > 0 && (uint64_t)account < t->n ? &t->v[account] : NULL;
}

void account_table_free(struct account_table *t)
{
    if (!t)
        return;
    account_graph_free(t->graph);
    free(t->v);
    free(t);
}
