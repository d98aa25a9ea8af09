/* store/pg_words.h: the statements of queries.def and the scripts of the schema in PostgreSQL's
 * words. They are written once, for all engines: what differs is a type's name, a function's,
 * and how rows go in: as one array a column. */
#ifndef STORE_PG_WORDS_H
#define STORE_PG_WORDS_H
#include "store/db.h"

/* Types by the number that PostgreSQL gives them (pg_type.dat). */
enum pg_type {
    PG_BOOL = 16,
    PG_BYTEA = 17,
    PG_INT8 = 20,
    PG_INT2 = 21,
    PG_INT4 = 23,
    PG_TEXT = 25,
    PG_JSON = 114,
    PG_JSONS = 199,
    PG_FLOAT8 = 701,
    PG_BYTEAS = 1001,
    PG_TEXTS = 1009,
    PG_INT8S = 1016,
    PG_FLOAT8S = 1022,
    PG_NUMERIC = 1700,
};
#define PG_PARAMS_MAX 128

/* What a statement wants: of each parameter the type; of rows an array a column. */
struct pg_wants {
    unsigned type[PG_PARAMS_MAX];
    char kind[PG_PARAMS_MAX];       // a letter of queries.def; of a column of rows that of a cell
    short arg[PG_PARAMS_MAX];       // which argument it is of
    short column[PG_PARAMS_MAX];    // -1: the argument itself
    int n;
};
void pg_wants(struct pg_wants *, const char *args);
/* Appends sql as PostgreSQL reads it; wants is NULL for a script. */
void pg_words(struct buf *out, const char *sql, const struct pg_wants *);
#endif
