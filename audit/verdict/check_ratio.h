/* audit/verdict/check_ratio.h: the median of API / page of a counter, over pairs that both sides
 * show as more than 0: their current readings.
 *
 * Bounds:  by drawing whole accounts again (base/stat_boot.h); low with every open item at a ratio
 *          below all others, high with every one above. Fewer than BOOT_CLUSTERS_MIN accounts say
 *          nothing: then the bounds are RATIO_LEAST and RATIO_MOST.
 * Memory:  16 bytes a pair or open item, and 4 an account. */
#ifndef AUDIT_VERDICT_CHECK_RATIO_H
#define AUDIT_VERDICT_CHECK_RATIO_H
#include "audit/verdict/check_row.h"
#include "base/stat_boot.h"

#define RATIO_LEAST 1e-6
#define RATIO_MOST 1e6
/* Bounds of a ratio that hold all there could be. */
static inline bool check_ratio_says_nothing(enum number_unit unit, const struct check_value *v)
{
    return unit == UNIT_RATIO && v->low <= RATIO_LEAST * 1.01;
}
struct check_ratio {    // zero-initialised is empty
    struct boot_value *v;
    size_t n, cap;
    int64_t open;
    uint32_t *place;
    size_t places;    // by account: its cluster, plus 1
    uint32_t clusters;
};
/* account 0: none, so the item is one by itself; accounts: how many there are at most. */
void check_ratio_add(struct check_ratio *, int64_t account, size_t accounts, double ratio);
void check_ratio_open(struct check_ratio *, int64_t account, size_t accounts);
/* Fills now, n, held (equal to n), open, accounts and why. */
void check_ratio_conclude(struct check_ratio *, uint64_t seed, struct check_row *);
void check_ratio_release(struct check_ratio *);
#endif
