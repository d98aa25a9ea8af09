/* silence/view.h: which silences of the API count, computed anew each time from
 * who was asked together and who came back.
 *
 * An absence of a public item is sound when the reply was complete, the batch
 * held no other id that was not public then, the window had a day of slack on
 * both sides, the item was old enough, at least one canary came back and no
 * missing canary is known as not public, and the item's page was public before
 * it and at or after it. It is pending when only the last of these, or a
 * batch-mate's later page, is still to be read. Replies of an outage in which
 * the API answered nothing for anybody (silence/outage.h) count for nothing.
 *
 * Shape:  one struct silence per item that was asked and never came back; its
 *         absences are counted apart, since most silent items have none yet.
 * Units:  UTC seconds and UTC days.
 * Memory: 13 bytes for every item, 56 more for every silent one, and about 130
 *         more for one that was seen public.
 * Order:  requests may be loaded long after later ones; nothing hangs on it. */
#ifndef SILENCE_VIEW_H
#define SILENCE_VIEW_H
#include "audit/audit.h"
#include "silence/belief.h"
#include "silence/late.h"
#include "silence/outage.h"

enum standing {
    STANDING_UNREAD,        // no page answer
    STANDING_PUBLIC,
    STANDING_NOT_PUBLIC,    // refused with a label of deleted or private
    STANDING_RESTRICTED,    // refused here, perhaps public elsewhere
};
struct tally_of_days {      // absences of one kind
    double lost;            // probability that every one of them was a loss
    uint32_t last_at;
    int days;               // distinct UTC days
};
/* Absences of one UTC day. Those that are not sound count no day, but enter
 * the probability. */
struct silent_day {
    int32_t day; uint16_t sound, unsound, pending;
    uint16_t losses, pending_fresh;    // of the sound, of the pending: those with mates of their
                                       // own, that say something new
    float lost, pending_lost;    // probability that these were all lost; lost: the unsound as well
};
struct absences {           // of an item that was seen public
    struct silent_day *day; uint16_t days, day_cap;     // ascending
    struct history past;    // its stratum, and asks by the make-up of their batches
    struct tally_of_days sound, pending;
    double residual;        // probability that the absence is a batch or window error; -1 none
    uint32_t doubt_at;      // last of:
    uint16_t doubts;        // batches that lost their canaries since its page was public
};
struct silence {            // packed: there may be millions
    uint64_t id;
    struct absences *absent;    // never NULL: of an item that was never seen public, none at all
    uint32_t item;
    uint32_t created;       // the page's creation time, else the id's
    uint32_t last_at;       // last complete reply without it
    uint32_t public_first, public_last, refused_last;
    int32_t asked;          // complete replies without it, those of outages left out
    uint16_t tries, oembed_tries;
    uint16_t following_asked;       // of these: in the window after its own
    uint8_t standing;       // enum standing
    uint8_t oembed;         // enum answer_kind
    bool outage_only : 1;       // was asked in outages alone
    bool ambiguous : 1;     // the rules' verdict on its refusal hangs on oEmbed
    bool late_refusal : 1;  // public and confirmed, refused afterwards
    bool confirmed : 1;
    bool spotted : 1;       // was asked alone as a check
};
struct lost_canary { int64_t item, at; };
#define POOL_DAY_MAX 8
struct pool_day { int n; struct { uint64_t rank, id; int64_t item; } of[POOL_DAY_MAX]; };
struct mate_sets { struct { uint64_t mates; int64_t request; } *of; size_t slots, n; };
/* Canaries that were lost once before, in one window on one day. */
struct window_day {
    uint64_t key;
    int32_t day, start_day;
    struct losses seen;
};    // start_day: of one of its windows
struct window_days { struct window_day *of; size_t slots, n; int64_t lost; };
struct size_seen { int64_t canaries, back, asked, came; };      // in batches of one size
/* Batches of canaries beside ids that are not public, or public and never returned. */
enum forensic_kind { FORENSIC_DEAD, FORENSIC_NEVER, FORENSIC_COUNT };
struct forensic { int64_t batches, canaries, lost, recovered, recovered_lost; };
struct account_table;
struct view {
    struct silence *v; size_t n, cap;       // by id
    int64_t max_item, found, retrieved_at_once;
    uint32_t *index;                        // by item: position in v + 1; 0 = none
    uint32_t *alive;    // by item: last time it was seen public, on its page or by the API
    uint16_t
        *created_day;    // by item: UTC day of creation, by the API, else its page, else its id
    uint8_t *flags;                         // by item: standing and VIEW_*
    struct pool_day **pool;
    int64_t *first_found;    // by day of creation: retrieved items; the first answer with one
    uint8_t *sound_asks;                    // by recovered item: sound asks until it came back
    struct mate_sets mate_sets;             // who was asked together
    struct window_days window_days;
    struct lost_canary *lost; size_t lost_n, lost_cap;
    struct outage_ask *reply;
    size_t reply_n, reply_cap;          // every complete request, while the view is made
    struct outages outages;             // in which the API answered nothing for anybody
    struct outage_rates
        first_rates;    // outside of them: first asks by how many were asked, and canaries
    int64_t canary_day;                     // last UTC day with a canary back
    uint8_t *absent;    // by recovered item: absences before it came back, 255 = or more
    /* what the asks so far say of batches */
    int64_t clean_asks, clean_lost;         // with sound mates, items that came back in the end
    int64_t n2, n3;    // first found at the first and the second sound ask after a silence
    struct size_seen by_size[SIZE_COUNT];
    struct forensic forensic[FORENSIC_COUNT];
    struct belief_data data;
    struct belief belief;
    bool has_canary;        // the pool is not empty
    int64_t recovered, public_missing;
    double swallow;    // posterior mean: a full sound batch, with other ids that never came, loses
                       // one that is there
    double shared;          // what one day shares (outage, intermittence)
    double prior;    // share of the public that were silent at first that can come back, all strata
                     // together
    int64_t requests;       // complete requests of the query, checks by single ids apart
    int64_t spot_asked, spot_back;          // single ids of confirmed items; came back
    struct late late;       // the sample that is asked again weeks later, and what came of it
    double expected_wrong;  // sum of residuals over confirmed public missing items
    struct arena mem;
    struct account_table *accounts;         // relabel_accounts'; NULL until they are asked for
    int64_t of;
    int holders;
    bool forgotten;    // view_hold's: store_changes when it was made; how many hold it
};
/* The audit's view as its store is now, the last one where nothing has changed
 * since. Held until view_let (NULL is nobody's), and kept after it for the next
 * who asks; view_forget is for those who need the memory. Errors: of the store. */
