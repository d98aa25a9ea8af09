/* import/utf16.h: UTF-16, which spreadsheets and Windows' shells write, as UTF-8, in pieces.
 * Shape: a half of a pair that stands alone becomes U+FFFD. */
#ifndef IMPORT_UTF16_H
#define IMPORT_UTF16_H
#include <stdbool.h>
#include "base/str.h"

struct utf16 {
    bool big;                  // big-endian
    bool has_half; unsigned char half;     // of a unit whose second byte is still to come
    unsigned high;             // of a pair whose second unit is; 0 none
};
/* True where text begins with a mark of UTF-16 (two bytes); *u is then ready for what follows. */
bool utf16_mark(struct str text, struct utf16 *u);
/* Appends to out. */
void utf16_decode(struct utf16 *u, struct str piece, struct buf *out);
#endif
