/* audit/listed.h: a row of another tool's list (import/posts.h) -> the answer that it is:
 * the site showed this post then. `load` reads it so, and a replay of the kept row again.
 * Shape:     PUBLIC with a record, or NO_ANSWER: where the row's shape is no answer, names
 *            another post, or is of a post that its viewer alone, or friends, may see
 *            (a collector may have been logged in). A list refuses nothing.
 * Ownership: texts live in the arena; answer.record too.
 * Source:    audit/listed.def; of the site's own struct scrape/item.h. */
#ifndef AUDIT_LISTED_H
#define AUDIT_LISTED_H
#include "base/arena.h"
#include "import/posts.h"
#include "record/answer.h"

/* Fills id, kind, why, generation, message and record; all else is the caller's. */
void listed_read(enum post_shape, struct str row, uint64_t id, struct arena *, struct answer *);
/* The name under which the archive keeps a row: its shape, and its post. POST_NONE, and id
 * untouched, for what is no such name. */
void listed_urn(struct buf *out, enum post_shape, uint64_t id);
enum post_shape listed_shape(struct str urn, uint64_t *id);
#endif
