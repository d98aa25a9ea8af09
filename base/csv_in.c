/* base/csv_in.c: libcsv, with a limit. */
#include "base/csv_in.h"
#include <string.h>

enum { FIELD_BEGUN = 2 };    // libcsv's state within a cell (FIELD_BEGUN of its source)

static void *cell_realloc(void *p, size_t n) { return n > CSV_CELL_MAX ? NULL : xrealloc(p, n); }

void csv_in_open(struct csv_parser *p, char delim)
{
    if (csv_init(p, 0))
        die("libcsv cannot be started");
    csv_set_delim(p, (unsigned char)delim);
    csv_set_realloc_func(p, cell_realloc);
    csv_set_blk_size(p, 64 * 1024);    // by less, long cells take quadratic time
}

int csv_in_too_long(int64_t line, struct err *err)
{
    return err_set(err, ERR_INPUT,
                   "line %lld: a cell is longer than 16 MiB: a quote before it is not closed",
                   (long long)line);
}

bool csv_in_swallowed(const struct csv_parser *p, struct str *held)
{
    *held = (struct str){ (const char *)p->entry_buf, p->entry_pos };
    return p->quoted && p->pstate == FIELD_BEGUN && held->n && memchr(held->p, '\n', held->n);
}
