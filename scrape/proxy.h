/* scrape/proxy.h: a proxy's URL taken apart, for a browser: it takes name and password when the
 * proxy asks for them, by the pipe, so that they stand in no argument and no file.
 * Ownership: proxy_release wipes. */
#ifndef SCRAPE_PROXY_H
#define SCRAPE_PROXY_H
#include "base/err.h"

struct proxy {
    char *server;            // "http://host:port"
    char *host;
    char *user, *password;   // NULL none
};
/* Errors: ERR_USAGE on SOCKS with a name, which no Chromium takes. */
MUST_CHECK int proxy_parse(struct proxy *, const char *url, struct err *);
void proxy_release(struct proxy *);    // accepts a zeroed one
#endif
