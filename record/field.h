/* record/field.h: enum, names and lookup made from record/fields.def. */
#ifndef RECORD_FIELD_H
#define RECORD_FIELD_H
#include <stdbool.h>
#include "base/str.h"

enum field {
#define FIELD(id, name, api, page, type, cmp, slack) FIELD_##id,
#include "record/fields.def"
#undef FIELD
    FIELD_COUNT
};
enum field_type {
    TYPE_TIME,
    TYPE_COUNT,
    TYPE_ID,
    TYPE_TEXT,
    TYPE_SET,
    TYPE_FLAG,
    TYPE_INT,
    TYPE_JSON
};
enum field_cmp {
    CMP_NONE = 0,
    CMP_EXACT,
    CMP_HANDLE,
    CMP_TRIMMED,
    CMP_FOLDED,
    CMP_SUBSET,
    CMP_WITHIN,
    CMP_SECONDS,
    CMP_COUNTER
};
struct field_info {
    const char *name, *api_key, *page_path;
    enum field_type type; enum field_cmp cmp; int slack;
};
const struct field_info *field_info(enum field);
/* Of "hashtag_info_list[].hashtag_id" the key in a row of the API, and the one inside it;
 * none where the API does not have it, "*" where another field's value holds it. */
struct field_key { struct str base, inner; };
struct field_key field_api_key(enum field);
/* By our name; FIELD_COUNT where there is none. */
enum field field_find(struct str name);
/* A field whose readings drift (CMP_COUNTER or a plain COUNT): kept as a
 * series, no part of a record's hash. */
bool field_drifts(enum field);
#endif
