/* scrape/streak.h: pages in a row that gave no answer and were no block: a post
 * alone may have no readable page, all of them cannot. A long row asks for
 * controls (posts whose pages should be readable); where these give no answer
 * either, the site has changed (drift), and the pages get their tries back.
 *
 * A page refused with a statusCode that was never seen before counts among them.
 * Its answer is held until the row has ended: where a page was read or the source
 * ran dry it is put as refused; where the run ended before, it says nothing. */
#ifndef SCRAPE_STREAK_H
#define SCRAPE_STREAK_H
#include "scrape/aside.h"

struct streak {
    struct book *book;             // borrowed
    size_t unread_max;             // page.unread
    bool shown;                    // just before this run the site showed pages
    struct ask_member *v; size_t n, cap;
    int why[NO_ANSWER_COUNT];
    struct aside *held;            // of these: refused with a code that was never seen before
    int controls;                  // of these: controls
    bool asking;                   // a control is under way
    bool sure;                     // the site is to blame
    bool any_read;                 // some page was
    struct evidence evidence;      // of the last one
    enum witness witness;          // ... who was asked: a run over pages asks one alone
};
/* The answer of a visit: put, or held, and what it says of the site. */
MUST_CHECK int streak_take(struct streak *, struct visit *, struct answer *, struct err *);
/* The row is long enough to ask for a control; dry: no further page will come. */
bool streak_suspects(const struct streak *, bool dry);
bool streak_wants_control(const struct streak *);
/* No control is at hand: was what there is enough to be sure? */
void streak_decide(struct streak *);
/* What a person is told of it. */
void streak_text(const struct streak *, struct buf *text);
/* What is still held at the end. Ended early the run cannot know whether the
 * site has changed, so these pages are read again, and cost no try; unreachable:
 * neither do the others of the row. */
MUST_CHECK int streak_end(struct streak *, bool early, bool unreachable, struct err *);
void streak_release(struct streak *);
#endif
