/* silence/sound.c: judges a batch and each absence in it (silence/view.h says what is wanted).
 *
 * An id that was asked and stayed away is a suspect unless it was seen public at or
 * after that: it may not be public, and a batch with such an id may lose others. */
#include <string.h>
#include "base/utc.h"
#include "record/id.h"
#include "silence/inside.h"

/* ---- a batch ---- */

/* One that is only restricted here is no suspect: the API may well return it. */
bool is_suspect(const struct view *view, const struct ask_row *row)
{
    const struct known *known = &view->known;

    return row->role != ROLE_CANARY && !row->came_back && row->item <= known->max_item &&
           known_standing(known, row->item) != STANDING_RESTRICTED &&
           known->alive[row->item] < row->at;
}

bool is_lasting_suspect(const struct view *view, const struct ask_row *row)
{
    return is_suspect(view, row) && (known_standing(&view->known, row->item) != STANDING_PUBLIC ||
                                     (view->known.flags[row->item] & KNOWN_GIVEN_UP));
}

static bool is_dead_canary(const struct known *known, const struct ask_row *row)
{
    return !row->came_back && row->item <= known->max_item && known->alive[row->item] < row->at &&
           known_standing(known, row->item) == STANDING_NOT_PUBLIC;
}

void judged_fill(const struct view *view, struct judged *b)
{
    const struct known *known = &view->known;

    b->suspects = b->lasting_suspects = b->never = b->canaries = b->back = b->came = 0;
    b->dead_canary = b->forensic = b->late = false;
    b->out = outages_hold(&view->replies.outages, b->row[0].at, b->row[0].request);
    for (size_t i = 0; i < b->n; i++) {
        const struct ask_row *row = &b->row[i];

        if (row->role == ROLE_CANARY) {
            b->canaries++;
            b->back += row->came_back;
            b->dead_canary |= is_dead_canary(known, row);
        } else {
            b->came += row->came_back;
            b->never += row->item > known->max_item || view->silences.index[row->item] > 0;
            b->forensic |= row->role == ROLE_FORENSIC;
            b->late |= row->role == ROLE_LATE;
            b->suspects += is_suspect(view, row);
            b->lasting_suspects += is_lasting_suspect(view, row);
        }
    }
}

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
    bool refused, seen, mates, own = is_lasting_suspect(view, row);

    if (!s || row->came_back || row->role != ROLE_ASKED || !could_have_come(s, set, row))
        return false;
    refused = silence_is_refused(s);
    /* An item that was public, and confirmed, before it was refused keeps what
     * it has: absences up to its last public page. Where pages are not read
     * again, the first public reading has to do, for its mates as well. */
    seen = row->at <= s->public_last || (!set->page_recheck && !refused);
    mates = set->page_recheck ? b->suspects == is_suspect(view, row) : b->lasting_suspects == own;
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

    view->checks.spots.asked++;
    view->checks.spots.back += row->came_back;
    if (s)
        s->spotted = true;
}

/* The retrieved items of a late check are its canaries. */
static void take_late(struct view *view, const struct judged *b, bool canaries)
{
    for (size_t i = 0; i < b->n; i++)
        if (b->row[i].role == ROLE_LATE)
            late_take_ask(&view->checks.late, &b->row[i],
                          (b->came > 0 || canaries) && !b->dead_canary &&
                              b->suspects == is_suspect(view, &b->row[i]));
}

/* An item that came back: this absence before it did is none. */
static void forget_absence(struct known *known, int64_t item)
{
    if (known->absent[item] && --known->absent[item] == 0 &&
        (known->flags[item] & KNOWN_RECOVERED)) {
        known->flags[item] &= (uint8_t)~KNOWN_RECOVERED;
        known->recovered--;
    }
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
            forget_absence(&view->known, row->item);
        }
    }
}

void sound_take(struct view *view, const struct settings *set, struct judged *b)
{
    bool canaries;

    if (b->out) {
        forget(view, b);
        return;
    }
    canaries = canaries_hold(view, set, b);
    if (judged_first(b)->role == ROLE_SPOT) {
        take_spot(view, judged_first(b));
        return;
    }
    if (b->late) {
        take_late(view, b, canaries);
        return;
    }
    view->checks.requests += !b->forensic;
    losses_take(view, b, canaries);
    if (b->forensic)
        return;
    for (size_t i = 0; i < b->n; i++)
        if (b->row[i].item <= view->known.max_item && b->row[i].role != ROLE_CANARY)
            take_absence(view, set, b, &b->row[i], canaries);
}
