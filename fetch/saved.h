/* fetch/saved.h: what others saved of the API, in JSON: its replies, rows of them,
 * data frames (fetch/frame.h). One document at a time; base/json_cut.h cuts them.
 * Ownership: texts and records are borrowed for the call.
 * Errors:    ERR_INPUT where a document is no JSON or contradicts itself; whatever the
 *            taker returns. What is read and is no post is no error: `passed` is told. */
#ifndef FETCH_SAVED_H
#define FETCH_SAVED_H
#include "fetch/kept_row.h"
#include "fetch/reply.h"

struct saved_to {
    /* A reply, of an error too; text is its JSON. */
    int (*reply)(void *to, const struct reply *, struct str text, struct err *);
    /* A row that stands outside a reply; text is an object that reads as it. */
    int (*row)(void *to, const struct kept_row *, struct str text, struct err *);
    /* n of what ("comment", "column") were passed over; name says which, or is empty. */
    void (*passed)(void *to, const char *what, struct str name, int64_t n);
    void *to;
};
MUST_CHECK int saved_document(struct str text, struct arena *, const struct saved_to *,
                              struct err *);
/* A row of a table, each cell a text or a number, under the names of its columns. */
MUST_CHECK int saved_row(struct str object, const struct saved_to *, struct err *);
/* Documents one behind another. Errors also where there is none. */
MUST_CHECK int saved_read(struct str text, struct arena *, const struct saved_to *, struct err *);
#endif
