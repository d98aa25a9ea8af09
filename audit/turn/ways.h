/* audit/turn/ways.h: the rest of an audit, phase by phase, where oEmbed comes first, where the
 * embed page does, and where neither: what each kind of ask says it costs, and the site's calls.
 * Units: calls; UTC days; hours. */
#ifndef AUDIT_TURN_WAYS_H
#define AUDIT_TURN_WAYS_H
#include "audit/turn/cost.h"
#include "audit/turn/read_due.h"

/* The rest of the audit if page.first were that; `set`: it is. */
struct way {
    const char *first;          // "none", "oembed", "embed"
    bool set;
    struct phase_plan phase[PHASE_COUNT];    // still to come
    struct span calls, days;    // of the API, all phases together
    double hours[ODDS_COUNT];   // of all calls of the site, each at its rate: low, mid, high
};
#define WAYS 3
/* used: of today's quota. */
void ways_make(const struct to_come *, const struct read_due *, int64_t used,
               struct way way[WAYS]);
/* So many calls of the site, one after another. */
double ways_hours(const struct settings *, int64_t calls);
#endif
