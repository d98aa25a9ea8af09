/* audit/verdict/standing.h: how the rules see a page that was refused, and the audit's
 * view, in which they say it of each. */
#ifndef AUDIT_VERDICT_STANDING_H
#define AUDIT_VERDICT_STANDING_H
#include "audit/view.h"

/* The standing of a refused page; *ambiguous: it hangs on what oEmbed says. */
enum standing refusal_standing(const struct rules *, const struct item_row *, bool *ambiguous);
/* This refused page is to be read at a further vantage (page.elsewhere). */
bool refusal_wants_elsewhere(const struct rules *, const struct settings *,
                             const struct item_row *);
/* The view as the store is now (audit/view.h); held until audit_view_let. Errors: of the
 * store. */
MUST_CHECK int audit_view_hold(struct audit *, const struct view **, struct err *);
/* One of the caller's own, for those that need none that is kept. */
MUST_CHECK int audit_view_make(struct audit *, struct view **, struct err *);
#endif
