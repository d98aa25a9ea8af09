/* audit/verdict/places.h: where each post was last seen to be public, by the names of vantages.
 * Absent:    an audit whose pages were all read at one vantage has no places.
 * Ownership: item_places_release frees what places_of filled in.
 * Memory:    a byte an item for each vantage but the first. */
#ifndef AUDIT_VERDICT_PLACES_H
#define AUDIT_VERDICT_PLACES_H
#include "audit/audit.h"

struct place;
struct places {
    struct place *v;
    size_t n, cap;
    int64_t max_item;
};
/* Names as a set (record/record.h), in the order of their numbers; unread_at: it was tried there
 * without an answer that decides. */
struct item_places {
    struct str public_at, refused_at, unread_at;    // in room
    struct buf room[3];
};
/* Fails with nothing to close but what places_close takes. */
MUST_CHECK int places_open(struct places *, struct audit *, struct err *);
void places_of(const struct places *, const struct item_row *, struct item_places *);
void item_places_release(struct item_places *);
/* Of the i-th vantage, the first being 0. */
int64_t places_number(const struct places *, size_t i);
const char *places_name(const struct places *, size_t i);
/* Some page was read at a vantage of that name. */
bool places_know(const struct places *, struct str name);
void places_close(struct places *);
#endif
