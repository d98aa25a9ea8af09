/* record/creator.c: see creator.h. */
#include "record/creator.h"

static const char *const standings[CREATOR_STANDING_COUNT] = {
#define X(id, name) [CREATOR_##id] = name,
    CREATOR_STANDINGS(X)
#undef X
};
static const char *const reaches[LISTING_REACH_COUNT] = {
#define X(id, name) [LISTING_##id] = name,
    LISTING_REACHES(X)
#undef X
};

const char *creator_standing_name(enum creator_standing s) { return standings[s]; }
const char *listing_reach_name(enum listing_reach r) { return reaches[r]; }
