/* audit/verdict/check_latency.c: an age of arrival against a promised one. */
#include "audit/verdict/check_latency.h"

enum check_stand check_stand_latency(const struct arrival *a, int hours, bool missing)
{
    const float by = (float)hours;

    if (!a || a->first > by + ARRIVAL_LOOK_HOURS)
        return STAND_OUT;
    if (a->right <= by)
        return STAND_HELD;
    if (a->left >= by)
        return STAND_FAILED;
    return missing ? STAND_OUT : STAND_OPEN;
}
