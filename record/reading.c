/* record/reading.c: names of a watch list's words. */
#include "record/reading.h"

const char *watch_role_name(enum watch_role role)
{
    static const char *const names[WATCH_ROLE_COUNT] = { [WATCH_POST] = "watch",
                                                         [WATCH_CANARY] = "canary",
                                                         [WATCH_LOADED] = "loaded",
                                                         [WATCH_FRESH] = "fresh" };

    return (unsigned)role < WATCH_ROLE_COUNT ? names[role] : "";
}

static const char *const endings[ROUND_ENDING_COUNT] = {
#define X(id, name) [ROUND_##id] = name,
    ROUND_ENDINGS(X)
#undef X
};

const char *round_ending_name(enum round_ending e)
{
    return e < ROUND_ENDING_COUNT ? endings[e] : "";
}

enum round_ending round_ending_find(struct str name)
{
    for (int e = 0; e < ROUND_ENDING_COUNT; e++)
        if (str_eq(name, str_of(endings[e])))
            return (enum round_ending)e;
    return ROUND_ENDING_COUNT;
}
