/* audit/take/api_put.h: rows of the API that somebody else asked for become one request
 * of the audit: items, answers, and the bytes that they were read from. */
#ifndef AUDIT_TAKE_API_PUT_H
#define AUDIT_TAKE_API_PUT_H
#include "audit/take/loading.h"

struct ids {
    uint64_t *v;
    size_t n, cap;
};
int ids_by_id(const void *a, const void *b);    // for qsort and bsearch
void ids_add(struct ids *, uint64_t);
void ids_sort(struct ids *);    // and each once
void ids_release(struct ids *);

struct api_put {
    const struct record *row;
    size_t rows;
    const struct ids *asked;    // sorted; NULL: nobody knows, the rows alone are its ids
    bool complete;              // the asked that did not come back are absent
    int64_t at;
    struct str body;    // JSON that reads as these rows (fetch/saved.h)
    struct str code, log_id;
};
MUST_CHECK int api_put(struct loading *, const struct api_put *, struct err *);

/* Rows that stand outside a reply: gathered, and put as requests of at most one page's
 * rows and one time each. Zero-initialised; `at` 0 is taken for --at. */
struct api_rows {
    struct loading *l;
    struct arena mem;
    struct record *row;
    size_t n;
    struct buf text;
    int64_t at;
};
MUST_CHECK int api_rows_add(struct api_rows *, const struct record *, int64_t at, struct str text,
                            struct err *);
MUST_CHECK int api_rows_flush(struct api_rows *, struct err *);
void api_rows_release(struct api_rows *);
#endif
