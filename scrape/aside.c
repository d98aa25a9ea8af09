/* scrape/aside.c: a list of answers, each in the arena of its visit. */
#include "scrape/aside.h"

static void drop_first(struct aside **list)
{
    struct arena mem = (*list)->visit.mem;    // the entry lies in it

    *list = (*list)->next;
    arena_release(&mem);
}

void aside_add(struct aside **list, struct visit *v, const struct answer *a)
{
    struct aside *h = arena_alloc(&v->mem, sizeof *h);

    *h = (struct aside){ .next = *list, .visit = *v, .answer = *a };
    h->visit.req.member = &h->visit.member;
    v->mem = (struct arena){ 0 };
    *list = h;
}

int aside_put(struct aside **list, struct book *book, struct err *err)
{
    struct aside *h = *list;
    int rc = book_put(book, &h->visit.req, &h->answer, h->visit.evidence, err);

    drop_first(list);
    return rc;
}

void aside_release(struct aside **list)
{
    while (*list)
        drop_first(list);
}
