/* audit/sample/drawn.h: posts that were drawn, and the items that they are.
 * Ownership: free(v). */
#ifndef AUDIT_SAMPLE_DRAWN_H
#define AUDIT_SAMPLE_DRAWN_H
#include "audit/audit.h"
#include "audit/sample/pick.h"

struct drawn_posts {
    struct drawn_post *v;
    size_t n, cap;
};
void drawn_push(struct drawn_posts *, const struct drawn_post *);
/* Those that stand, by creator and place. */
MUST_CHECK int drawn_read(struct audit *, int64_t draw, struct drawn_posts *, struct err *);
/* Makes them items, of a source of the kind "draw"; *fresh: new ones. Within a transaction. */
MUST_CHECK int drawn_items(struct audit *, const struct frame *, const struct draw *,
                           const struct drawn_post *, size_t n, int64_t *fresh, struct err *);
#endif
