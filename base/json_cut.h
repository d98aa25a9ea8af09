/* base/json_cut.h: JSON documents one behind another, cut from pushed bytes; of an
 * array at the top that holds objects its elements, so that memory holds one of
 * them and not the file.
 * Checks:  only where a value ends; whoever takes the document parses it.
 * Damage:  a document that its taker refuses is counted and costs nothing else. A
 *          line end within a string, a document that never ends or is longer than
 *          max costs a line, and from there on each line is a document of its own.
 * Errors:  the taker's. */
#ifndef BASE_JSON_CUT_H
#define BASE_JSON_CUT_H
#include <stdbool.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

/* 0 taken, 1 refused (err says why, the next one is handed on), -1 the end. */
typedef int json_cut_fn(void *to, struct str text, struct err *);
struct json_cut {
    json_cut_fn *document;
    void *to;
    size_t max;              // bytes of one document
    int64_t damaged;         // documents and lines that could not be read
    int64_t damaged_line;    // of the first of them, from 1
    char damage[200];        // what was wrong with it
    /* its own */
    struct buf hold;
    size_t at, start;    // looked at so far; where the document begins
    int depth;
    int64_t line, start_line;    // line ends before these
    bool begun, in_string, escaped, scalar, in_array;
    bool lines, dropping;    // each line is a document; the rest of this one is dropped
};
MUST_CHECK int json_cut_feed(struct json_cut *, struct str piece, struct err *);
MUST_CHECK int json_cut_end(struct json_cut *, struct err *);
void json_cut_release(struct json_cut *);
#endif
