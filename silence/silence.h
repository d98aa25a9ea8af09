/* silence/silence.h: one item that was asked and never came back, with its
 * absences: the days on which it was silent, and what they are worth.
 *
 * Units:     UTC seconds and UTC days; 0 = never. Probabilities 0..1.
 * Ownership: a view's (silence/view.h), which alone writes to it.
 * Memory:    56 bytes each, and about 130 more for one that was seen public. */
#ifndef SILENCE_SILENCE_H
#define SILENCE_SILENCE_H
#include <stdbool.h>
#include <stdint.h>
#include "record/settings.h"
#include "silence/belief.h"

enum standing {
    STANDING_UNREAD,        // no page answer
    STANDING_PUBLIC,
    STANDING_NOT_PUBLIC,    // refused with a label of deleted or private
    STANDING_RESTRICTED,    // refused here, perhaps public elsewhere
};
/* The rules' verdict on a refusal hangs on what another witness says. */
enum hanging { HANGS_ON_OEMBED = 1, HANGS_ON_EMBED = 2 };
struct tally_of_days {      // absences of one kind
    double lost;            // probability that every one of them was a loss
    uint32_t last_at;
    int days;               // distinct UTC days
};
/* Absences of one UTC day. Those that are neither sound nor pending count no day,
 * but enter the probability. fresh: of an ask with other mates than before, for the
 * same ones again say nothing new. lost: the probability that all of these, the
 * unsound among them, were lost. */
struct silent_day {
    int32_t day; uint16_t sound, unsound, pending;
    uint16_t sound_fresh, pending_fresh;
    float lost, pending_lost;
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
    /* As other clocks surely see them (silence/clock.h): since, until, until. */
    uint32_t public_first, public_last, refused_last;
    int32_t asked;          // complete replies without it, those of outages left out
    uint16_t tries;         // of who shows its page and has the fewest (record/witnesses.h)
    uint16_t oembed_tries, embed_tries;
    uint16_t following_asked;       // of these: in the window after its own
    uint8_t standing;       // enum standing
    uint8_t oembed, embed;    // enum answer_kind; embed: since the page refused
    bool outage_only : 1;   // was asked in outages alone
    unsigned hangs_on : 2;    // enum hanging
    bool late_refusal : 1;  // public and confirmed, refused afterwards
    bool confirmed : 1;
    bool spotted : 1;       // was asked alone as a check
    /* Its embed page alone was read: where it shows no post that carries no cause, and where it
     * shows one, not what the page alone tells (an ad, a place). So the page is wanted, for as long
     * as it has attempts left and a site that blocks it was not asked on enough days. */
    bool owes_page : 1;
    bool tried : 1;         // its page or its embed page was asked in vain since it last answered
};
/* When an item of that birth is old enough to be asked. */
int64_t due_by_age(int64_t born, const struct settings *);
/* The later of creation by the page and by the id: age counts from it. */
int64_t silence_born(const struct silence *);
bool silence_is_refused(const struct silence *);
/* An absence of that UTC day counts, or would after further pages. */
bool silence_counts_on(const struct silence *, int64_t day);
#endif
