/* tests/unit/test_digest.c: published vectors of SHA-256 and HMAC; seeded orders. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>
#include <cmocka.h>
#include "base/digest.h"

static void sha256_gives_the_published_values(void **state)
{
    char hex[DIGEST_HEX];
    struct digest d = digest_sha256(STR("abc"));                 // FIPS 180-4, example 1

    (void)state;
    assert_string_equal(digest_hex(&d, hex),
                        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
    d = digest_sha256(STR_NONE);
    assert_string_equal(digest_hex(&d, hex),
                        "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855");
}

static void hmac_gives_the_published_values(void **state)
{
    char hex[DIGEST_HEX];
    struct digest d = digest_hmac(STR("Jefe"),
                                  STR("what do ya want for nothing?"));    // RFC 4231, case 2

    (void)state;
    assert_string_equal(digest_hex(&d, hex),
                        "5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    d = digest_hmac(STR_NONE, STR_NONE);
    assert_string_equal(digest_hex(&d, hex),
                        "b613679a0814d9ec772f95d778c35fc5ff1697c493715653c6c712144292c5ad");
}

static void pieces_give_the_digest_of_the_whole(void **state)
{
    struct digest_ctx ctx;
    struct digest whole = digest_sha256(STR("one two three")), got;

    (void)state;
    digest_start(&ctx);
    digest_add(&ctx, "one", 3);
    digest_add(&ctx, NULL, 0);
    digest_add(&ctx, " two three", 10);
    got = digest_finish(&ctx);
    assert_memory_equal(got.b, whole.b, DIGEST_BYTES);
}

/* Lengths around a block of 64 bytes, the same and different on both sides. */
static void two_at_once_are_the_digests_of_each(void **state)
{
    static const size_t lengths[] = { 0, 1, 55, 56, 63, 64, 65, 119, 128, 200, 1000, 4099 };
    enum { N = sizeof lengths / sizeof *lengths };
    char text[5000];

    (void)state;
    for (size_t i = 0; i < sizeof text; i++)
        text[i] = (char)mix64(i);
    for (int i = 0; i < N; i++)
        for (int j = 0; j < N; j++) {
            struct str a = { text, lengths[i] }, b = { text + 17, lengths[j] };
            struct digest of_a, of_b, want_a = digest_sha256(a), want_b = digest_sha256(b);

            digest_two(a, b, &of_a, &of_b);
            assert_memory_equal(of_a.b, want_a.b, DIGEST_BYTES);
            assert_memory_equal(of_b.b, want_b.b, DIGEST_BYTES);
        }
    digest_two(STR_NONE, STR("abc"), &(struct digest){ 0 }, &(struct digest){ 0 });
}

/* printf 7283114518437727494 | openssl dgst -sha256 -hmac seed */
static void rank_is_the_head_of_the_hmac_of_the_decimal_id(void **state)
{
    (void)state;
    assert_true(digest_rank(STR("seed"), 7283114518437727494u) == 0xc212e205e1531f59u);
    assert_true(digest_rank(STR("seed"), 1) != digest_rank(STR("sead"), 1));
}

static void mix_spreads_neighbours(void **state)
{
    int bits = 0;

    (void)state;
    assert_true(mix64(0) == 0xe220a8397b1dcdafu);    // first output of splitmix64 with seed 0
    for (uint64_t i = 0; i < 1000; i++)
        bits += __builtin_popcountll(mix64(i) ^ mix64(i + 1));
    assert_in_range(bits, 31000, 33000);
}

static void random_bytes_differ(void **state)
{
    uint8_t a[DIGEST_BYTES] = {0}, b[DIGEST_BYTES] = {0};

    (void)state;
    digest_random(a);
    digest_random(b);
    assert_memory_not_equal(a, b, DIGEST_BYTES);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sha256_gives_the_published_values),
        cmocka_unit_test(hmac_gives_the_published_values),
        cmocka_unit_test(pieces_give_the_digest_of_the_whole),
        cmocka_unit_test(two_at_once_are_the_digests_of_each),
        cmocka_unit_test(rank_is_the_head_of_the_hmac_of_the_decimal_id),
        cmocka_unit_test(mix_spreads_neighbours),
        cmocka_unit_test(random_bytes_differ),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
