/* silence/losses.c: losses, gathered. */
#include <stdlib.h>
#include <string.h>
#include "base/utc.h"
#include "silence/bootstrap.h"
#include "silence/checks.h"
#include "silence/judged.h"
#include "silence/losses.h"
#include "silence/mates.h"

#define FULL_MEMBERS 100                // of a full batch
#define SHARED_DAY 0.005                // half a day in a hundred
#define SURVIVOR_WEIGHT 0.25            // of a canary that was found at once

struct losses {
    struct mate_sets mate_sets;
    struct window_days window_days;
    struct size_seen by_size[SIZE_COUNT];
    struct clean_asks clean;
    uint8_t *sound_asks;        // by recovered item: sound asks until it came back
    int64_t n2, n3;             // first found at the first and the second sound ask
    struct belief_data data;
    struct belief belief;
};

/* ---- losses ---- */

/* A canary's ask says something unless it is gone, or all of its batch is. */
static bool canary_tells(const struct known *known, const struct judged *b,
                         const struct ask_row *row)
{
    return row->role == ROLE_CANARY && row->item <= known->max_item &&
           b->back + b->came > row->came_back &&
           (row->came_back || known->alive[row->item] >= row->at ||
            known_standing(known, row->item) != STANDING_NOT_PUBLIC);
}

static uint64_t key_of(const struct judged *b)
{
    return window_day_key(b->row[0].start_day, b->row[0].end_day, utc_day(b->row[0].at));
}

static void add_loss(struct loss_tally *to, bool came_back, double weight)
{
    *(came_back ? &to->kept : &to->lost) += weight;
}

/* Only canaries that were lost once before and had come back: what happens to
 * an item until it comes back hangs on when the audit looks. */
void losses_take_window_day(struct losses *l, const struct known *known, const struct judged *b)
{
    struct window_day *on = NULL;

    for (size_t i = 0; i < b->n && !b->forensic; i++) {
        const struct ask_row *row = &b->row[i];

        if (!canary_tells(known, b, row) || !(known->flags[row->item] & KNOWN_RECOVERED))
            continue;
        if (!on)
            on = window_day_get(&l->window_days, key_of(b));
        on->day = (int32_t)utc_day(row->at);
        on->start_day = (int32_t)row->start_day;
        add_loss(&on->seen, row->came_back, 1);
        l->window_days.lost += !row->came_back;
    }
}

double losses_of(const struct losses *l, const struct judged *b, int make_up)
{
    const struct window_day *on = window_day_lossy(&l->window_days, key_of(b));
    double mean = l->belief.mean[make_up];

    return on ? belief_local(mean, &on->seen) : mean;
}

static void count_first_asks(struct losses *l, const struct ask_row *row)
{
    uint8_t *asks = &l->sound_asks[row->item];

    if (*asks < UINT8_MAX)
        (*asks)++;
    if (row->came_back && *asks <= 2)
        *(*asks == 1 ? &l->n2 : &l->n3) += 1;
}

/* The ask of an item that comes back in the end. The silence that makes it so is
 * not counted, nor is an ask in a window that did not hold it. */
static void take_asked(struct losses *l, struct known *known, const struct judged *b,
                       const struct ask_row *row, bool canaries, struct belief_batch *batch)
{
    uint8_t *flags = &known->flags[row->item];

    if (!(*flags & KNOWN_RECOVERED) || !known_fits_window(known, row))
        return;
    if (!(*flags & KNOWN_WAS_SILENT)) {
        *flags |= row->came_back ? 0 : KNOWN_WAS_SILENT;
        return;
    }
    if (!b->lasting_suspects && canaries) {
        l->clean.asks++;
        l->clean.lost += !row->came_back;
        if (!(*flags & KNOWN_CAME_BACK))
            count_first_asks(l, row);
    }
    if (!b->repeat) {
        add_loss(&batch->seen, row->came_back, 1);
        batch->back = (uint8_t)(batch->back + (row->came_back && !(*flags & KNOWN_CAME_BACK)));
    }
    if (row->came_back)
        *flags |= KNOWN_CAME_BACK;
}

static void count_sizes(struct losses *l, const struct judged *b)
{
    struct size_seen *seen = &l->by_size[belief_size_of(b->n)];

    seen->canaries += b->canaries;
    seen->back += b->back;
    seen->asked += (int64_t)b->n - b->canaries;
    seen->came += b->came;
}

static void take_canary(const struct known *known, const struct judged *b,
                        const struct ask_row *row, struct belief_batch *batch,
                        struct forensic *forensic)
{
    bool recovered = known->flags[row->item] & KNOWN_RECOVERED;

