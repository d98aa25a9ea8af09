/* store/state.h: what an answer makes of all that was known of an item: pure, the
 * old row in, the new row out. Answers that are loaded out of order give the same
 * totals. Texts are borrowed from the answer. */
#ifndef STORE_STATE_H
#define STORE_STATE_H
#include "record/item.h"

/* Sent in a request that was not answered completely. */
void state_sent(struct item_row *, const struct request *);
/* A row of the query. created 0: it did not say. */
void state_found(struct item_row *, int64_t at, int64_t created, int64_t request);
/* One complete reply of the query among an item's others. */
struct past_ask { int64_t at; bool came_back; };
/* True where the reply is older than one that is known, and a total cannot be told
 * without the item's other complete replies (state_asked's past). */
bool state_needs_past(const struct item_row *, const struct request *, bool came_back);
/* A complete reply of the query; after state_found of the same reply. */
void state_asked(struct item_row *, const struct request *, bool came_back,
                 const struct past_ask *past, size_t n);
/* A complete reply of the validity check. */
void state_validated(struct item_row *, bool valid, int64_t at);
/* A reading of its page at the first vantage; one at another. */
void state_page(struct item_row *, const struct answer *);
void state_elsewhere(struct item_row *, const struct answer *, int64_t vantage);
/* A reading of its embed page, there. */
void state_embed(struct item_row *, const struct answer *);
void state_oembed(struct item_row *, const struct answer *);
#endif
