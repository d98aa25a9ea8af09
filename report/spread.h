/* report/spread.h: what is counted over time, and how counters are spread, as JSON. */
#ifndef REPORT_SPREAD_H
#define REPORT_SPREAD_H
#include "base/json_out.h"
#include "record/summary.h"

/* Members of the object that is open: "time", "counter_ratios". */
void report_put_time(struct json_out *, const struct over_time *);
void report_put_ratios(struct json_out *, const struct summary *);
#endif
