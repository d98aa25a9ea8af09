/* archive/replies.h: the HTTP replies in a WARC file, ours or anybody's (wget,
 * browsertrix, warcio): one gzip member a record, one for all, or none; chunked
 * bodies; revisits, which are an answer of their own date with the payload that
 * they refer to. All else is passed over and counted. */
#ifndef ARCHIVE_REPLIES_H
#define ARCHIVE_REPLIES_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

struct archived_reply {                   // borrowed for the call
    struct str url;
    int status; struct str head, body;
    int64_t at, offset;             // WARC-Date; where the record begins, -1 within a gzip member
};
typedef int replies_fn(void *to, const struct archived_reply *, struct err *);

#define REPLIES_SKIPS(X) \
    X(WARCINFO, "warcinfo") X(REQUEST, "request") X(METADATA, "metadata") X(RESOURCE, "resource") \
    X(CONVERSION, "conversion") X(TYPE, "other_type") X(LOST_REVISIT, "revisit_of_nothing") \
    X(NOT_HTTP, "no_http_reply") X(TOO_LARGE, "too_large")
enum replies_skip {
#define X(id, name) REPLIES_##id,
    REPLIES_SKIPS(X)
#undef X
    REPLIES_SKIP_COUNT
};
const char *replies_skip_name(enum replies_skip);
/* True where the file's first bytes are those of a WARC or of gzip. */
MUST_CHECK int replies_is(const char *path, bool *is, struct err *);
/* Hands every reply on, in the order of the file; *whole is the file's SHA-256.
 * Errors: ERR_INPUT where the file is damaged or cut off, or a record has no
 * date; whatever fn says. */
MUST_CHECK int replies_each(const char *path, replies_fn *fn, void *to,
                            int64_t skipped[REPLIES_SKIP_COUNT], struct digest *whole,
                            struct err *);
#endif
