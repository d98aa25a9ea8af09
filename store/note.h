/* store/note.h: what people wrote beside a day of a watch list.
 * Ownership: rows of a callback are borrowed until it returns. */
#ifndef STORE_NOTE_H
#define STORE_NOTE_H
#include <stdint.h>
#include "base/err.h"
#include "record/watch.h"

struct store;
MUST_CHECK int store_note_put(struct store *, int64_t day, struct str text, int64_t *n,
                              struct err *);
/* *found: there was one of that number. */
MUST_CHECK int store_note_drop(struct store *, int64_t n, bool *found, struct err *);
/* By day, then number. */
MUST_CHECK int store_notes(struct store *, int (*each)(void *to, const struct watch_note *,
                                                       struct err *),
                           void *to, struct err *);
#endif
