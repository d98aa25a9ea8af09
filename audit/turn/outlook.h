/* audit/turn/outlook.h: what an audit still has to do, and when it can go on.
 * Units: UTC seconds; counts of items. */
#ifndef AUDIT_TURN_OUTLOOK_H
#define AUDIT_TURN_OUTLOOK_H
#include "audit/audit.h"
#include "record/intake.h"

struct outlook {                  // what is left, and when it can go on
    int64_t items;
    int64_t not_asked, waiting_day, to_read, to_recheck, links, given_up;
    int64_t links_waiting;        // short links that are tried again on another day
    int64_t link[FATE_COUNT];     // all short links, by where they stand
    int64_t blocked_alone;    // pages, oEmbed: nothing but a block while others were read; each
                              // is tried again on another day
    int64_t owed_waiting;     // pages of which the embed page alone was read today: the same
    int64_t to_witness;    // items and accounts that the API's other answers are still asked for
                           // (audit/turn/witness.h)
    int64_t too_recent, recent_first_at,
        recent_last_at;           // named, but no reason to come back today
    bool no_canary;               // days are waited for, but nothing ever came back: none can count
    int64_t late_asks, late_pages,
        late_waiting;             // of the late check that can be made now (silence/late.h)
    int64_t late_items;           // of its sample; 0: none was drawn
    int64_t late_next_at;         // when the next one begins; 0 none. It keeps no audit unfinished
    bool finished;                // audit/verdict/final.h says so
    int64_t by_embed;             // of a finished one: items that rest on their embed page alone
    int64_t next_at;              // UTC seconds; 0 where finished
};
MUST_CHECK int outlook_make(struct audit *, struct outlook *, struct err *);
/* All that is due or waited for, whatever it is: 0 where finished, and only there. */
int64_t outlook_left(const struct outlook *);
#endif
