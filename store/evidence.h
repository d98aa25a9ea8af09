/* store/evidence.h: where the bytes of each exchange lie, and in which files. */
#ifndef STORE_EVIDENCE_H
#define STORE_EVIDENCE_H
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"
#include "record/answer.h"
#include "record/keeper.h"

struct store;
/* "file:offset" of evidence that was kept, "" of any other. */
MUST_CHECK int store_evidence_place(struct store *, struct evidence, struct buf *out, struct err *);

struct evidence_file {
    int64_t n; struct str name;
    int64_t size;
    struct digest digest;    // size 0: it was never closed (a run was killed, or writes it now)
    int64_t last_offset;                    // of the exchanges in it, -1 none
    struct str bucket;                      // where it lies as well; "" none
};
/* In the order in which they were begun. */
MUST_CHECK int store_evidence_files(struct store *,
                                    int (*each)(void *to, const struct evidence_file *,
                                                struct err *),
                                    void *to, struct err *);
MUST_CHECK int store_evidence_file_set(struct store *, const char *name, int64_t size,
                                       const struct digest *, struct err *);
/* The same of a file that lies in a bucket, whose URL it is. */
MUST_CHECK int store_evidence_lies(struct store *, const struct kept_file *, struct str bucket,
                                   struct err *);
/* What is known of files by these names, each in its place: size 0 where none is, or it was never
 * closed. */
MUST_CHECK int store_evidence_closed(struct store *, const struct kept_file *const *file, size_t n,
                                     struct kept_file *known, struct err *);
/* Size and digest of every file that the keeper has closed. */
MUST_CHECK int store_seal_evidence(struct store *, const struct keeper *, struct err *);
/* How many exchanges lie in a file. */
MUST_CHECK int store_evidence_kept(struct store *, int64_t *n, struct err *);
/* An exchange lies somewhere else now; a file that nothing points to any more. */
MUST_CHECK int store_evidence_moved(struct store *, int64_t evidence, const char *file,
                                    int64_t offset, int64_t len, struct err *);
MUST_CHECK int store_evidence_file_drop(struct store *, const char *file, struct err *);
struct evidence_row {
    int64_t n; struct str file;             // "": its digest alone was kept
    int64_t offset, len; enum witness witness; struct digest digest; int64_t purged_at, request;
};
struct evidence_cursor;
enum evidence_order {
    EVIDENCE_OF_FILE,                       // those of file `of`, by offset
    EVIDENCE_OF_REQUEST,                    // those of request `of`, as they came in
};
MUST_CHECK int store_evidence(struct store *, enum evidence_order, int64_t of,
                              struct evidence_cursor **, struct err *);
MUST_CHECK int evidence_cursor_next(struct evidence_cursor *, struct evidence_row *,
                                    struct err *);       // 1, 0 end, -1
void evidence_cursor_close(struct evidence_cursor *);    // accepts NULL
#endif
