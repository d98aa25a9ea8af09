/* audit/held.h: the view of an audit (silence/view.h): fed from the audit's store, and
 * kept for the next who asks while nothing in the store has changed. */
#ifndef AUDIT_HELD_H
#define AUDIT_HELD_H
#include "audit/audit.h"
#include "silence/view.h"

struct account_table;
/* What the rules of an audit say of a refused page (audit/verdict/standing.h). */
typedef enum standing refusal_fn(const struct rules *, const struct item_row *, bool *ambiguous);

/* The view as the store is now, the last one where nothing has changed since. Held
 * until audit_view_let, and kept after it; audit_view_forget is for those who need the
 * memory. Errors: of the store. Rooms call audit_view_hold (audit/verdict/standing.h). */
MUST_CHECK int held_view(struct audit *, refusal_fn *, const struct view **, struct err *);
void audit_view_let(struct audit *, const struct view *);       // NULL is nobody's
void audit_view_forget(struct audit *);
/* One of the caller's own; view_free ends it. Errors: of the store. */
MUST_CHECK int held_make(struct audit *, refusal_fn *, struct view **, struct err *);
/* Where a held view's accounts are kept: NULL until someone has made them. They are
 * freed with it. */
struct account_table **held_accounts(struct audit *, const struct view *);
/* Draws the sample of the late checks where it is due (silence/due.h), and forgets the
 * view, which is one without a sample. Errors: of the store. */
MUST_CHECK int audit_draw_late(struct audit *, const struct view *, struct err *);
#endif
