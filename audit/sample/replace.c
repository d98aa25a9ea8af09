/* audit/sample/replace.c: a post for each drawn one that cannot be used (draw.h). */
#include <stdlib.h>
#include "audit/sample/draw.h"
#include "audit/sample/drawn.h"
#include "audit/sample/pool.h"
#include "store/draw.h"

/* Those of one creator, from v on; *n of them. */
static int replace_of(struct audit *a, const struct frame *f, struct drawn_post *v, size_t n,
                      struct drawn_posts *fresh, struct replace_result *r, struct err *err)
{
    const struct frame_creator *c = pool_creator(f, v->creator);
    uint64_t *taken = xcalloc(2 * n + 1, sizeof *taken);
    size_t taken_n = n;
    int rc = -1;

    for (size_t i = 0; i < n; i++)
        taken[i] = v[i].post;
    for (size_t i = 0; i < n; i++) {
        struct drawn_post p = { v[i].creator, 0, v[i].place, v[i].post };
        bool gone;

        if (pool_unusable(a, v[i].post, &gone, err))
            goto out;
        if (!gone)
            continue;
        r->gone++;
        p.post = c ? pick_next(c, buf_view(&a->seed), &r->draw, taken, taken_n) : 0;
        if (!p.post) {
            r->left++;
            continue;
        }
        taken[taken_n++] = p.post;
        r->replaced++;
        drawn_push(fresh, &p);
        if (store_drawn_add(a->store, r->draw.n, &p, err))
            goto out;
    }
    rc = 0;
out:
    free(taken);
    return rc;
}

static int replace_all(struct audit *a, const struct frame *f, struct drawn_posts *now,
                       struct drawn_posts *fresh, struct replace_result *r, struct err *err)
{
    int64_t items;

    for (size_t i = 0, n; i < now->n; i += n) {
        for (n = 1; i + n < now->n && now->v[i + n].creator == now->v[i].creator;)
            n++;
        if (replace_of(a, f, &now->v[i], n, fresh, r, err))
            return -1;
    }
    return fresh->n ? drawn_items(a, f, &r->draw, fresh->v, fresh->n, &items, err) : 0;
}

int draw_replace(struct audit *a, struct replace_result *r, struct err *err)
{
    struct drawn_posts now = { NULL, 0, 0 }, fresh = { NULL, 0, 0 };
    struct frame f = { NULL, 0 };
    int rc = -1;

    *r = (struct replace_result){ .gone = 0 };
    if (store_draw_last(a->store, &r->draw, err))
        return -1;
    if (!r->draw.n)
        return err_set(err, ERR_USAGE, "nothing was drawn yet: `sample draw` draws");
    if (pool_read(a, &f, err) || drawn_read(a, r->draw.n, &now, err) || store_begin(a->store, err))
        goto out;
    if (replace_all(a, &f, &now, &fresh, r, err))
        store_rollback(a->store);
    else
        rc = store_commit(a->store, err);
out:
    frame_release(&f);
    free(now.v);
    free(fresh.v);
    return rc;
}
