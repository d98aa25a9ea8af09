/* diff/text.h: texts and sets compared without a copy of either.
 * Bytes that are no UTF-8 are compared as they are. Composed and decomposed
 * accents count as different (nothing in C17 knows them). */
#ifndef DIFF_TEXT_H
#define DIFF_TEXT_H
#include <stdbool.h>
#include "base/str.h"

enum text_match { TEXT_SAME, TEXT_CUT /* one is the other's beginning */, TEXT_OTHER };
/* Leading and trailing white space dropped, each run of it one blank, the
 * stand-in of U+0000 (U+2400) passed over. TEXT_CUT only where the shorter one
 * has at least min_cut characters. */
enum text_match text_compare(struct str a, struct str b, size_t min_cut);
bool text_is_blank(struct str);

/* Sets are texts joined by \n; order, repetition and letter case (with fold)
 * do not count, empty members neither. a_only: a holds a member that b lacks. */
struct set_match { bool a_only, b_only, a_empty, b_empty; };
struct set_match set_compare(struct str a, struct str b, bool fold);
#endif
