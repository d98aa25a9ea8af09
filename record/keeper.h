/* record/keeper.h: who keeps the bytes of what was sent and received, as the
 * store asks for it. archive/ is one; audit/ brings the two together, so that
 * neither knows the other. */
#ifndef RECORD_KEEPER_H
#define RECORD_KEEPER_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/http.h"

/* evidence.keep: nothing but digests; of a page the part that decided; all. */
enum keep { KEEP_NONE, KEEP_EXTRACT, KEEP_PAGES };
struct kept_place {
    char file[96];
    int64_t offset, len;           // within the file
    struct digest digest;          // of the payload, its transfer coding undone
};
struct kept_file { char name[96]; int64_t size; struct digest digest; };

struct keeper {
    enum keep keep;
    /* Keeps one exchange; `at` is its time, UTC seconds. */
    int (*exchange)(void *to, const struct http_exchange *, int64_t at, struct kept_place *,
                    struct err *);
    /* Keeps the part that decided in place of a page whose bytes have the digest `whole`. */
    int (*extract)(void *to, struct str url, struct str extract, const struct digest *whole,
                   int64_t at, struct kept_place *, struct err *);
    /* Returns when all that was handed over is on the disk. */
    int (*sync)(void *to, struct err *);
    /* Files that were closed since the last call, one a call; false: no more. */
    bool (*sealed)(void *to, struct kept_file *);
    void *to;
};
#endif
