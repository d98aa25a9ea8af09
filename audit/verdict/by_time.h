/* audit/verdict/by_time.h: what became of items, by their age when the API was first asked
 * and by the month in which they were made. */
#ifndef AUDIT_VERDICT_BY_TIME_H
#define AUDIT_VERDICT_BY_TIME_H
#include "audit/verdict/numbers.h"

/* Fills s->time of a summary that is finished. */
numbers_fn time_rows;
#endif
