/* store/columns.h: the columns that are fields of record/fields.def, and the
 * SQL that lists them. A statement or a schema says {LIST FORM}, where LIST is
 *     all        every field
 *     drift      those that drift (record/field.h)
 *     compared   those that are compared
 * and FORM, for a field that is called name and is the third of its list,
 *     (nothing)      "name"
 *     c7             c9                      counted on from 7
 *     =g.c7          "name" = g.c9
 *     r.             r."name"
 *     =excluded.     "name" = excluded."name"
 *     a.:api_        a."name" AS "api_name"
 * with ", " between them. */
#ifndef STORE_COLUMNS_H
#define STORE_COLUMNS_H
#include "base/str.h"
#include "record/field.h"

enum columns { COLUMNS_ALL, COLUMNS_DRIFT, COLUMNS_COMPARED, COLUMNS_COUNT };
struct columns_list { int len; enum field f[FIELD_COUNT]; bool drifts[FIELD_COUNT]; };
/* Made when it is first asked for: to look a field up for every value costs more
 * than the value. */
const struct columns_list *columns_of(enum columns);
/* INTEGER or TEXT. */
const char *columns_type(enum field);
/* Appends sql with its lists written out. Of {rows N}, which is the engine's,
 * nothing is changed. */
void columns_expand(struct buf *out, const char *sql);
#endif
