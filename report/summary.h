/* report/summary.h: rows in, the numbers of an audit out.
 *
 * Order:     zero-initialise a struct summary; fill in mem, rules, settings,
 *            fields, requests, days and the waterfall's items; give every
 *            label_row to summary_take and every account to summary_account;
 *            summary_finish computes the rest.
 * Ownership: what is kept of a row is copied to summary.mem.
 * Time:      no clock: newest_answer_at is the only "now" that a report knows. */
#ifndef REPORT_SUMMARY_H
#define REPORT_SUMMARY_H
#include "record/summary.h"

/* One row of the labels; rules must be in place. sampled: the item is in the
 * seeded sample of retrieved items. account_seen: its account has a retrieved
 * post. Copies what it keeps. */
void summary_take(struct summary *, const struct label_row *, bool sampled, bool account_seen);
/* One account; keeps a capped list in which the least likely silence is first. */
void summary_account(struct summary *, const struct account_row *);
/* Headline, rates of the rules, which are only associated, the split by basis,
 * how many fields agree.
 * Errors: ERR_IO where the waterfall does not add up. */
MUST_CHECK int summary_finish(struct summary *, struct err *);
/* False for a rule that is only associated: it explains nothing. Of a finished summary. */
bool summary_rule_explains(const struct summary *, struct str rule);
/* The nodes that `validation` is counted by, in order; NODE_COUNT ends them. */
extern const enum node summary_validation_nodes[];
/* What pages gave (kinds page_read, page_unread, page_engine), not something new. */
bool summary_is_yield(const struct drift_row *);
#endif
