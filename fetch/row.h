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

/* What keeps a row from being taken. SPOILED: its id is a number that something
 * rounded (7.63e18, 123.0). The drifts may be NULL. */
enum row_fault { ROW_FINE = 0, ROW_NO_ID, ROW_SPOILED, ROW_DOUBLED };
enum row_fault row_read(const struct json *row, struct arena *, struct record *,
                        struct row_drifts *);
/* The same for a row that must be one. Errors: ERR_INPUT without an id of
 * 1..2^63-1, or where a key has two values. */
MUST_CHECK int row_parse(const struct json *, struct arena *, struct record *, struct err *);

/* Adds one to the count of kind and name, which is copied; a NULL d counts nothing. */
void row_drift_add(struct row_drifts *d, const char *kind, struct str name, struct arena *);
/* Is this the text or the number of an id that something made a floating-point number of? */
bool row_id_spoiled(const struct json *);
/* The field that has this key in a row, FIELD_COUNT where none has. */
enum field row_field(struct str key);
/* The value of a field as the API writes it; false, and *out untouched, where it is
 * of another type. */
bool row_value(const struct json *, enum field, struct arena *, struct value *out);
/* What the JSON text of video_tag says of advertising; *out untouched where nothing. */
void row_branded(struct str video_tag, struct value *out);

/* The fields that are asked for: all of the API's, `id` first. The first
 * FIELDS_OLD are those of the oldest documented list. */
#define FIELDS_MAX 32
#define FIELDS_OLD 14
size_t row_fields(struct str names[FIELDS_MAX]);
#endif
