/* fetch/frame.h: a data frame in one JSON document, as pandas writes it.
 * Shape:   columns {"id": {"0": 7..}, ...}, lists {"id": [7..], ...}, index {"0": {...}},
 *          split and tight {"columns", "index", "data": [[...]]}, table {"schema",
 *          "data": [{...}]}. Rows alone (records, lines) are no frame: each is read for
 *          itself. `values` names no column: none of its rows can be told.
 * Ids:     where no column is one, the labels of the rows are, if all of them could be.
 * Source:  pandas, DataFrame.to_json. */
#ifndef FETCH_FRAME_H
#define FETCH_FRAME_H
#include "base/err.h"
#include "base/json.h"

bool frame_is(const struct json *root);
/* Hands each row on as the text of an object, column by column, and read.
 * Errors: ERR_INPUT where the document is no whole frame; whatever fn returns. */
typedef int frame_row_fn(void *to, const struct json *row, struct str text, struct err *);
MUST_CHECK int frame_rows(const struct json *root, frame_row_fn *fn, void *to, struct err *);
#endif
