/* Any bytes as an authority's reply to a query that is fixed (the corpus has its answer): it
 * is refused by a sentence, or it is of the digest that was asked about. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include "base/timestamp.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* Two bytes of length, so much of a query, then the reply. */
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    const struct digest of = digest_sha256(STR("the manifest"));
    const char *text = (const char *)data;
    size_t n = len < 2 ? 0 : (size_t)data[0] << 8 | data[1];
    struct timestamp t = { 0 };
    struct err err = { 0 };
    struct str query, reply;

    if (len < 2 || n > len - 2)
        return 0;
    query = (struct str){ text + 2, n };
    reply = (struct str){ text + 2 + n, len - 2 - n };
    if (timestamp_check(query, reply, &of, NULL, &t, &err)) {
        if (err.kind != ERR_INPUT || !err.msg[0])
            abort();
    } else if (t.trusted || !memchr(t.authority, 0, sizeof t.authority) || t.at > t.valid_until) {
        abort();
    }
    return 0;
}
