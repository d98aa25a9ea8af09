/* audit/take/load_listed.h: `load --pages` of what other tools list (import/posts.h): each row is
 * an answer of the site, at the time that the file gives it, else at --at. Errors: ERR_INPUT where
 * neither says when; else those of import/posts_file.h. */
#ifndef AUDIT_TAKE_LOAD_LISTED_H
#define AUDIT_TAKE_LOAD_LISTED_H
#include "audit/take/loading.h"
#include "import/posts_file.h"

/* One row that an archive of ours holds. */
MUST_CHECK int load_listed_row(struct loading *l, enum post_shape, uint64_t id, struct str row,
                               int64_t at, struct err *);
/* Of l->path, and of what came in through stdin. */
MUST_CHECK int load_listed(struct loading *l, struct digest *, struct err *);
MUST_CHECK int load_listed_text(struct loading *l, struct str text, struct err *);
#endif
