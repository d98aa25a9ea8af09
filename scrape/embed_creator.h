/* scrape/embed_creator.h: the site's page of a creator, /embed/@HANDLE -> an answer with the list
 * of their newest posts.
 * Shape:     PUBLIC with answer.list; REFUSED with the page's code and answer.list for its
 *            standing alone; NO_ANSWER with the reason. The list is in the order of the page,
 *            pinned posts first; posts that are private or another's are left out and counted.
 * Units:     no row has a date: an id carries its second (record/id.h).
 * Absent:    author 0: not said.
 * Ownership: texts and posts live in the arena.
 * Source:    captures and clients of 2026-07 to 2026-10: 8 to 13 rows, mostly 10 or 11, no
 *            paging; 10221 and 10222 as on profile pages. */
#ifndef SCRAPE_EMBED_CREATOR_H
#define SCRAPE_EMBED_CREATOR_H
#include "base/arena.h"
#include "base/http.h"
#include "base/inflate.h"
#include "record/answer.h"
#include "record/creator.h"

/* {site}/embed/@HANDLE. */
struct str embed_creator_url(struct str site, struct str handle, struct arena *);
/* Whose page such an address, or its path, is; STR_NONE where it is none. */
struct str embed_creator_handle(struct str url);
/* code_unknown: refused with a code that was never seen. html is decoded. */
void embed_creator_read(struct str html, struct str handle, struct arena *, struct answer *,
                        bool *code_unknown);
/* The same by one way alone; on an undamaged page both agree. */
void embed_creator_read_by(struct str html, struct str handle, bool whole, struct arena *,
                           struct answer *, bool *code_unknown);
/* A whole exchange, and answer.at. scratch holds the decoded body until its next use. */
void embed_creator_read_exchange(const struct http_exchange *, struct str handle, struct inflate *,
                                 struct buf *scratch, struct arena *, struct answer *,
                                 bool *code_unknown);
#endif
