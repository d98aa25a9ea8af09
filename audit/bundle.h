/* audit/bundle.h: an audit that `export --bundle` sealed in one tar, unpacked to be read.
 * Every file is compared with the manifest first: of a bundle that was changed or cut off
 * nothing is looked at.
 *
 * Ownership: bundle_open makes a folder of this process alone below TMPDIR; bundle_close
 *            removes it with all that is in it. */
#ifndef AUDIT_BUNDLE_H
#define AUDIT_BUNDLE_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/err.h"

#define BUNDLE_MANIFEST "manifest.sha256"    // a line "HEX  NAME" for each other file
/* What vouches for the manifest (audit/keep/seal.h) is made of its bytes, and stands in none of
 * its lines. */
#define BUNDLE_SIGNATURE BUNDLE_MANIFEST ".sig"
#define BUNDLE_STAMPS 9
#define BUNDLE_STAMP_MAX 32

struct bundle {
    char *dir;
    struct digest manifest;    // of the manifest's bytes
};
/* wanted: which files are written into the folder (NULL: all); the digests of all are
 * compared. Errors: ERR_INPUT where it is no bundle, or is not what was sealed; ERR_IO;
 * ERR_STOPPED. Nothing is left behind then. */
MUST_CHECK int bundle_open(struct bundle *, const char *path, bool (*wanted)(const char *name),
                           struct err *);
void bundle_close(struct bundle *);          // accepts a zeroed one
/* Of the n-th authority, from 1: "manifest.sha256.1.tsr". Gives name. */
char *bundle_stamp_name(int n, const char *ending, char name[BUNDLE_STAMP_MAX]);
/* A folder of this process alone; free the name. NULL, and ERR_IO: it cannot be made. */
char *bundle_folder(struct err *);
void bundle_remove(const char *dir);         // with all that is in it
#endif
