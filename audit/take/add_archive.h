/* audit/take/add_archive.h: `add` of archives (archive/replies.h): the posts whose pages were
 * archived are items, by the address that was asked for; what else an archive holds names none.
 * The counts are those of import_file. *meant is false where the file is no archive, and nothing
 * was read. */
#ifndef AUDIT_TAKE_ADD_ARCHIVE_H
#define AUDIT_TAKE_ADD_ARCHIVE_H
#include "import/import.h"

MUST_CHECK int add_archive(const char *path, const struct import_opts *, const struct import_sink *,
                           struct import_count *, bool *meant, struct err *);
#endif
