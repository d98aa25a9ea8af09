/* store/purge.h: content goes; states, times and labels stay. */
#ifndef STORE_PURGE_H
#define STORE_PURGE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct store;
/* Pseudonyms of ids lie above all ids of posts: their time is 2036 and later. */
#define PSEUDONYM_FIRST ((uint64_t)0x1f << 58)
uint64_t store_pseudonym(struct str key, uint64_t id);
/* Items that are decided and of which no answer came in since `before`; by number. */
MUST_CHECK int store_purge_find(struct store *, int64_t before,
                                int (*each)(void *to, int64_t item, struct err *), void *to,
                                struct err *);
/* Drops what the store knows of the items, gives them pseudonyms, and marks the
 * exchanges that held them (evidence_row.purged_at); in one transaction. */
MUST_CHECK int store_purge_items(struct store *, struct str key, const int64_t *item, size_t len,
                                 struct err *);
/* Creators of a sample none of whose drawn posts is kept: all were purged, or (nothing was drawn)
 * their page says that they are private or gone, or nothing of them came in since `before`.
 * Handle, author id and the ids of posts that were not drawn go, and the exchanges with their
 * page are marked; that one was seen, when and where, how much was listed and drawn stays. */
struct purge_creators {
    bool gone;
    bool has_before;
    int64_t before;
};
MUST_CHECK int store_purge_creators(struct store *, const struct purge_creators *, int64_t *purged,
                                    struct err *);
/* No deleted byte is left in the store's files. */
MUST_CHECK int store_purge_finish(struct store *, struct err *);
#endif
