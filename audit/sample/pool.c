/* audit/sample/pool.c: see pool.h. */
#include "audit/sample/pool.h"
#include <stdlib.h>
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "store/frame.h"

struct listing_row {
    int64_t n, creator, at;
    bool newest;
};
struct reading {
    struct audit *audit;
    struct frame frame;
    size_t cap;
    struct listing_row *list;
    size_t lists, list_cap;
    struct listed_post *row;
    size_t rows, row_cap;
};

static int see_creator(void *to, const struct creator *c, struct err *err)
{
    struct reading *r = to;

    (void)err;
    ARRAY_ROOM(r->frame.v, r->frame.n, r->cap);
    r->frame.v[r->frame.n++] = (struct frame_creator){ .who = *c, .newest = true };
    return 0;
}

static int see_listing(void *to, const struct listing *l, struct err *err)
{
    struct reading *r = to;

    (void)err;
    ARRAY_ROOM(r->list, r->lists, r->list_cap);
    r->list[r->lists++] = (struct listing_row){ l->n, l->creator, l->at,
                                                l->reach == LISTING_NEWEST };
    return 0;
}

static int see_row(void *to, const struct listed_post *p, struct err *err)
{
    struct reading *r = to;

    (void)err;
    ARRAY_ROOM(r->row, r->rows, r->row_cap);
    r->row[r->rows++] = *p;
    return 0;
}

static int by_number(const void *key, const void *at)
{
    const int64_t *n = key;
    const struct frame_creator *c = at;

    return (*n > c->who.n) - (*n < c->who.n);
}

struct frame_creator *pool_creator(const struct frame *f, int64_t n)
{
    return f->n ? bsearch(&n, f->v, f->n, sizeof *f->v, by_number) : NULL;
}

/* Posts stand newest first, but for those that were pinned: each that has a newer one behind it. */
static int read_list(struct reading *r, const struct listing_row *l, struct err *err)
{
    struct frame_creator *c = pool_creator(&r->frame, l->creator);
    uint64_t highest = 0;
    size_t cap;

    r->rows = 0;
    if (!c)
        return 0;
    if (store_listed(r->audit->store, l->n, see_row, r, err))
        return -1;
    c->listed_at = l->at > c->listed_at ? l->at : c->listed_at;
    c->is_listed = true;
    c->newest = c->newest && l->newest;
    cap = c->posts + r->rows + 1;
    c->post = xrealloc(c->post, cap * sizeof *c->post);
    for (size_t i = r->rows; i-- > 0;) {
        const uint64_t id = r->row[i].id;

        c->post[c->posts++] = (struct frame_post){ .id = id, .pinned = l->newest && id < highest };
        highest = id > highest ? id : highest;
    }
    return 0;
}

static int by_id(const void *a, const void *b)
{
    const struct frame_post *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

/* A post that is an item already, of an earlier draw, may be known as not public. */
int pool_unusable(struct audit *a, uint64_t id, bool *yes, struct err *err)
{
    struct item_row row;
    unsigned hangs_on;
    bool found = false;
    int64_t item;

    if (store_item_find(a->store, id, &item, err) ||
        (item && store_item(a->store, item, &row, &found, err)))
        return -1;
    *yes = found &&
           (row.purged_at || (row.page == ANSWER_REFUSED && !row.found_first_at &&
                              refusal_standing(a->rules, &row, &hangs_on) == STANDING_NOT_PUBLIC));
    return 0;
}

static int finish_creator(struct audit *a, struct frame_creator *c, struct err *err)
{
    size_t n = 0;

    c->newest = c->newest && c->is_listed;
    if (c->posts)
        qsort(c->post, c->posts, sizeof *c->post, by_id);
    for (size_t i = 0; i < c->posts; i++)
        if (n && c->post[n - 1].id == c->post[i].id)
            c->post[n - 1].pinned = c->post[n - 1].pinned && c->post[i].pinned;
        else
            c->post[n++] = c->post[i];
    c->posts = n;
    for (size_t i = 0; i < n; i++)
        if (pool_unusable(a, c->post[i].id, &c->post[i].unusable, err))
            return -1;
    return 0;
}

int pool_read(struct audit *a, struct frame *out, struct err *err)
{
    struct reading r = { .audit = a };
    int rc = store_creators(a->store, see_creator, &r, err) ||
                     store_listings(a->store, 0, see_listing, &r, err)
                 ? -1
                 : 0;

    for (size_t i = 0; rc == 0 && i < r.lists; i++)
        rc = read_list(&r, &r.list[i], err);
    for (size_t i = 0; rc == 0 && i < r.frame.n; i++)
        rc = finish_creator(a, &r.frame.v[i], err);
    free(r.list);
    free(r.row);
    *out = r.frame;
    if (rc)
        frame_release(out);
    return rc;
}
