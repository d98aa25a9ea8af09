/* store/change.h: transactions of an open store, and what has changed in it.
 * Units:  UTC seconds, 0 = never. Errors: ERR_IO. */
#ifndef STORE_CHANGE_H
#define STORE_CHANGE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

struct store;
/* Explicit transactions around bulk work; each function that writes otherwise makes
 * its own. */
MUST_CHECK int store_begin(struct store *, struct err *);
MUST_CHECK int store_commit(struct store *, struct err *);
/* The same, for what nobody has to be told is there: to a server it goes along with what is sent
 * next, and what failed is told by a later call. */
MUST_CHECK int store_commit_later(struct store *, struct err *);
void store_rollback(struct store *);
/* A number that another replaces whenever this process changed what the audit
 * rests on: anything but labels, differences, meta, tallies, events and who is in
 * the sample. */
int64_t store_changes(const struct store *);
bool store_changes_wait(struct store *);    // for a server, to count what is being written
struct store_stamp {
    int64_t answers;            // grows with every committed answer or item: newer than X?
    int64_t first_answer_at, newest_answer_at;
};
MUST_CHECK int store_stamp(struct store *, struct store_stamp *, struct err *);
#endif
