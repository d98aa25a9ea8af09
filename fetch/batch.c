/* fetch/batch.c: as many as fit one window and one request, no fewer. */
#include <string.h>
#include "fetch/batch.h"

void packer_init(struct packer *p, int64_t max)
{
    p->max = max < 1 ? 1 : max > BATCH_MAX ? BATCH_MAX : (size_t)max;
    p->len = 0;
    p->first_day = p->last_day = 0;
}

bool packer_finish(struct packer *p, struct batch *last)
{
    if (p->len == 0)
        return false;
    memcpy(last->item, p->item, p->len * sizeof *p->item);
    last->len = p->len;
    last->window = window_of(p->first_day, p->last_day);
    p->len = 0;
    return true;
}

bool packer_add(struct packer *p, const struct pack_item *it, struct batch *full)
{
    bool gave = false;
    int64_t first = it->day < p->first_day ? it->day : p->first_day;
    int64_t last = it->day > p->last_day ? it->day : p->last_day;

    if (p->len > 0 && (p->len == p->max || !window_fits(first, last)))
        gave = packer_finish(p, full);
    if (p->len == 0)
        first = last = it->day;
    p->first_day = first;
    p->last_day = last;
    p->item[p->len++] = *it;
    return gave;
}

int pack_item_cmp(const void *va, const void *vb)
{
    const struct pack_item *a = va, *b = vb;

    if (a->day != b->day)
        return a->day < b->day ? -1 : 1;
    return a->id < b->id ? -1 : a->id > b->id;
}
