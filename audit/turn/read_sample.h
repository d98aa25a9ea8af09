/* audit/turn/read_sample.h: the seeded sample of retrieved items whose pages are read
 * (page.retrieved_sample), for what the API says beside what the site shows. */
#ifndef AUDIT_TURN_READ_SAMPLE_H
#define AUDIT_TURN_READ_SAMPLE_H
#include "audit/audit.h"

/* How large it is where so many were retrieved. */
int64_t read_sample_of(const struct settings *, int64_t retrieved);
/* Draws it: once, when round 1 has closed. */
MUST_CHECK int read_draw_sample(struct audit *, struct err *);
/* Where every one is to be read: also those that came back since. */
MUST_CHECK int read_sample_rest(struct audit *, struct err *);
#endif
