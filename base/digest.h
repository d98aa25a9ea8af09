/* base/digest.h: SHA-256 and HMAC-SHA-256 (nettle), and seeded orders. */
#ifndef BASE_DIGEST_H
#define BASE_DIGEST_H
#include <stdint.h>
#include "base/str.h"

#define DIGEST_BYTES 32
#define DIGEST_HEX (2 * DIGEST_BYTES + 1)
struct digest { uint8_t b[DIGEST_BYTES]; };
struct digest digest_sha256(struct str);
/* The digests of two texts, in less time than one after the other. */
void digest_two(struct str a, struct str b, struct digest *of_a, struct digest *of_b);
struct digest digest_hmac(struct str key, struct str message);
char *digest_hex(const struct digest *, char text[DIGEST_HEX]);
/* Incremental; ctx is opaque and must be finished once. */
struct digest_ctx { _Alignas(16) uint8_t mem[256]; };
void digest_start(struct digest_ctx *);
void digest_add(struct digest_ctx *, const void *, size_t);
struct digest digest_finish(struct digest_ctx *);
/* First 8 bytes of HMAC(seed, decimal text of id), big endian: the order in
 * which seeded samples are drawn; lowest first. */
uint64_t digest_rank(struct str seed, uint64_t id);
/* A fast 64-bit mix for hash tables and shuffles; not for secrets. */
uint64_t mix64(uint64_t);
/* 32 random bytes from the kernel, for keys and seeds. Dies where it cannot. */
void digest_random(uint8_t out[DIGEST_BYTES]);
#endif
