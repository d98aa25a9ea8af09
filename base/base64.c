/* base/base64.c: nettle's, into a buffer. */
#include "base/base64.h"
#include <nettle/base64.h>

void base64_put(struct buf *out, struct str bytes)
{
    const size_t n = BASE64_ENCODE_RAW_LENGTH(bytes.n);

    buf_grow(out, n + 1);
    base64_encode_raw(out->p + out->n, bytes.n, (const uint8_t *)bytes.p);
    out->n += n;
}

int base64_take(struct buf *out, struct str text)
{
    struct base64_decode_ctx ctx;
    size_t n = BASE64_DECODE_LENGTH(text.n);

    buf_grow(out, n + 1);
    base64_decode_init(&ctx);
    if (!base64_decode_update(&ctx, &n, (uint8_t *)out->p + out->n, text.n, text.p) ||
        !base64_decode_final(&ctx))
        return -1;
    out->n += n;
    return 0;
}
