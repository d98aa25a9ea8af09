/* fetch/batch.h: ids that travel together: those of one window, at most
 * BATCH_MAX.
 * The packer is a stream: items come in by day then id, full batches go out,
 * so ten million ids need the memory of one batch. plan counts with it too.
 *
 *     struct packer p; struct batch b;
 *     packer_init(&p, 100);
 *     while (next item) if (packer_add(&p, &item, &b)) use(&b);
 *     if (packer_finish(&p, &b)) use(&b); */
#ifndef FETCH_BATCH_H
#define FETCH_BATCH_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "fetch/window.h"
#include "platform/tiktok.h"

struct pack_item { uint64_t id; int64_t item; int64_t day; };   // day: UTC day of creation
struct batch { struct pack_item item[BATCH_MAX]; size_t len; struct window window; };
struct packer {
    size_t max;
    int64_t first_day, last_day;
    size_t len; struct pack_item item[BATCH_MAX];
};
/* max: items of one batch, 1..BATCH_MAX (others are brought into that range). */
void packer_init(struct packer *, int64_t max);
/* Takes one item. True when the batch before it was complete and stands in
 * *full. Items out of order are packed rightly, only less tightly. */
bool packer_add(struct packer *, const struct pack_item *, struct batch *full);
/* True when a last batch was left; the packer is empty afterwards. */
bool packer_finish(struct packer *, struct batch *last);
/* Order of the stream: day, then id; for qsort. */
int pack_item_cmp(const void *, const void *);
#endif
