/* tests/fuzz/fuzz_bucket_keys.c: files of keys in any bytes: what is taken fits into a header, and
 * no message shows it. */
#include <stdlib.h>
#include <string.h>
#include "base/bucket_keys.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);

static void must(bool ok)
{
    if (!ok)
        abort();
}

static void must_fit(const struct buf *b)
{
    must(b->n <= BUCKET_KEY_MAX);
    for (size_t i = 0; i < b->n; i++)
        must(b->p[i] > ' ' && b->p[i] < 0x7f);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct bucket_keys k = { 0 };
    struct err err = { 0 };

    if (bucket_keys_parse(&k, text, "default", &err)) {
        must(err.kind == ERR_AUTH && err.msg[0] && err.place.n == 0);
        must(!k.id.p && !k.secret.p && !k.token.p && !k.region.p);
        return 0;
    }
    must(k.id.n > 0 && k.secret.n > 0);
    must_fit(&k.id);
    must_fit(&k.secret);
    must_fit(&k.token);
    must_fit(&k.region);
    bucket_keys_release(&k);
    return 0;
}
