/* store/pg_values.h: values as PostgreSQL sends and takes them, in its binary form.
 *
 * Its texts hold neither U+0000 nor what is no UTF-8, and ours may hold both: such a byte b
 * goes in as the private character U+10FF00 + b, and comes out as the byte. One of these
 * characters that somebody wrote goes in as its four bytes, so nothing is lost.
 * A value of a field (v) is JSON: a number with a point or an exponent is a real one. */
#ifndef STORE_PG_VALUES_H
#define STORE_PG_VALUES_H
#include "base/arena.h"
#include "store/pg_words.h"

/* The parameters of a statement; they are used again. */
struct pg_params {
    struct buf mem;
    size_t at[PG_PARAMS_MAX];
    const char *value[PG_PARAMS_MAX];    // NULL where it is none
    int length[PG_PARAMS_MAX], format[PG_PARAMS_MAX];
};
/* ERR_IO: a text stands where a number belongs. */
MUST_CHECK int pg_params(struct pg_params *, const struct pg_wants *, const struct arg *,
                         struct err *);

/* Rows as COPY takes them, appended: a head, all rows, an end. kinds: a letter of queries.def for
 * each column. Fails as pg_params does. */
void pg_copy_begin(struct buf *out);
MUST_CHECK int pg_copy_rows(struct buf *out, const char *kinds, const struct rows *, struct err *);
void pg_copy_end(struct buf *out);

/* One that came, by its type. */
int64_t pg_cell_int(unsigned type, struct str);
double pg_cell_real(unsigned type, struct str);
struct str pg_cell_text(unsigned type, struct str, struct arena *);
void pg_cell_value(unsigned type, struct str, struct arena *, struct value *);
#endif