MUST_CHECK int view_hold(struct audit *, struct view **, struct err *);
void view_let(struct view *);
void view_forget(struct audit *);
/* One of the caller's own. Errors: those of the store. */
MUST_CHECK int view_load(struct audit *, struct view *, struct err *);
void view_release(struct view *);
struct silence *view_find(const struct view *, int64_t item);    // NULL: found or never asked
/* The facts of a refusal, for the rules; refused pages' standing and whether it hangs on oEmbed. */
enum standing refusal_standing(const struct rules *, const struct item_row *, bool *ambiguous);
/* This refused page is to be read at a further vantage (page.elsewhere). */
bool refusal_wants_elsewhere(const struct rules *, const struct settings *,
                             const struct item_row *);
/* A retrieved item for a canary of this window, number i of the pool; false when there are no more.
 */
bool view_canary(const struct view *, int64_t start_day, int64_t end_day, uint64_t salt, int i,
                 uint64_t *id, int64_t *item);
/* The same items stood together in a request before: asked again they say no more. */
bool view_mates_seen(const struct view *, const int64_t *item, size_t n);
/* An absence of that UTC day counts, or would after further pages. */
bool silence_counts_on(const struct silence *, int64_t day);
/* The item would be confirmed if its page, and its batch-mates', were read as
 * public now; or its batches lose their canaries, and it may be what is_suspect them. */
bool silence_wants_recheck(const struct silence *, const struct settings *);
/* The instant that the reading has to come after. */
int64_t silence_recheck_after(const struct silence *);
/* It needs a further absence on another day than those that count. */
bool silence_wants_ask(const struct silence *, const struct view *, const struct settings *,
                       int64_t now);
/* Every public item is confirmed, and every page was read or given up. */
bool view_settled(const struct view *, const struct settings *);
/* Confirmed items that the check by single ids still wants, seeded: how many,
 * and of item[] at most `max` (NULL, 0: only the count). None while anything
 * else is still open. */
int64_t view_spots(const struct view *, const struct settings *, uint64_t salt,
                   const struct silence **out, size_t max);
/* The later of creation by the page and by the id: age counts from it. */
int64_t silence_born(const struct silence *);
/* When the item is old enough to be asked. */
int64_t due_by_age(int64_t born, const struct settings *);
#endif
