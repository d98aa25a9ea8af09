/* A database that others made: whatever its bytes, reading it ends, and a row of it
 * is an object. */
#include <stdio.h>
#include <stdlib.h>
#include <unistd.h>
#include "base/file.h"
#include "store/crawl.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

#define ROWS_MAX 1000    // a damaged tree may lead round in circles

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    char path[64];
    struct crawl *crawl = NULL;
    struct str row;
    struct err err = { 0 };
    int rows = 0;

    if (size > 1 << 16)
        return 0;
    snprintf(path, sizeof path, "/tmp/blindspot-fuzz-crawl-%d", (int)getpid());
    if (file_write(path, (struct str){ (const char *)data, size }, &err))
        abort();
    if (crawl_open(&crawl, path, &err) == 0)
        while (rows++ < ROWS_MAX && crawl_next(crawl, &row, &err) > 0) {
            if (row.n < 2 || row.p[0] != '{' || row.p[row.n - 1] != '}')
                abort();
        }
    crawl_close(crawl);
    crawl = NULL;
    rows = 0;
    if (crawl_open_ids(&crawl, path, &err) == 0)
        while (rows++ < ROWS_MAX && crawl_next(crawl, &row, &err) > 0)
            ;
    crawl_close(crawl);
    unlink(path);
    return 0;
}
