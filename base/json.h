/* base/json.h: cJSON at arm's length.
 * cJSON makes doubles of all numbers and cuts text at U+0000, so json_parse
 * first rewrites the text: integers of more than 15 digits become strings,
 * \u0000 becomes U+2400 (counted). Depth at most JSON_DEPTH_MAX (base/json_scan.h).
 * Every getter accepts NULL and returns "absent"; a number may stand as a
 * string and a string as a number, as the platform does it.
 * Ownership: the document owns all text; json_free ends it. */
#ifndef BASE_JSON_H
#define BASE_JSON_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

struct json;                                  // a node: object, array, string, number, ...
struct json_doc { struct json *root; size_t nul_chars; };

/* Exactly one value, white space around it allowed. Errors: ERR_INPUT with the
 * byte offset. */
MUST_CHECK int json_parse(struct str text, struct json_doc *, struct err *);
/* One value at the start; *used is where it ended (for several documents in a
 * row). *used == 0 and root NULL when only white space is left. */
MUST_CHECK int json_parse_next(struct str text, struct json_doc *, size_t *used, struct err *);
void json_free(struct json_doc *);

enum json_kind { JSON_ABSENT = 0, JSON_NULL, JSON_FALSE, JSON_TRUE, JSON_NUMBER, JSON_STRING,
                 JSON_ARRAY, JSON_OBJECT };
enum json_kind json_kind(const struct json *);
/* Of equal keys the first; other readers take the last, so what decides
 * something is asked of json_doubled too. */
const struct json *json_get(const struct json *object, const char *key);    // exact case
const struct json *json_get_nocase(const struct json *object, const char *key);
/* "a.b.c" through objects; a step that is missing gives NULL. A key that
 * itself holds a dot (webapp.video-detail) is for json_get. */
const struct json *json_path(const struct json *, const char *dotted);
size_t json_len(const struct json *);                       // array or object; else 0
const struct json *json_first(const struct json *);         // child, or NULL
const struct json *json_next(const struct json *);          // sibling, or NULL
struct str json_key(const struct json *);                   // of a child of an object
/* Does key stand in the object more than once, with values that differ? */
bool json_doubled(const struct json *object, const char *key);
/* The first key (in the order of its bytes) of which that holds, STR_NONE where
 * none; deep: of whatever lies inside as well, arrays included. */
struct str json_doubled_key(const struct json *, bool deep);
/* Text of a string; *out untouched and false where it is none. */
bool json_text(const struct json *, struct str *out);
/* Integers: a number without fraction, or a string of digits (one '-'). */
bool json_i64(const struct json *, int64_t *out);
bool json_u64(const struct json *, uint64_t *out);
bool json_bool(const struct json *, bool *out);             // true/false, 0/1
bool json_double(const struct json *, double *out);
/* The node as compact JSON text, keys in the order they came; big integers as
 * they came (bare). */
void json_print(const struct json *, struct buf *out);
#endif
