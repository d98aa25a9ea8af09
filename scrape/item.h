/* scrape/item.h: the item object of a page -> a record, by the paths of
 * record/fields.def.
 * Units:     as in record.h; counts and times may stand as strings of digits.
 * Absent:    a key that is missing, null, of another type, or an empty list;
 *            0 where it can be no value (ids, instants).
 * Ownership: the record's texts are copied into the arena. */
#ifndef SCRAPE_ITEM_H
#define SCRAPE_ITEM_H
#include <stdbool.h>
#include "base/arena.h"
#include "base/json.h"
#include "record/record.h"

/* Older generations keep parts of an item beside it. */
struct item_view {
    const struct json *item;      // NULL: no item
    const struct json *author;    // stands for item.author where not NULL
    const struct json *owner;     // the account of a flattened item (SIGI), or NULL
    const struct json *music;     // stands for item.musicInfos where not NULL
};
struct record *item_read(const struct item_view *, uint64_t id, bool canonical_photo,
                         struct arena *);
/* Keys of the item that were never seen before: calls each with the name. */
void item_unknown_keys(const struct json *item, void (*each)(void *to, struct str name), void *to);
/* True where the item has a film or pictures to show, not an emptied `video`. */
bool item_has_content(const struct json *item);
#endif
