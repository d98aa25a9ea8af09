/* audit/other.h: another audit that is only looked at: the folder of one, or a bundle that
 * `export --bundle` sealed; of this or an older schema, with its own rules or others.
 *
 *     struct other o;
 *     struct err later = {0};
 *     int rc = other_find(&o, path, err) || other_open(&o, NULL, NULL, err) ||
 *              labels_refresh(&o.audit, err) || ... ? -1 : 0;       // then as any audit
 *     if (other_close(&o, rc ? &later : err)) rc = -1;
 *
 * What it leaves alone: everything. A folder stays byte for byte what it was: its file is
 *     read as it lies, and labels that are made anew go into tables of this process. Where
 *     that cannot be (an older schema, commits in a log beside the file) a private copy is
 *     worked on. A bundle is compared with its manifest, then unpacked below TMPDIR; its
 *     archive and report are not written out.
 * Beside a run:  a folder in which another process works is read as it was last committed,
 *     from a copy; there the log's index is touched, as by any reader.
 * Rules:     NULL: its own. Others: its labels are stale then, and labels_refresh makes them
 *     anew by those, as it does where answers are newer than labels. Settings are its own.
 * Ownership: other_find fills it, other_close ends it in any case; it accepts a zeroed one.
 * Errors:    ERR_USAGE where the path is neither; ERR_INPUT where the bundle is not what was
 *     sealed; ERR_AGAIN where the folder was written to meanwhile. */
#ifndef AUDIT_OTHER_H
#define AUDIT_OTHER_H
#include "audit/audit.h"
#include "audit/bundle.h"
#include "audit/rulebook.h"
#include "base/file.h"

struct other {
    struct audit audit;          // after other_open
    struct rulebook rules;       // its own, from other_find on
    char *name;                  // the last part of its path: no other place of this machine
    bool is_bundle, has_other_rules;
    struct bundle bundle;
    /* the rest is other.c's */
    char *dir, *copy;
    bool is_open, is_still;
    struct file_state db[STORE_FILE_COUNT];    // and what lies beside it
};
/* Finds and checks it, and reads its rules. */
MUST_CHECK int other_find(struct other *, const char *path, struct err *);
/* Both borrowed until other_close. */
MUST_CHECK int other_open(struct other *, const struct rulebook *rules,
                          const struct opt_list *sets, struct err *);
MUST_CHECK int other_close(struct other *, struct err *);
#endif
