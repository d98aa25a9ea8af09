/* tests/fuzz/fuzz_oembed.c: outside bytes as an oEmbed reply, and as a Location
 * that a short link leads to. */
#include <stdlib.h>
#include "scrape/oembed.h"
#include "scrape/shortlink.h"

#define ID 7341234567890123456u
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void read_reply(struct str body, struct arena *mem)
{
    static const int statuses[] = { 200, 400, 404 };

    for (size_t i = 0; i < sizeof statuses / sizeof statuses[0]; i++) {
        struct answer a = { 0 };

        oembed_read(statuses[i], body, ID, mem, &a);
        must((a.kind == ANSWER_NO_ANSWER) == (a.why != NO_ANSWER_NONE));
        must(a.kind != ANSWER_REFUSED || a.has_code);
    }
}

static void follow(struct str location, struct arena *mem)
{
    const struct bases bases = { STR("https://www.tiktok.com"), STR("https://vm.tiktok.com") };
    struct buf head = { 0 };
    struct http_exchange x = { .status = 302 };
    struct answer a = { 0 };
    struct str next = STR_NONE;
    struct url u;

    buf_puts(&head, "HTTP/1.1 302 Found\r\nLocation: ");
    buf_str(&head, location);
    buf_puts(&head, "\r\n\r\n");
    x.head = buf_view(&head);
    if (!shortlink_step(&x, STR("https://vm.tiktok.com/ZMabc/"), &bases, mem, &a, &next))
        must(url_split(next, &u) && host_is_platform(u.host) &&
             str_eq_nocase(u.scheme, STR("https")));
    next = shortlink_url(location, &bases, mem);
    must(next.n == 0 || url_split(next, &u));
    buf_release(&head);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct arena mem = { 0 };

    read_reply(text, &mem);
    follow(text, &mem);
    arena_release(&mem);
    return 0;
}
