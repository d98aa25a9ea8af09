/* tests/unit/rows_box.h: a view's rows from plain arrays, without a store. */
#ifndef TESTS_ROWS_BOX_H
#define TESTS_ROWS_BOX_H
#include <stdlib.h>
#include "record/record.h"
#include "silence/view.h"

struct rows_box {
    struct item_row *item; size_t items;
    struct ask_row *ask; size_t asks;
    size_t item_at, ask_at;
};

static int box_rewind_items(void *from, struct err *err)
{
    (void)err;
    ((struct rows_box *)from)->item_at = 0;
    return 0;
}

static int box_next_item(void *from, struct item_row *row, struct err *err)
{
    struct rows_box *box = from;

    (void)err;
    if (box->item_at == box->items)
        return 0;
    *row = box->item[box->item_at++];
    return 1;
}

static int box_rewind_asks(void *from, struct err *err)
{
    (void)err;
    ((struct rows_box *)from)->ask_at = 0;
    return 0;
}

static int box_next_ask(void *from, struct ask_row *row, struct err *err)
{
    struct rows_box *box = from;

    (void)err;
    if (box->ask_at == box->asks)
        return 0;
    *row = box->ask[box->ask_at++];
    return 1;
}

/* Every refusal is of a post that is private. */
static enum standing box_refusal(void *from, const struct item_row *row, unsigned *hangs_on)
{
    (void)from, (void)row;
    *hangs_on = 0;
    return STANDING_NOT_PUBLIC;
}

static struct row_source box_source(struct rows_box *box)
{
    return (struct row_source){ .max_item = (int64_t)box->items,
                                .seed = STR("00ff"),
                                .rewind_items = box_rewind_items,
                                .next_item = box_next_item,
                                .rewind_asks = box_rewind_asks,
                                .next_ask = box_next_ask,
                                .refusal = box_refusal,
                                .from = box };
}
#endif
