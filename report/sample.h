/* report/sample.h: a sample of creators (record/sample.h) as JSON. */
#ifndef REPORT_SAMPLE_H
#define REPORT_SAMPLE_H
#include "base/json_out.h"
#include "record/sample.h"

/* Member of the object that is open: "sample"; nothing where it is none. Creators stand in it by
 * their number in the frame: handles are in creators.csv. */
void report_put_sample(struct json_out *, const struct sample_result *);
/* Of the list of creators with nothing available, the rows: those that are counted, then those from
 * Canada, by number. row has room for s->rows; how many there are. */
size_t sample_with_none(const struct sample_result *, const struct sample_creator **row);
#endif
