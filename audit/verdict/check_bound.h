/* audit/verdict/check_bound.h: from counts to a verdict, pessimistic both ways. Pure: no store.
 *
 * low   the lower bound of the share of items that are as promised, with every open item against
 *       the claim;
 * high  the upper one, with every open item for it, items whose account has no retrieved post set
 *       aside (their creators may be minors, an exclusion that is documented and that nobody can
 *       see), and as many wrong verdicts as the confidence leaves possible.
 * A claim passes where low keeps the bound, fails where high breaks it, and is undecided between.
 * Posts of an account hang together: shares are those of base/stat_sums.h, by account.
 * Units: of the good share, 0..1: of an at_most claim the share that is not as `that` says. */
#ifndef AUDIT_VERDICT_CHECK_BOUND_H
#define AUDIT_VERDICT_CHECK_BOUND_H
#include <stdbool.h>
#include <stdint.h>
#include "base/stat_sums.h"

enum check_verdict { CHECK_PASS, CHECK_FAIL, CHECK_UNDECIDED, CHECK_VERDICTS };
const char *check_verdict_name(enum check_verdict);    // "pass" ...

/* Items of one account, or of all. failed holds those set aside too. */
struct check_count {
    int64_t held, failed, aside, open;
};
#define CHECK_DAYS 64    // open for that many days and more: until somebody acts
struct check_sums {
    struct check_count all;
    struct stat_sums worst, best, plain;
    double doubt;                         // expected wrong verdicts among failed, not set aside
    int64_t open_days[CHECK_DAYS + 1];    // open items by the days until they can be decided
};
/* One account; of items without one each is its own. */
void check_sums_add(struct check_sums *, const struct check_count *);

struct check_bounds {
    bool has;        // something was counted
    double value;    // held / (held + failed); where has
    double low, high;
    double size;    // independent items that the counted are worth
};
struct check_bounds check_bounds_of(const struct check_sums *, double confidence);
enum check_verdict check_decide(double low, double high, double at_least);
/* The smallest number of further items, decided as the others are on average, with which the claim
 * is decided; open ones that can be decided come first. -1 where none would do. */
int64_t check_further_items(const struct check_sums *, double confidence, double at_least);
/* The same of a value of which only its bounds are known, which rests on n: they come nearer as n
 * grows, by its root, and of a share of none or all by n itself. About so many, then. -1 where
 * none would do: the value lies on the bound, its bounds do not reach beyond or are no numbers. */
int64_t check_further_about(double value, double low, double high, bool is_share, int64_t n,
                            double at_least);
/* Days until so many of the open items can be decided; -1 where they are too few. */
int64_t check_further_days(const struct check_sums *, int64_t items);
#endif
