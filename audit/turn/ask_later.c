/* audit/turn/ask_later.c: public silent items, with other mates and with canaries, once more;
 * and items whose page gave no answer, in the window after their own. */
#include <stdlib.h>
#include "audit/turn/ask_kind.h"
#include "audit/turn/room.h"
#include "base/array.h"
#include "base/utc.h"
#include "silence/due.h"

#define FRESHEN_TRIES 8
#define FOLLOWING_DAYS WINDOW_SPAN_DAYS      // the window after an item's own

/* ---- later asks ---- */

struct agenda_entry { struct batch batch; double worth; bool bare; };
struct later {
    struct pile pile;
    int64_t room;               // open ids of one batch
    bool ordered;
    struct agenda_entry *v; size_t n, cap, at;      // the batches
    struct alone alone;         // of the last one
};

static int later_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    struct later *l = own;
    size_t n;
    const struct silence *v = view_silences(a->view, &n);

    (void)err;
    for (size_t i = 0; i < n; i++)
        if ((v[i].asked || v[i].outage_only) &&
            silence_wants_ask(&v[i], a->view, &a->audit->set, a->now))
            pile_push(&l->pile, pile_item(&v[i]));
    *due = (int64_t)l->pile.n;
    l->room = room_open(&a->audit->set, a->view);
    return 0;
}

static void entry_push(const struct asker *a, struct later *l, const struct batch *b)
{
    struct agenda_entry *e;
    struct ask_member c;

    ARRAY_ROOM(l->v, l->n, l->cap);
    e = &l->v[l->n++];
    *e = (struct agenda_entry){ .batch = *b };
    e->bare = l->room == 1 || !compose_canary(a, b->window, a->salt, 0, &c);
    for (size_t i = 0; i < b->len; i++) {
        const struct silence *s = view_find(a->view, b->item[i].item);
        int64_t needs = a->audit->set.api_confirm_days - (s ? s->absent->pending.days : 0);

        e->worth += 1.0 / (double)(needs > 1 ? needs : 1);
    }
    if (e->bare && alone_fits(&e->batch))
        e->worth /= (double)b->len;
}

static int by_worth(const void *a, const void *b)
{
    const struct agenda_entry *x = a, *y = b;

    if (x->bare != y->bare)
        return x->bare - y->bare;
    if (x->worth != y->worth)
        return x->worth < y->worth ? 1 : -1;
    return (x->batch.window.start_day > y->batch.window.start_day) -
           (x->batch.window.start_day < y->batch.window.start_day);
}

/* The batches, most verdicts a request first: an item one sound day short of its
 * verdict is worth one, one that needs two days a half. So full batches go before
 * part-filled windows, and where the quota ends the day, what waits is what it would
 * have decided least of. Those without canaries come behind the others, whose
 * canaries stand in for them. */
static void order(const struct asker *a, struct later *l)
{
    struct packer packer;
    struct batch full;

    l->ordered = true;
    pile_shuffle(&l->pile, a->salt, l->room);
    packer_init(&packer, l->room);
    while (pile_pack(&l->pile, &packer, &full))
        entry_push(a, l, &full);
    if (l->n)
        qsort(l->v, l->n, sizeof *l->v, by_worth);
}

/* Asked again with the same mates an id tells no more: with other canaries it
 * does. False where the window has no others. */
static bool compose_fresh(struct asker *a, const struct later *l, struct arena *mem,
                          const struct batch *b, struct request *req)
{
    int64_t item[BATCH_MAX];

    compose(a, mem, b, req);
    if (b->len == 1 && l->room == 1)
        a->bare = true;
    else
        compose_canaries(a, req);
    for (int tries = 0; tries < FRESHEN_TRIES; tries++) {
        for (size_t i = 0; i < req->members; i++)
            item[i] = req->member[i].item;
        if (!losses_mates_seen(view_losses(a->view), item, req->members))
            return true;
        req->members = b->len;
        a->salt = mix64(a->salt);
        compose_canaries(a, req);
    }
    return false;
}

static int compose_alone(struct asker *a, struct later *l, struct arena *mem, struct request *req)
{
    struct batch one;

    if (compose_stand_in(a, mem, req))
        return 1;
    one = alone_next(&l->alone);
    compose(a, mem, &one, req);
    a->bare = true;
    return 1;
}

static int later_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                         struct err *err)
{
    struct later *l = own;
    const struct agenda_entry *e;

    (void)err;
    if (alone_left(&l->alone))
        return compose_alone(a, l, mem, req);
    if (!l->ordered)
        order(a, l);
    if (l->at == l->n)
        return 0;
    e = &l->v[l->at];
    if (e->bare && compose_stand_in(a, mem, req))
        return 1;
    l->at++;
    if (!(e->bare && alone_fits(&e->batch)) &&
        (compose_fresh(a, l, mem, &e->batch, req) || e->batch.len > ROOM_ALONE_MAX)) {
        compose_noted(a, req);
        return 1;
    }
    /* The window has no canaries, or no others: alone each id says something new. */
    alone_begin(&l->alone, &e->batch);
    return compose_alone(a, l, mem, req);
}

static void later_release(void *own)
{
    struct later *l = own;

    pile_release(&l->pile);
    free(l->v);
}

static struct cost later_forecast(const struct cost_case *c)
{
    int64_t rounds,
        calls = forecast_confirming(&c->of->f, c->odds, c->first != WITNESS_COUNT, &rounds);
    struct cost cost = cost_of(c, calls);

    cost.rounds = rounds;
    if (cost.days < rounds)
        cost.days = rounds;
    return cost;
}

const struct ask_kind ask_later = {
    .part = ASK_ROUNDS,
    .role = ROLE_ASKED,
    .told_apart = true,
    .size = sizeof(struct later),
    .collect = later_collect,
    .compose = later_compose,
    .release = later_release,
    .forecast = later_forecast,
};

/* ---- in the following window ---- */

struct following { struct pile pile; struct packer packer; };

static int following_collect(struct asker *a, void *own, int64_t *due, struct err *err)
{
    const struct settings *set = &a->audit->set;
    struct following *f = own;
    size_t n;
    const struct silence *v = view_silences(a->view, &n);

    (void)err;
    for (size_t i = 0; i < n; i++) {
        const struct silence *s = &v[i];
        struct pack_item item = pile_item(s);

        item.day += FOLLOWING_DAYS;
        if (s->asked && s->standing == STANDING_UNREAD && s->tries >= set->page_attempts &&
            !s->following_asked && item.day <= utc_day(a->now))
            pile_push(&f->pile, item);
    }
    *due = (int64_t)f->pile.n;
    pile_sort(&f->pile);
    packer_init(&f->packer, set->api_batch);
    return 0;
}

static int following_compose(struct asker *a, void *own, struct arena *mem, struct request *req,
                             struct err *err)
{
    struct following *f = own;
    struct batch full;

    (void)err;
    if (!pile_pack(&f->pile, &f->packer, &full))
        return 0;
    compose(a, mem, &full, req);
    return 1;
}

static void following_release(void *own)
{
    pile_release(&((struct following *)own)->pile);
}

const struct ask_kind ask_following = {
    .part = ASK_ROUNDS,
    .role = ROLE_ASKED,
    .size = sizeof(struct following),
    .collect = following_collect,
    .compose = following_compose,
    .release = following_release,
};
