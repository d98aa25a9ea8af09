/* fetch/window.c: 30 days, of which the first and the last are slack. */
#include "base/err.h"
#include "base/utc.h"
#include "fetch/window.h"

bool window_fits(int64_t first_day, int64_t last_day)
{
    return first_day <= last_day && last_day - first_day <= WINDOW_SPAN_DAYS - 1;
}

struct window window_of(int64_t first_day, int64_t last_day)
{
    struct window w = { .start_day = first_day - 1 };

    if (!window_fits(first_day, last_day))
        die("days %lld to %lld do not fit one window", (long long)first_day, (long long)last_day);
    w.end_day = w.start_day + WINDOW_DAYS - 1;
    return w;
}
