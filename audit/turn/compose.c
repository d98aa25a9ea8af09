/* audit/turn/compose.c: batches of items become requests. */
#include "audit/turn/compose.h"
#include <stdlib.h>
#include <string.h>
#include "audit/turn/room.h"
#include "base/array.h"
#include "base/utc.h"

#define STAND_INS 5         // canaries of a request of canaries alone

/* ---- items that are packed ---- */

void pile_push(struct pile *p, struct pack_item one)
{
    ARRAY_ROOM(p->v, p->n, p->cap);
    p->v[p->n++] = one;
}

void pile_release(struct pile *p)
{
    free(p->v);
    memset(p, 0, sizeof *p);
}

void pile_sort(struct pile *p)
{
    if (p->n)
        qsort(p->v, p->n, sizeof *p->v, pack_item_cmp);
}

struct shuffled { struct pack_item item; uint64_t rank; };

static int by_rank(const void *a, const void *b)
{
    const struct shuffled *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->item.id > y->item.id) - (x->item.id < y->item.id);
}

void pile_shuffle(struct pile *p, uint64_t salt, int64_t room)
{
    struct shuffled *v = xcalloc(p->n ? p->n : 1, sizeof *v);
    size_t from = 0, whole = room > 0 ? (size_t)room : 0;
    int64_t limit = WINDOW_SPAN_DAYS - (int64_t)(salt % (WINDOW_SPAN_DAYS / 2));

    pile_sort(p);
    while (from < p->n) {
        size_t to = from;

        while (to < p->n && p->v[to].day - p->v[from].day < limit)
            to++;
        if (whole && to < p->n && to - from > whole)
            to -= (to - from) % whole;      // what is left over begins the next block
        for (size_t i = from; i < to; i++)
            v[i] = (struct shuffled){ p->v[i], mix64(p->v[i].id ^ salt) };
        qsort(v + from, to - from, sizeof *v, by_rank);
        from = to;
        limit = WINDOW_SPAN_DAYS;
    }
    for (size_t i = 0; i < p->n; i++)
        p->v[i] = v[i].item;
    free(v);
}

bool pile_pack(struct pile *p, struct packer *packer, struct batch *full)
{
    while (p->at < p->n)
        if (packer_add(packer, &p->v[p->at++], full))
            return true;
    return packer_finish(packer, full);
}

struct pack_item pile_item(const struct silence *s)
{
    return (struct pack_item){ s->id, s->item, utc_day(s->created) };
}

bool alone_fits(const struct batch *b)
{
    return b->len > 1 && b->len <= ROOM_ALONE_MAX;
}

void alone_begin(struct alone *a, const struct batch *b)
{
    a->batch = *b;
    a->at = 0;
}

bool alone_left(const struct alone *a)
{
    return a->at < a->batch.len;
}

struct batch alone_next(struct alone *a)
{
    struct batch one = { .len = 1, .item = { a->batch.item[a->at++] } };

    one.window = window_of(one.item[0].day, one.item[0].day);
    return one;
}

/* ---- one request ---- */

void compose_add(struct request *req, uint64_t id, int64_t item, enum ask_role role)
{
    req->member[req->members++] = (struct ask_member){ .id = id, .item = item, .role = role };
}

void compose(const struct asker *a, struct arena *mem, const struct batch *b, struct request *req)
{
    memset(req, 0, sizeof *req);
    req->witness = WITNESS_QUERY;
    req->round = a->round;
    req->start_day = b->window.start_day;
    req->end_day = b->window.end_day;
    req->member = arena_alloc(mem, BATCH_MAX * sizeof *req->member);
    for (size_t i = 0; i < b->len; i++)
        compose_add(req, b->item[i].id, b->item[i].item, ROLE_ASKED);
}

void compose_role(struct request *req, enum ask_role role)
{
    for (size_t i = 0; i < req->members; i++)
        req->member[i].role = role;
}

bool compose_canary(const struct asker *a, struct window w, uint64_t salt, int i,
                    struct ask_member *out)
{
    *out = (struct ask_member){ .role = ROLE_CANARY };
    return canaries_pick(view_canaries(a->view), w.start_day, w.end_day, salt, i, &out->id,
                         &out->item);
}

static struct window window_of_request(const struct request *req)
{
    return (struct window){ req->start_day, req->end_day };
}

static bool is_member(const struct request *req, uint64_t id)
{
    for (size_t i = 0; i < req->members; i++)
        if (req->member[i].id == id)
            return true;
    return false;
}

void compose_canaries(const struct asker *a, struct request *req)
{
    const struct settings *set = &a->audit->set;
    struct window w = window_of_request(req);
    size_t want = room_canaries(set, a->view), had = req->members;
    uint64_t salt = mix64(a->salt + (uint64_t)req->start_day + had);
    struct ask_member c;

    /* Where room is left over they cost nothing, and each tells of losses; of few
     * one half, so that the next batch can have another. */
    while (want < (size_t)set->api_canaries && had + want < (size_t)set->api_batch &&
           compose_canary(a, w, salt, (int)(2 * want), &c))
        want++;
    for (int i = 0; req->members < had + want && compose_canary(a, w, salt, i, &c); i++)
        if (!is_member(req, c.id))       // of a late check a retrieved item may be one
            req->member[req->members++] = c;
}

void compose_noted(struct asker *a, const struct request *req)
{
    for (size_t i = 0; i < req->members; i++)
        if (req->member[i].role == ROLE_CANARY) {
            a->canary_day = utc_day(utc_now());
            return;
        }
    a->bare = true;
}

/* From the newest window that has some: they stand in for windows without any. */
bool compose_stand_in(struct asker *a, struct arena *mem, struct request *req)
{
    int64_t today = utc_day(utc_now());
    struct batch none = { .len = 0 };
    struct ask_member c;

    if (a->canary_day == today)
        return false;
    for (int64_t day = today; day >= 0; day -= WINDOW_SPAN_DAYS) {
        none.window = window_of(day - WINDOW_SPAN_DAYS + 1, day);
        compose(a, mem, &none, req);
        for (int i = 0; i < STAND_INS && i < a->audit->set.api_batch &&
                        compose_canary(a, none.window, a->salt, i, &c);
             i++)
            req->member[req->members++] = c;
        if (req->members) {
            a->canary_day = today;
            return true;
        }
    }
    return false;
}
