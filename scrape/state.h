/* scrape/state.h: the JSON state that a page embeds in its scripts, reached in
 * one of two ways that must agree: fast (tags by memchr, values by walk.h, only
 * what is wanted is parsed) or whole (libxml2's HTML parser and all JSON).
 * Shape:     a generation of pages is one script; state_want takes parts of it.
 * Ownership: nodes live until state_release; the fast way borrows the page.
 * Absent:    a part that is not there is NULL. */
#ifndef SCRAPE_STATE_H
#define SCRAPE_STATE_H
#include <stdbool.h>
#include "base/arena.h"
#include "base/json.h"
#include "base/str.h"

enum script { SCRIPT_REHYDRATE, SCRIPT_SIGI, SCRIPT_NEXT, SCRIPT_EMBED, SCRIPT_COUNT };
#define STATE_DOCS 8
struct state {
    struct str script[SCRIPT_COUNT];       // text of the first such script, or STR_NONE
    bool whole;                            // values by the JSON parser, not by the walk
    bool broken;                           // some text was no JSON, or could not be walked
    bool doubled;                          // a wanted member stands twice, with different values
    struct json_doc root[SCRIPT_COUNT];    // of whole, parsed when first wanted
    struct json_doc doc[STATE_DOCS]; size_t docs;
    size_t nul_chars;                      // U+0000 that became U+2400
};
void state_find_fast(struct state *, struct str html);
/* False where libxml2 makes no document of the bytes. */
bool state_find_whole(struct state *, struct str html, struct arena *);
void state_release(struct state *);
void state_library(struct buf *out);

/* A member of the object at a path; inner names a member of that in turn. */
struct want { const char *name, *inner; };
/* The wanted members of the object at path (NULL-terminated names, from the
 * script's root). The walk may end early once those of `enough` (bits by
 * index) are found; without any it goes on to the end, and then no wanted member
 * may stand twice with different values. Returns whether the object is there; out[i] is NULL where
 * its member is not. */
bool state_want(struct state *, enum script, const char *const *path, const struct want *, size_t n,
                unsigned enough, const struct json **out);
#endif
