/* base/timestamp.h: time stamps by RFC 3161: what an authority is asked, and whether what it
 * answered holds. By OpenSSL's libcrypto, which stands in this file alone.
 *
 *     the query is 60 bytes: the digest, a random number (nonce), and that the
 *     authority's certificates are wanted. Nothing else leaves.
 *
 * Units:     at and valid_until are UTC seconds.
 * Ownership: query and reply are DER bytes of the caller's.
 * Errors:    ERR_INPUT names what does not hold; ERR_USAGE for a file of authorities that cannot
 *            be read.
 * Source:    RFC 3161 2.4.2, RFC 5816 (which certificate signed). */
#ifndef BASE_TIMESTAMP_H
#define BASE_TIMESTAMP_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/err.h"

#define TIMESTAMP_MAX ((size_t)1 << 20)    // of a reply with its chain; real ones have 2 to 8 KB
#define TIMESTAMP_NAME_MAX 200
struct timestamp {
    int64_t at;                            // genTime, as the authority's clock had it
    char authority[TIMESTAMP_NAME_MAX];    // subject of the certificate that signed: outside text
    char serial[44];                       // of the token, hex
    int64_t valid_until;                   // of that certificate
    bool trusted;                          // it leads to one of ca_file
};
/* Appends a query about a digest, with a nonce of its own. */
MUST_CHECK int timestamp_ask(const struct digest *of, struct buf *query, struct err *);
/* Is the reply an answer to the query, about this digest, with the query's nonce, signed by a
 * certificate that is for time stamps alone and was valid then? ca_file (PEM): does it lead to
 * one of these? NULL: nobody vouches for it. Whether `at` can be true is the caller's to judge. */
MUST_CHECK int timestamp_check(struct str query, struct str reply, const struct digest *of,
                               const char *ca_file, struct timestamp *, struct err *);
#endif
