/* record/sample.h: a sample of creators in numbers: of each how many of the posts that were drawn
 * the API returned, and what that says of all (summary.json, "sample"; creators.csv; figure
 * `creators`).
 *
 * Ledger:    every creator of the frame has one fate, and every drawn post of a creator is
 *            available, missing, gone, restricted or open: each of these adds up.
 * Units:     shares and probabilities 0..1; instants UTC seconds.
 * Absent:    chance and q are -1 where nothing can be said: nothing came back from anyone, or no
 *            post of the creator is on trial.
 * Ownership: texts and arrays are borrowed from the arena of the summary. */
#ifndef RECORD_SAMPLE_H
#define RECORD_SAMPLE_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/stat.h"
#include "base/str.h"
#include "record/draw.h"

/* What becomes of a creator in the count. X(id, name) */
#define CREATOR_FATES(X)                                                             \
    X(COUNTED, "counted")     /* every drawn post that is public still is decided */ \
    X(CANADA, "canada")       /* decided as well, but posts from Canada: apart */    \
    X(OPEN, "open")           /* a post is undecided: apart, never as missing */     \
    X(GONE, "gone")           /* none of the drawn posts is public any more */       \
    X(LEFT_OUT, "left_out")   /* nothing was drawn of it, and why is known */        \
    X(NOT_DRAWN, "not_drawn") /* came in since the draw */
enum creator_fate {
#define X(id, name) CREATOR_FATE_##id,
    CREATOR_FATES(X)
#undef X
        CREATOR_FATE_COUNT
};
const char *creator_fate_name(enum creator_fate);

struct sample_creator {
    int64_t n;    // its number in the frame
    struct str handle;
    enum draw_why why;    // why nothing was drawn of it; DRAW_DRAWN: posts were
    int64_t frame;        // posts that could be drawn
    int64_t drawn;
    /* the drawn ones: */
    int64_t available;     // the API returned them
    int64_t missing;       // public, and confirmed as not returned
    int64_t gone;          // deleted or private since
    int64_t restricted;    // refused from here, perhaps public elsewhere
    int64_t open;          // undecided
    int64_t canada;        // of those on trial: made in Canada
    int64_t pinned;        // of the drawn: the creator pinned them
    bool newest;           // its list shows the newest few posts alone
    enum creator_fate fate;
    double chance;    // that none of its posts on trial is returned, at the rate of others
    double q;         // chance after Benjamini-Hochberg over those that are counted
};
/* Posts that the API could have returned, and whether it did is known. */
static inline int64_t sample_trials(const struct sample_creator *c)
{
    return c->available + c->missing;
}
/* Half and more of its posts on trial; one whose place nobody says is not made there. */
static inline bool sample_is_canadian(const struct sample_creator *c)
{
    return c->canada > 0 && 2 * c->canada >= sample_trials(c);
}

/* Creators with so many posts available, 0 .. posts. */
struct sample_spread {
    int64_t *n;
    int64_t creators, all, none;
};
struct sample_result {
    bool has;                      // false: no sample, and nothing below says anything
    int64_t creators;              // of the frame
    int64_t seen_from, seen_to;    // days of the sightings; 0: no day is known
    int64_t drawn;                 // of these, creators of which posts were drawn
    int64_t fate[CREATOR_FATE_COUNT];
    int64_t left_out[DRAW_WHY_COUNT];
    struct draw draw;        // n 0: nothing was drawn yet
    int64_t replaced;        // posts that were drawn in place of one that could not be used
    int64_t newest_lists;    // of the drawn creators: the list is that of the newest few alone
    int64_t pinned;          // of the drawn posts: pinned by the creator
    int64_t no_choice;       // of the drawn creators: no more posts could be drawn than were drawn
    /* the result: of creators that are counted; of Canadian ones apart */
    struct sample_spread counted, canada;
    /* Wilson 95 %, widened by the undecided creators falling all one way; 0..1 without any */
    struct stat_interval all, none;
    int64_t available, trials;            // posts of counted creators
    struct stat_interval available_95;    // by clusters
    double rate, rho;    // of creators with something available; -1 where there is none
    int64_t zeros;       // counted creators with none
    double zeros_expected, zeros_chance;    // base/stat_group.h; -1 where there is no rate
    int64_t could_be_all, could_be_none;    // of the open creators
    struct sample_creator *row;
    size_t rows;    // all of the frame, by handle
};

/* Fates, chances, spreads and intervals, from rows whose counts and why are filled in, and the
 * draw. Deterministic by seed. */
void sample_finish(struct sample_result *, struct arena *, uint64_t seed);
#endif
