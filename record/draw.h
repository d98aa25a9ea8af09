/* record/draw.h: a draw of posts from the frame of a sample (record/creator.h).
 * Shape:     every creator of the frame at the draw has one row: drawn, or why not. A drawn post
 *            that another one stands for (drawn_post.instead) is no part of the sample.
 * Units:     instants UTC seconds.
 * Source:    the draw follows from frame, seed and what was asked for; at is the instant from
 *            which ages count. */
#ifndef RECORD_DRAW_H
#define RECORD_DRAW_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/digest.h"

/* Why nothing was drawn of a creator. X(id, name, words) */
#define DRAW_WHYS(X)                                                        \
    X(DRAWN, "drawn", "")                                                   \
    X(NOT_LISTED, "not_listed", "nobody listed their posts")                \
    X(PRIVATE, "private", "the account is private, or shown as private")    \
    X(GONE, "gone", "the account is gone or banned")                        \
    X(REFUSED, "refused", "the page of the creator was refused")            \
    X(TOO_FEW, "too_few", "fewer posts are listed")                         \
    X(TOO_YOUNG, "too_young", "too few of the listed posts are old enough") \
    X(UNUSABLE, "unusable", "too few of the listed posts can be used")      \
    X(PURGED, "purged", "the handle was purged")
enum draw_why {
#define X(id, name, words) DRAW_##id,
    DRAW_WHYS(X)
#undef X
        DRAW_WHY_COUNT
};
const char *draw_why_name(enum draw_why);
const char *draw_why_words(enum draw_why);

struct draw {
    int64_t n;    // 0: none
    int64_t at;
    int64_t posts;    // of each creator
    int64_t min_age_s;
    bool newest;            // the newest ones, else at random
    struct digest frame;    // of what was drawn from
};
struct draw_creator {
    int64_t creator;
    enum draw_why why;
    int64_t listed;    // different posts on its lists
    int64_t frame;     // of these: could be drawn
    bool newest;       // its lists show the newest few posts alone
    int64_t pinned;    // of the drawn: the creator pinned them
};
struct drawn_post {
    int64_t creator;
    uint64_t post;
    int64_t place;       // from 1: in the order of the draw
    uint64_t instead;    // of this post; 0 of none
};
#endif
