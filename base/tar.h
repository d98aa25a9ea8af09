/* base/tar.h: plain tar files, by libarchive. What is written has no clock, no
 * owner and no random order of its own: the same files give the same bytes. */
#ifndef BASE_TAR_H
#define BASE_TAR_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/err.h"

struct tar_out;
MUST_CHECK int tar_create(struct tar_out **, const char *path,
                          struct err *);    // appears when closed
/* Adds a file under a name; *digest is its SHA-256. */
MUST_CHECK int tar_add_file(struct tar_out *, const char *name, const char *path, struct digest *,
                            struct err *);
MUST_CHECK int tar_add_bytes(struct tar_out *, const char *name, struct str bytes, struct err *);
MUST_CHECK int tar_close(struct tar_out *, struct err *);
void tar_abandon(struct tar_out *);                                               // accepts NULL
/* What is done with the files of a tar, one after another. */
struct tar_take {
    /* NULL: all. Of what is not wanted the digest is told and nothing is written. */
    bool (*wanted)(void *to, const char *name);
    int (*each)(void *to, const char *name, const struct digest *, struct err *);
    void *to;
};
/* Unpacks regular files below dir, which is there and empty; each is told with
 * its SHA-256. Errors: ERR_INPUT where it is no tar, is damaged, or holds links,
 * absolute paths, "..", one name twice, more than max_files, or more bytes than it has
 * itself (holes); ERR_STOPPED. */
MUST_CHECK int tar_unpack(const char *path, const char *dir, size_t max_files,
                          const struct tar_take *, struct err *);
#endif
