/* report/column.h: what the columns of a table are, for its header and for whoever reads
 * it elsewhere (report/package.c).
 *
 * Shape:     labels and differences are rows of column.def; records have these and then a
 *            column for each field of record/fields.def, under our names or the API's. Under
 *            the API's, fields that it does not have are left out.
 * Absent:    an empty cell, whatever its type.
 * Ownership: names and sentences are constants. */
#ifndef REPORT_COLUMN_H
#define REPORT_COLUMN_H
#include <stdbool.h>
#include <stddef.h>
#include "base/str.h"
#include "record/field.h"

enum table {
    TABLE_LABELS,
    TABLE_DIFFERENCES,
    TABLE_RECORDS,
    TABLE_RECORDS_API,
    TABLE_HANDED_ITEMS,    // these three: for the platform (export --for-platform)
    TABLE_HANDED_REQUESTS,
    TABLE_HANDED_ASKS,
    TABLE_MOVED,    // and these two: of a comparison
    TABLE_CHANGES,
    TABLE_REVIEW,    // a sheet for a coder
    TABLE_CREATORS,    // of a sample
    TABLE_COUNT
};
enum column_type {
    COLUMN_TEXT,
    COLUMN_URL,
    COLUMN_INSTANT,             // RFC 3339, UTC
    COLUMN_SECONDS,             // an instant as the API has it: seconds since 1970
    COLUMN_INT,
    COLUMN_REAL,
    COLUMN_YES_NO,
    COLUMN_FLAG,                // 1 or 0
    COLUMN_BOOL,                // true or false
    COLUMN_JSON,                // JSON in one cell
    COLUMN_TYPE_COUNT
};
enum column_words {
    WORDS_NONE,
    WORDS_STATE,
    WORDS_LABEL,
    WORDS_REASON,
    WORDS_BASIS,
    WORDS_ANSWER,
    WORDS_WITNESS,    // of a post's page
    WORDS_ENGINE,
    WORDS_VALIDATION,
    WORDS_VERDICT,
    WORDS_FIELD,
    WORDS_SIDE,
    WORDS_BUCKET,
    WORDS_GAP_RULE,
    WORDS_CHANGE,
    WORDS_CRITERION,
    WORDS_UNIT,
    WORDS_BOUNDS,
    WORDS_FATE,
    WORDS_COUNT
};
struct column {
    struct str name;
    enum column_type type;
    enum column_words words;
    const char *unit;           // "" none
    bool key;
    const char *about;          // "" of a field: fields.def says where it comes from
    enum field field;           // FIELD_COUNT where it is none
};

#define COLUMNS_MAX (FIELD_COUNT + 8)
/* In the order of the file; column has room for COLUMNS_MAX. How many there are. */
size_t table_columns(enum table, struct column *column);
/* Word i of those that may stand in a column; NULL behind the last. "" is no word. */
const char *column_word(enum column_words, int i);
/* True where a record has this field under the API's names. */
bool column_is_of_api(enum field);
#endif
