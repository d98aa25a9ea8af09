/* audit/view.h: the view of an audit (silence/view.h): fed from its store, and kept for the
 * next who asks while nothing in the store has changed. */
#ifndef AUDIT_VIEW_H
#define AUDIT_VIEW_H
#include "audit/audit.h"
#include "silence/sound_asks.h"
#include "silence/told.h"

/* What the rules of an audit say of a refused page. */
typedef enum standing refusal_fn(const struct rules *, const struct item_row *, unsigned *hangs_on);

/* For audit/verdict/standing.h, which has the rules' word: the view as the store is now, the
 * last one where nothing has changed since. Errors: of the store. */
MUST_CHECK int audit_view_take(struct audit *, refusal_fn *, const struct view **, struct err *);
/* One of the caller's own; view_free ends it. */
MUST_CHECK int audit_view_new(struct audit *, refusal_fn *, struct view **, struct err *);

/* Each ask of the query with what it says of its item, by all that this view of the audit
 * knows (silence/sound_asks.h). Errors: of the store and of each. */
MUST_CHECK int audit_sound_asks(struct audit *, const struct view *, sound_ask_fn *each, void *to,
                                struct err *);
/* Each request of the query as this view of the audit judges it (silence/told.h). */
MUST_CHECK int audit_told_batches(struct audit *, const struct view *, told_batch_fn *each,
                                  void *to, struct err *);
/* Ends a hold, after which the view is kept; NULL is nobody's. */
void audit_view_let(struct audit *, const struct view *);
/* For those that need the memory. */
void audit_view_forget(struct audit *);
/* Draws the sample of the late checks where it is due (silence/due.h), and forgets the
 * view, which is one without a sample. Errors: of the store. */
MUST_CHECK int audit_draw_late(struct audit *, const struct view *, struct err *);
#endif
