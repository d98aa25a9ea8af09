/* scrape/redirect.h: where a Location leads. Redirects are followed by hand:
 * at most REDIRECTS_MAX, only within the platform's hosts and the configured
 * bases, never from https to http, never off a loopback base. */
#ifndef SCRAPE_REDIRECT_H
#define SCRAPE_REDIRECT_H
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/str.h"

#define REDIRECTS_MAX 5
struct bases {
    struct str page, short_links;
};    // page.base_url, page.short_url without a last "/"

struct url { struct str scheme, host /* with port */, path /* with query; without fragment */; };
/* An absolute http or https URL; false on anything else. */
bool url_split(struct str text, struct url *);
/* The host without its port; an IPv6 address in its brackets. */
struct str url_name(const struct url *);
/* Both are the page at one address, however it is escaped and whatever stands behind its "?". */
bool url_same_page(struct str a, struct str b);
/* text as seen from the URL `from`: absolute, //host, /path or path; copied. */
struct str url_resolve(struct str from, struct str text, struct arena *);
/* May a reply from `from` send us to `to`? Both absolute. */
bool redirect_allowed(struct str from, struct str to, const struct bases *);
/* A URL of the platform's real hosts as it is asked for with these bases: by a
 * loopback stand-in its www and short-link hosts are answered; else unchanged. */
struct str redirect_through(struct str url, const struct bases *, struct arena *);
bool redirect_is_login(struct str location);
bool host_is_platform(struct str host);
#endif
