/* silence/judged.h: a batch, the ids of one complete request, judged by all that is known
 * now: a page read tomorrow can turn a batch of today.
 *
 * An id that was asked and stayed away is a suspect unless it was seen public at or
 * after that: it may not be public, and a batch with such an id may lose others. */
#ifndef SILENCE_JUDGED_H
#define SILENCE_JUDGED_H
#include "silence/known.h"
#include "silence/rows.h"

struct judged {
    struct ask_row *row; size_t n, cap;
    int suspects;
    int lasting_suspects;       // of these: no further page can clear them
    int never;                  // asked and not returned to this day
    int canaries, back; bool dead_canary;       // sent; back; one is known as not public
    int came;                   // asked ids that came back
    bool late;                  // of a late check: says nothing of batches or of sound days
    bool forensic;              // canaries beside ids that are never returned
    bool repeat;                // the same mates were asked before
    bool out;                   // in an outage in which the API answered nothing for anybody
};
/* Fills in what the rows say; row, n, repeat and out stand. */
void judged_fill(struct judged *, const struct known *);
/* Its make-up as a member sees it: itself is no mate. own_suspect, own_never: the member
 * is counted in lasting_suspects, in never. */
int judged_make_up(const struct judged *, bool canaries, bool own_suspect, bool own_never);
/* Each request of the source with its asks, nothing judged yet, and out and repeat false.
 * Errors: those of the source, and -1 of take. */
MUST_CHECK int judged_each(const struct row_source *, int (*take)(void *to, struct judged *),
                           void *to, struct err *);
bool ask_is_suspect(const struct ask_row *, const struct known *);
bool ask_is_lasting_suspect(const struct ask_row *, const struct known *);
#endif
