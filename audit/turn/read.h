/* audit/turn/read.h: a pass over the pages that are due (audit/turn/read_due.h). */
#ifndef AUDIT_TURN_READ_H
#define AUDIT_TURN_READ_H
#include "audit/turn/read_due.h"
#include "scrape/scrape.h"

/* Reads what is due, and forgets the view once that is known. Errors: as scrape_run. */
MUST_CHECK int read_pass(struct audit *, struct read_due *, struct scrape_result *, struct err *);
#endif
