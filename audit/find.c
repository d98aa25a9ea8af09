/* audit/find.c: from what somebody has in hand to the number of the item. */
#include "audit/find.h"
#include <inttypes.h>
#include <string.h>
#include "audit/pseudonym.h"
#include "base/utc.h"
#include "import/urls.h"

int find_item(struct audit *audit, const char *what, int64_t *item, struct err *err)
{
    struct str rest = str_of(what);
    struct link link;

    memset(&link, 0, sizeof link);
    if (!link_next(&rest, utc_now(), &link) || link.what != LINK_ITEM)
        return err_set(err, ERR_USAGE,
                       "explain: expected an item's id or a link that holds one, not \"%s\"", what);
    if (store_item_find(audit->store, link.item.id, item, err))
        return -1;
    /* A purged item has a pseudonym, which whoever holds the key can make. */
    if (!*item && pseudonym_find(audit, link.item.id, item, err))
        return -1;
    if (!*item)
        return err_set(err, ERR_USAGE, "explain: item %" PRIu64 " is not in this audit",
                       link.item.id);
    return 0;
}
