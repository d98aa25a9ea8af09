/* base/zip.h: the members of a ZIP file, one after another, streamed by libarchive: nothing is
 * unpacked to the disk, so a path in it has no power.
 * Ownership: a name is borrowed until the next member.
 * Errors:    without the file's name: ERR_INPUT where it is no ZIP, is damaged or encrypted, or a
 * member grows more than 1,000 times and beyond 64 MiB; ERR_IO where the file cannot be read. */
#ifndef BASE_ZIP_H
#define BASE_ZIP_H
#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"

struct zip;
MUST_CHECK int zip_open(struct zip **, const char *path, struct err *);
MUST_CHECK int zip_next(struct zip *, struct str *name, struct err *);    // 1, 0 end, -1
/* The next bytes of the member; *got 0: its end. */
MUST_CHECK int zip_read(struct zip *, void *to, size_t max, size_t *got, struct err *);
void zip_close(struct zip *);    // accepts NULL
bool zip_is(struct str head);    // the first bytes of a file are those of a ZIP
/* "libarchive 3.6.2", appended. */
void zip_library(struct buf *out);
#endif
