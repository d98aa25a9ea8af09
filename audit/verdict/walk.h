/* audit/verdict/walk.h: every item with its current records of both sides, by id: what
 * the passes of accounts.c and label.c go over.
 * Ownership: row and records are borrowed until the next step. */
#ifndef AUDIT_VERDICT_WALK_H
#define AUDIT_VERDICT_WALK_H
#include "audit/audit.h"
#include "audit/verdict/places.h"
#include "store/about.h"

struct item_walk {
    struct item_cursor *items;
    struct pair_cursor *pairs;
    struct item_row row;
    struct pair_row pair;
    int pair_state;                          // 1: pair is ahead or at row; 0: end
    const struct record *rec[SIDE_COUNT];    // of row; NULL where a side showed none
    struct places places;
    struct item_places at;                   // of row: where it is public
    struct store *store;
    struct about *about;                     // of row and those behind it; NULL: of none yet
    size_t abouts;                           // of how many
    size_t about_chunk;                      // how many at once; 0: nothing is known of them yet
    struct about *next;                      // of those behind them, on their way; or NULL
    size_t nexts;
};
/* Fails with nothing to close but what item_walk_close takes. */
MUST_CHECK int item_walk_open(struct audit *, struct item_walk *, struct err *);
/* 1 item, 0 end, -1 error. */
MUST_CHECK int item_walk_next(struct item_walk *, struct err *);
/* What is told of its item beside its row (store/about.h); read for many at a time. */
MUST_CHECK int item_walk_about(struct item_walk *, const struct about_item **, struct err *);
void item_walk_close(struct item_walk *);    // accepts what item_walk_open left
#endif
