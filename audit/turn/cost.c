/* audit/turn/cost.c: the small sums of a plan. */
#include "audit/turn/cost.h"

int64_t cost_least(int64_t a, int64_t b)
{
    return a < b ? a : b;
}

int64_t cost_up(int64_t n, int64_t by)
{
    return by > 0 ? (n + by - 1) / by : 0;
}

struct cost cost_of(const struct cost_case *c, int64_t calls)
{
    return (struct cost){ .calls = calls, .days = cost_up(calls, c->of->daily) };
}

int64_t cost_missing(const struct cost_case *c)
{
    return c->of->f.confirmed + forecast_staying(&c->of->f, c->odds);
}
