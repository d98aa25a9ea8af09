/* base/http_url.c: which URL leads where. */
#include <arpa/inet.h>
#include <netinet/in.h>
#include <string.h>
#include "base/http_url.h"

/* ---- addresses ---- */

static bool v4_is_loopback(uint32_t ip)
{
    return ip >> 24 == 127;
}

/* Everything that is not a host on the public internet (RFC 6890): a name
 * that leads there could make an audit read the auditor's own network. */
static bool v4_is_private(uint32_t ip)
{
    static const struct { uint32_t net; int bits;
    } nets[] = {
        { 0x00000000, 8 },  { 0x0a000000, 8 },  { 0x64400000, 10 }, { 0x7f000000, 8 },
        { 0xa9fe0000, 16 }, { 0xac100000, 12 }, { 0xc0000000, 24 }, { 0xc0a80000, 16 },
        { 0xc6120000, 15 }, { 0xe0000000, 3 },
    };

    for (size_t i = 0; i < sizeof nets / sizeof *nets; i++)
        if ((ip ^ nets[i].net) >> (32 - nets[i].bits) == 0)
            return true;
    return false;
}

static uint32_t v4_in(const uint8_t *b)
{
    return (uint32_t)b[0] << 24 | (uint32_t)b[1] << 16 | (uint32_t)b[2] << 8 | b[3];
}

/* IPv4 addresses hide in IPv6 ones: mapped, NAT64 and 6to4. */
static bool v6_is_private(const uint8_t b[16])
{
    static const uint8_t zero[12], mapped[12] = { [10] = 0xff, [11] = 0xff },
                         nat64[12] = { 0x00, 0x64, 0xff, 0x9b };

    if (memcmp(b, mapped, 12) == 0 || memcmp(b, nat64, 12) == 0)
        return v4_is_private(v4_in(b + 12));
    if (b[0] == 0x20 && b[1] == 0x02)
        return v4_is_private(v4_in(b + 2));
    return memcmp(b, zero, 12) == 0 || (b[0] & 0xfe) == 0xfc || (b[0] == 0xfe && b[1] >= 0x80) ||
           b[0] == 0xff;
}

bool http_address_is_allowed(const struct sockaddr *sa, bool loopback)
{
    static const uint8_t one[16] = { [15] = 1 };

    if (sa->sa_family == AF_INET) {
        uint32_t ip = ntohl(((const struct sockaddr_in *)(const void *)sa)->sin_addr.s_addr);

        return loopback ? v4_is_loopback(ip) : !v4_is_private(ip);
    }
    if (sa->sa_family == AF_INET6) {
        const uint8_t *b = ((const struct sockaddr_in6 *)(const void *)sa)->sin6_addr.s6_addr;

        return loopback ? memcmp(b, one, 16) == 0 : !v6_is_private(b);
    }
    return false;
}

static bool digits_only(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if (s.p[i] < '0' || s.p[i] > '9')
            return false;
    return true;
}

/* 127.x.x.x in four plain decimal parts; 0177.1 and the like are not. */
static bool host_is_v4_loopback(struct str host)
{
    char text[16];
    struct in_addr a;

    if (host.n >= sizeof text)
        return false;
    memcpy(text, host.p, host.n);
    text[host.n] = 0;
    return inet_pton(AF_INET, text, &a) == 1 && v4_is_loopback(ntohl(a.s_addr));
}

bool http_url_is_loopback(struct str url)
{
    struct str host, port = STR_NONE;
    size_t end = 0;

    if (str_starts_nocase(url, STR("http://")))
        url = str_sub(url, 7, url.n);
    else if (str_starts_nocase(url, STR("https://")))
        url = str_sub(url, 8, url.n);
    else
        return false;
    while (end < url.n && !strchr("/?#", url.p[end]))
        end++;
    host = str_sub(url, 0, end);
    if (str_starts(host, STR("[::1]"))) {
        port = str_sub(host, 5, host.n);
        return port.n == 0 || (port.p[0] == ':' && digits_only(str_sub(port, 1, port.n)));
    }
    for (size_t i = 0; i < host.n; i++)
        if (host.p[i] == ':') {
            port = str_sub(host, i + 1, host.n);
            host = str_sub(host, 0, i);
            break;
        }
    return digits_only(port) &&
           (str_eq_nocase(host, STR("localhost")) || host_is_v4_loopback(host));
}

bool http_proxy_is_valid(struct str url)
{
    static const char *const schemes[] = { "http://", "https://", "socks5://", "socks5h://" };
    struct str rest = STR_NONE;

    for (size_t i = 0; i < sizeof schemes / sizeof *schemes; i++)
        if (str_starts_nocase(url, str_of(schemes[i])))
            rest = str_sub(url, strlen(schemes[i]), url.n);
    for (size_t i = 0; i < url.n; i++)
        if ((unsigned char)url.p[i] <= ' ' || url.p[i] == 0x7f)
            return false;
    while (memchr(rest.p ? rest.p : "", '@', rest.n))
        rest = str_sub(rest, (size_t)str_find(rest, STR("@"), 0) + 1, rest.n);
    if (str_ends(rest, STR("/")))
        rest.n--;
    return rest.n > 0 && *rest.p != ':' && !memchr(rest.p, '/', rest.n) &&
           !memchr(rest.p, '?', rest.n) && !memchr(rest.p, '#', rest.n);
}

void http_escape(struct buf *out, struct str s)
{
    static const char hex[] = "0123456789ABCDEF";

    for (size_t i = 0; i < s.n; i++) {
        unsigned char c = (unsigned char)s.p[i];

        if ((c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') ||
            c == '-' || c == '.' || c == '_' || c == '~') {
            buf_char(out, (char)c);
        } else {
            buf_char(out, '%');
            buf_char(out, hex[c >> 4]);
            buf_char(out, hex[c & 15]);
        }
    }
}
