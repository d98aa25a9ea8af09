/* audit/turn/room.c: what one request recovers the most with. */
#include "audit/turn/room.h"
#include <math.h>

#define BATCH_FEW 20
#define THERE_GUESS 0.25
#define SMALLER_GAIN 1.5    // a smaller batch must recover so much more to be worth its requests

size_t room_canaries(const struct settings *set, const struct view *view)
{
    int64_t most = set->api_canaries < set->api_batch / 2 ? set->api_canaries : set->api_batch / 2,
            n = 1;
    double swallow = losses_swallow(view_losses(view));

    while (n < most && pow(swallow, (double)n) > 0.05)
        n++;
    return (size_t)(n < most ? n : most);
}

int64_t room_beside(const struct settings *set, const struct view *view)
{
    return set->api_batch - (int64_t)room_canaries(set, view);
}

/* Full ones with other mates recover the most per request unless nearly every ask of
 * theirs is lost; then few ids at once, or one alone, are tried: what matters is ids
 * times the share that gets through. What was never tried is hoped to lose half of what
 * the next larger loses. */
int64_t room_open(const struct settings *set, const struct view *view)
{
    const int64_t room[SIZE_COUNT] = { [SIZE_ALONE] = 1,
                                       [SIZE_FEW] = BATCH_FEW - (int64_t)room_canaries(set, view),
                                       [SIZE_FULL] = room_beside(set, view) };
    bool canaries = canaries_any(view_canaries(view));
    double larger = 1, best = 0;
    int64_t most = room[SIZE_FULL];

    for (int z = SIZE_COUNT; z-- > 0;) {
        const struct size_seen *seen = losses_of_size(view_losses(view), (enum belief_size)z);
        /* Without any canary the asked themselves: a part of them may be there. */
        double sent = canaries ? (double)seen->canaries : THERE_GUESS * (double)seen->asked;
        double back = canaries ? (double)seen->back : (double)seen->came;
        double through = (back + (1 + larger) / 2) / (sent + 1);

        if ((double)room[z] * through > best * (best > 0 ? SMALLER_GAIN : 1)) {
            best = (double)room[z] * through;
            most = room[z];
        }
        larger = through < 1 ? through : 1;
    }
    return most < 1 ? 1 : most;
}
