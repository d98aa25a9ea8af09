/* record/item.c: when an item was made, and when its age begins. */
#include "record/item.h"
#include "record/id.h"

int64_t item_created(const struct item_row *row)
{
    if (row->api_created)
        return row->api_created;
    return row->page_created ? row->page_created : id_time(row->id);
}

int64_t item_born(const struct item_row *row)
{
    int64_t by_id = id_time(row->id);

    return row->page_created > by_id ? row->page_created : by_id;
}
