/* fetch/window.h: the date range of one API request.
 * Units: UTC days since 1970-01-01, both ends inclusive.
 * A window is 30 calendar days (the platform's documentation: end_date no more
 * than 30 days after start_date; its own wrapper steps start..start+29). Whether
 * end_date is inclusive is disputed, so the ids of one window span at most 28
 * days: a day of slack stands before the first and behind the last. */
#ifndef FETCH_WINDOW_H
#define FETCH_WINDOW_H
#include <stdbool.h>
#include <stdint.h>

#define WINDOW_DAYS 30
#define WINDOW_SPAN_DAYS 28

struct window { int64_t start_day, end_day; };
/* Creation days first..last fit one window. first <= last. */
bool window_fits(int64_t first_day, int64_t last_day);
/* The window of days that fit. */
struct window window_of(int64_t first_day, int64_t last_day);
/* True where at (UTC seconds) lies within, ends included. */
bool window_holds(struct window, int64_t at);
#endif
