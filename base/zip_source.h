/* base/zip_source.h: libarchive's reader of ZIP over a file that can be sought in. Nothing is
 * written anywhere, so a path in it has no power. For base/zip.c and import/unzip.c.
 * Ownership: fd is the caller's; the archive is ended by archive_read_free.
 * Errors:    without the file's name: ERR_INPUT for what is damaged, ERR_IO for what the system
 *            says; memory that is short ends the program, though libarchive calls it damage. */
#ifndef BASE_ZIP_SOURCE_H
#define BASE_ZIP_SOURCE_H
#include <archive.h>
#include <archive_entry.h>
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"

#define ZIP_BOMB_FROM ((int64_t)64 << 20)    // decoded: smaller ones do no harm

struct zip_source {
    int fd;
    int64_t file_len;
    int unread;                 // errno of the file below
    char piece[64 * 1024];
};
MUST_CHECK int zip_source_init(struct zip_source *, int fd, struct err *);
/* From the first member on; NULL with err set. cut: what stands before the end of a file that
 * lost its own is read as well. */
struct archive *zip_source_open(struct zip_source *, bool cut, struct err *);
/* 1 a member, 0 the end, -1 damage. Warnings (a name in an unknown encoding) do not matter
 * here: content decides. */
MUST_CHECK int zip_source_next(struct zip_source *, struct archive *, struct archive_entry *,
                               struct err *);
/* "WHAT: why"; gives -1. */
int zip_source_fail(const struct zip_source *, struct archive *, const char *what, struct err *);
void zip_source_memory(struct archive *);    // dies where it was memory that failed
const char *zip_source_name(struct archive_entry *);    // NULL where it has none
#endif
