/* import/cell.h: what one value of a table, a line or a record holds.
 * Shape:   a value is an id where it is 17 to 20 digits as a whole, in whatever keeps
 *          spreadsheets from making a number of it: ="763...", '763..., ID_763... Marks of
 *          thousands are not undone: who writes them has rounded already. */
#ifndef IMPORT_CELL_H
#define IMPORT_CELL_H
#include "import/urls.h"

enum cell_kind {
    CELL_NOTHING = 0,    // empty, or what exports write for nothing
    CELL_TEXT,           // no link
    CELL_SPOILED,        // 7.63559E+18: was an id
    CELL_IN_TEXT,        // a link or an id with words around it, or several
    CELL_OTHER,          // wholly a link that is no item, or an id that is hardly a post's
    CELL_ID,
    CELL_LINK,    // wholly one
};
/* l is what it is read as, of CELL_OTHER and above; of CELL_IN_TEXT the first link that is
 * not skipped, where there is one. */
enum cell_kind cell_read(struct str cell, int64_t now, struct link *l);
/* The same where a link or an id as a whole alone matters: quick about everything else,
 * which is CELL_TEXT. */
enum cell_kind cell_read_whole(struct str cell, int64_t now, struct link *l);
/* The value without quotes, guards, blanks and marks of any script; =HYPERLINK("link")'s
 * link. Borrowed from it. */
struct str cell_bare(struct str cell);
/* "N/A", "None", "", "0" and the like: what exports write for nothing. */
bool cell_is_placeholder(struct str bare);
/* A number where an id should be: short, signed, with separators. */
bool cell_is_number(struct str bare);
/* A rounded one: 7.63559E+18, 7,63559E+18, and a multiple of 1024 with ".0" behind it. */
bool cell_is_spoiled(struct str bare);
/* The digits of 7636645340205599001.0, which is an id; else all of it. */
struct str cell_whole_number(struct str bare);
#endif
