/* fetch/window.h: the date range of one API request.
 * Units: UTC days since 1970-01-01, both ends inclusive.
 * How long one is, and why its ids span less: platform/tiktok.h. */
#ifndef FETCH_WINDOW_H
#define FETCH_WINDOW_H
#include <stdbool.h>
#include <stdint.h>
#include "platform/tiktok.h"

struct window { int64_t start_day, end_day; };
/* Creation days first..last fit one window. first <= last. */
bool window_fits(int64_t first_day, int64_t last_day);
/* The window of days that fit. */
struct window window_of(int64_t first_day, int64_t last_day);
#endif
