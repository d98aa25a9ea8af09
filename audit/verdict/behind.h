/* audit/verdict/behind.h: the items behind a number: those that its n counts, as ids/NAME.txt
 * below report/, a line an id, in the order of labels.csv.
 *
 * Shape:     a set a number, by the number's name; items by their number in the store.
 * Absent:    NULL: nobody wants to know, and nothing is kept. A set whose size is not the
 *            number's n (an estimate; asks or accounts, not items) names no file.
 * Memory:    a bit an item and set.
 * Ownership: names are copied. */
#ifndef AUDIT_VERDICT_BEHIND_H
#define AUDIT_VERDICT_BEHIND_H
#include "audit/audit.h"
#include "record/number.h"
#include "record/summary.h"

struct behind;
struct behind *behind_new(int64_t max_item);
void behind_free(struct behind *);
/* The set of this name, made where there is none. 0 is no set: of no behind, or no name. */
int behind_set(struct behind *, struct str name);
/* Twice the same is once. */
void behind_mark(struct behind *, int set, int64_t item);
/* The sets that labels alone make: the waterfall's buckets, and the public posts by basis. The
 * summary is finished. */
MUST_CHECK int behind_labels(struct behind *, struct audit *, const struct summary *,
                             struct err *);
/* Gives each number whose items are known its file, and drops the other sets. */
void behind_name(struct behind *, struct arena *, struct numbers *);
/* Writes dir/ids/ anew: no file of an earlier report stays. Errors: ERR_IO; of the store. */
MUST_CHECK int behind_write(const struct behind *, struct audit *, const char *dir, struct err *);
#endif
