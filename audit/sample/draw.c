/* audit/sample/draw.c: see draw.h. */
#include "audit/sample/draw.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/sample/drawn.h"
#include "audit/sample/pool.h"
#include "base/utc.h"
#include "store/draw.h"

static bool same_draw(const struct draw *a, const struct draw *b)
{
    return a->posts == b->posts && a->min_age_s == b->min_age_s && a->newest == b->newest &&
           !memcmp(&a->frame, &b->frame, sizeof a->frame);
}

static int count_creator(void *to, const struct draw_creator *c, struct err *err)
{
    struct draw_result *r = to;

    (void)err;
    r->creators++;
    r->by_why[c->why]++;
    if (c->why != DRAW_DRAWN)
        return 0;
    r->drawn++;
    r->no_choice += c->frame == r->draw.posts;
    r->newest += c->newest;
    r->pinned += c->pinned;
    return 0;
}

/* What is known of posts by now was not known then. */
static bool repeats(const struct audit *a, struct frame *f, struct draw d,
                    const struct drawn_posts *then)
{
    struct picked p;
    bool same;

    for (size_t i = 0; i < f->n; i++)
        for (size_t k = 0; k < f->v[i].posts; k++)
            f->v[i].post[k].unusable = false;
    pick(f, buf_view(&a->seed), &d, &p);
    same = p.posts == then->n;
    for (size_t i = 0; same && i < p.posts; i++)
        same = p.post[i].creator == then->v[i].creator && p.post[i].post == then->v[i].post;
    picked_release(&p);
    return same;
}

/* The draw that stands, as it is stored; worked out again where nothing was replaced. */
static int tell(struct audit *a, struct frame *f, const struct draw *d, struct draw_result *r,
                struct err *err)
{
    struct drawn_posts then = { NULL, 0, 0 };
    bool as_then;    // no post was passed over
    int rc = 0;

    *r = (struct draw_result){ .draw = *d, .same = true };
    if (store_draw_creators(a->store, d->n, count_creator, r, err) ||
        drawn_read(a, d->n, &then, err))
        rc = -1;
    for (size_t i = 0; i < then.n; i++)
        r->replaced += then.v[i].instead != 0;
    r->posts = (int64_t)then.n;
    as_then = !r->replaced && !r->by_why[DRAW_UNUSABLE];
    r->repeats = rc == 0 && as_then && repeats(a, f, *d, &then);
    if (rc == 0 && as_then && !r->repeats)
        rc = err_set(err, ERR_INPUT,
                     "draw %" PRId64 " does not follow from this frame and seed: what was drawn "
                     "was changed since",
                     d->n);
    free(then.v);
    return rc;
}

static void fill(struct draw_result *r, const struct picked *p)
{
    r->creators = (int64_t)p->creators;
    r->drawn = p->by_why[DRAW_DRAWN];
    r->posts = (int64_t)p->posts;
    memcpy(r->by_why, p->by_why, sizeof r->by_why);
    r->no_choice = p->no_choice;
    r->newest = p->newest;
    r->pinned = p->pinned;
    r->replaced = p->replaced;
}

static int refuse_second(const struct draw *last, struct err *err)
{
    char text[UTC_TEXT_MAX];

    return err_set(err, ERR_USAGE,
                   "posts were drawn on %s, from another frame or in another way; a draw that is "
                   "repeated until it pleases proves nothing, so a second one must be asked for: "
                   "`sample draw --again` (both are kept)",
                   utc_rfc3339(last->at, text));
}

static int put_draw(struct audit *a, const struct frame *f, const struct picked *p,
                    struct draw_result *r, struct err *err)
{
    if (store_begin(a->store, err))
        return -1;
    if (store_draw_put(a->store, &r->draw, p->creator, p->creators, p->post, p->posts, err) ||
        drawn_items(a, f, &r->draw, p->post, p->posts, &r->fresh, err)) {
        store_rollback(a->store);
        return -1;
    }
    return store_commit(a->store, err);
}

/* A run of `sample list` would still find them. */
static int64_t count_waiting(const struct audit *a, const struct frame *f)
{
    int64_t n = 0;

    for (size_t i = 0; i < f->n; i++)
        n += !f->v[i].is_listed && !f->v[i].who.purged && f->v[i].who.standing == CREATOR_UNREAD &&
             f->v[i].who.tries < a->set.page_attempts;
    return n;
}

static int check_draw(const struct audit *a, const struct draw_opts *o, const struct frame *f,
                      const struct draw *last, struct err *err)
{
    const int64_t waiting = count_waiting(a, f);

    if (last->n && !o->again)
        return refuse_second(last, err);
    if (waiting && !o->partial)
        return err_set(err, ERR_USAGE,
                       "nobody listed the posts of " COUNTED " yet: `sample list` reads them; "
                       "`sample draw --partial` draws without them",
                       COUNT_OF(waiting, "creator", "creators"));
    return 0;
}

static int draw_from(struct audit *a, const struct draw_opts *o, struct frame *f,
                     struct draw_result *r, struct err *err)
{
    struct picked p;
    struct draw last;
    int rc = -1;

    if (store_draw_last(a->store, &last, err))
        return -1;
    r->draw = (struct draw){
        .at = utc_now(), .posts = o->posts, .min_age_s = o->min_age_s, .newest = o->newest
    };
    pick(f, buf_view(&a->seed), &r->draw, &p);
    if (last.n && same_draw(&last, &r->draw) && !o->again)
        rc = tell(a, f, &last, r, err);
    else if (check_draw(a, o, f, &last, err))
        rc = -1;
    else if (!p.posts)
        err_set(err, ERR_USAGE,
                "no creator of the frame has " COUNTED " to draw from: `sample list` reads lists, "
                "`load --posts` takes longer ones",
                COUNT_OF(o->posts, "post", "posts"));
    else {
        fill(r, &p);
        rc = put_draw(a, f, &p, r, err);
    }
    picked_release(&p);
    return rc;
}

int draw_posts(struct audit *a, const struct draw_opts *o, struct draw_result *r, struct err *err)
{
    struct frame f = { NULL, 0 };
    int rc;

    *r = (struct draw_result){ .same = false };
    if (pool_read(a, &f, err))
        return -1;
    rc = f.n ? draw_from(a, o, &f, r, err)
             : err_set(err, ERR_USAGE, "the frame is empty: `sample add` takes creators into it");
    frame_release(&f);
    return rc;
}
