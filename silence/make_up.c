/* silence/make_up.c: kinds of batches and of items, in numbers. */
#include "silence/make_up.h"

#define FEW_MAX 20
#define FIRST_DAY 16071                         // 2014-01-01

enum belief_size belief_size_of(size_t members)
{
    return members <= 1 ? SIZE_ALONE : members <= FEW_MAX ? SIZE_FEW : SIZE_FULL;
}

const char *mates_name(enum mates mates)
{
    static const char *const names[] = {
        [MATES_SOUND] = "sound", [MATES_DEAD] = "dead", [MATES_NO_CANARY] = "dark"
    };

    return names[mates];
}

const char *belief_size_name(enum belief_size size)
{
    static const char *const names[] = {
        [SIZE_ALONE] = "alone", [SIZE_FEW] = "few", [SIZE_FULL] = "full"
    };

    return names[size];
}

int make_up_of(enum mates mates, bool never, size_t members)
{
    return ((int)mates * 2 + (int)never) * SIZE_COUNT + (int)belief_size_of(members);
}

enum mates make_up_mates(int make_up)
{
    return (enum mates)(make_up / SIZE_COUNT / 2);
}

bool make_up_never(int make_up)
{
    return make_up / SIZE_COUNT % 2;
}

enum belief_size make_up_size(int make_up)
{
    return (enum belief_size)(make_up % SIZE_COUNT);
}

int stratum_of(unsigned marks, int64_t created_day)
{
    int64_t month = created_day < FIRST_DAY ? 0 : (created_day - FIRST_DAY) / 30;

    return (int)(marks % MARKS) * MONTHS + (int)(month < MONTHS ? month : MONTHS - 1);
}
