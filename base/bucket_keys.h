/* base/bucket_keys.h: the keys to a bucket, from where AWS's own tools have them: the environment
 * (AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN), or the section that AWS_PROFILE
 * names, else [default], of ~/.aws/credentials; the region from AWS_REGION.
 *
 * Shape:     texts without blanks and controls, so that they fit into a header.
 * Absent:    token "" where there is none; region "us-east-1", which most servers go by.
 * Secrets:   no message repeats a value.
 * Ownership: bucket_keys_release, which overwrites them; it accepts zeroed ones.
 * Source:    AWS SDKs and Tools Reference Guide, "Shared config and credentials files". */
#ifndef BASE_BUCKET_KEYS_H
#define BASE_BUCKET_KEYS_H
#include "base/err.h"
#include "base/str.h"

#define BUCKET_KEY_MAX 4096     // a session token has one or two thousand bytes
#define BUCKET_KEYS_FILE_MAX (1 << 20)
struct bucket_keys {
    struct buf id, secret, token, region;
};
/* Errors: ERR_AUTH where there are none, or half of them, or a file that holds no such section. */
MUST_CHECK int bucket_keys_read(struct bucket_keys *, struct err *);
/* The section of that name in a file's text; its region is taken where it has one. The keys are
 * untouched by an error: ERR_AUTH with the line. */
MUST_CHECK int bucket_keys_parse(struct bucket_keys *, struct str text, const char *section,
                                 struct err *);
void bucket_keys_release(struct bucket_keys *);
#endif
