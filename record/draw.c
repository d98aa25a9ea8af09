/* record/draw.c: why nothing was drawn. */
#include "record/draw.h"

static const struct {
    const char *name, *words;
} whys[DRAW_WHY_COUNT] = {
#define X(id, name, words) [DRAW_##id] = { name, words },
    DRAW_WHYS(X)
#undef X
};

const char *draw_why_name(enum draw_why w)
{
    return (unsigned)w < DRAW_WHY_COUNT ? whys[w].name : "";
}

const char *draw_why_words(enum draw_why w)
{
    return (unsigned)w < DRAW_WHY_COUNT ? whys[w].words : "";
}
