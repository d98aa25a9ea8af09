/* store/draw.h: draws from the frame of a sample, as record/draw.h has them.
 * Errors: ERR_IO; what a callback says ends the walk. */
#ifndef STORE_DRAW_H
#define STORE_DRAW_H
#include "base/err.h"
#include "record/draw.h"

struct store;
/* d->n is given. The latest draw is the sample; earlier ones are only told of. */
MUST_CHECK int store_draw_put(struct store *, struct draw *, const struct draw_creator *, size_t n,
                              const struct drawn_post *, size_t posts, struct err *);
/* A post that stands for another one of the latest draw (instead). */
MUST_CHECK int store_drawn_add(struct store *, int64_t draw, const struct drawn_post *,
                               struct err *);
/* The latest; n is 0 where nothing was drawn yet. */
MUST_CHECK int store_draw_last(struct store *, struct draw *, struct err *);
/* By creator. Nothing may be written within. */
MUST_CHECK int store_draw_creators(struct store *, int64_t draw,
                                   int (*each)(void *to, const struct draw_creator *, struct err *),
                                   void *to, struct err *);
/* By creator and place; without those that another one stands for by now. */
MUST_CHECK int store_drawn(struct store *, int64_t draw,
                           int (*each)(void *to, const struct drawn_post *, struct err *), void *to,
                           struct err *);
#endif
