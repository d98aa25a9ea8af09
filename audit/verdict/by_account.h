/* audit/verdict/by_account.h: shares and differences over posts, with intervals that take
 * accounts for what is drawn (base/stat_sums.h, stat_apart.h). An item of no known account
 * is one by itself.
 *
 * Shape:     what is counted of the same n (a row that is impossible in this way, in that)
 *            are kinds of one sum; most have one.
 * Ownership: a struct of zeros but for `graph` (borrowed) is empty; _release ends it.
 * Memory:    28 or 48 bytes for each account that something was added of. */
#ifndef AUDIT_VERDICT_BY_ACCOUNT_H
#define AUDIT_VERDICT_BY_ACCOUNT_H
#include "base/stat_apart.h"
#include "base/stat_sums.h"
#include "classify/account.h"
#include "record/number.h"

#define BY_ACCOUNT_KINDS 6
/* k of n in one account. */
struct account_part {
    uint32_t n, k[BY_ACCOUNT_KINDS];
};
struct by_account {
    const struct account_graph *graph;
    int64_t n, k[BY_ACCOUNT_KINDS];    // of all
    struct account_part *v;
    size_t len, cap;
    uint32_t *place;
    size_t places;    // by account: its place in v, plus 1
};
/* k of n more of kind 0, of this item's account. */
void by_account_add(struct by_account *, int64_t item, int64_t k, int64_t n);
/* One more, which is of each kind whose bit is set. */
void by_account_add_one(struct by_account *, int64_t item, unsigned kinds);
struct stat_interval by_account_interval(const struct by_account *, int kind, double confidence);
/* Value, n, of and sampling bounds of a share. */
void by_account_share(const struct by_account *, int kind, struct number *);
void by_account_release(struct by_account *);

/* Values of two groups of posts. */
struct two_groups {
    const struct account_graph *graph;
    int64_t n[2];
    struct stat_two *v;
    size_t len, cap;
    uint32_t *place;
    size_t places;
};
void two_groups_add(struct two_groups *, int64_t item, int group, double value);
struct stat_difference two_groups_difference(const struct two_groups *, double confidence);
void two_groups_release(struct two_groups *);
#endif
