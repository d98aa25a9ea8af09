/* tests/unit/test_standin_wall.c: what stands before the stand-in's pages: a challenge that is real
 * work, whom the site lets pass, and a site that has had enough of us. */
#include "tests/unit/standin_box.h"

#include <cjson/cJSON.h>
#include <inttypes.h>
#include <nettle/base64.h>
#include <nettle/sha2.h>

#define SOLVED "\"webapp.video-detail\""

static bool says(struct str where, const char *what)
{
    return str_find(where, str_of(what), 0) >= 0;
}

static void page(struct box *x, const char *headers)
{
    char path[80];

    snprintf(path, sizeof path, "/@_/video/%" PRIu64, x->w->item[0].id);
    ask_with(x, path, headers);
}

static void later(struct box *x, int64_t seconds)
{
    struct err err = { 0 };
    int64_t now;

    assert_int_equal(standin_clock(x->clock, 0, seconds * 1000, -1, &now, &err), 0);
}

static void decode(struct str text, char out[1024], size_t *n)
{
    struct base64_decode_ctx ctx;

    *n = 1023;
    base64_decode_init(&ctx);
    assert_true(base64_decode_update(&ctx, n, (uint8_t *)out, text.n, text.p));
    assert_true(base64_decode_final(&ctx));
    out[*n] = 0;
}

static void encode(const void *p, size_t n, char out[1024])
{
    assert_true(BASE64_ENCODE_RAW_LENGTH(n) < 1024);
    base64_encode_raw(out, n, p);
    out[BASE64_ENCODE_RAW_LENGTH(n)] = 0;
}

/* The number that the challenge asks for. */
static int work(const cJSON *v)
{
    char from[1024], want[1024], text[1100];
    size_t n, len;

    decode(str_of(cJSON_GetObjectItem(v, "a")->valuestring), from, &len);
    decode(str_of(cJSON_GetObjectItem(v, "c")->valuestring), want, &n);
    assert_int_equal(n, SHA256_DIGEST_SIZE);
    for (int i = 0; i < 1000000; i++) {
        uint8_t digest[SHA256_DIGEST_SIZE];
        struct sha256_ctx ctx;

        n = (size_t)snprintf(text, sizeof text, "%s%d", from, i);
        sha256_init(&ctx);
        sha256_update(&ctx, n, (const uint8_t *)text);
        sha256_digest(&ctx, sizeof digest, digest);
        if (memcmp(digest, want, sizeof digest) == 0)
            return i;
    }
    fail_msg("a challenge that nobody can solve");
    return -1;
}

/* The header of who solved the challenge at hand; wrong_by spoils the number. */
static void solve(const struct box *x, int wrong_by, char header[2048])
{
    static const char mark[] = "<p id=\"cs\" class=\"";
    ptrdiff_t at = str_find(x->body, str_of(mark), 0);
    char text[1024], number[16], d[1024];
    cJSON *root;
    size_t n;

    assert_true(at > 0);
    decode(
        (struct str){ x->body.p + at + strlen(mark), strcspn(x->body.p + at + strlen(mark), "\"") },
        text, &n);
    root = cJSON_Parse(text);
    assert_non_null(root);
    snprintf(number, sizeof number, "%d", work(cJSON_GetObjectItem(root, "v")) + wrong_by);
    encode(number, strlen(number), d);
    cJSON_AddStringToObject(root, "d", d);
    assert_true(cJSON_PrintPreallocated(root, text, sizeof text, false));
    encode(text, strlen(text), d);
    snprintf(header, 2048, "Cookie: tt=1; _wafchallengeid=%s; other=2\r\n", d);
    cJSON_Delete(root);
}

static void who_solved_the_challenge_is_let_in_for_some_seconds(void **state)
{
    struct box *x = open_box("challenge 1; spare_solved 5", 200);
    char header[2048];

    (void)state;
    page(x, "");
    assert_int_equal(x->status, 200);
    assert_true(says(x->body, "waforiginalreid") && says(x->body, "slardar_us_waf"));
    assert_in_range(x->body.n, 1200, 2500);
    assert_true(says(x->head, "Set-Cookie: ttwid="));
    solve(x, 0, header);
    page(x, header);
    assert_true(says(x->body, SOLVED));
    page(x, "");
    assert_false(says(x->body, SOLVED));
    later(x, 4);
    page(x, header);
    assert_true(says(x->body, SOLVED));
    later(x, 3);
    page(x, header);
    assert_false(says(x->body, SOLVED));
    close_box(x);
}

