/* scrape/gen.h: what one generation of pages shows of a post. Each generation
 * is one gen_*.c that knows where its pages keep things; to add one copy gen_next.c
 * and put it into the table of page.c, the newest first.
 * Ownership: nodes and texts belong to the state (and the arena). */
#ifndef SCRAPE_GEN_H
#define SCRAPE_GEN_H
#include <stdbool.h>
#include <stdint.h>
#include "base/arena.h"
#include "record/answer.h"
#include "scrape/item.h"
#include "scrape/state.h"

struct parts {
    enum generation generation;
    bool shown;                    // the place where a post's verdict stands is there
    const struct json *code, *message;      // statusCode, statusMsg
    bool doubled;                  // a key that decides stands twice, with different values
    bool code_may_miss;            // this generation leaves the code out where all is well
    struct item_view item;         // item.item NULL: no post is shown
    struct str region;             // country in which the site saw us, "" unknown
    struct str canonical;          // the page's own URL, "" unknown
};
/* True where the page is of this generation and has a place for the verdict.
 * What a page tells besides (region, canonical) is filled in either way. */
typedef bool gen_fn(struct state *, uint64_t asked, struct arena *, struct parts *);
bool gen_rehydrate(struct state *, uint64_t asked, struct arena *, struct parts *);
bool gen_sigi(struct state *, uint64_t asked, struct arena *, struct parts *);
bool gen_next(struct state *, uint64_t asked, struct arena *, struct parts *);
/* The id of the post that the page is about, whichever was asked for; 0 where it names none. */
typedef uint64_t gen_own_fn(struct state *, struct arena *);
uint64_t gen_rehydrate_own(struct state *, struct arena *);
uint64_t gen_sigi_own(struct state *, struct arena *);
uint64_t gen_next_own(struct state *, struct arena *);
/* The "id" of an item object, 0 where there is none. */
uint64_t gen_item_id(const struct json *item);
#endif
