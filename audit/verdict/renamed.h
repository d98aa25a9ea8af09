/* audit/verdict/renamed.h: of two handles that both sides gave a post, are both its account's?
 * An account may take another handle; API and page, read at different times, then show
 * one each, and nothing is wrong. What proves it, of the API's handle:
 *   - a page, of any time and any post, shows it with the same author id; or a page of
 *     the same post shows it (a post never changes its account);
 *   - a link that came in names it, for this post or for one whose page shows the same
 *     author id, and no page shows it for another author. The site serves a post under
 *     any handle, so a link proves little by itself; but whoever made it and the API
 *     would both have to be wrong in the same way. A list whose links were made of the
 *     API's own rows says nothing new, and cannot be told from others.
 * Memory: some 60 bytes a pair whose handles differ. */
#ifndef AUDIT_VERDICT_RENAMED_H
#define AUDIT_VERDICT_RENAMED_H
#include <stdbool.h>
#include "base/err.h"
#include "store/records.h"

struct renamed;
/* Nothing but the pairs whose handles differ is read where there are none. */
MUST_CHECK int renamed_read(struct store *, struct renamed **, struct err *);
void renamed_free(struct renamed *);    // accepts NULL
/* Its handles differ, and the API's is, or was, its account's. */
bool renamed_is(const struct renamed *, int64_t item);
#endif
