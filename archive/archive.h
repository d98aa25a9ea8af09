/* archive/archive.h: what was really sent, as WARC 1.1 files in evidence/.
 * One gzip member a record, so any record can be read by file and offset. The
 * content coding of a body stays as it came (its member then only stores);
 * transfer coding and its header are gone; Authorization and cookies are left
 * out. A file is closed at evidence.file_bytes, 1 GB, and the next one begun;
 * names are blindspot-AUDIT-WORKER-TIME-N.warc.gz. */
#ifndef ARCHIVE_ARCHIVE_H
#define ARCHIVE_ARCHIVE_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/http.h"
#include "base/err.h"

enum archive_keep { KEEP_NONE, KEEP_EXTRACT, KEEP_PAGES };
struct archive;
struct archive_place {
    char file[96];
    int64_t offset, len;
    struct digest digest /* of the decoded-transfer payload */;
};
MUST_CHECK int archive_open(struct archive **, const char *dir, const char *audit,
                            enum archive_keep, struct err *);
/* Another worker's name in the names of files (default "1"), another size at
 * which a file is closed; before the first archive_put. */
void archive_tune(struct archive *, const char *worker, int64_t file_bytes);
/* Files that were closed since the last call, one a call; false: no more. */
struct archive_file { char name[96]; int64_t size; struct digest digest; };
bool archive_sealed(struct archive *, struct archive_file *);
/* Closes the file that is open, if any. A write that failed, and was told, is
 * not told again; the file then counts as never closed. */
MUST_CHECK int archive_seal(struct archive *, struct err *);
/* Writes response and request records of one exchange; *place is the response's.
 * A thread does the writing, so that a write that failed may be told by a later
 * call; archive_sync at the latest, and each time. */
MUST_CHECK int archive_put(struct archive *, const struct http_exchange *, int64_t at,
                           struct archive_place *, struct err *);
/* evidence.keep = extract: instead of a page's bytes a metadata record with the
 * part that decided, and the digest of the whole. */
enum archive_keep archive_keeps(const struct archive *);
MUST_CHECK int archive_put_extract(struct archive *, struct str url, struct str extract,
                                   const struct digest *whole, int64_t at, struct archive_place *,
                                   struct err *);
/* A member as it is, out of another file of ours. */
MUST_CHECK int archive_put_member(struct archive *, struct str member, struct archive_place *,
                                  struct err *);
/* What stands for an exchange whose content was dropped: a metadata record with
 * the digest that its payload had. */
#define ARCHIVE_PURGED_URI "urn:blindspot:purged"
MUST_CHECK int archive_put_purged(struct archive *, const struct digest *payload, int64_t at,
                                  struct archive_place *, struct err *);
MUST_CHECK int archive_sync(struct archive *, struct err *);     // flush and fsync
MUST_CHECK int archive_close(struct archive *, struct err *);
/* Reads records of a WARC file, plain or gzip, one after another, whoever
 * wrote it; for load and explain.
 * Absent:    a header that is not there is STR_NONE; <> around ids and URIs are gone.
 * Ownership: borrowed until the next call on that reader.
 * Errors:    ERR_INPUT where bytes are damaged or cut off: the records before
 *            them have been handed out, nothing comes after them. */
struct warc_record {
    struct str type, target_uri, date, record_id, refers_to_uri, refers_to_date, payload_digest,
        content_type;
    struct str block_digest, concurrent_to;
    struct str refers_to;         // of a revisit: the id of the record that holds the payload
    struct str block;             // the record's block (HTTP head and body of a response)
    bool too_large;               // above 96 MiB: passed over, block is empty
    int64_t offset;               // for warc_seek; -1 where it begins within a gzip member
};
struct warc_reader;
MUST_CHECK int warc_open(struct warc_reader **, const char *path, struct err *);
MUST_CHECK int warc_seek(struct warc_reader *, int64_t offset, struct err *);
MUST_CHECK int warc_next(struct warc_reader *, struct warc_record *,
                         struct err *);    // 1, 0 end, -1
void warc_close(struct warc_reader *);
/* One whole record, as one gzip member of ours holds it: head, block, and the
 * two line ends behind it. offset is the caller's to set.
 * Errors: ERR_INPUT where it is anything else. */
MUST_CHECK int warc_parse(struct str text, struct warc_record *, struct err *);
/* True where a "sha256:hex" header holds this digest; false for other algorithms. */
bool warc_digest_is(struct str header, const struct digest *);
/* The HTTP reply in a response (or revisit) record: status, head with its empty
 * line, body with the transfer coding undone (chunks go to hold; else body
 * borrows the block; the content coding stays: base/inflate). A resource record
 * is its own body, with status 200 and no head.
 * Errors: ERR_INPUT where there is no HTTP reply or its chunks are cut off. */
MUST_CHECK int warc_http_payload(const struct warc_record *, struct buf *hold, int *status,
                                 struct str *head, struct str *body, struct err *);
#endif
