/* audit/intake.h: datasets in. Each file is taken whole or not at all. */
#ifndef AUDIT_INTAKE_H
#define AUDIT_INTAKE_H
#include "audit/audit.h"
#include "import/import.h"

struct intake {                       // of one file
    const char *file;
    struct import_count count;
    struct add_count added;           // items, fresh, duplicates: exact across files
};
struct intake_opts { const char *column, *key; };
MUST_CHECK int intake_file(struct audit *, const char *path, const struct intake_opts *, struct intake *, struct err *);
#endif
