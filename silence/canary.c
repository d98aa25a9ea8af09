/* silence/canary.c: the pool of canaries, and what became of those that were sent. */
#include <stdlib.h>
#include "base/arena.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "silence/canary.h"
#include "silence/judged.h"

#define POOL_DAY_MAX 8

struct pool_day { int n; struct { uint64_t rank, id; int64_t item; } of[POOL_DAY_MAX]; };
struct canaries {
    bool any;
    struct pool_day **pool;     // by day of creation
    int64_t *since;             // by day of creation: the first answer with one
    uint8_t *back_on;           // by UTC day: a canary came back; only while the view is made
    int64_t last_day;
    struct lost_canary *lost; size_t lost_n, lost_cap;
    struct arena mem;           // of the pool
};

struct canaries *canaries_new(void)
{
    struct canaries *c = xcalloc(1, sizeof *c);

    *c = (struct canaries){ .pool = xcalloc(DAY_MAX, sizeof *c->pool),
                            .since = xcalloc(DAY_MAX, sizeof *c->since),
                            .back_on = xcalloc(DAY_MAX, sizeof *c->back_on) };
    return c;
}

void canaries_free(struct canaries *c)
{
    if (!c)
        return;
    free(c->pool);
    free(c->since);
    free(c->back_on);
    free(c->lost);
    arena_release(&c->mem);
    free(c);
}

/* Those that were lost once come first: the others are survivors. */
static uint64_t rank_of(const struct item_row *row, uint64_t salt)
{
    return mix64(row->id ^ salt) >> 1 | (row->absent_before_found ? 0 : (uint64_t)1 << 63);
}

void canaries_add(struct canaries *c, const struct item_row *row, uint64_t salt)
{
    int64_t day = utc_day(item_created(row));
    uint64_t rank = rank_of(row, salt);
    struct pool_day *p;
    int at;

    if (!day_in_range(day))
        return;
    c->any = true;
    if (!c->since[day] || row->found_first_at < c->since[day])
        c->since[day] = row->found_first_at;
    if (!(p = c->pool[day]))
        p = c->pool[day] = arena_alloc(&c->mem, sizeof *p);
    if (p->n == POOL_DAY_MAX && rank >= p->of[p->n - 1].rank)
        return;
    at = p->n < POOL_DAY_MAX ? p->n++ : POOL_DAY_MAX - 1;
    for (; at > 0 && p->of[at - 1].rank > rank; at--)
        p->of[at] = p->of[at - 1];
    p->of[at].rank = rank;
    p->of[at].id = row->id;
    p->of[at].item = row->n;
}

bool canaries_pick(const struct canaries *c, int64_t start_day, int64_t end_day, uint64_t salt,
                   int i, uint64_t *id, int64_t *item)
{
    int64_t span = end_day - start_day - 1, seen = 0;

    /* From another day each time, so that canaries rotate with the request. */
    for (int turn = 0; turn < POOL_DAY_MAX; turn++)
        for (int64_t k = 0; k < span; k++) {
            int64_t day = start_day + 1 + (k + (int64_t)(salt % (uint64_t)span)) % span;
            const struct pool_day *p = day_in_range(day) ? c->pool[day] : NULL;

            if (!p || turn >= p->n || seen++ < i)
                continue;
            *id = p->of[turn].id;
            *item = p->of[turn].item;
            return true;
        }
    return false;
}

/* The retrieved items of a late check are its canaries. */
void canaries_take(struct canaries *c, const struct known *known, const struct judged *b)
{
    int64_t day = utc_day(b->row[0].at);

    if (b->back > 0 && day > c->last_day)
        c->last_day = day;
    if ((b->back > 0 || (b->late && b->came > 0)) && day_in_range(day))
        c->back_on[day] = 1;
    for (size_t i = 0; i < b->n; i++) {
        const struct ask_row *row = &b->row[i];

        if (row->item > known->max_item || row->role != ROLE_CANARY || row->came_back ||
            known->alive[row->item] >= row->at)
            continue;
        ARRAY_ROOM(c->lost, c->lost_n, c->lost_cap);
        c->lost[c->lost_n++] = (struct lost_canary){ row->item, row->at };
    }
}

/* Its first and last day are slack: what was made there is no canary. */
static bool window_had_any(const struct canaries *c, const struct ask_row *row)
{
    for (int64_t d = row->start_day + 1; d < row->end_day; d++)
        if (day_in_range(d) && c->since[d] && c->since[d] < row->at)
            return true;
    return false;
}

/* Canaries of the batch itself; where its window held no retrieved item, or
 * where a single id was asked alone, canaries of the same day stand in. Where
 * another witness came first (page.first), a batch of round 1 holds only ids that were public, and
 * those of them that came back in this very reply are its canaries. */
bool canaries_hold(const struct canaries *c, const struct settings *set, const struct judged *b)
{
    int64_t day = utc_day(b->row[0].at);

    if (b->canaries)
        return b->back > 0 && !b->dead_canary;
    if (b->row[0].round == 1 && settings_first(set) != WITNESS_COUNT)
        return b->came > 0;
    if (!day_in_range(day) || !c->back_on[day])
        return false;
    return b->n == 1 || !window_had_any(c, &b->row[0]);
}

/* ---- questions ---- */

bool canaries_any(const struct canaries *c)
{
    return c->any;
}

int64_t canaries_since(const struct canaries *c, int64_t day)
{
    return day_in_range(day) ? c->since[day] : 0;
}

int64_t canaries_last_day(const struct canaries *c)
{
    return c->last_day;
}

const struct lost_canary *canaries_lost(const struct canaries *c, size_t *n)
{
    *n = c->lost_n;
    return c->lost;
}
