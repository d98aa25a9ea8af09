/* report/items_data.h: the rows of items.html, packed: columns, then zlib, then base64.
 *
 * Shape:     unpacked it is the length of a head (4 bytes, lowest first), the head (JSON:
 *            rows, and of each column its name, bytes a row, words, whether it is sorted),
 *            and the columns: of n rows all lowest bytes, then all second ones, and so on.
 * Order:     rows come by id.
 * Absent:    0, or the empty word.
 * Ownership: rows are copied; what is borrowed by _init has to stay.
 * Safety:    handles are those of report/alias.h; controls and bidi marks of outside text are
 *            escaped as everywhere. */
#ifndef REPORT_ITEMS_DATA_H
#define REPORT_ITEMS_DATA_H
#include "record/summary.h"
#include "report/look.h"
#include "report/meaning.h"

enum items_column {
#define ITEMS_COLUMN(id, name, kind) ITEMS_##id,
#include "report/items.def"
#undef ITEMS_COLUMN
    ITEMS_COLUMNS
};
struct items_row { uint32_t v[ITEMS_COLUMNS]; };
struct items_words;                // the texts of one column
struct items_data {
    const struct summary *s;
    const struct look *look;
    struct items_row *v; size_t n, cap;
    struct items_words *words[ITEMS_COLUMNS];     // NULL: of no TEXT
};

void items_init(struct items_data *, const struct summary *, const struct look *);
void items_release(struct items_data *);
void items_clear(struct items_data *);            // no rows and no texts any more
void items_add(struct items_data *, const struct label_row *);
void items_pack(const struct items_data *, struct buf *out);
#endif
