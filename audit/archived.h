/* audit/archived.h: the HTTP replies in a WARC file, ours or anybody's (wget,
 * browsertrix, warcio): one gzip member a record, one for all, or none; chunked
 * bodies; revisits, which are an answer of their own date with the payload that
 * they refer to. All else is passed over and counted. */
#ifndef AUDIT_ARCHIVED_H
#define AUDIT_ARCHIVED_H
#include "base/digest.h"
#include "store/archive.h"

struct archived {                   // borrowed for the call
    struct str url;
    int status; struct str head, body;
    int64_t at, offset;             // WARC-Date; where the record begins, -1 within a gzip member
};
typedef int archived_fn(void *to, const struct archived *, struct err *);

#define ARCHIVED_SKIPS(X) \
    X(WARCINFO, "warcinfo") X(REQUEST, "request") X(METADATA, "metadata") X(RESOURCE, "resource") \
    X(CONVERSION, "conversion") X(TYPE, "other_type") X(LOST_REVISIT, "revisit_of_nothing") \
    X(NOT_HTTP, "no_http_reply") X(TOO_LARGE, "too_large")
enum archived_skip {
#define X(id, name) ARCHIVED_##id,
    ARCHIVED_SKIPS(X)
#undef X
    ARCHIVED_SKIP_COUNT
};
const char *archived_skip_name(enum archived_skip);
/* True where the file's first bytes are those of a WARC or of gzip. */
MUST_CHECK int archived_is(const char *path, bool *is, struct err *);
/* Hands every reply on, in the order of the file; *whole is the file's SHA-256.
 * Errors: ERR_INPUT where the file is damaged or cut off, or a record has no
 * date; whatever fn says. */
MUST_CHECK int archived_each(const char *path, archived_fn *fn, void *to, int64_t skipped[ARCHIVED_SKIP_COUNT],
                             struct digest *whole, struct err *);
#endif
