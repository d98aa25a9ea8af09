/* import/collect.h: where all readers of a file bring what they find: counts,
 * and the items, which are handed on in the order of their ids: so they are
 * numbered, and lie together in the store when they are asked together. */
#ifndef IMPORT_COLLECT_H
#define IMPORT_COLLECT_H
#include "import/runs.h"
#include "import/urls.h"
#include "record/ending.h"

#define COLLECT_CHUNK 250000        // the longest chunk: 10 MB, and the same to sort it
struct collector {
    const struct import_opts *opts;
    const struct import_sink *sink;
    struct import_count count;
    struct new_item *item; size_t len, room;     // the chunk, which grows to the longest
    struct new_item *spare;                      // room to sort it; NULL until it is needed
    struct runs runs;                            // of a longer list: the chunks before this one
    int64_t taken_by[ENDINGS], odd_by[ENDINGS];    // of count.taken and count.odd
    struct endings aside;                          // ids of collect_aside
    int64_t in_powers;                             // spoiled: 7.63559E+18
    unsigned spoiled;                              // known in the end: endings that are not taken
};
void collector_init(struct collector *, const struct import_opts *, const struct import_sink *);
void collector_release(struct collector *);
/* Takes every link and bare id in text; *found (may be NULL) says how many. */
MUST_CHECK int collect_text(struct collector *, struct str text, int64_t *found, struct err *);
/* The same for a value that should be a link or an id: where it holds none,
 * that is counted too (placeholder, bad id, no link). */
MUST_CHECK int collect_value(struct collector *, struct str value, struct err *);
/* A link or an id that was read already. */
MUST_CHECK int collect_link(struct collector *, const struct link *, struct err *);
/* A value that should name a creator: a handle, a link to the account's page or to a post of
 * it. What else is known of the sight stands in *seen. Where sink.seen is set. */
MUST_CHECK int collect_creator(struct collector *, struct str value, const struct creator_seen *,
                               struct err *);
void collect_skip(struct collector *, enum import_skip);
/* An id whose last digits are gone: a number of a spreadsheet, 7.63559E+18. */
void collect_spoiled(struct collector *);
/* An id that is no item as it stands, and a spoiled one if the others are. */
void collect_aside(struct collector *, uint64_t id);
void collect_note(struct collector *, const char *fmt, ...) PRINTF(2, 3);
/* Judges the endings of all ids together, then hands the items on; the spoiled ones
 * become skips. */
MUST_CHECK int collect_end(struct collector *, struct err *);

/* A way of reading: bytes are pushed in pieces of any size, then end is called
 * once. free is called whatever happened. */
struct reader {
    int (*feed)(void *self, struct str piece, struct err *);
    int (*end)(void *self, struct err *);
    void (*free)(void *self);
    void *self;
};
#endif
