/* watch/fresh.h: at which ages a new post is asked about, until the API returns it. Pure.
 *
 * Often while most posts come, seldom later, and close around the ages that somebody promised
 * (48 hours) or that audits rely on (72): one ask just before each and one just after it, so that
 * a post falls on one side or the other. A run that comes late asks once and goes on from the age
 * that it is then: no age is caught up on, for an ask at another age is no substitute. */
#ifndef WATCH_FRESH_H
#define WATCH_FRESH_H
#include <stddef.h>
#include <stdint.h>

#define FRESH_YOUNG_HOURS 24     // older posts are not followed: their first hours are gone
#define FRESH_LAST_HOURS 720     // 30 days: then it is given up
/* Ages in hours, ascending. */
extern const int fresh_ages[];
extern const size_t fresh_ages_len;
/* When it is to be asked next, born and last asked (0: never) then; 0: no more. */
int64_t fresh_due(int64_t born, int64_t asked_at);
#endif
