/* store/known.h: what is known of items whose pages are being read into a server's store: their
 * rows and the heads of their records (inner.h), which follow what is written. So answers are
 * written, and rows looked at again, without asking once more. Of a file nothing is kept: it is
 * near.
 * Kept while one sink is open: its process has the store's lock, and whoever takes that over makes
 * its next commit fail. Whoever else writes of items there forgets them, and so does a rollback.
 * Ownership: the store's; see inner.h. */
#ifndef STORE_KNOWN_H
#define STORE_KNOWN_H
#include "base/arena.h"
#include "record/answer.h"
#include "record/item.h"

struct store;
/* From here on; what was kept goes where it has no room for those of n items (0: none) that are
 * not. */
void known_begin(struct store *, const int64_t *item, size_t n);
/* As store_items_raw: asked for are those of which nothing is kept. */
MUST_CHECK int known_rows(struct store *, const int64_t *item, size_t n, struct item_row *,
                          struct arena *, struct err *);
/* They were written so. */
void known_put(struct store *, const struct item_row *, size_t n);
/* Is it known whether that witness's page of the item was blocked alone before on the day of this
 * answer, at the audit's first vantage? */
bool known_alone(const struct store *, const struct answer *, bool *was);
void known_note_alone(struct store *, const struct answer *);    // this one is
void known_forget(struct store *);
#endif
