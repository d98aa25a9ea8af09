/* fetch/row.h: one row of the research API (an element of videos, a line of
 * JSONL) -> a record.
 * Doubled:   a row in which a key stands twice with different values says neither:
 *            it is not taken, and its reply is not a complete one.
 * Absent:    what a row leaves out is VAL_NONE (the platform omits empty fields).
 * Ownership: everything points into the arena. */
#ifndef FETCH_ROW_H
#define FETCH_ROW_H
#include "base/arena.h"
#include "base/err.h"
#include "base/json.h"
#include "record/record.h"

/* What was not expected, for the drift table: "api_key": unknown keys; "api_value":
 * keys with a value of another type; "api_doubled": keys of which rows hold two values. */
struct row_drift { const char *kind; struct str name; int64_t count; };
struct row_drifts { struct row_drift *v; size_t n; };

/* What keeps the row from being taken, NULL where nothing does. The drifts may be NULL. */
const char *row_read(const struct json *row, struct arena *, struct record *, struct row_drifts *);
/* The same for a row that must be one. Errors: ERR_INPUT without an id of
 * 1..2^63-1, or where a key has two values. */
MUST_CHECK int row_parse(const struct json *, struct arena *, struct record *, struct err *);
/* The key of which the row holds two values, STR_NONE for none. */
struct str row_doubled_key(const struct json *row);
/* The key of a field in a row; "" where the API does not have it. */
struct str row_key(enum field);
#endif
