/* audit/held.c: the last view first. */
#include <stdlib.h>
#include "audit/held.h"
#include "base/err.h"
#include "classify/account.h"
#include "silence/view.h"

struct held {
    struct view *view;
    struct account_table *accounts;
    int64_t changes;
    int holders;
    bool forgotten;             // goes with its last holder
    struct held *next;
};

/* Its place in the list; at the end where it is none of it. */
static struct held **find(struct held **list, const struct view *view)
{
    while (*list && (*list)->view != view)
        list = &(*list)->next;
    return list;
}

static void drop(struct held **at)
{
    struct held *h = *at;

    *at = h->next;
    account_table_free(h->accounts);
    view_free(h->view);
    free(h);
}

struct view *held_take(struct held **list, int64_t changes)
{
    struct held *last = *list;

    if (last && !last->forgotten && last->changes != changes) {
        held_forget(list);
        last = *list;
    }
    if (!last || last->forgotten)
        return NULL;
    last->holders++;
    return last->view;
}

void held_put(struct held **list, struct view *view, int64_t changes)
{
    struct held *h = xcalloc(1, sizeof *h);

    *h = (struct held){ .view = view, .changes = changes, .holders = 1, .next = *list };
    *list = h;
}

void held_let(struct held **list, const struct view *view)
{
    struct held **at = find(list, view);

    if (*at && --(*at)->holders == 0 && (*at)->forgotten)
        drop(at);
}

void held_forget(struct held **list)
{
    struct held *last = *list;

    if (last && last->holders)
        last->forgotten = true;
    else if (last)
        drop(list);
}

struct account_table **held_accounts(struct held **list, const struct view *view)
{
    return &(*find(list, view))->accounts;
}
