/* base/utc.h: all time comes from here: UTC seconds, UTC days, RFC 3339, waits.
 *
 * The test clock: after utc_use_file(PATH) the time is what PATH holds
 * (decimal UTC seconds, a fraction allowed, or RFC 3339) and every wait returns
 * at once; whoever wrote the file moves it. Without it the time is the system's. */
#ifndef BASE_UTC_H
#define BASE_UTC_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

#define UTC_DAY_S 86400
#define UTC_TEXT_MAX 32

MUST_CHECK int utc_use_file(const char *path, struct err *);
bool utc_is_test(void);
int64_t utc_now(void);                 // UTC seconds
int64_t utc_now_ms(void);              // UTC milliseconds
/* By how much a clock that others go by is ahead of the system's, as was just measured, and how
 * wrong that may be: instants are that one's from now on, whatever becomes of the system's; waits
 * are measured as before. The test clock stays as it is, and is never wrong. */
void utc_correct(int64_t ahead_ms, int64_t bound_ms);
void utc_correct_end(void);            // the system's again
int64_t utc_corrected_ms(void);        // by how much now is ahead of the system's
/* How wrong any instant of this process may be: the largest bound so far, and what was found to
 * have moved between two measurements. 0: they are by this machine's clock alone. */
int64_t utc_bound_ms(void);
/* Milliseconds for measuring waits; on the test clock it is that clock. */
int64_t utc_tick_ms(void);
/* The same in real time, on the test clock too: for what other processes take. */
int64_t utc_real_ms(void);
/* Sleeps until ms have passed, SIGINT came, or (test clock) not at all. */
void utc_wait_ms(int64_t ms);

int64_t utc_day(int64_t at);           // days since 1970-01-01, floored
int64_t utc_day_start(int64_t day);    // UTC seconds of its 00:00:00
int64_t utc_next_midnight(int64_t at); // first 00:00:00 after at

/* "2026-01-31T23:59:59Z"; text must hold UTC_TEXT_MAX. Returns text. */
char *utc_rfc3339(int64_t at, char *text);
char *utc_date(int64_t day, char *text);       // "2026-01-31"
char *utc_compact(int64_t day, char *text);    // "20260131", the API's form
/* RFC 3339 (any offset), "2026-01-31 23:59:59[ UTC]", "2026-01-31", "20260131".
 * Errors: ERR_INPUT on anything else. */
MUST_CHECK int utc_parse(struct str, int64_t *at, struct err *);
/* The same of an instant at which somebody looked: from 1970 to 2106 (2^32 seconds), as the store
 * keeps them; ERR_INPUT elsewhere. */
MUST_CHECK int utc_parse_seen(struct str, int64_t *at, struct err *);
bool utc_is_seen(int64_t at);
/* HTTP dates (IMF-fixdate) and delta-seconds, as in Retry-After, against now. */
MUST_CHECK int utc_parse_retry_after(struct str, int64_t now, int64_t *at, struct err *);
#endif
