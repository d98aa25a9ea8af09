/* archive/member.h: the gzip members of an archive file of ours, each one WARC
 * record, by their place: for verify, replay, purge and explain. The file is
 * mapped, so it may be as large as it likes; of what was passed in it little
 * stays in memory.
 * Ownership: texts are borrowed until the next call on that reader.
 * A reader belongs to one thread; several may read one file. */
#ifndef ARCHIVE_MEMBER_H
#define ARCHIVE_MEMBER_H
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

struct members;
MUST_CHECK int members_open(struct members **, const char *path, struct err *);
void members_close(struct members *);                          // accepts NULL
int64_t members_size(const struct members *);                  // bytes of the file
struct str members_raw(const struct members *, int64_t offset, int64_t len);   // clamped
struct digest members_digest(struct members *,
                             int64_t end);    // of the bytes up to end, at most the file's
/* 1: the member at offset, its length in the file and its decoded text, whose
 * checksum is right; 0 at the end of the file.
 * Errors: ERR_INPUT where it is damaged or cut off, or has another gzip
 * header than the one that we write. */
MUST_CHECK int members_at(struct members *, int64_t offset, int64_t *len, struct str *text,
                          struct err *);
/* Where a member of ours may begin, at or after from; the file's size: nowhere. */
int64_t members_find(const struct members *, int64_t from);
#endif
