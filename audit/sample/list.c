/* audit/sample/list.c: see list.h. */
#include "audit/sample/list.h"
#include <stdlib.h>
#include "audit/creator_run.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "store/frame.h"

struct lister {
    struct audit *audit;
    const struct list_opts *o;
    struct list_result *r;
    struct creator_run run;
    bool ends;    // at the end: count what stands there
};

/* ---- what is due ---- */

static bool is_given_up(const struct lister *l, const struct creator *c)
{
    return c->standing == CREATOR_UNREAD && c->tries >= l->audit->set.page_attempts;
}

static bool is_due(const struct lister *l, const struct creator *c)
{
    bool old = utc_day(c->tried_at) < utc_day(utc_now());

    if (c->purged || !tiktok_handle_is_plain(str_of(c->handle)))
        return false;
    if (l->o->again && old)
        return true;
    return c->standing == CREATOR_UNREAD && !is_given_up(l, c);
}

static int look(void *to, const struct creator *c, struct err *err)
{
    struct lister *l = to;

    (void)err;
    if (l->ends) {
        l->r->standing[c->standing]++;
        l->r->given_up += is_given_up(l, c);
        l->r->left += c->standing == CREATOR_UNREAD && is_due(l, c);
        return 0;
    }
    l->r->creators++;
    if (!is_due(l, c))
        return 0;
    creator_run_add(&l->run, c->n, str_of(c->handle));
    l->r->due++;
    return 0;
}

static void told(void *to, const struct creator_due *d, const struct answer *a)
{
    struct lister *l = to;

    l->r->read[a->list->standing] += !d->read;
    l->r->posts += (int64_t)a->list->posts;
    l->r->rows += a->list->rows;
    l->r->dropped += a->list->dropped;
}

static int count_ends(struct lister *l, struct err *err)
{
    struct frame_totals totals = { .creators = 0 };

    l->ends = true;
    if (store_creators(l->audit->store, look, l, err) ||
        store_frame_totals(l->audit->store, &totals, err))
        return -1;
    l->r->listed = totals.listed;
    l->r->read[CREATOR_UNREAD] = (int64_t)creator_run_unread(&l->run);
    return 0;
}

int list_creators(struct audit *audit, const struct list_opts *o, struct list_result *r,
                  struct err *err)
{
    struct lister l = { .audit = audit, .o = o, .r = r };
    struct scrape_result sum = { .pages = 0 };
    int rc = -1;

    *r = (struct list_result){ .creators = 0 };
    l.run = (struct creator_run){ .told = told, .to = &l };
    if (store_creators(audit->store, look, &l, err))
        goto out;
    rc = creator_run(&l.run, audit, &sum, err);
    r->blocks = sum.blocks.n;
    if (count_ends(&l, rc ? &(struct err){ 0 } : err))
        rc = -1;
out:
    free(l.run.v);
    return rc;
}
