/* silence/inside.h: the view from inside. Nobody outside silence/ includes it.
 *
 * A view is made in walks over the asks, one batch (the ids of one complete request)
 * after the other; every walk sees what the walks before it have found:
 *     outage_take     what each reply says of the API as a whole: the outages
 *     first_take      days with a canary back, canaries that stayed away, and where
 *     sound_take      the days of each silent item; what was lost and what was not
 *     weigh_take      what each absence is worth
 * Nothing of it is stored: a page read tomorrow can turn a batch of today. */
#ifndef SILENCE_INSIDE_H
#define SILENCE_INSIDE_H
#include "base/arena.h"
#include "silence/view.h"

#define DAY_MAX 40000                   // 2079: days of creation that are indexed

/* ---- what is known of each item, by its number ---- */

#define KNOWN_STANDING 0x03u
#define KNOWN_MARKS 0x0cu               // enum page_mark, of its page
#define KNOWN_MARKS_SHIFT 2
#define KNOWN_RECOVERED 0x10u           // absent once, found later
#define KNOWN_WAS_SILENT 0x20u          // ... and the ask that makes it recovered was passed
#define KNOWN_GIVEN_UP 0x40u            // its page gave no answer page.attempts times
#define KNOWN_CAME_BACK 0x80u           // ... and the first ask that found it, too
struct known {
    int64_t max_item;
    int64_t found, recovered;
    uint32_t *alive;            // last time it was seen public, on its page or by the API
    uint16_t *created_day;      // UTC day of creation, by the API, else its page, else its id
    uint8_t *flags;             // its standing and KNOWN_*
    uint8_t *absent;            // of a found one: absences before it came back, 255 = or more
};
struct silences {
    struct silence *v; size_t n, cap;   // by id
    uint32_t *index;            // by item: position in v + 1; 0 = none
    double expected_wrong;
    struct arena mem;           // of their absences
};

/* ---- what is gathered ---- */

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
/* Sets of ids that stood together in a request, whatever their order. */
struct mate_sets { struct { uint64_t mates; int64_t request; } *of; size_t slots, n; };
struct window_slot { uint64_t key; struct window_day of; };
struct window_days { struct window_slot *of; size_t slots, n; int64_t lost; };
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
struct checks_made {
    int64_t requests;           // complete requests of the query, the checks apart
    struct spot_sum spots;
    struct forensic forensic[FORENSIC_COUNT];
    struct late late;
};
struct replies {
    struct outage_ask *reply; size_t n, cap;    // every complete request, while the view is made
    struct outages outages;
    struct outage_rates first_rates;
};
struct view {
    struct known known;
    struct silences silences;
    struct canaries canaries;
    struct losses losses;
    struct checks_made checks;
    struct replies replies;
    /* On the way: copies for audit/turn/ask*, which go when it asks. */
    struct silence *v; size_t n;
    double swallow;
    struct size_seen by_size[SIZE_COUNT];
    bool has_canary;
    int64_t requests, canary_day;
    struct forensic forensic[FORENSIC_COUNT];
    struct late late;
};

/* ---- a batch ---- */

/* One complete request, judged by all that is known now. */
struct judged {
    struct ask_row *row; size_t n, cap;
    int suspects;               // asked, silent, not seen public since: each may not be public
    int lasting_suspects;       // of these: no further page can clear them
    int never;                  // asked and not returned to this day
    int canaries, back; bool dead_canary;       // sent; back; one is known as not public
    int came;                   // asked ids that came back
    bool late;                  // of a late check: says nothing of batches or of sound days
    bool forensic;              // canaries beside ids that are never returned
    bool repeat;                // the same mates were asked before
    bool out;                   // in an outage in which the API answered nothing for anybody
};
bool is_suspect(const struct view *, const struct ask_row *);
bool is_lasting_suspect(const struct view *, const struct ask_row *);
/* Fills in what the rows say; row, n and repeat stand. */
void judged_fill(const struct view *, struct judged *);

static inline const struct ask_row *judged_first(const struct judged *b)
{
    return &b->row[0];
}

static inline struct silence *silences_find(const struct view *view, int64_t item)
{
    uint32_t i = item > 0 && item <= view->known.max_item ? view->silences.index[item] : 0;

    return i ? &view->silences.v[i - 1] : NULL;
}

static inline enum standing known_standing(const struct known *k, int64_t item)
{
    return (enum standing)(k->flags[item] & KNOWN_STANDING);
}

static inline bool day_in_range(int64_t day)
{
    return day >= 0 && day < DAY_MAX;
}

/* ---- canary.c ---- */

void canaries_init(struct canaries *);
void canaries_made(struct canaries *);          // what only the making needed goes
void canaries_release(struct canaries *);
/* A retrieved item; the lowest ranks of a day stay. */
void canaries_add(struct canaries *, const struct item_row *, uint64_t salt);
/* Days on which one came back, and those that stayed away. */
void canaries_take(struct canaries *, const struct known *, const struct judged *);
/* The batch's canaries say that it brings what is there. */
bool canaries_hold(const struct view *, const struct settings *, const struct judged *);

/* ---- losses.c ---- */

void losses_init(struct losses *, int64_t max_item);
void losses_release(struct losses *);
/* True where the same items were asked together before. */
bool losses_note_mates(struct losses *, const struct judged *);
void losses_forget_mates(struct losses *);
/* Canaries lost in a window on a day. Needs only what came before in the order of
 * requests. */
void losses_take_window_day(struct losses *, const struct known *, const struct judged *);
/* canaries: they hold. */
void losses_take(struct view *, const struct judged *, bool canaries);
/* The make-up as a member sees it: itself is no mate. own_suspect, own_never: the
 * member is counted in lasting_suspects, in never. */
int judged_make_up(const struct judged *, bool canaries, bool own_suspect, bool own_never);
/* The probability that one ask of this batch was lost. */
double losses_of(const struct losses *, const struct judged *, int make_up);

/* ---- outage.c ---- */

void outage_take(struct view *, const struct settings *, struct judged *);
/* After the walk: the outages, and the rates outside them. */
void outage_conclude(struct view *);

/* ---- sound.c ---- */

/* One absence, by all that is known now. */
struct absence { struct silence *s; int64_t day; bool sound, pending, unsound; int make_up; };
/* False where the row is no absence of a silent item that was public. */
bool absence_of(const struct view *, const struct settings *, const struct judged *,
                const struct ask_row *, bool canaries, struct absence *);
/* It says something new: these ids were not asked together before, and it does not, in
 * an otherwise sound batch, count for nothing. */
bool absence_tells(const struct absence *, const struct judged *);
/* The silent item's day, made where there is none. */
struct silent_day *absences_on(struct absences *, int64_t day, struct arena *);
void sound_take(struct view *, const struct settings *, struct judged *);

/* ---- weigh.c ---- */

/* After sound_take's walk: what all asks together say of losses. */
void weigh_estimate(struct view *);
void weigh_take(struct view *, const struct settings *, struct judged *);
/* After its walk: which items are confirmed. */
void weigh_conclude(struct view *, const struct settings *);
#endif
