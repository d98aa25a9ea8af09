/* store/results.h: labels and differences: derived, so a run replaces all of the
 * former ones in one transaction, and a run that fails leaves them. What is put
 * is there when the _end has been called. */
#ifndef STORE_RESULTS_H
#define STORE_RESULTS_H
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/gap.h"
#include "record/label.h"
#include "record/verdict.h"

struct store;
MUST_CHECK int store_labels_begin(struct store *, const struct digest *rules, struct str rules_text,
                                  struct err *);    // drops the former, opens a transaction
MUST_CHECK int store_label_put(struct store *, const struct label_row *, struct err *);
MUST_CHECK int store_labels_end(struct store *, struct err *);
struct label_cursor;
/* By id; evidence is left empty. _from: ids above after alone. _told: each with the
 * places of what decided, "file:offset ...". */
MUST_CHECK int store_labels(struct store *, struct label_cursor **, struct err *);
MUST_CHECK int store_labels_from(struct store *, uint64_t after, struct label_cursor **,
                                 struct err *);
MUST_CHECK int store_labels_told(struct store *, uint64_t after, struct label_cursor **,
                                 struct err *);
MUST_CHECK int label_cursor_next(struct label_cursor *, struct label_row *, struct err *);
void label_cursor_close(struct label_cursor *);
MUST_CHECK int store_gaps_begin(struct store *, struct err *);
MUST_CHECK int store_gap_put(struct store *, const struct gap *, struct err *);
MUST_CHECK int store_gaps_end(struct store *, struct err *);
/* By id, then field. */
MUST_CHECK int store_gaps(struct store *, int (*each)(void *to, const struct gap *, struct err *),
                          void *to, struct err *);
/* The items of whose API row no instant fits all counters. */
MUST_CHECK int store_no_instant(struct store *, int (*each)(void *to, int64_t item, struct err *),
                                void *to, struct err *);
#endif
