/* store/about.h: what is told of items beside their rows, of as many at a time as memory is to
 * hold: all readings of each, its differences.
 * Ownership: all of it lies in the struct about. */
#ifndef STORE_ABOUT_H
#define STORE_ABOUT_H
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "record/answer.h"
#include "record/gap.h"
#include "record/verdict.h"
#include "store/vantage.h"

struct store;
struct about_item {
    const struct history_row *past;    // everything that was said of it, by time
    size_t pasts;
    const struct gap *gap;             // by field
    size_t gaps;
    /* Fields of its page's record that another witness than the record's own alone has, apart by
     * blanks; without one n is 0, and lent_by says nothing. */
    struct str lent;
    enum witness lent_by;
    const struct vantage_seen *there;    // at vantages other than the first, by vantage
    size_t theres;
};
struct about;
/* No item twice. What it holds is there after store_about_take: between the two a server works,
 * and only a file may not be written to. */
MUST_CHECK int store_about_ask(struct store *, const int64_t *item, size_t n, struct about **,
                               struct err *);
MUST_CHECK int store_about_take(struct about *, struct err *);
/* Both. */
MUST_CHECK int store_about(struct store *, const int64_t *item, size_t n, struct about **,
                           struct err *);
/* NULL: it is none of them. */
const struct about_item *about_item(const struct about *, int64_t item);
size_t about_pasts(const struct about *);    // of all of them
void about_free(struct about *);    // accepts NULL
#endif
