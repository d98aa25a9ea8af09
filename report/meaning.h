/* report/meaning.h: what a colour means; the list is meaning.def. */
#ifndef REPORT_MEANING_H
#define REPORT_MEANING_H
#include "base/str.h"
#include "record/summary.h"
#include "record/watch.h"
#include "report/fill.h"

enum meaning {
#define MEANING(id, word, label, light, dark, hatch) MEANING_##id,
#include "report/meaning.def"
#undef MEANING
    MEANING_COUNT
};
struct meaning_look {
    const char *word, *label, *light, *dark;
    enum hatch hatch;
};
extern const struct meaning_look meanings[MEANING_COUNT];
/* Of a leaf or a group of the waterfall; basis is asked for missing public items alone. */
enum meaning meaning_of(enum node, enum basis);
/* Of a post of a watch list on a day. */
enum meaning meaning_of_day(struct watch_day);
/* ":root{--m-returned:#2b6ca3;...}", the same for dark paper, and ".m-returned{background:...}". */
void meaning_css(struct buf *out);
#endif
