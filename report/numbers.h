/* report/numbers.h: an audit's numbers (record/number.h): those that the summary holds
 * in itself, and all of them as JSON. What needs the store is made in audit/verdict/numbers.c.
 * To add one that summary_finish has worked out already, copy `headline` in numbers.c. */
#ifndef REPORT_NUMBERS_H
#define REPORT_NUMBERS_H
#include "base/json_out.h"
#include "record/summary.h"

/* The waterfall, node by node as a share of all items ("missing_public_ad"), and the
 * headline; of a summary that is finished. Numbers that it had are dropped. */
void numbers_of_summary(struct summary *);
/* A part of it: what became of the items that were not returned at first (numbers_first.c). */
void numbers_not_at_once(struct summary *);
/* Those of a sample of creators (numbers_sample.c), behind the others: of s->sample, finished. */
void numbers_of_sample(struct summary *);
/* Those of s->vantages, of more than one, behind the others (numbers_vantages.c). */
void numbers_of_vantages(struct summary *);
/* Members of the object that is open: "numbers", those of no criterion, and "criteria",
 * the others by criterion; each {"value", "low", "high", "bounds", "unit", "n", "of", "is",
 * "ids"}. value is null where there is none; low and high are left out where they do not
 * differ from it at the digits that people read. */
void report_put_numbers(struct json_out *, const struct numbers *);
/* Those of no criterion alone, as "numbers". */
void report_put_numbers_alone(struct json_out *, const struct numbers *);
/* Member of the object that is open: "counters", by what table they were judged. */
void report_put_counters(struct json_out *, const struct counters_judged *);
/* Of a criterion: one of those that a reader sees first; the others, field by field and month
 * by month, are folded. */
bool number_leads(const struct number *);
#endif
