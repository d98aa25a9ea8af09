/* store/vantage.h: the places from which the site is seen, and what was read from them.
 * Number 1 is the audit's own, the first that read a page, whatever its name then is; what its
 * pages said stands with each item (store/items.h).
 * Ownership: texts are borrowed until the call that hands them out ends. */
#ifndef STORE_VANTAGE_H
#define STORE_VANTAGE_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"
#include "record/answer.h"
#include "record/record.h"

struct store;
/* The number of a name; "" means the first. Without make one that is new gets the number it
 * would get. */
MUST_CHECK int store_vantage(struct store *, struct str name, bool make, int64_t *n, struct err *);
struct vantage_row {
    int64_t n;
    struct str name, region;    // "" the first without a name; the country its last page named
    struct str asked;           // page.elsewhere when it was last used; "" never, or the first
};
/* By number. */
MUST_CHECK int store_vantages(struct store *,
                              int (*each)(void *to, const struct vantage_row *, struct err *),
                              void *to, struct err *);
/* What a further one is used for from now on; it is made where it is new. */
MUST_CHECK int store_vantage_used(struct store *, struct str name, struct str asked, struct err *);

/* What an item's page last said at a vantage other than the first: ANSWER_COUNT
 * where nothing decisive; tries without an answer since. */
struct vantage_seen {
    int64_t vantage, item;
    enum answer_kind kind;
    int64_t at;
    int tries;
};
/* Of all items that were read there, or tried; by vantage, then item; of one vantage, or of
 * all (0). */
MUST_CHECK int store_vantage_seen(struct store *, int64_t vantage,
                                  int (*each)(void *to, const struct vantage_seen *, struct err *),
                                  void *to, struct err *);
/* Items that are public at the first vantage, and were refused at another since they were last
 * read here, or closer to it than clock_s: whether they were public then as well is not known. By
 * number. */
MUST_CHECK int store_vantage_unsure(struct store *, int64_t clock_s,
                                    int (*each)(void *to, int64_t item, struct err *), void *to,
                                    struct err *);
/* The last record of each item that was seen there, by id. */
MUST_CHECK int store_vantage_records(struct store *, int64_t vantage,
                                     int (*each)(void *to, int64_t at, const struct record *,
                                                 struct err *),
                                     void *to, struct err *);
#endif
