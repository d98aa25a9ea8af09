/* store/carry.h: all that a store holds goes over into a new one at another place, on whichever
 * engine, row by row as it is; and the digest of all of it, which is the same on every engine.
 *
 * Shape:  tables and columns are those that the database has, not a list of ours; so a new table
 *         needs nothing here. Rows that go in are many a statement, rows that come out one by one.
 * Whole:  the new place appears when all rows are in it and have been read again with the same
 *         digest; a process that is killed before leaves none.
 * Errors: ERR_USAGE where something is there already; ERR_STOPPED. */
#ifndef STORE_CARRY_H
#define STORE_CARRY_H
#include "base/digest.h"
#include "store/store.h"

struct carried {
    int64_t tables, rows;
    struct digest digest;    // of every cell of every row; in which order rows lie does not matter
};
MUST_CHECK int store_carry(struct store *from, const char *to, struct carried *, struct err *);
MUST_CHECK int store_carried(struct store *, struct carried *, struct err *);
#endif