    if (!canary_tells(known, b, row))
        return;
    if (!b->repeat)
        add_loss(&batch->seen, row->came_back, recovered ? 1 : SURVIVOR_WEIGHT);
    if (b->forensic) {
        forensic->canaries++;
        forensic->lost += !row->came_back;
        forensic->recovered += recovered;
        forensic->recovered_lost += recovered && !row->came_back;
    }
}

/* Canaries count as with mates without a dead id, whatever holds for the others. */
void losses_take(struct losses *l, struct known *known, const struct judged *b, bool canaries,
                 struct forensic *forensic)
{
    int32_t day = (int32_t)utc_day(b->row[0].at);
    struct belief_batch asked = { .day = day,
                                  .make_up = (uint8_t)judged_make_up(b, canaries, false, false) };
    struct belief_batch sent = { .day = day,
                                 .make_up = (uint8_t)judged_make_up(b, true, false, false) };

    if (b->forensic)
        forensic->batches++;
    else if (!b->lasting_suspects)
        count_sizes(l, b);
    for (size_t i = 0; i < b->n; i++) {
        const struct ask_row *row = &b->row[i];

        if (row->item > known->max_item)
            continue;
        if (row->role == ROLE_CANARY)
            take_canary(known, b, row, &sent, forensic);
        else if (row->role == ROLE_ASKED)
            take_asked(l, known, b, row, canaries, &asked);
    }
    if (asked.seen.lost + asked.seen.kept > 0)
        belief_add_batch(&l->data, &asked);
    if (sent.seen.lost + sent.seen.kept > 0)
        belief_add_batch(&l->data, &sent);
}

void losses_estimate(struct losses *l, const struct known *known, const struct silence *s,
                     size_t n)
{
    for (int64_t item = 1; item <= known->max_item; item++)
        if (known->flags[item] & KNOWN_RECOVERED)
            l->data.back[stratum_of((known->flags[item] & KNOWN_MARKS) >> KNOWN_MARKS_SHIFT,
                                    known->created_day[item])]++;
    for (size_t i = 0; i < n; i++)
        if (s[i].standing == STANDING_PUBLIC)
            belief_group(&l->data, &s[i].absent->past)->items++;
    belief_fit(&l->data, &l->belief);
}

void losses_confirm(struct losses *l, const struct history *past, double residual)
{
    struct history_group *g = belief_group(&l->data, past);

    g->stated += residual;
    g->confirmed++;
}

struct losses *losses_new(int64_t max_item)
{
    struct losses *l = xcalloc(1, sizeof *l);

    l->sound_asks = xcalloc((uint64_t)max_item + 1, sizeof *l->sound_asks);
    return l;
}

void losses_free(struct losses *l)
{
    if (!l)
        return;
    belief_data_release(&l->data);
    mate_sets_release(&l->mate_sets);
    window_days_release(&l->window_days);
    free(l->sound_asks);
    free(l);
}

bool losses_note_mates(struct losses *l, const struct judged *b)
{
    return mate_sets_note(&l->mate_sets, b);
}

void losses_forget_mates(struct losses *l)
{
    mate_sets_release(&l->mate_sets);
}

/* ---- questions ---- */

bool losses_mates_seen(const struct losses *l, const int64_t *item, size_t n)
{
    return mate_sets_hold(&l->mate_sets, item, n);
}

double losses_swallow(const struct losses *l)
{
    return l->belief.mean[make_up_of(MATES_SOUND, true, FULL_MEMBERS)];
}

double losses_prior(const struct losses *l)
{
    return l->belief.all;
}

double losses_shared(const struct losses *l)
{
    (void)l;
    return SHARED_DAY;
}

const struct belief *losses_belief(const struct losses *l)
{
    return &l->belief;
}

double losses_residual(const struct losses *l, unsigned stratum, double lost)
{
    double prior = l->belief.prior[stratum];

    return prior * lost / (prior * lost + 1 - prior);
}

struct stat_interval losses_wrong(const struct losses *l)
{
    return belief_bootstrap(&l->data, &l->belief);
}

struct leftover losses_leftover(const struct losses *l)
{
    return belief_leftover(l->n2, l->n3);
}

struct clean_asks losses_clean(const struct losses *l)
{
    return l->clean;
}

const struct size_seen *losses_of_size(const struct losses *l, enum belief_size size)
{
    return &l->by_size[size];
}

size_t losses_window_days(const struct losses *l)
{
    return l->window_days.n;
}

bool losses_next_window_day(const struct losses *l, size_t *at, struct window_day *out)
{
    const struct window_day *next = window_day_next(&l->window_days, at);

    if (next)
        *out = *next;
    return next;
}
