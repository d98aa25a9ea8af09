/* record/told.h: the story of one item, line by line: told once (audit/verdict/story_tell.c),
 * shown as text, as a page and by the script of cases/.
 *
 * Texts:     UTF-8 without controls or bidi marks; "" where a line says nothing there.
 * Ownership: texts are of the arena of who tells. told_release frees the lines. */
#ifndef RECORD_TOLD_H
#define RECORD_TOLD_H
#include <stddef.h>
#include "base/str.h"

enum told {
#define TOLD(id, word, texts) TOLD_##id,
#include "record/told.def"
#undef TOLD
    TOLD_COUNT
};
#define TOLD_TEXTS 3
struct told_line {
    enum told what;
    struct str text[TOLD_TEXTS];
};
struct told_story {
    struct told_line *v;
    size_t n, cap;
};

void told_add(struct told_story *, enum told, struct str, struct str, struct str);
void told_release(struct told_story *);
const char *told_word(enum told);
int told_texts(enum told);
#endif
