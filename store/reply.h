/* store/reply.h: one reply in its own words, for whoever shows it beside what was made of it. */
#ifndef STORE_REPLY_H
#define STORE_REPLY_H
#include "base/arena.h"
#include "base/err.h"
#include "record/answer.h"

struct store;
/* Of the item, by number of the request and of the reply's evidence (0: not kept). said:
 * "HTTP 200, ok"; of a page "10204, item doesn't exist"; "" where nothing is known. place:
 * "file:offset sha256:hex", "" where nothing was kept. Texts lie in mem. */
struct reply_told { struct str said, place; };
MUST_CHECK int store_reply(struct store *, int64_t item, int64_t request, enum witness,
                           struct evidence, struct arena *mem, struct reply_told *, struct err *);
/* What was sent and not loaded: requests to the API; readings of pages and of oEmbed. */
MUST_CHECK int store_sent(struct store *, int64_t *requests, int64_t *pages, struct err *);
#endif
