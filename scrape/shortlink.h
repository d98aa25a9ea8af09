/* scrape/shortlink.h: where a short link (vm., vt., /t/CODE) leads, one hop at
 * a time: Location is read, nothing is followed blindly. It is asked for with the headers
 * and at the pace of pages: since August 2026 a reply may be 200 without a Location for
 * whom the site takes for a crawler, which says nothing of the link. */
#ifndef SCRAPE_SHORTLINK_H
#define SCRAPE_SHORTLINK_H
#include <stdbool.h>
#include "base/arena.h"
#include "base/http.h"
#include "record/answer.h"
#include "scrape/redirect.h"

/* The URL to ask for: vm. and vt. links at page.short_url, /t/CODE at
 * page.base_url. STR_NONE for a URL that is none of the platform's. */
struct str shortlink_url(struct str link, const struct bases *, struct arena *);
/* Reads one reply to the URL that was asked for. True: *a is filled: RESOLVED
 * with the target as message (in the platform's own form), REFUSED for a dead
 * link (its target as message, or none for a 404), NO_ANSWER. False: *next is
 * to be asked for now. */
bool shortlink_step(const struct http_exchange *, struct str asked_url, const struct bases *,
                    struct arena *, struct answer *a, struct str *next);
#endif
