/* archive/warc.h: the records of a WARC file, plain or gzip, one after another,
 * whoever wrote it; and what is within one record.
 * Absent:    a header that is not there is STR_NONE; <> around ids and URIs are gone.
 * Ownership: borrowed until the next call on that reader.
 * Errors:    ERR_INPUT where bytes are damaged or cut off: the records before
 *            them have been handed out, and nothing comes after them unless
 *            warc_resume finds where the next one begins. */
#ifndef ARCHIVE_WARC_H
#define ARCHIVE_WARC_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

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
/* Where the bytes come from; what it says in err is without the file's name. */
struct warc_from {
    int (*read)(void *of, void *to, size_t max, size_t *got, struct err *);    // *got 0: the end
    int (*seek)(void *of, int64_t offset, struct err *);
    void (*close)(void *of);    // NULL: nothing to close
    void *of;
};
MUST_CHECK int warc_open(struct warc_reader **, const char *path, struct err *);
/* Takes from over, also where it fails; name is for sentences. */
MUST_CHECK int warc_open_from(struct warc_reader **, const char *name, const struct warc_from *,
                              struct err *);
MUST_CHECK int warc_seek(struct warc_reader *, int64_t offset, struct err *);
MUST_CHECK int warc_next(struct warc_reader *, struct warc_record *,
                         struct err *);    // 1, 0 end, -1
/* After ERR_INPUT: 1 where a further record seems to begin (in the rest of the gzip member, or
 * in a later one), which warc_next reads; 0 where none does. */
MUST_CHECK int warc_resume(struct warc_reader *, struct err *);
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
