/* audit/take/add.h: datasets in. Each file is taken whole or not at all.
 *
 * Lives in audit/take/: what comes from files: add (ids, by import/), load (answers that
 * others collected, by the readers of fetch/, scrape/ and archive/). To take in another
 * kind of answer copy load_pages.c: a file in, answers into a sink that charges nothing. */
#ifndef AUDIT_TAKE_ADD_H
#define AUDIT_TAKE_ADD_H
#include "audit/audit.h"
#include "import/import.h"

struct added {                       // of one file
    const char *file;
    struct import_count count;
    struct add_count added;           // items, fresh, duplicates: exact across files
    struct intake intake;             // the account of all that it held
};
struct add_opts { const char *column, *key; };
MUST_CHECK int add_file(struct audit *, const char *path, const struct add_opts *, struct added *,
                        struct err *);
#endif
