/* import/unzip.h: a ZIP as a row of members, through libarchive: decoded in pieces, never
 * written anywhere, so a path in the archive has no power. For package.c and xlsx.c.
 * Limits:  a member decodes to at most 1 GiB, and beyond 64 MiB to at most 200 times the file.
 * Errors:  ERR_INPUT for a damaged archive, ERR_IO for what the system says. */
#ifndef IMPORT_UNZIP_H
#define IMPORT_UNZIP_H
#include "base/zip_source.h"

#define UNZIP_PIECE ((size_t)64 * 1024)
struct unzip {
    struct zip_source from;
    struct archive_entry *entry;
};
MUST_CHECK int unzip_init(struct unzip *, int fd, struct err *);
void unzip_release(struct unzip *);
/* From the first member on; archive_read_free ends it. NULL with err set. */
struct archive *unzip_open(struct unzip *, struct err *);
/* 1 a member, 0 the end, -1 damage. */
MUST_CHECK int unzip_next(struct unzip *, struct archive *, struct archive_entry **, struct err *);
/* The next UNZIP_PIECE bytes of the member; 0 at its end, below 0 damage. */
la_ssize_t unzip_piece(struct archive *, char *to);
const char *unzip_name(struct archive_entry *);
/* Why it is left out, in words that follow its name; NULL where it may be read. */
const char *unzip_refusal(const struct unzip *, struct archive_entry *, const char *name);
const char *unzip_too_much(const struct unzip *, int64_t decoded);
#endif
