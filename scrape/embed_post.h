/* scrape/embed_post.h: the site's page of a post for other sites' iframes, /embed/v2/ID -> an
 * answer.
 * Shape:     PUBLIC with a record of the fields that it has; REFUSED, which never says why: what
 *            is deleted, private, in review, blocked in a region and was never there all look
 *            alike (errorCode 10204, or a good page without a post); NO_ANSWER with the reason.
 * Units:     as in record.h; counters come as text or number.
 * Absent:    it has no favorites, reposts, mentions or flags of review and classification.
 * Ownership: texts live in the arena.
 * Source:    captures and clients of 2026-07 to 2026-10. An unknown shape is no answer. */
#ifndef SCRAPE_EMBED_POST_H
#define SCRAPE_EMBED_POST_H
#include "base/arena.h"
#include "base/http.h"
#include "base/inflate.h"
#include "record/answer.h"

/* {site}/embed/v2/ID. */
struct str embed_post_url(struct str site, uint64_t id, struct arena *mem);
/* code_unknown: refused with a code that was never seen. html is decoded. */
void embed_post_read(struct str html, uint64_t id, struct arena *, struct answer *,
                     bool *code_unknown);
/* The same by one way alone; on an undamaged page both agree. */
void embed_post_read_by(struct str html, uint64_t id, bool whole, struct arena *, struct answer *,
                        bool *code_unknown);
/* Which post such a page is about, by its own path; false where it is no embed page of a post. */
bool embed_post_own_id(struct str html, struct arena *, uint64_t *id);
/* A whole exchange, and answer.at. scratch holds the decoded body until its next use. */
void embed_post_read_exchange(const struct http_exchange *, uint64_t id, struct inflate *,
                              struct buf *scratch, struct arena *, struct answer *,
                              bool *code_unknown);
#endif
