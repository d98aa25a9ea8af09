/* store/rows.h: rows that are gathered for one statement (struct rows of db.h).
 * Ownership: texts that came through rows_text are copies, kept until the set is
 * cleared. A zeroed set is empty and ready. */
#ifndef STORE_ROWS_H
#define STORE_ROWS_H
#include "base/arena.h"
#include "store/db.h"

struct row_set { struct arg *v; struct rows rows; size_t cap; struct arena mem; };
/* Room for one more row of that many columns, the same for all of a set; each NULL. */
struct arg *rows_add(struct row_set *, int columns);
struct arg rows_text(struct row_set *, struct str);
void rows_clear(struct row_set *);
void rows_release(struct row_set *);
/* The set as argument; none of its rows may be added afterwards. */
struct arg rows_arg(struct row_set *);
/* Runs a statement with the set as its only argument; nothing where it is empty. */
MUST_CHECK int rows_run(struct db *, enum query, struct row_set *, struct err *);
#endif
