/* store/near.h: readings that were nearly an answer, of items that are about to be read: whether a
 * page was shown alike before is then known without asking the store page by page.
 * Ownership: the store's; see inner.h. */
#ifndef STORE_NEAR_H
#define STORE_NEAR_H
#include "base/arena.h"
#include "record/answer.h"
#include "store/rows.h"

struct store;
struct near_asking {
    struct stmt *st;
    struct row_set rows;
};
/* Asks for those of n items (0: none); they are known once it is taken, in place of those that
 * were. To a server it goes along with what is asked next. */
MUST_CHECK int near_ask(struct store *, const int64_t *item, size_t n, struct near_asking *,
                        struct err *);
MUST_CHECK int near_take(struct store *, const int64_t *item, size_t n, struct near_asking *,
                         struct err *);
void near_asked(struct near_asking *);    // in any case
/* Something is known of each of n items (0: none). */
bool near_covers(const struct store *, const int64_t *item, size_t n);
/* False: nothing is known of that item. Else whether it was shown in the same words at another
 * time, or once more by a request of our own. */
bool near_knows(const struct store *, const struct answer *, bool *alike);
/* A page's answer was written. */
void near_note(struct store *, const struct request *, const struct answer *);
void near_forget(struct store *);    // what was written may have been rolled back
#endif
