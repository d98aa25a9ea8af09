/* audit/monitor/round_site.h: the pages of a round, and oEmbed. */
#ifndef AUDIT_MONITOR_ROUND_SITE_H
#define AUDIT_MONITOR_ROUND_SITE_H
#include "audit/monitor/round_state.h"

/* Errors: as scrape_run. */
MUST_CHECK int round_read(struct round *, struct err *);
#endif
