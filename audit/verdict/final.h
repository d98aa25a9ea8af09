/* audit/verdict/final.h: is an audit finished? The one place that says so: status, audit, the
 * report and summary.json ask here, and cannot disagree.
 *
 * Finished: every item is decided or given up, every page that a number rests on was read or
 * given up, the checks by single ids are made, and no late check is under way. Items that
 * are too recent keep no audit unfinished, nor does a late check whose day has not come.
 * Each answer is as of an instant, for items come of age: reports carry no clock and ask as of
 * the newest that the store knows, `status` asks as of now. */
#ifndef AUDIT_VERDICT_FINAL_H
#define AUDIT_VERDICT_FINAL_H
#include "audit/view.h"

/* The newest instant that the store knows: of its answers, and when items were taken in.
 * UTC seconds; 0: neither. Errors: of the store. */
MUST_CHECK int standing_as_of(struct audit *, int64_t *at, struct err *);
/* Errors: of the store. An audit without an item is finished. */
MUST_CHECK int standing_final(struct audit *, const struct view *, int64_t at, bool *final,
                              struct err *);
#endif
