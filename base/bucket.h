/* base/bucket.h: an S3 bucket, or a part of one, as a place for files: put one there for good, look
 * whether it lies there, have it back. Requests are signed by libcurl (AWS Signature Version 4);
 * each names the SHA-256 of what it carries.
 *
 * Shape:     an object's URL is that of the place, a slash and its name; a name has letters,
 *            digits, and . _ - alone. An object bears the digest of its bytes (x-amz-meta-sha256).
 * Files:     are streamed either way, however large they are.
 * Network:   https with its certificate checked, http for loopback alone; no redirect is followed
 *            and no proxy of the environment asked.
 * Ownership: a bucket belongs to one thread. bucket_close overwrites the keys.
 * Source:    Amazon S3 API Reference (2006-03-01), PutObject, HeadObject, GetObject. */
#ifndef BASE_BUCKET_H
#define BASE_BUCKET_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/err.h"

#define BUCKET_URL_MAX 512
struct bucket_opts {
    const char *url;        // https://HOST/BUCKET/PREFIX
    const char *ca_file;    // "" or NULL: the system's
    int64_t timeout_s;      // to connect; and how long nothing may move
};
struct bucket_object {
    int64_t size;
    bool has_digest;
    struct digest digest;
};
struct bucket;
/* Errors: ERR_USAGE with what is wrong with a URL, name before it; bucket_keys_read's. */
MUST_CHECK int bucket_url_check(const char *name, const char *url, struct err *);
MUST_CHECK int bucket_open(struct bucket **, const struct bucket_opts *, struct err *);
void bucket_close(struct bucket *);    // accepts NULL
const char *bucket_url(const struct bucket *);

/* Errors of each: ERR_AGAIN what may pass (network, a server's fault), ERR_AUTH where it lets
 * nobody in with these keys, ERR_USAGE where there is no such bucket, ERR_IO this machine. */
/* The file lies there, with these bytes, when it returns 0; where it lay there before that is as
 * good. Errors: ERR_INPUT where something else lies there under that name, which stays, or the
 * file has other bytes than its digest says. */
MUST_CHECK int bucket_put(struct bucket *, const char *name, const char *path, int64_t size,
                          const struct digest *, struct err *);
/* 1: the object, as it says of itself; 0: there is none. */
MUST_CHECK int bucket_look(struct bucket *, const char *name, struct bucket_object *,
                           struct err *);
/* Up to three tries. 1: the bytes went into fd, which is emptied first (-1: nowhere); size and
 * digest are those of what came, `says` what the object says of itself. 0: there is none. Errors:
 * ERR_INPUT where it is larger than most; ERR_STOPPED. */
MUST_CHECK int bucket_get(struct bucket *, const char *name, int fd, int64_t most,
                          struct bucket_object *came, struct bucket_object *says, struct err *);
#endif
