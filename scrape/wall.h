/* scrape/wall.h: blocks (challenge, captcha, 403, 429 ...): of the site, or of one post alone?
 * Some posts give nothing but a block for weeks while all others are read. So a blocked answer is
 * held until something tells: a further page that is read, or a control (a post whose page was
 * readable just before), which is asked for where blocks would pause the run, and at its end. Where
 * that one is read, each held post is BLOCKED_ALONE, its message says by what, and it uses an
 * attempt a day; where it is not, or none is at hand, the site blocks us and no post is to blame.
 * A page tells of pages and of short links, an oEmbed reply of oEmbed alone. Blocks of creators'
 * pages (overload) are not held: nobody ever saw one of a creator alone. */
#ifndef SCRAPE_WALL_H
#define SCRAPE_WALL_H
#include "record/source.h"
#include "scrape/aside.h"

struct wall {
    struct book *book;    // borrowed
    struct aside *held;
    bool asking;    // the control is under way
    bool site;      // it was blocked as well, or there is none
    uint64_t last_id;
    int64_t last_item;    // the page that was read last in this run; 0 none
};
/* The answer of a visit: true where it was taken, and is held. */
bool wall_holds(struct wall *, struct visit *, const struct answer *);
/* Another answer came in: what it says of those that are held. */
MUST_CHECK int wall_sees(struct wall *, const struct visit *, const struct answer *, struct err *);
/* 1: *task is a control; 0: none is at hand, and the site is to blame; -1. */
MUST_CHECK int wall_control(struct wall *, struct read_source *, struct arena *, struct read_task *,
                            struct err *);
/* What is held says nothing: the site is to blame. */
MUST_CHECK int wall_blames_site(struct wall *, struct err *);
void wall_release(struct wall *);
#endif
