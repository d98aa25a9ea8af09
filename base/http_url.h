/* base/http_url.h: URLs and addresses: what may be asked for, and by which way. */
#ifndef BASE_HTTP_URL_H
#define BASE_HTTP_URL_H
#include <stdbool.h>
#include <sys/socket.h>
#include "base/str.h"

/* A proxy's URL: http, https, socks5 or socks5h, a host, perhaps a name and a
 * password, which appear in no exchange and no text. Loopback URLs go through a
 * proxy on loopback alone. Each proxy has its own cookies: to the site it is
 * another visitor. Through one, the address that a name leads to is the proxy's
 * to choose. */
bool http_proxy_is_valid(struct str);
/* http://127.0.0.1, http://[::1], http://localhost (any port), 127.x.x.x and
 * the same with https: the host alone decides. */
bool http_url_is_loopback(struct str url);
/* Escapes a URL component into out. */
void http_escape(struct buf *out, struct str);
/* A loopback URL may lead to loopback alone, any other to a public address. */
bool http_address_is_allowed(const struct sockaddr *, bool loopback);
#endif
