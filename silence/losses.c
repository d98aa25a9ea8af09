/* silence/losses.c: losses, gathered. */
#include <stdlib.h>
#include <string.h>
#include "silence/losses.h"
#include "base/digest.h"
#include "base/utc.h"

#define SURVIVOR_WEIGHT 0.25            // of a canary that was found at once
#define PLACE_DAYS 30

int group_make_up(const struct group *g, bool canaries, bool own_dead, bool own_never)
{
    enum mates mates = g->lasting_suspects > own_dead ? MATES_DEAD
                       : canaries                     ? MATES_SOUND
                                                      : MATES_NO_CANARY;

    return make_up_of(mates, g->never > own_never, g->n);
}

/* ---- mate_sets ---- */

uint64_t group_mates(const struct group *g)
{
    uint64_t sum = 0;

    for (size_t i = 0; i < g->n; i++)
        sum += mix64((uint64_t)g->row[i].item);         // of the set, whatever its order
    return sum;
}

static void mate_set_put(struct mate_sets *c, uint64_t mates, int64_t request)
{
    size_t at = mates % c->slots;

    while (c->of[at].request)
        at = (at + 1) % c->slots;
    c->of[at].mates = mates;
    c->of[at].request = request;
}

static void mate_sets_grow(struct mate_sets *c)
{
    struct mate_sets bigger = { .slots = c->slots ? 2 * c->slots : 1024, .n = c->n };

    bigger.of = xcalloc(bigger.slots, sizeof *bigger.of);
    for (size_t i = 0; i < c->slots; i++)
        if (c->of[i].request)
            mate_set_put(&bigger, c->of[i].mates, c->of[i].request);
    free(c->of);
    *c = bigger;
}

bool mate_set_note(struct mate_sets *c, uint64_t mates, int64_t request)
{
    if (2 * (c->n + 1) > c->slots)
        mate_sets_grow(c);
    for (size_t at = mates % c->slots; c->of[at].request; at = (at + 1) % c->slots)
        if (c->of[at].mates == mates)
            return c->of[at].request != request;
    mate_set_put(c, mates, request);
    c->n++;
    return false;
}

bool view_mates_seen(const struct view *view, const int64_t *item, size_t n)
{
    const struct mate_sets *c = &view->mate_sets;
    uint64_t sum = 0;

    for (size_t i = 0; i < n; i++)
        sum += mix64((uint64_t)item[i]);
    if (!c->slots || n < 2)
        return false;
    for (size_t at = sum % c->slots; c->of[at].request; at = (at + 1) % c->slots)
        if (c->of[at].mates == sum)
            return true;
    return false;
}

/* ---- window_days: a window on a day ---- */

static uint64_t window_day_of(const struct group *g)
{
    uint64_t window = (uint64_t)((g->row[0].start_day + g->row[0].end_day) / 2 / PLACE_DAYS);

    return mix64(window * DAY_MAX + (uint64_t)utc_day(g->row[0].at));
}

static struct window_day *window_day_find(const struct window_days *p, uint64_t key)
{
    size_t at;

    if (p->slots == 0)
        return NULL;
    for (at = key % p->slots; p->of[at].key && p->of[at].key != key; at = (at + 1) % p->slots)
        ;
    return &p->of[at];
}

static struct window_day *place_get(struct window_days *p, uint64_t key)
{
    struct window_day *found;

    if (2 * (p->n + 1) > p->slots) {
        struct window_days bigger = { .slots = p->slots ? 2 * p->slots : 256, .n = p->n };

        bigger.of = xcalloc(bigger.slots, sizeof *bigger.of);
        for (size_t i = 0; i < p->slots; i++)
            if (p->of[i].key)
                *window_day_find(&bigger, p->of[i].key) = p->of[i];
        free(p->of);
        *p = bigger;
    }
    found = window_day_find(p, key);
    p->n += !found->key;
    found->key = key;
    return found;
}

/* ---- losses ---- */

/* A canary's ask says something unless it is gone, or all of its batch is. */
static bool canary_tells(const struct view *view, const struct group *g, const struct ask_row *row)
{
    return row->role == ROLE_CANARY && row->item <= view->max_item &&
           g->back + g->came > row->came_back &&
           (row->came_back || view->alive[row->item] >= row->at ||
            (view->flags[row->item] & VIEW_STANDING) != STANDING_NOT_PUBLIC);
}

static void add_loss(struct losses *to, bool came_back, double weight)
{
    *(came_back ? &to->kept : &to->lost) += weight;
}

/* Only canaries that were lost once before and had come back: what happens to
 * an item until it comes back hangs on when the audit looks. */
