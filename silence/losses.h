/* silence/losses.h: what the asks say of batches, gathered request by request for
 * silence/belief.h. silence/view.c walks over the requests; nobody else includes it.
 *
 * Bias: items found at once are survivors (3 of 3 come back with probability 0.34
 *       where 3 in 10 are swallowed), so as canaries they weigh a quarter of one
 *       that was lost once. A canary counts where another id of its batch came back:
 *       if its own return decided that, every sound batch would look harmless, and a
 *       batch that is lost as a whole counts for nobody. */
#ifndef SILENCE_LOSSES_H
#define SILENCE_LOSSES_H
#include "silence/view.h"

struct group {                          // one complete request
    struct ask_row *row; size_t n, cap;
    int suspects;                       // asked, silent, not seen public since
    int lasting_suspects;                       // of those: none that a further page could heal
    int never;                          // asked and not returned to this day
    int canaries, back; bool dead_canary;
    int came;                           // asked ids that came back
    bool forensic;                      // canaries beside ids that are never returned
    bool repeat;                        // the same mates were asked before
    bool out;    // in an outage in which the API answered nothing for anybody
};
/* The make-up as a member sees it: itself is no mate. own_dead, own_never:
 * the member is counted in lasting_suspects, in never. canaries: they hold. */
int group_make_up(const struct group *, bool canaries, bool own_dead, bool own_never);

/* Companies by what they hold. True where the same one was asked before. */
bool mate_set_note(struct mate_sets *, uint64_t mates, int64_t request);
uint64_t group_mates(const struct group *);

/* First pass: canaries lost in a window on a day. Needs only what came before
 * in the order of requests. */
void losses_take_window_day(struct view *, const struct group *);
/* Second pass. sound: canaries hold and no dead mates, as far as is known now. */
void losses_take(struct view *, const struct group *, bool canaries);
/* The loss probability of one ask. */
double loss_of(const struct view *, const struct group *, int make_up);
void losses_release(struct view *);

#define DAY_MAX 40000                   // 2079: days of creation that are indexed
#define VIEW_STANDING 0x03
#define VIEW_MARKS 0x0c                 // enum page_mark, of its page
#define VIEW_MARKS_SHIFT 2
#define VIEW_RECOVERED 0x10             // absent once, found later
#define VIEW_WAS_SILENT 0x20            // ... and the ask that makes it recovered was passed
#define VIEW_CAME_BACK 0x80             // ... and the first ask that found it, too
#define VIEW_GIVEN_UP 0x40              // its page gave no answer page.attempts times
#endif
