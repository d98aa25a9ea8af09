/* store/frame.h: the frame of a sample: creators, their sightings, and lists of their posts.
 * Shape:   one row a handle; handles whose rows name one author id are one creator, known by
 *          the lowest of their numbers and shown under the handle that was seen last. That is
 *          computed when it is asked for: what comes in later may join two.
 * Absent:  as of record/creator.h.
 * Errors:  ERR_IO; what a callback says ends the walk. */
#ifndef STORE_FRAME_H
#define STORE_FRAME_H
#include "base/err.h"
#include "record/creator.h"

struct store;
/* ---- in ---- */
/* The row of a handle, made where there is none, and its author noted. A handle that is seen
 * with two author ids joins nothing. */
MUST_CHECK int store_creator_put(struct store *, struct str handle, uint64_t author, int64_t *row,
                                 struct err *);
/* Rows for many handles, each once, of which nothing else is known: row is what store_creator_rows
 * gave, 0 where there is none yet. Nobody is told that they are there (store_commit_later). */
MUST_CHECK int store_creators_add(struct store *, const struct str *handle, size_t n, int64_t *row,
                                  struct err *);
/* The author of a handle that has a row. */
MUST_CHECK int store_creator_named(struct store *, struct str handle, uint64_t author,
                                   struct err *);
/* The creator that has the handle, else the author id (0: not asked by it); 0 where none. */
MUST_CHECK int store_creator_find(struct store *, struct str handle, uint64_t author,
                                  int64_t *creator, struct err *);
/* The creator that a number belongs to by now, which may have been one by itself; 0 where none. */
MUST_CHECK int store_creator_main(struct store *, int64_t row, int64_t *creator, struct err *);
/* s->creator is a row as store_creator_put gave it. *fresh: nothing that says as much was
 * there: one of the same source without day or place gives way to one with it. */
MUST_CHECK int store_sighting_put(struct store *, const struct sighting *, bool *fresh,
                                  struct err *);
/* l->n is given. A list of a file that was taken in before is there already: *fresh. */
MUST_CHECK int store_listing_put(struct store *, const struct listing *, const struct listed_post *,
                                 size_t n, bool *fresh, struct err *);
/* What the creator's page said at `at`; CREATOR_UNREAD: no answer, one more try. */
MUST_CHECK int store_creator_read(struct store *, int64_t creator, enum creator_standing,
                                  int64_t at, struct err *);
/* Gives one try back: the site was to blame. */
MUST_CHECK int store_creator_spare(struct store *, int64_t creator, struct err *);

/* ---- out, each creator once ---- */
/* Of all creators that were ever seen, by number. Nothing may be written within. */
MUST_CHECK int store_creators(struct store *,
                              int (*each)(void *to, const struct creator *, struct err *), void *to,
                              struct err *);
/* Every row by its handle, also of accounts that are in no frame. */
MUST_CHECK int store_creator_rows(struct store *,
                                  int (*each)(void *to, const struct creator *, struct err *),
                                  void *to, struct err *);
/* Was a creator ever seen on a feed? Looked up once: then store_creator_is_seen asks nothing where
 * none was. */
MUST_CHECK int store_any_sighting(struct store *, bool *any, struct err *);
/* False for an account that was read and never seen on a feed: it is in no frame. */
MUST_CHECK int store_creator_is_seen(struct store *, int64_t row, bool *seen, struct err *);
MUST_CHECK int store_creator(struct store *, int64_t creator, struct creator *, bool *found,
                             struct err *);
/* creator 0: of all, one creator's behind another's; by day. */
MUST_CHECK int store_sightings(struct store *, int64_t creator,
                               int (*each)(void *to, const struct sighting *, struct err *),
                               void *to, struct err *);
/* The same of lists, by time; of creators, too, that were never seen. */
MUST_CHECK int store_listings(struct store *, int64_t creator,
                              int (*each)(void *to, const struct listing *, struct err *), void *to,
                              struct err *);
/* The posts of one, by their place. */
MUST_CHECK int store_listed(struct store *, int64_t listing,
                            int (*each)(void *to, const struct listed_post *, struct err *),
                            void *to, struct err *);
struct frame_totals {
    int64_t creators;    // that were seen
    int64_t sightings;
    int64_t listings;
    int64_t listed;    // creators of whom there is a list
    int64_t posts;     // different ones on all lists
};
MUST_CHECK int store_frame_totals(struct store *, struct frame_totals *, struct err *);
#endif
