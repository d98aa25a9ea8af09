/* report/waterfall.c: counts rows by state, group and leaf, each by its own
 * switch: a row that fits no bucket of one level then shows in the check. */
#include <stdlib.h>
#include "report/waterfall.h"

enum node waterfall_group(const struct label_row *row)
{
    if (row->state != STATE_MISSING)
        return NODE_COUNT;
    switch (row->label) {
    case LABEL_DELETED: case LABEL_PRIVATE:
        return NODE_NOT_PUBLIC;
    case LABEL_CANADA: case LABEL_AD: case LABEL_TIKTOK_OFFICIAL: case LABEL_EXCLUDED_ACCOUNT:
        return NODE_PUBLIC;
    case LABEL_UNKNOWN:
        return row->reason == REASON_UNEXPLAINED ? NODE_PUBLIC : NODE_RESTRICTED;
    case LABEL_NONE: case LABEL_COUNT:
        break;
    }
    return NODE_COUNT;
}

static enum node leaf_of_label(const struct label_row *row)
{
    switch (row->label) {
    case LABEL_DELETED:          return NODE_DELETED;
    case LABEL_PRIVATE:          return NODE_PRIVATE;
    case LABEL_CANADA:           return NODE_CANADA;
    case LABEL_AD:               return NODE_AD;
    case LABEL_TIKTOK_OFFICIAL:  return NODE_TIKTOK_OFFICIAL;
    case LABEL_EXCLUDED_ACCOUNT: return NODE_EXCLUDED_ACCOUNT;
    case LABEL_UNKNOWN:
        return row->reason == REASON_UNEXPLAINED ? NODE_PUBLIC_UNKNOWN : NODE_RESTRICTED_UNKNOWN;
    case LABEL_NONE: case LABEL_COUNT: break;
    }
    return NODE_COUNT;
}

static enum node leaf_of_reason(enum reason reason)
{
    switch (reason) {
    case REASON_AT_ONCE:       return NODE_AT_ONCE;
    case REASON_AFTER_RETRIES: return NODE_AFTER_RETRIES;
    case REASON_TOO_RECENT:    return NODE_TOO_RECENT;
    case REASON_UNOBSERVED: case REASON_RULE_GAVE_UP: return NODE_UNOBSERVED;
    case REASON_UNCONFIRMED:   return NODE_UNCONFIRMED;
    case REASON_NOT_ASKED:     return NODE_NOT_ASKED;
    default:                   return NODE_COUNT;
    }
}

enum node waterfall_leaf(const struct label_row *row)
{
    return row->state == STATE_MISSING ? leaf_of_label(row) : leaf_of_reason(row->reason);
}

void waterfall_take(struct waterfall *w, const struct label_row *row)
{
    static const enum node states[STATE_COUNT] = {
        [STATE_RETRIEVED] = NODE_RETRIEVED,
        [STATE_MISSING] = NODE_MISSING,
        [STATE_OPEN] = NODE_OPEN,
    };
    const enum node group = waterfall_group(row), leaf = waterfall_leaf(row);

    if (row->state < STATE_COUNT)
        w->n[states[row->state]]++;
    if (group != NODE_COUNT)
        w->n[group]++;
    if (leaf != NODE_COUNT)
        w->n[leaf]++;
}

static int64_t sum_of_children(const struct waterfall *w, enum node parent)
{
    int64_t sum = 0;

    for (int i = 0; i < NODE_COUNT; i++)
        if (node_parent((enum node)i) == parent)
            sum += w->n[i];
    return sum;
}

int64_t waterfall_residual(const struct waterfall *w)
{
    int64_t residual = 0;

    for (int i = 0; i < NODE_COUNT; i++)
        if (!node_is_leaf((enum node)i))
            residual += llabs(w->n[i] - sum_of_children(w, (enum node)i));
    return residual;
}

int waterfall_check(const struct waterfall *w, struct err *err)
{
    for (int i = 0; i < NODE_COUNT; i++) {
        const int64_t sum = sum_of_children(w, (enum node)i);

        if (!node_is_leaf((enum node)i) && w->n[i] != sum)
            return err_set(err, ERR_IO,
                           "the ledger is not closed: %s holds %lld items, its parts %lld",
                           node_name((enum node)i), (long long)w->n[i], (long long)sum);
    }
    return 0;
}
