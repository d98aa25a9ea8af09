/* record/creator.h: the frame of a sample: creators, where and when each was seen, and who
 * listed which of their posts.
 * Shape:     a creator is one handle, or several that carried the same author id, and then it
 *            goes by the one that was seen last. A creator is in the frame by its sightings;
 *            a listing alone puts nobody there.
 * Units:     instants are UTC seconds, days are counted from 1970-01-01; 0 = not known.
 * Absent:    author 0: no row named it, or the handle was seen with two. post 0: a handle or a
 *            profile link, not a post. place "": nobody said where.
 * Ownership: texts are borrowed for the call that hands them on. */
#ifndef RECORD_CREATOR_H
#define RECORD_CREATOR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/str.h"
#include "record/item.h"

/* What the page of the creator last said. X(id, name) */
#define CREATOR_STANDINGS(X)                                      \
    X(UNREAD, "unread")   /* never read, or no answer so far */   \
    X(PUBLIC, "public")                                           \
    X(PRIVATE, "private") /* as minors are shown, too */          \
    X(GONE, "gone")       /* banned, deleted, or never existed */ \
    X(REFUSED, "refused") /* a code that is none of these */
enum creator_standing {
#define X(id, name) CREATOR_##id,
    CREATOR_STANDINGS(X)
#undef X
    CREATOR_STANDING_COUNT
};
const char *creator_standing_name(enum creator_standing);

#define CREATOR_PURGED "~"
struct creator {
    int64_t n;     // from 1, in the order they came
    char handle[HANDLE_MAX + 1];
    uint64_t author;
    enum creator_standing standing;
    int64_t standing_at;    // of the reading that said so
    int tries;              // readings without an answer since
    int64_t tried_at;       // of the last reading of any outcome
    bool purged;            // handle is a word that is none: CREATOR_PURGED and a number
};

struct sighting {
    int64_t creator, source;
    int64_t day;
    struct str place;    // as the auditor or the file says
    uint64_t post;
};

/* How much of what the creator has posted a listing shows. X(id, name) */
#define LISTING_REACHES(X)                                                         \
    X(ALL, "all")         /* as far back as whoever listed it went */              \
    X(NEWEST, "newest")   /* cut behind the newest few, or by whoever listed it */
enum listing_reach {
#define X(id, name) LISTING_##id,
    LISTING_REACHES(X)
#undef X
    LISTING_REACH_COUNT
};
const char *listing_reach_name(enum listing_reach);

/* Who listed a creator's posts, when, and what was on the list. */
struct listing {
    int64_t n, creator;
    struct str by;    // "embed" for the creator's own page as we read it, else the shape of the
                      // file (import/posts.h, post_shape_name)
    int64_t at;
    enum listing_reach reach;
    int64_t rows;     // on the list: the posts, the dropped ones, repeats
    int64_t dropped;  // private posts, posts of others
    int64_t source;   // of a file, else 0
    int64_t request, evidence;    // of a reading of ours, else 0
};
struct listed_post {
    uint64_t id;
    int64_t place;    // on the list, from 0: pinned posts may stand first
};
#define LISTING_BY_EMBED "embed"

/* What the creator's own page said (an answer of WITNESS_CREATOR). */
struct creator_page {
    enum creator_standing standing;    // PUBLIC: with a list; else why there is none
    uint64_t author;
    struct listed_post *post;
    size_t posts;             // public ones of the creator, in the page's order
    int64_t rows, dropped;    // as of a listing
};

/* A sight of a creator, as a file names it. */
struct creator_seen {
    char handle[HANDLE_MAX + 1];
    uint64_t author, post;
    int64_t at;
    struct str place;
};
#endif
