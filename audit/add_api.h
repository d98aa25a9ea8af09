/* audit/add_api.h: the ids, or the creators, of what clients of the API keep and import/ cannot
 * read: a crawl database, and data frames in JSON that hold no row under its own names (split,
 * table, index; rows within a list with other things). */
#ifndef AUDIT_ADD_API_H
#define AUDIT_ADD_API_H
#include <stdbool.h>
#include "import/sink.h"

/* As import_file (import/import.h), which reads what is not `meant` here. */
MUST_CHECK int add_api(const char *path, const struct import_opts *, const struct import_sink *,
                       struct import_count *, bool *meant, struct err *);
#endif
