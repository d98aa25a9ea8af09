/* base/folder.h: a folder that appears whole: a web server never shows half of it.
 *
 * It is filled beside its place, as PATH.new, and then takes its place in one step: where an
 * older one stands the two are exchanged, and the older is removed. Whoever reads meanwhile has
 * the old one or the new one, each whole.
 * Ours:    a folder that is made so holds a file of the name FOLDER_MARK. Another, unless it is
 *          empty, is never replaced: its owner named the wrong one.
 * Killed:  PATH.new stays, and the next run begins by removing it.
 * Errors:  ERR_USAGE where PATH is not ours to replace; ERR_IO. */
#ifndef BASE_FOLDER_H
#define BASE_FOLDER_H
#include <stdbool.h>
#include "base/err.h"

#define FOLDER_MARK ".blindspot-site"
struct folder_out {
    char *path, *made;    // made: where it is filled
};
MUST_CHECK int folder_create(struct folder_out *, const char *path, struct err *);
MUST_CHECK int folder_close(struct folder_out *, struct err *);
void folder_abandon(struct folder_out *);    // accepts a zeroed one
/* False where there is none that can be read. */
bool folder_is_empty(const char *path);
/* A folder with all that lies in it, links not followed; none is fine. */
void folder_remove(const char *path);
#endif
