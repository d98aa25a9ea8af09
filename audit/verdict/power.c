/* audit/verdict/power.c: see power.h. */
#include "audit/verdict/power.h"
#include <math.h>
#include "base/stat_group.h"

#define SEED 20251101    // of the made worlds: the same for everybody

static const int64_t ladder[] = { 50,  75,  100, 125,  150,  200,  250,  300,  350,  400,
                                  500, 600, 800, 1000, 1300, 1600, 2000, 2500, 3500, 5000 };
#define RUNGS (sizeof ladder / sizeof *ladder)
static const int64_t posts[POWER_ROWS] = { 5, 10, 20, 50 };

static void tell_row(const struct power_asked *asked, int64_t m, struct power_row *row)
{
    const struct stat_group_world w = { asked->rate, asked->rho, asked->share, m };
    size_t low = 0, high = RUNGS;    // the first that suffices is in low .. high
    int64_t n;

    *row = (struct power_row){ .posts = m, .none = stat_group_none(m, asked->rate, asked->rho) };
    while (low < high) {
        const size_t middle = (low + high) / 2;
        const double power = stat_group_power(&w, ladder[middle], SEED);

        if (power >= POWER_WANTED) {
            high = middle;
            row->power = power;
        } else {
            low = middle + 1;
        }
    }
    row->creators = low < RUNGS ? ladder[low] : 0;
    n = low < RUNGS ? ladder[low] : ladder[RUNGS - 1];
    if (low == RUNGS)
        row->power = stat_group_power(&w, n, SEED);
    row->interval = stat_wilson((int64_t)llround(asked->share * (double)n), n, 0.95);
}

void power_tell(const struct power_asked *asked, struct power_told *told)
{
    *told = (struct power_told){ .most = ladder[RUNGS - 1], .has_sample = asked->creators > 0 };
    for (int i = 0; i < POWER_ROWS; i++)
        tell_row(asked, posts[i], &told->row[i]);
    if (told->has_sample)
        told->power = stat_group_power(
            &(struct stat_group_world){ asked->rate, asked->rho, asked->share, asked->posts },
            asked->creators, SEED);
}
