/* audit/verdict/power.h: how many creators, and how many posts of each, a sample needs to tell
 * that a share of the creators is shut out from what chance leaves.
 *
 * Method: made worlds in which the test of the report is run (base/stat_group.h), so the size
 *         is right for that test, not for a formula.
 * Units:  shares 0..1. */
#ifndef AUDIT_VERDICT_POWER_H
#define AUDIT_VERDICT_POWER_H
#include "record/sample.h"

#define POWER_WANTED 0.8
#define POWER_ROWS 4
struct power_asked {
    double share;        // of creators, shut out
    double rate, rho;    // of the others
    /* The sample as it is; 0 creators: there is none. */
    int64_t creators, posts;
};
struct power_row {
    int64_t posts;       // of each creator
    double none;         // that none of a creator's comes back, though it is not shut out
    int64_t creators;    // the least of a ladder that reach POWER_WANTED; 0: more than the most
    double power;        // with so many, or with the most
    struct stat_interval interval;    // of the share, with so many
};
struct power_told {
    struct power_row row[POWER_ROWS];
    int64_t most;       // creators that are tried at most
    bool has_sample;    // power of the sample as it is
    double power;
};
/* Same in, same out. Takes seconds. */
void power_tell(const struct power_asked *, struct power_told *);
#endif
