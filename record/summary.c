/* record/summary.c: the names of its enums, and the shape of the waterfall. */
#include "record/summary.h"
#include <stdio.h>

#define NODE_PATH_MAX 64

static const struct { const char *name; enum node parent; } nodes[NODE_COUNT] = {
#define X(id, name, parent) [NODE_##id] = { name, NODE_##parent },
    NODES(X)
#undef X
};
static const char *const separation_names[] = { "", "separates", "associated" };
static const char *const account_verdict_names[ACCOUNT_VERDICT_COUNT] = {
    "returned",
    "too_few",
    "chance",
    "excluded",
};
static const char *const bin_names[ACCOUNT_BINS] = {
    "none",  "to_10", "to_20", "to_30", "to_40",     "to_50",
    "to_60", "to_70", "to_80", "to_90", "below_100", "all",
};

static const char *const became_names[BECAME_COUNT] = {
#define X(id, name) [BECAME_##id] = name,
    BECAME(X)
#undef X
};
static const char *const beside_names[BESIDE_COUNT] = {
#define X(id, name) [BESIDE_##id] = name,
    BESIDE(X)
#undef X
};
const double ratio_edges[RATIO_BINS - 1] = { 0.1, 0.5, 0.9, 0.99, 1 / 0.99, 1 / 0.9, 2, 10 };
static const char *const ratio_bin_names[RATIO_BINS] = {
    "to_a_tenth", "to_half",   "to_90",        "to_99",         "equal",
    "above_101",  "above_111", "above_double", "above_tenfold",
};

const char *node_name(enum node n) { return nodes[n].name; }
enum node node_parent(enum node n) { return n == NODE_ITEMS ? NODE_COUNT : nodes[n].parent; }
const char *separation_name(enum separation s) { return separation_names[s]; }
const char *account_verdict_name(enum account_verdict v) { return account_verdict_names[v]; }
const char *became_name(enum became b) { return became_names[b]; }
const char *beside_name(enum beside b) { return beside_names[b]; }
const char *ratio_bin_name(int bin) { return ratio_bin_names[bin]; }
const char *account_bin_name(int bin) { return bin_names[bin]; }

int node_depth(enum node n)
{
    int depth = 0;

    for (; n != NODE_ITEMS; n = nodes[n].parent)
        depth++;
    return depth;
}

/* Parents come first, so each path is its parent's and a name; made when first asked for. */
const char *node_path(enum node n)
{
    static char path[NODE_COUNT][NODE_PATH_MAX];

    if (!path[NODE_ITEMS][0])
        for (int i = 0; i < NODE_COUNT; i++) {
            const enum node parent = node_parent((enum node)i);
            const bool below = parent != NODE_COUNT && parent != NODE_ITEMS;

            snprintf(path[i], sizeof path[i], "%s%s%s", below ? path[parent] : "",
                     below ? "/" : "", node_name((enum node)i));
        }
    return path[n];
}

const char *node_number(enum node n, char name[NODE_NAME_MAX])
{
    snprintf(name, NODE_NAME_MAX, "%s", node_path(n));
    for (char *p = name; *p; p++)
        *p = *p == '/' ? '_' : *p;
    return name;
}

bool node_is_within(enum node n, enum node above)
{
    while (n != above && n != NODE_ITEMS && n != NODE_COUNT)
        n = node_parent(n);
    return n == above;
}

bool node_is_leaf(enum node n)
{
    for (int i = 0; i < NODE_COUNT; i++)
        if (node_parent((enum node)i) == n)
            return false;
    return true;
}
