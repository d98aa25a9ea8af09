/* audit/sample/pick.h: which posts of which creators are drawn: a function of the frame, the seed
 * and what is asked for, and of nothing else.
 * Shape:     a frame has each creator once, with each of its listed posts once. The rank of a
 *            post is the first 8 bytes of HMAC-SHA-256(key, its decimal id), the key 16 hex digits
 * of digest_rank(seed, SEED_DRAW); the lowest ranks are drawn. So a draw of more posts has all of
 * those of a draw of fewer, and one creator's do not depend on another's. Ownership: results are
 * the caller's to free. Source:    record/draw.h. */
#ifndef AUDIT_SAMPLE_PICK_H
#define AUDIT_SAMPLE_PICK_H
#include "base/str.h"
#include "record/creator.h"
#include "record/draw.h"

struct frame_post {
    uint64_t id;
    bool pinned;      // stood before a newer one on a list of the newest few
    bool unusable;    // known as not public, or purged
};
struct frame_creator {
    struct creator who;
    bool is_listed;
    int64_t listed_at;    // of the latest list
    bool newest;          // no list goes further back than the newest few
    struct frame_post *post;
    size_t posts;    // by id
};
struct frame {
    struct frame_creator *v;
    size_t n;    // by number
};
void frame_release(struct frame *);
/* SHA-256 over a line a creator, "@HANDLE STANDING", and a line a post below it, " ID", by handle
 * and id; LF at each end. */
struct digest frame_digest(const struct frame *);

struct picked {
    struct draw_creator *creator;
    size_t creators;    // one for each of the frame
    struct drawn_post *post;
    size_t posts;
    int64_t by_why[DRAW_WHY_COUNT];
    int64_t no_choice;         // drawn creators whose frame holds no more than was drawn
    int64_t newest, pinned;    // drawn creators with the newest few alone; drawn posts
    int64_t replaced;          // posts drawn in place of one that is known as not usable
};
/* d: posts, min_age_s, newest and at are asked for; frame is filled. */
void pick(const struct frame *, struct str seed, struct draw *d, struct picked *);
/* The next of a creator's posts in the order of the draw, behind those that are taken; 0 none. */
uint64_t pick_next(const struct frame_creator *, struct str seed, const struct draw *,
                   const uint64_t *taken, size_t n);
void picked_release(struct picked *);
#endif
