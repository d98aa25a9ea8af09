/* record/site_days.h: on which days the site was asked for the pages of a witness. Where it
 * blocks them all most posts are never asked for themselves, so whether they had their chance is
 * told by these days, and not by the calendar: an audit may run once a week.
 * Units: UTC days; ascending; the newest of them, older ones are forgotten. */
#ifndef RECORD_SITE_DAYS_H
#define RECORD_SITE_DAYS_H
#include "base/str.h"
#include "record/answer.h"

#define SITE_DAYS_MAX 64    // that are counted; the day of today is held beside them
struct day_list { int64_t day[SITE_DAYS_MAX + 1]; int n; };
struct site_days {
    int64_t today;                  // is never counted: it is not over
    struct day_list of[WITNESS_COUNT];
};
bool day_list_has(const struct day_list *, int64_t day);
/* False where it is there already, or older than all of a full list. */
bool day_list_add(struct day_list *, int64_t day);
/* "2026-03-01 2026-03-02"; what is no day is passed over. */
void day_list_read(struct day_list *, struct str);
void day_list_print(const struct day_list *, struct buf *);
/* Whether as many of its days as wanted, or as are counted, lie behind the day of `at` and before
 * today. NULL: no day is known. */
bool site_days_reach(const struct site_days *, enum witness, int64_t at, int64_t wanted);
#endif
