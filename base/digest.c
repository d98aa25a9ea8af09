/* base/digest.c: nettle's SHA-256 and HMAC, and orders made from them. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/random.h>
#include <nettle/hmac.h>
#include <nettle/sha2.h>
#include "base/digest.h"

_Static_assert(sizeof(struct sha256_ctx) <= sizeof(struct digest_ctx), "digest_ctx is too small");
_Static_assert(SHA256_DIGEST_SIZE == DIGEST_BYTES, "SHA-256 has 32 bytes");

static struct sha256_ctx *inner(struct digest_ctx *ctx)
{
    return (struct sha256_ctx *)(void *)ctx->mem;
}

void digest_start(struct digest_ctx *ctx)
{
    sha256_init(inner(ctx));
}

void digest_add(struct digest_ctx *ctx, const void *p, size_t n)
{
    if (n)
        sha256_update(inner(ctx), n, p);
}

struct digest digest_finish(struct digest_ctx *ctx)
{
    struct digest d;

    sha256_digest(inner(ctx), sizeof d.b, d.b);
    return d;
}

struct digest digest_sha256(struct str s)
{
    struct digest_ctx ctx;

    digest_start(&ctx);
    digest_add(&ctx, s.p, s.n);
    return digest_finish(&ctx);
}

struct digest digest_hmac(struct str key, struct str message)
{
    struct hmac_sha256_ctx ctx;
    struct digest d;

    hmac_sha256_set_key(&ctx, key.n, (const uint8_t *)(key.p ? key.p : ""));
    if (message.n)
        hmac_sha256_update(&ctx, message.n, (const uint8_t *)message.p);
    hmac_sha256_digest(&ctx, sizeof d.b, d.b);
    return d;
}

char *digest_hex(const struct digest *d, char text[DIGEST_HEX])
{
    static const char hex[] = "0123456789abcdef";

    for (int i = 0; i < DIGEST_BYTES; i++) {
        text[2 * i] = hex[d->b[i] >> 4];
        text[2 * i + 1] = hex[d->b[i] & 15];
    }
    text[2 * DIGEST_BYTES] = '\0';
    return text;
}

uint64_t digest_rank(struct str seed, uint64_t id)
{
    char text[24];
    int n = snprintf(text, sizeof text, "%" PRIu64, id);
    struct digest d = digest_hmac(seed, (struct str){ text, (size_t)n });
    uint64_t rank = 0;

    for (int i = 0; i < 8; i++)
        rank = rank << 8 | d.b[i];
    return rank;
}

/* The finaliser of splitmix64 (Steele, Lea and Flood, 2014). */
uint64_t mix64(uint64_t x)
{
    x += 0x9e3779b97f4a7c15u;
    x = (x ^ x >> 30) * 0xbf58476d1ce4e5b9u;
    x = (x ^ x >> 27) * 0x94d049bb133111ebu;
    return x ^ x >> 31;
}

void digest_random(uint8_t out[DIGEST_BYTES])
{
    size_t have = 0;

    while (have < DIGEST_BYTES) {
        ssize_t n = getrandom(out + have, DIGEST_BYTES - have, 0);

        if (n < 0 && errno != EINTR)
            die("the kernel gives no random bytes: %s", strerror(errno));
        if (n > 0)
            have += (size_t)n;
    }
}
