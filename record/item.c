/* record/item.c: when an item was made, when its age begins, where its witnesses disagree. */
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

enum answer_kind item_embed_since(const struct item_row *row)
{
    bool said = row->embed == ANSWER_PUBLIC || row->embed == ANSWER_REFUSED;

    return said && row->page == ANSWER_REFUSED && row->page_witness == WITNESS_PAGE &&
                   row->embed_at >= row->page_at
               ? row->embed
               : ANSWER_COUNT;
}
