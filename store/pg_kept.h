/* store/pg_kept.h: answers of a server that are kept for a while (db_keep), so that the same
 * question costs no second way.
 *
 * Shape:     an answer is what one statement with its arguments gave, whole or not yet.
 * Memory:    64 MiB in all: what goes beyond is not kept.
 * Ownership: whoever found or began one lets go of it; the rows stay as long as somebody has it,
 *            also when they do not hold any more.
 * Errors:    none. */
#ifndef STORE_PG_KEPT_H
#define STORE_PG_KEPT_H
#include "store/db_engine.h"

struct pg_kept;
struct pg_answer;
struct pg_kept *pg_kept_new(void);
void pg_kept_free(struct pg_kept *);    // accepts NULL; nobody has an answer any more
/* NULL: none. */
struct pg_answer *pg_kept_find(struct pg_kept *, enum query, const struct arg *, size_t n);
/* One that is filled, cell by cell; all of its rows have the columns of the first.
 * NULL: there is no room, and none of these functions does anything. */
struct pg_answer *pg_kept_begin(struct pg_kept *, enum query, const struct arg *, size_t n);
void pg_answer_add(struct pg_answer *, int column, unsigned type, struct str cell);
void pg_answer_whole(struct pg_answer *);
bool pg_answer_is_whole(const struct pg_answer *);
/* One that nobody has any more before it is whole never will be. */
void pg_answer_let(struct pg_answer *);
/* This table was written to: what reads it does not hold any more. */
void pg_kept_written(struct pg_kept *, struct str table);
void pg_kept_forget(struct pg_kept *);

/* The next row from *at on: 1 and its cells (p is NULL where it is none), 0 the end. */
int pg_answer_next(const struct pg_answer *, size_t *at, struct str *cell);
int pg_answer_columns(const struct pg_answer *);
unsigned pg_answer_type(const struct pg_answer *, int column);
#endif
