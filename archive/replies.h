/* archive/replies.h: the HTTP replies in an archive.
 * WARC: ours or anybody's (wget, browsertrix, warcio): one gzip member a record, one
 *       for all, or none; chunked bodies; revisits, which are an answer of their own
 *       date with the payload that they refer to.
 * WACZ: the WARC files of a ZIP (browsertrix, ArchiveWeb.page), read as one.
 * HAR:  what a browser's network panel saves; each entry is a reply of the date at
 *       which it was asked for, its body decoded.
 * All else is passed over and counted. */
#ifndef ARCHIVE_REPLIES_H
#define ARCHIVE_REPLIES_H
#include <stdbool.h>
#include "archive/reply.h"
#include "base/digest.h"

/* True where the file's first bytes are those of an archive: WARC, gzip, ZIP, HAR. */
MUST_CHECK int replies_is(const char *path, bool *is, struct err *);
/* The same, but a gzip file is one only where it holds a WARC, a ZIP where one of its members is.
 */
MUST_CHECK int replies_in(const char *path, bool *in, struct err *);
/* Hands every reply on, in the order of the file; *whole is the file's SHA-256.
 * Where the file is damaged or cut off, or a record has no date, that is told and counted,
 * and reading goes on with the next record that is found.
 * Errors: ERR_INPUT where a file has 1,000 such places; whatever fn says. */
MUST_CHECK int replies_each(const char *path, replies_fn *fn, void *to,
                            int64_t skipped[REPLIES_SKIP_COUNT], struct digest *whole,
                            struct err *);
#endif
