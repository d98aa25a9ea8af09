/* silence/sound.c: the absences of silent items, one by one. */
#include <string.h>
#include "base/utc.h"
#include "record/id.h"
#include "silence/parts.h"
#include "silence/sound.h"

/* ---- an absence ---- */

/* The window had a day of slack on both sides, and the item was old enough and was
 * seen public before. */
static bool could_have_come(const struct silence *s, const struct settings *set,
                            const struct ask_row *row)
{
    int64_t day = utc_day(s->created);

    return row->start_day <= day - 1 && row->end_day >= day + 1 &&
           row->at >= due_by_age(silence_born(s), set) && s->public_first &&
           row->at >= s->public_first;
}

bool absence_of(const struct view *view, const struct settings *set, const struct judged *b,
                const struct ask_row *row, bool canaries, struct absence *a)
{
    struct silence *s = silences_find(view, row->item);
    bool refused, seen, mates, own = ask_is_lasting_suspect(row, &view->known);

    if (!s || row->came_back || row->role != ROLE_ASKED || !could_have_come(s, set, row))
        return false;
    refused = silence_is_refused(s);
    /* An item that was public, and confirmed, before it was refused keeps what
     * it has: absences up to its last public page. Where pages are not read
     * again, the first public reading has to do, for its mates as well. */
    seen = row->at <= s->public_last || (!set->page_recheck && !refused);
    mates = set->page_recheck ? b->suspects == ask_is_suspect(row, &view->known)
                              : b->lasting_suspects == own;
    a->s = s;
    a->day = utc_day(row->at);
    a->pending = canaries && !refused && b->lasting_suspects == own;
    a->sound = canaries && mates && seen;
    a->unsound = !a->sound && seen;
    a->make_up = judged_make_up(b, canaries, own, true);
    return true;
}

bool absence_tells(const struct absence *a, const struct judged *b)
{
    return !b->repeat && (a->sound || a->pending || make_up_mates(a->make_up) != MATES_SOUND);
}

/* Replies that were loaded come in any order. */
struct silent_day *absences_on(struct absences *a, int64_t day, struct arena *mem)
{
    int at = a->days;

    while (at > 0 && a->day[at - 1].day > day)
        at--;
    if (at > 0 && a->day[at - 1].day == day)
        return &a->day[at - 1];
    if (a->days == a->day_cap) {
        const struct silent_day *old = a->day;

        a->day_cap = (uint16_t)(a->day_cap ? 2 * a->day_cap : 2);
        a->day = arena_alloc(mem, a->day_cap * sizeof *a->day);
        if (old)
            memcpy(a->day, old, a->days * sizeof *old);
    }
    memmove(a->day + at + 1, a->day + at, (size_t)(a->days - at) * sizeof *a->day);
    a->days++;
    a->day[at] = (struct silent_day){ .day = (int32_t)day, .lost = 1, .pending_lost = 1 };
    return &a->day[at];
}

/* ---- the walk ---- */

static void count(uint16_t *n, struct tally_of_days *t, int64_t at)
{
    *n = (uint16_t)(*n + (*n < UINT16_MAX));
    if (at > t->last_at)
        t->last_at = (uint32_t)at;
}

static void take_absence(struct view *view, const struct settings *set, const struct judged *b,
                         const struct ask_row *row, bool canaries)
{
    struct absences *absent;
    struct silent_day *on;
    struct absence a;

    if (!absence_of(view, set, b, row, canaries, &a))
        return;
    absent = a.s->absent;
    if (b->canaries && !b->back && row->at > a.s->public_last) {
        absent->doubts = (uint16_t)(absent->doubts + (absent->doubts < UINT16_MAX));
        absent->doubt_at = row->at > absent->doubt_at ? (uint32_t)row->at : absent->doubt_at;
    }
    on = absences_on(absent, a.day, &view->silences.mem);
    if (a.pending)
        count(&on->pending, &absent->pending, row->at);
    if (a.sound)
        count(&on->sound, &absent->sound, row->at);
    on->unsound = (uint16_t)(on->unsound + (a.unsound && on->unsound < UINT16_MAX));
    if (absence_tells(&a, b) && absent->past.asks[a.make_up] < UINT8_MAX)
        absent->past.asks[a.make_up]++;
}

/* A check by a single id: what it finds is found, its silence is no absence
 * that counts. */
static void take_spot(struct view *view, const struct ask_row *row)
{
    struct silence *s = silences_find(view, row->item);

    view->spots.asked++;
    view->spots.back += row->came_back;
    if (s)
        s->spotted = true;
}

/* The retrieved items of a late check are its canaries. */
static void take_late(struct view *view, const struct judged *b, bool canaries)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->row[i].role == ROLE_LATE)
            late_take_ask(&view->late, &b->row[i],
                          (b->came > 0 || canaries) && !b->dead_canary &&
                              b->suspects == ask_is_suspect(&b->row[i], &view->known));
}

/* A reply of an outage: as if these ids had not been asked. */
static void forget(struct view *view, const struct judged *b)
{
    for (size_t i = 0; i < b->n; i++) {
        const struct ask_row *row = &b->row[i];
        struct silence *s = silences_find(view, row->item);

        if (s) {
            s->asked -= s->asked > 0;
            s->following_asked =
                (uint16_t)(s->following_asked -
                           (s->following_asked && row->start_day > utc_day(id_time(s->id))));
            s->outage_only = s->asked == 0;
        } else if (row->item <= view->known.max_item && row->role == ROLE_ASKED) {
            known_forget_absence(&view->known, row->item);
        }
    }
}

void sound_take(struct view *view, const struct settings *set, const struct judged *b)
{
    bool canaries;

    if (b->out) {
        forget(view, b);
        return;
    }
    canaries = canaries_hold(view->canaries, set, b);
    if (b->row[0].role == ROLE_SPOT) {
        take_spot(view, &b->row[0]);
        return;
    }
    if (b->late) {
        take_late(view, b, canaries);
        return;
    }
    view->requests += !b->forensic;
    losses_take(view->losses, &view->known, b, canaries,
                &view->forensic[b->lasting_suspects > 0 ? FORENSIC_DEAD : FORENSIC_NEVER]);
    if (b->forensic)
        return;
    for (size_t i = 0; i < b->n; i++)
        if (b->row[i].item <= view->known.max_item && b->row[i].role != ROLE_CANARY)
            take_absence(view, set, b, &b->row[i], canaries);
}
