/* audit/page_yield.h: what the pages of a run gave, by generation, and why the others
 * gave nothing. */
#ifndef AUDIT_PAGE_YIELD_H
#define AUDIT_PAGE_YIELD_H
#include "audit/audit.h"

void page_yield_add(struct scrape_result *sum, const struct scrape_result *one);
/* Keeps it: in the tallies, and as one event for status. */
MUST_CHECK int page_yield_note(struct audit *, const struct scrape_result *, struct err *);
#endif
