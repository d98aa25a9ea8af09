/* record/source.h: what an arm is to ask next. next returns 1 and an item, 0
 * when nothing is left, -1 on error. What it gives lives until the answer has
 * gone to the sink (the arena is the arm's, one per request). */
#ifndef RECORD_SOURCE_H
#define RECORD_SOURCE_H
#include "base/arena.h"
#include "record/answer.h"

/* API requests, composed: window, members, roles, round. */
struct ask_source {
    int (*next)(void *from, struct arena *, struct request *, struct err *);
    void *from;
};
/* Accounts that the API is asked about by name: which name, over which window,
 * and the items of the audit that the window holds (at most 100). */
struct user_task {
    struct str handle; int64_t item;
    int64_t start_day, end_day;
    struct ask_member *member; size_t members;
};
struct user_source {
    int (*next)(void *from, struct arena *, struct user_task *, struct err *);
    void *from;
};
/* Pages, oEmbed calls and short links to read, in a polite order. */
struct read_task {
    enum witness witness;    // WITNESS_PAGE, _OEMBED, _SHORT, _CREATOR, _EMBED
    uint64_t id;
    int64_t item;                  // of _SHORT: item is the link's number; of _CREATOR theirs
    struct str handle;             // "" = unknown; never of _CREATOR
    struct str link;               // of _SHORT: the short URL as it was given
};
struct read_source {
    int (*next)(void *from, struct arena *, struct read_task *, struct err *);
    void *from;
    /* A post whose page should be readable, to see whether the site or the posts
     * are to blame where no page is; another one each time. NULL: none at hand. */
    int (*control)(void *from, struct arena *, struct read_task *, struct err *);
};
#endif
