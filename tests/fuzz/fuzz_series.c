/* Any bytes as a series that others measured: it is refused with a line, or every row that was
 * taken is of a post and a day, each pair once, and all rows are accounted for. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "watch/series.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define NOW INT64_C(1790000000)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct series_table t;
    struct err err = { 0 };

    if (series_read((struct str){ (const char *)data, len }, NOW, &t, &err)) {
        if (err.kind != ERR_INPUT || !err.msg[0] || t.v)
            abort();
        return 0;
    }
    if (t.rows != (int64_t)t.n + t.again + t.no_id + t.too_large + t.spoiled + t.unasked)
        abort();
    for (size_t i = 0; i < t.n; i++) {
        const struct series_row *r = &t.v[i];

        if (!r->id || r->id >> 63 || r->day < 16071 || r->day > NOW / 86400 + 1 ||
            r->api >= WATCH_API_COUNT || r->page >= WATCH_PAGE_COUNT || r->api + r->page == 0)
            abort();
        if (i && (r->id < r[-1].id || (r->id == r[-1].id && r->day <= r[-1].day)))
            abort();
    }
    series_release(&t);
    return 0;
}
