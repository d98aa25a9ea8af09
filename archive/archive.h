/* archive/archive.h: what was really sent, as WARC 1.1 files in evidence/: this
 * is the writer; beside it live the reader of WARC files, ours and anybody's
 * (warc.h), the HTTP replies in one (replies.h), and the records of our own
 * files by their place (place.h over member.h). A further kind of record is a
 * function here and in write.c: copy archive_put_purged. A reader of another
 * kind of file: copy replies.h, which hands out the same archived_reply.
 *
 * Shape: one gzip member a record, so any record can be read by file and offset.
 * The content coding of a body stays as it came (its member then only stores);
 * transfer coding and its header are gone; Authorization and cookies are left
 * out. What a browser read is decoded: X-Orig-Content-Encoding and -Length say how it
 * came, and a metadata record behind its request by what and how it was read. A file is
 * closed at evidence.file_bytes, 1 GB, and the next one begun; names are
 * blindspot-AUDIT-WORKER-TIME-N.warc.gz. */
#ifndef ARCHIVE_ARCHIVE_H
#define ARCHIVE_ARCHIVE_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/http.h"
#include "base/err.h"
#include "record/keeper.h"

struct archive;
/* Somebody writes this file now: it is locked (flock) until it is closed or its process gone. */
bool archive_is_written(const char *path);
MUST_CHECK int archive_open(struct archive **, const char *dir, const char *audit,
                            enum keep, struct err *);
#define ARCHIVE_WORKER_MOST 32    // letters of a worker's name
/* Another worker's name in the names of files (default "1"), another size at
 * which a file is closed; before the first archive_put. */
void archive_tune(struct archive *, const char *worker, int64_t file_bytes);
/* Files that were closed since the last call, one a call; false: no more. */
bool archive_sealed(struct archive *, struct kept_file *);
/* Closes the file that is open, if any. A write that failed, and was told, is
 * not told again; the file then counts as never closed. */
MUST_CHECK int archive_seal(struct archive *, struct err *);
/* Writes response and request records of one exchange; *place is the response's.
 * A thread does the writing, so that a write that failed may be told by a later
 * call; archive_sync at the latest, and each time. */
MUST_CHECK int archive_put(struct archive *, const struct http_exchange *, int64_t at,
                           struct kept_place *, struct err *);
/* A member as it is, out of another file of ours. */
MUST_CHECK int archive_put_member(struct archive *, struct str member, struct kept_place *,
                                  struct err *);
/* What stands for an exchange whose content was dropped: a metadata record with
 * the digest that its payload had. */
#define ARCHIVE_PURGED_URI "urn:blindspot:purged"
MUST_CHECK int archive_put_purged(struct archive *, const struct digest *payload, int64_t at,
                                  struct kept_place *, struct err *);
MUST_CHECK int archive_sync(struct archive *, struct err *);     // flush and fsync
MUST_CHECK int archive_close(struct archive *, struct err *);
/* The archive as the store asks for it; as long as it is open. */
struct keeper archive_keeper(struct archive *);
#endif
