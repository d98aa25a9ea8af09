/* silence/late.h: late checks. Two adjacent days are not two observations: a post
 * can be absent for weeks and then be found again. So a seeded few of the
 * confirmed public missing items, and as many retrieved ones, are asked again
 * 14 and 30 days later, whenever the audit is run then.
 *
 * The sample is drawn once, when nothing else of the audit is left to do, and
 * both dates count from that day: one appointment for all of it. The check of
 * day 14 is made on any of the days 14 to 29, that of day 30 on any later one;
 * each asks the whole sample anew, so a check that was missed is only missing.
 * A rate is that of one ask with sound mates; where sound batches lose items
 * (losses_swallow), that loss is in both rates.
 * What a check says is computed each time, from asks of ROLE_LATE and from the
 * pages read after them; nothing of it is stored, and none of it counts as a
 * sound day or enters silence/belief.h.
 *
 * Shape:  struct late_item, ascending by item; n == 0 where nothing was drawn.
 * Units:  UTC seconds and UTC days. */
#ifndef SILENCE_LATE_H
#define SILENCE_LATE_H
#include "base/err.h"
#include "base/str.h"
#include "record/item.h"
#include "record/settings.h"
#include "record/summary.h"
#include "silence/sample.h"

#define LATE_CHECKS SUMMARY_LATE
extern const int late_days[LATE_CHECKS];        // 14, 30

struct late_asks {              // complete asks of one item in one check
    int64_t last_at;            // last one without it
    int64_t sound_at;           // last one without it with sound mates
    int64_t day;                // UTC day of the newest of them
    int asks, asks_on_day;      // all; on that day
    bool back;                  // came back in one of them
};
struct late_item {
    int64_t item; uint64_t id;
    bool missing;               // drawn as confirmed missing, else as retrieved
    bool refused, unreadable;     // its page says so last; it gave no answer page.attempts times
    int64_t day;                // of creation
    int64_t public_last, refused_last;
    struct late_asks check[LATE_CHECKS];
};
struct late { int64_t drawn_at; struct late_item *v; size_t n; };

enum late_outcome {
    LATE_NOT_ASKED,
    LATE_BACK,                  // the API returned it
    LATE_AWAY,                  // absent with sound mates, and its page was public afterwards
    LATE_REFUSED,               // its page was refused since: not intermittent but gone
    LATE_WANTS_PAGE,            // absent; its page is still to be read
    LATE_WANTS_ASK,             // absent, and a mate may have been the reason
    LATE_UNDECIDED,             // asked and read as often as it is worth
};
enum late_outcome late_outcome(const struct late *, const struct late_item *, int check);

/* The sample as text, "DRAWN_AT missing ITEM... retrieved ITEM...", and back: an empty
 * text is none. Errors: ERR_IO where it is no such text. late_release ends it. */
void late_print(struct buf *out, int64_t drawn_at, const struct sample *missing,
                const struct sample *retrieved);
MUST_CHECK int late_read(struct str text, struct late *, struct err *);
void late_release(struct late *);
struct late_item *late_find(const struct late *, int64_t item);      // NULL: not of the sample
/* Takes in the state of an item and its asks, in any order. `created` is a UTC
 * day; clock_s of silence/clock.h; sound: its mates were. */
void late_take_item(struct late *, const struct settings *, const struct item_row *,
                    int64_t created, int64_t clock_s);
void late_take_ask(struct late *, const struct ask_row *, bool sound);
/* The API returned it first in a late check: that it came back tells of time,
 * not of batches. */
bool late_returned(const struct late *, const struct item_row *);

/* The check that a run of now makes, or -1. */
int late_check_of(const struct late *, const struct settings *, int64_t now);
/* Items of the sample to ask now: how many, and with out (room for n) which. */
size_t late_to_ask(const struct late *, const struct settings *, int64_t now,
                   const struct late_item **out);
/* Its page is to be read now. */
bool late_wants_page(const struct late *, const struct settings *, const struct late_item *,
                     int64_t now);
struct late_due {
    int64_t asks, pages;        // now
    int64_t waiting;            // asked often enough today: the next UTC day goes on
    int64_t next_at;            // when the next check begins; 0: none to come
};
void late_due(const struct late *, const struct settings *, int64_t now, struct late_due *);

/* What a check found so far; false where none of its asks was answered. */
bool late_sum(const struct late *, int check, struct late_check *out);
#endif
