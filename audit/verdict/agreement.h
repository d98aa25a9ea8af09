/* audit/verdict/agreement.h: what the sound asks of each item said (silence/sound_asks.h), and
 * how far they agree: consistency, and when items first came.
 *
 *     agreement      share of the sound asks that found an item, of items that came back at
 *                    least once. An item is asked again because it stayed away, until it
 *                    comes; over all asks, the first that found it included, that is no bias.
 *     same day, other days   of the asks of an item after one that found it, on that UTC day
 *                    or on a later one, the share that found it again.
 *
 * An ask counts where the item was api.min_age_hours old; so does one that found it. An
 * absence after the last sign that an item was public is undecided: no trial, but it stands
 * in the worst cases.
 *
 *     struct agreement *a;
 *     struct agreed sum = {0};
 *     agreement_make(audit, view, accounts, &a, err);
 *     for each item that is wanted: agreed_add(&sum, AGREEMENT_ALL, a, item);
 *     agreed_conclude(&sum, 0.95, &share);      // of what was added so far
 *     agreed_release(&sum);
 *     agreement_free(a);
 *
 * Units:   counts of asks; UTC seconds.
 * Memory:  4 bytes for every item, and 28 for each that has a sound ask. */
#ifndef AUDIT_VERDICT_AGREEMENT_H
#define AUDIT_VERDICT_AGREEMENT_H
#include "audit/verdict/by_account.h"
#include "audit/view.h"

struct item_asks {
    uint32_t first_at;       // its first sound ask, whatever its age
    uint32_t absent_at;      // the last sound absence before it first came back; 0 none
    bool came_back;          // at least once, by an ask of whatever kind
    uint16_t asks, found;    // decided ones; of these, those that found it
    uint16_t undecided;
    uint16_t same_asks, same_found;      // after one that found it, on that day
    uint16_t later_asks, later_found;    // ... on a later one
};
struct agreement;
/* accounts: borrowed, as are the view and what they rest on. Errors: of the store. */
MUST_CHECK int agreement_make(struct audit *, const struct view *, const struct account_table *,
                              struct agreement **, struct err *);
void agreement_free(struct agreement *);    // accepts NULL
/* NULL: the item has no sound ask. */
const struct item_asks *agreement_of(const struct agreement *, int64_t item);

enum agreement_kind { AGREEMENT_ALL, AGREEMENT_SAME_DAY, AGREEMENT_OTHER_DAYS };
struct agreed {
    struct by_account sum;
    int64_t items, undecided;
};    // zero-initialise
/* Adds an item, unless it never came back or has no such ask. */
void agreed_add(struct agreed *, enum agreement_kind, const struct agreement *, int64_t item);
struct agreed_share {
    int64_t asks, found, items;       // decided asks; of these that found; items of them
    int64_t undecided;                // asks; of AGREEMENT_ALL alone
    double share;                     // found / asks; 0 where there are none
    struct stat_interval interval;    // of the sample: accounts are what is drawn
    struct stat_interval worst;       // the same, with every undecided ask as absent; as found
};
void agreed_conclude(struct agreed *, double confidence, struct agreed_share *);
void agreed_release(struct agreed *);
#endif
