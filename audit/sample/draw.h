/* audit/sample/draw.h: draws posts from the frame; what is drawn are items of the sample, which
 * fetch and scrape take up like any others.
 * Units:  as of record/draw.h.
 * Errors: ERR_USAGE where there is no frame, where another draw stands and `again` was not said,
 *         or nothing to replace;
 *         ERR_INPUT where the draw that stands does not follow from frame and seed. */
#ifndef AUDIT_SAMPLE_DRAW_H
#define AUDIT_SAMPLE_DRAW_H
#include "audit/audit.h"
#include "record/draw.h"

struct draw_opts {
    int64_t posts, min_age_s;
    bool newest;
    bool again;      // though there is a draw already
    bool partial;    // though creators wait to be read
};
struct draw_result {
    struct draw draw;
    bool same;                  // that draw stands already, and nothing was done
    bool repeats;               // of that: worked out again, it is the same; nothing was replaced
    int64_t creators, drawn;    // of the frame; of these: of which posts were drawn
    int64_t posts;              // drawn
    int64_t fresh;              // of these: new items
    int64_t by_why[DRAW_WHY_COUNT];
    int64_t no_choice, newest, pinned, replaced;    // as of struct picked
};
MUST_CHECK int draw_posts(struct audit *, const struct draw_opts *, struct draw_result *,
                          struct err *);
/* A post in the place of each drawn one that is deleted or private by now and that the API never
 * returned; the next of its creator in the order of the draw. */
struct replace_result {
    struct draw draw;
    int64_t gone;              // drawn posts that cannot be used
    int64_t replaced, left;    // of these; left: their creator has no further post
};
MUST_CHECK int draw_replace(struct audit *, struct replace_result *, struct err *);
#endif
