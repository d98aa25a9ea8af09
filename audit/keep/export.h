/* audit/keep/export.h: what an audit holds, for others. Records as CSV or JSON Lines;
 * or all of it sealed in one tar, the same bytes for the same audit, that
 * anybody can check without this machine. */
#ifndef AUDIT_KEEP_EXPORT_H
#define AUDIT_KEEP_EXPORT_H
#include <stdio.h>
#include "audit/audit.h"
#include "audit/keep/seal.h"
#include "audit/keep/verify.h"

enum export_format { EXPORT_CSV, EXPORT_JSONL };
/* The current record of every item on each side (or one), by id, then side. api_names:
 * under the API's field names, of fields that the API has; else all, under our own. vantage: of
 * what pages showed there alone; NULL the first, beside the API. */
struct export_opts {
    enum export_format format;
    bool api, page, raw, api_names;
    const char *vantage;
};
MUST_CHECK int export_records(struct audit *, const struct export_opts *, FILE *, int64_t *rows,
                              struct err *);
/* The same as records.csv in a folder, which is made where it is missing, with what says how to
 * read it (report/package.h) beside it. */
MUST_CHECK int export_package(struct audit *, const struct export_opts *, const char *dir,
                              int64_t *rows, struct err *);
/* Store, README.txt, settings, rules and the lists they refer to, archive, report, and last
 * manifest.sha256: a line "HEX  NAME" for each, as sha256sum -c reads it.
 * *manifest is the digest of that. The report must be up to date. */
MUST_CHECK int export_bundle(struct audit *, const char *path, const struct seal_opts *,
                             struct digest *manifest, struct err *);
/* Unpacks a bundle below a temporary folder, which it removes, compares every
 * file with the manifest, and verifies what is in it like an audit, and who vouches for it. */
struct check_opts {
    bool json;
    struct seal_check seals;
};
MUST_CHECK int export_check(const char *path, const struct check_opts *, struct buf *out,
                            struct verify_result *, struct digest *manifest, struct err *);
#endif