void losses_take_window_day(struct view *view, const struct group *g)
{
    struct window_day *window_day = NULL;

    for (size_t i = 0; i < g->n && !g->forensic; i++) {
        const struct ask_row *row = &g->row[i];

        if (!canary_tells(view, g, row) || !(view->flags[row->item] & VIEW_RECOVERED))
            continue;
        if (!window_day)
            window_day = place_get(&view->window_days, window_day_of(g));
        window_day->day = (int32_t)utc_day(g->row[0].at);
        window_day->start_day = (int32_t)g->row[0].start_day;
        add_loss(&window_day->seen, row->came_back, 1);
        view->window_days.lost += !row->came_back;
    }
}

double loss_of(const struct view *view, const struct group *g, int make_up)
{
    const struct window_day *window_day =
        view->window_days.lost ? window_day_find(&view->window_days, window_day_of(g)) : NULL;
    double mean = view->belief.mean[make_up];

    return window_day && window_day->key ? belief_local(mean, &window_day->seen) : mean;
}

static void count_first_asks(struct view *view, const struct ask_row *row)
{
    uint8_t *asks = &view->sound_asks[row->item];

    if (*asks < UINT8_MAX)
        (*asks)++;
    if (row->came_back && *asks <= 2)
        *(*asks == 1 ? &view->n2 : &view->n3) += 1;
}

/* The ask of an item that comes back in the end. The silence that makes it so is
 * not counted, nor is an ask in a window that did not hold it. */
static void take_asked(struct view *view, const struct group *g, const struct ask_row *row,
                       bool canaries, struct belief_batch *batch)
{
    int64_t day = view->created_day[row->item];
    uint8_t *flags = &view->flags[row->item];

    if (!(*flags & VIEW_RECOVERED) || row->start_day > day - 1 || row->end_day < day + 1)
        return;
    if (!(*flags & VIEW_WAS_SILENT)) {
        *flags |= row->came_back ? 0 : VIEW_WAS_SILENT;
        return;
    }
    if (!g->lasting_suspects && canaries) {
        view->clean_asks++;
        view->clean_lost += !row->came_back;
        if (!(*flags & VIEW_CAME_BACK))
            count_first_asks(view, row);
    }
    if (!g->repeat) {
        add_loss(&batch->seen, row->came_back, 1);
        batch->back = (uint8_t)(batch->back + (row->came_back && !(*flags & VIEW_CAME_BACK)));
    }
    if (row->came_back)
        *flags |= VIEW_CAME_BACK;
}

static void count_sizes(struct view *view, const struct group *g)
{
    struct size_seen *seen = &view->by_size[belief_size_of(g->n)];

    seen->canaries += g->canaries;
    seen->back += g->back;
    seen->asked += (int64_t)g->n - g->canaries;
    seen->came += g->came;
}

static void take_canary(const struct view *view, const struct group *g, const struct ask_row *row,
                         struct belief_batch *batch, struct forensic *forensic)
{
    bool recovered = view->flags[row->item] & VIEW_RECOVERED;

    if (!canary_tells(view, g, row))
        return;
    if (!g->repeat)
        add_loss(&batch->seen, row->came_back, recovered ? 1 : SURVIVOR_WEIGHT);
    if (g->forensic) {
        forensic->canaries++;
        forensic->lost += !row->came_back;
        forensic->recovered += recovered;
        forensic->recovered_lost += recovered && !row->came_back;
    }
}

/* Canaries count as with mates without a dead id, whatever holds for the others. */
void losses_take(struct view *view, const struct group *g, bool canaries)
{
    int32_t day = (int32_t)utc_day(g->row[0].at);
    struct belief_batch asked = { .day = day,
                                  .make_up = (uint8_t)group_make_up(g, canaries, false, false) };
    struct belief_batch sent = { .day = day,
                                 .make_up = (uint8_t)group_make_up(g, true, false, false) };
    struct forensic *forensic =
        &view->forensic[g->lasting_suspects > 0 ? FORENSIC_DEAD : FORENSIC_NEVER];

    if (g->forensic)
        forensic->batches++;
    else if (!g->lasting_suspects)
        count_sizes(view, g);
    for (size_t i = 0; i < g->n; i++) {
        const struct ask_row *row = &g->row[i];

        if (row->item > view->max_item)
            continue;
        if (row->role == ROLE_CANARY)
            take_canary(view, g, row, &sent, forensic);
        else if (row->role == ROLE_ASKED)
            take_asked(view, g, row, canaries, &asked);
    }
    if (asked.seen.lost + asked.seen.kept > 0)
        belief_add_batch(&view->data, &asked);
    if (sent.seen.lost + sent.seen.kept > 0)
        belief_add_batch(&view->data, &sent);
}

void losses_release(struct view *view)
{
    belief_data_release(&view->data);
    free(view->mate_sets.of);
    free(view->window_days.of);
}
