/* store/check.h: is everything there that should be? */
#ifndef STORE_CHECK_H
#define STORE_CHECK_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct store;
/* integrity_check of the file, every number that points to nothing, items that
 * have no label or more buckets than one: a sentence each, in the same order on
 * the same store. */
MUST_CHECK int store_check(struct store *, int (*each)(void *to, struct str problem, struct err *),
                           void *to, struct err *);
/* Records whose fields are no longer those that were stored. */
MUST_CHECK int store_check_records(struct store *,
                                   int (*each)(void *to, struct str problem, struct err *),
                                   void *to, struct err *);
/* Can SQLite read all of its file? Faster than store_check, and says less. Errors: ERR_IO where it
 * is damaged. */
MUST_CHECK int store_quick_check(struct store *, struct err *);
/* Another process works on the store at this path now. */
bool store_is_locked(const char *path);
/* Name and version of the library below, appended. */
void store_library(struct buf *out);
struct store_sums {
    int64_t requests, sends, answers, purged_items;
};    // sends: those that were charged
MUST_CHECK int store_sums(struct store *, struct store_sums *, struct err *);
/* The ids that a request was about, by number of item. */
MUST_CHECK int store_request_ids(struct store *, int64_t request,
                                 int (*each)(void *to, uint64_t id, struct err *), void *to,
                                 struct err *);
#endif
