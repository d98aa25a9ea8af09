/* record/told.c: see told.h. */
#include "record/told.h"
#include <stdlib.h>
#include "base/array.h"

static const struct {
    const char *word;
    int texts;
} kinds[TOLD_COUNT] = {
#define TOLD(id, word, texts) [TOLD_##id] = { word, texts },
#include "record/told.def"
#undef TOLD
};

void told_add(struct told_story *s, enum told what, struct str a, struct str b, struct str c)
{
    ARRAY_ROOM(s->v, s->n, s->cap);
    s->v[s->n++] = (struct told_line){ what, { a, b, c } };
}

void told_release(struct told_story *s)
{
    free(s->v);
    *s = (struct told_story){ 0 };
}

const char *told_word(enum told what) { return kinds[what].word; }

int told_texts(enum told what) { return kinds[what].texts; }
