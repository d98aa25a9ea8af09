/* audit/creator_page.h: what a creator's own page said (an answer of WITNESS_CREATOR, a->list)
 * goes into the frame: standing, author, and the list where there is one. In the transaction of
 * the answer. Of an account that
 * is in no frame the list is not kept. */
#ifndef AUDIT_CREATOR_PAGE_H
#define AUDIT_CREATOR_PAGE_H
#include "base/err.h"
#include "record/answer.h"

struct store;
/* a->item is the creator. Of ANSWER_NO_ANSWER there is nothing to put. */
MUST_CHECK int creator_page_put(struct store *, struct str handle, const struct answer *,
                                struct err *);
#endif
