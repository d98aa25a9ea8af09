/* Token replies: whatever the bytes, a token is one header line or none. */
#include <stdlib.h>
#include <string.h>
#include "fetch/token.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str body = { (const char *)data, size };
    struct token t = { 0 };
    struct err err = { 0 };

    for (int status = 200; status <= 500; status += 100) {
        int rc = token_parse(&t, status, body, 1700000000, &err);

        if (rc == 0 && (t.header.n <= strlen("Authorization: Bearer ") || t.renew_at <= 0 ||
                        t.renew_at > t.expires_at))
            abort();
        if (rc != 0 && err.kind != ERR_AUTH && err.kind != ERR_AGAIN && err.kind != ERR_INPUT)
            abort();
        for (size_t i = 0; i < t.header.n; i++)
            if (t.header.p[i] < ' ' || t.header.p[i] > '~')
                abort();
    }
    token_release(&t);
    return 0;
}
