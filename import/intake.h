/* import/intake.h: where all readers of a file bring what they find: counts,
 * and the chunk of items that is sorted and handed on. */
#ifndef IMPORT_INTAKE_H
#define IMPORT_INTAKE_H
#include "import/import.h"

#define INTAKE_CHUNK 250000
struct intake {
    const struct import_opts *opts;
    const struct import_sink *sink;
    struct import_count count;
    struct new_item *item, *spare; size_t len;   // the chunk, and room to sort it
};
void intake_init(struct intake *, const struct import_opts *, const struct import_sink *);
void intake_release(struct intake *);
/* Takes every link and bare id in text; *found (may be NULL) says how many. */
MUST_CHECK int intake_text(struct intake *, struct str text, int64_t *found, struct err *);
/* The same for a value that should be a link or an id: where it holds none,
 * that is counted too (placeholder, bad id, no link). */
MUST_CHECK int intake_value(struct intake *, struct str value, struct err *);
void intake_skip(struct intake *, enum import_skip);
void intake_note(struct intake *, const char *fmt, ...) PRINTF(2, 3);
/* Hands the last chunk on. */
MUST_CHECK int intake_end(struct intake *, struct err *);

/* A way of reading: bytes are pushed in pieces of any size, then end is called
 * once. free is called whatever happened. */
struct reader {
    int (*feed)(void *self, struct str piece, struct err *);
    int (*end)(void *self, struct err *);
    void (*free)(void *self);
    void *self;
};
#endif
