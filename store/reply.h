/* store/reply.h: replies in their own words, for whoever shows them beside what came of them. */
#ifndef STORE_REPLY_H
#define STORE_REPLY_H
#include "base/arena.h"
#include "base/err.h"
#include "record/answer.h"

struct store;
/* What a witness said of an item. said: "HTTP 200, ok"; of a page "10204, item doesn't exist".
 * place: "file:offset sha256:hex" of the reply's evidence (0: not kept). Both are set where there
 * is something to be told, and left alone else. */
struct reply_wanted {
    int64_t item, request;
    enum witness witness;
    struct evidence evidence;
    struct str *said, *place;
};
/* Texts lie in mem. Of a series there are tens of thousands: asked for together, in any order. */
MUST_CHECK int store_replies(struct store *, const struct reply_wanted *, size_t n,
                             struct arena *mem, struct err *);
/* What was sent and not loaded: requests to the API; readings of pages and of oEmbed. */
MUST_CHECK int store_sent(struct store *, int64_t *requests, int64_t *pages, struct err *);
#endif
