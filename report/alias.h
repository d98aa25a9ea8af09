/* report/alias.h: handles as pages and figures show them. Most accounts of an audit are
 * private persons, so what stands there is a pseudonym; tables for further work (labels.csv)
 * hold the handle.
 *
 * Pseudonym: "account-" and 10 hex digits of HMAC(key, handle in lower case): the same one
 *            in every report of an audit, and no way back without the audit's folder.
 * Absent:    an empty handle stays empty.
 * Ownership: key and public are borrowed. */
#ifndef REPORT_ALIAS_H
#define REPORT_ALIAS_H
#include <stdbool.h>
#include "base/str.h"

#define ALIAS_MAX 32
struct alias {
    bool names;                    // all handles are shown
    struct str key;                // the audit's seed
    const struct str *public;      // handles of public figures, lower case, sorted bytewise
    size_t len;
};
/* Whether this handle is shown as it is; a link to its post then may name it too. */
bool alias_shows(const struct alias *, struct str handle);
/* The handle itself, or its pseudonym, which stands in text. */
struct str alias_of(const struct alias *, struct str handle, char text[ALIAS_MAX]);
/* A list, a handle a line, with or without @; blank lines and lines that begin with # do not
 * count. Borrows from text, which is changed; *handles is malloc'd. */
void alias_list(struct buf *text, struct str **handles, size_t *len);
#endif
