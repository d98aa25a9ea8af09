/* import/runs.h: a list that is longer than a chunk, in the order of its ids:
 * sorted runs go to a file without a name, and are merged when all are there.
 *
 *     struct runs r = {0};
 *     while (a further chunk, sorted) runs_add(&r, chunk, n, &err);
 *     runs_merge(&r, in, in_len, out, out_len, &sink, &items, &err);
 *     runs_release(&r);
 *
 * Memory: that of the caller's chunks; on disk one struct new_item an item.
 * Errors: ERR_IO where the file cannot be written or read; those of the sink. */
#ifndef IMPORT_RUNS_H
#define IMPORT_RUNS_H
#include <stdio.h>
#include "import/sink.h"

struct run { int64_t first, last; };            // items of the file; last is one behind
struct runs { FILE *f; struct run *run; size_t n, cap; };       // zero-initialise; release
/* The items must be ascending, without repeats. */
MUST_CHECK int runs_add(struct runs *, const struct new_item *, size_t len, struct err *);
/* Hands all items on, ascending, each id once (the first that has a handle, else
 * the first), in chunks of at most out_len in out; in and in_len: room to read
 * into, at least one item a run. *items counts them. */
MUST_CHECK int runs_merge(struct runs *, struct new_item *in, size_t in_len, struct new_item *out,
                          size_t out_len, const struct import_sink *, int64_t *items, struct err *);
void runs_release(struct runs *);
#endif
