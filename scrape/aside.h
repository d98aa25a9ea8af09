/* scrape/aside.h: answers that are not put before it is known what the site's other pages say.
 * Ownership: an answer takes over the memory of its visit. */
#ifndef SCRAPE_ASIDE_H
#define SCRAPE_ASIDE_H
#include "scrape/book.h"
#include "scrape/visit.h"

struct aside {
    struct aside *next;
    struct visit visit;
    struct answer answer;
};
/* Takes the answer, its request and their memory over from the visit. */
void aside_add(struct aside **list, struct visit *, const struct answer *);
/* The first one is put and leaves the list. */
MUST_CHECK int aside_put(struct aside **list, struct book *, struct err *);
void aside_release(struct aside **list);
#endif
