/* watch/fresh.c: the ages. */
#include "watch/fresh.h"

#define HOUR_S 3600

const int fresh_ages[] = {
    1,  2,  3,  4,  6,  8,  10, 12, 16, 20,  24,  28,  32,  36,  40,  44,  47,
    48, 52, 56, 60, 66, 71, 72, 78, 84, 96, 120, 144, 168, 240, 336, 504, FRESH_LAST_HOURS,
};
const size_t fresh_ages_len = sizeof fresh_ages / sizeof *fresh_ages;

int64_t fresh_due(int64_t born, int64_t asked_at)
{
    for (size_t i = 0; i < fresh_ages_len; i++)
        if (born + (int64_t)fresh_ages[i] * HOUR_S > asked_at)
            return born + (int64_t)fresh_ages[i] * HOUR_S;
    return 0;
}