static void a_wrong_number_or_a_forged_challenge_opens_nothing(void **state)
{
    struct box *x = open_box("challenge 1; spare_solved 5", 200), *other;
    char header[2048];

    (void)state;
    page(x, "");
    solve(x, 1, header);
    page(x, header);
    assert_false(says(x->body, SOLVED));
    page(x, "Cookie: _wafchallengeid=bm90aGluZw==\r\n");
    assert_false(says(x->body, SOLVED));
    page(x, "Cookie: _wafchallengeid=;\r\n");
    assert_false(says(x->body, SOLVED));
    other = open_box("challenge 1; spare_solved 5", 201);
    page(x, "");
    solve(x, 0, header);
    page(other, header);
    assert_true(says(other->body, SOLVED));    // the same seed signs alike
    close_box(other);
    close_box(x);
}

static void a_challenge_that_spares_nobody_comes_again(void **state)
{
    struct box *x = open_box("challenge 1", 200);
    char header[2048];

    (void)state;
    page(x, "");
    solve(x, 0, header);
    page(x, header);
    assert_false(says(x->body, SOLVED));
    ask(x, "/made-up/waf-aiso/0123456789abcdef.js");
    assert_int_equal(x->status, 200);
    assert_true(says(x->head, "application/javascript") && says(x->body, "max-age=1'"));
    close_box(x);
}

static void whom_the_site_likes_is_spared_what_comes_by_share(void **state)
{
    static const char *const faults[] = { "challenge 1", "login_wall 1", "stripped 1",
                                          "captcha 1",   "page_5xx 1",   "page_429 1" };

    (void)state;
    for (size_t i = 0; i < sizeof faults / sizeof *faults; i++) {
        char quirks[80];
        struct box *x;

        snprintf(quirks, sizeof quirks, "%s; spare_agent Chrome", faults[i]);
        x = open_box(quirks, 200);
        page(x, "User-Agent: blindspot/1\r\n");
        assert_false(says(x->body, SOLVED));
        page(x, "User-Agent: Mozilla/5.0 HeadlessChrome/156\r\n");
        assert_true(says(x->body, SOLVED));
        close_box(x);
    }
}

static void a_share_of_the_visits_is_challenged(void **state)
{
    struct box *x = open_box("challenge 0.5; spare_solved 5", 200);
    int met = 0;

    (void)state;
    for (int i = 0; i < 400; i++) {
        page(x, "");
        met += !says(x->body, SOLVED);
    }
    assert_in_range(met, 160, 240);
    close_box(x);
}

static void after_so_many_pages_of_a_day_the_site_has_enough(void **state)
{
    struct box *x = open_box("block_after 7 403; spare_agent Chrome", 200);

    (void)state;
    for (int day = 0; day < 2; day++) {
        for (int i = 0; i < 10; i++) {
            page(x, i % 2 ? "User-Agent: Chrome\r\n" : "");
            assert_int_equal(x->status, i < 7 ? 200 : 403);
        }
        later(x, 86400);
    }
    close_box(x);
    x = open_box("block_after 1 200", 200);
    page(x, "");
    assert_true(says(x->body, SOLVED));
    page(x, "");
    assert_true(x->status == 200 && says(x->body, "captcha-verify-container"));
    close_box(x);
}

/* One half of the shells has the current page's script without the post, the other none. */
static void a_shell_has_the_scripts_of_one_and_no_state(void **state)
{
    struct box *x = open_box("stripped 1", 200);
    int bare = 0, hollow = 0;

    (void)state;
    for (uint32_t i = 0; i < 20; i++) {
        char path[80];

        snprintf(path, sizeof path, "/@_/video/%" PRIu64, x->w->item[i].id);
        ask(x, path);
        assert_int_equal(x->status, 200);
        assert_false(says(x->body, SOLVED));
        hollow += says(x->body, "__UNIVERSAL_DATA_FOR_REHYDRATION__");
        bare += says(x->body, "tiktok-environment") && says(x->body, "argus-csp-token") &&
                says(x->body, "goofy-deploy-app");
    }
    assert_true(bare > 0 && hollow > 0);
    assert_int_equal(bare + hollow, 20);
    close_box(x);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(who_solved_the_challenge_is_let_in_for_some_seconds),
        cmocka_unit_test(a_wrong_number_or_a_forged_challenge_opens_nothing),
        cmocka_unit_test(a_challenge_that_spares_nobody_comes_again),
        cmocka_unit_test(whom_the_site_likes_is_spared_what_comes_by_share),
        cmocka_unit_test(a_share_of_the_visits_is_challenged),
        cmocka_unit_test(after_so_many_pages_of_a_day_the_site_has_enough),
        cmocka_unit_test(a_shell_has_the_scripts_of_one_and_no_state),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
