/* base/log.h: one line per event on stderr, for people; data goes to stdout.
 * Text from outside is shown with control and bidi characters escaped.
 * NO_COLOR is respected; progress appears only on a terminal or when asked. */
#ifndef BASE_LOG_H
#define BASE_LOG_H
#include <stdbool.h>
#include <stdio.h>
#include "base/err.h"
#include "base/str.h"

enum log_progress { LOG_PROGRESS_AUTO, LOG_PROGRESS_ALWAYS, LOG_PROGRESS_NEVER };
void log_setup(bool quiet, enum log_progress);
void log_info(const char *fmt, ...) PRINTF(1, 2);    // silent with -q
void log_warn(const char *fmt, ...) PRINTF(1, 2);    // "warning: ..."
void log_error(const char *fmt, ...) PRINTF(1, 2);   // "blindspot: ..."
bool log_has_colour(void);                           // of stderr
/* One changing line ("asked 300 of 2,600"); at most ten a second; erased by
 * the next message and by log_progress_done. */
void log_progress(const char *fmt, ...) PRINTF(1, 2);
void log_progress_done(void);
/* The same of something that is counted: "read 300 of 2600 pages, 12 a second, 3 min left: "
 * and what fmt says. of 0: nobody knows how many there are. Rate and time left are those of real
 * time since the first such line of this verb; a verb lasts until log_progress_done. */
struct log_count { const char *verb, *what; int64_t n, of; };
void log_progress_of(const struct log_count *, const char *fmt, ...) PRINTF(2, 3);
/* Nothing moves for so long: "waiting until 08:15:00 UTC: " and why. Nothing where that is soon. */
void log_progress_wait(int64_t ms, const char *why);
/* Outside text made safe for a terminal: appended to out, controls, invalid
 * UTF-8 and bidi characters as \x1b, \u202e and the like. */
void log_escape(struct buf *out, struct str text);
#endif
