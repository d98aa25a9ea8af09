/* scrape/vantage.h: what the site sees of us: a browser's headers, and the proxy
 * that we come through. Behind a block, or where a proxy cannot be reached, the
 * next one is taken.
 * Ownership: vantage_release frees; proxies hold passwords and are wiped. */
#ifndef SCRAPE_VANTAGE_H
#define SCRAPE_VANTAGE_H
#include "record/settings.h"

#define HEADERS_MAX 24
#define PROXIES_MAX 64
struct vantage {
    char *header[HEADERS_MAX + 1];      // "Name: value", NULL-terminated
    char *proxy[PROXIES_MAX + 1];
    int proxies, at;                    // how many; the one that is used now
};
void vantage_init(struct vantage *, const struct settings *);
void vantage_next(struct vantage *);
void vantage_release(struct vantage *);
#endif
