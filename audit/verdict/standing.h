/* audit/verdict/standing.h: how the rules see a page that was refused, and the audit's
 * view, in which they say it of each. */
#ifndef AUDIT_VERDICT_STANDING_H
#define AUDIT_VERDICT_STANDING_H
#include "audit/view.h"

/* The standing of a refused page; *hangs_on: bits of enum hanging. The embed page is a second
 * opinion on what says little or hangs on the place, until it was asked since. */
enum standing refusal_standing(const struct rules *, const struct item_row *, unsigned *hangs_on);
/* This refusal says that it is the account that is private or gone, or does not say why: the
 * account's own page may tell. */
bool refusal_may_hang_on_account(const struct rules *, const struct item_row *);
/* This refusal hangs on the place, or says nothing: another vantage may overturn it. */
bool refusal_hangs_on_place(const struct rules *, const struct item_row *);
/* The view as the store is now (audit/view.h); held until audit_view_let. Errors: of the
 * store. */
MUST_CHECK int audit_view_hold(struct audit *, const struct view **, struct err *);
/* One of the caller's own, for those that need none that is kept. */
MUST_CHECK int audit_view_make(struct audit *, struct view **, struct err *);
#endif
