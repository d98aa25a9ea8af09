/* audit/creator_page.c: see creator_page.h. */
#include "audit/creator_page.h"
#include "record/creator.h"
#include "store/frame.h"

int creator_page_put(struct store *s, struct str handle, const struct answer *a, struct err *err)
{
    const struct creator_page *page = a->list;
    struct listing list = { .creator = a->item,
                            .by = STR(LISTING_BY_EMBED),
                            .at = a->at,
                            .reach = LISTING_NEWEST,
                            .request = a->request,
                            .evidence = a->evidence.n };
    bool fresh, seen;

    if (!page)
        return 0;
    if (store_creator_read(s, a->item, page->standing, a->at, err) ||
        (page->author && store_creator_named(s, handle, page->author, err)))
        return -1;
    if (page->standing != CREATOR_PUBLIC)
        return 0;
    if (store_creator_is_seen(s, a->item, &seen, err))
        return -1;
    if (!seen)
        return 0;
    list.rows = page->rows;
    list.dropped = page->dropped;
    return store_listing_put(s, &list, page->post, page->posts, &fresh, err);
}
