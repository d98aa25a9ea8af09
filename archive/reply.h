/* archive/reply.h: one HTTP reply out of an archive, and what of an archive is none. */
#ifndef ARCHIVE_REPLY_H
#define ARCHIVE_REPLY_H
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct archived_reply {                   // borrowed for the call
    struct str url;
    int status; struct str head, body;
    int64_t at, offset;    // its date; where it begins in its file, -1 within a gzip member
};
typedef int replies_fn(void *to, const struct archived_reply *, struct err *);

#define REPLIES_SKIPS(X)                                                                           \
    X(WARCINFO, "warcinfo")                                                                        \
    X(REQUEST, "request") X(METADATA, "metadata") X(RESOURCE, "resource")                          \
        X(CONVERSION, "conversion") X(TYPE, "other_type") X(LOST_REVISIT, "revisit_of_nothing") X( \
            NOT_HTTP, "no_http_reply") X(TOO_LARGE, "too_large") X(NO_DATE, "no_date")             \
            X(NO_BODY, "no_body") /* of HAR: saved without contents */ X(FROM_CACHE, "from_cache") \
                X(DAMAGED, "damaged") /* places, not records: what was between two whole ones */
enum replies_skip {
#define X(id, name) REPLIES_##id,
    REPLIES_SKIPS(X)
#undef X
    REPLIES_SKIP_COUNT
};
const char *replies_skip_name(enum replies_skip);
#endif
