/* tests/bench/site.h: different pages of the stand-in's making, compressed as a
 * server that compresses in advance would, and nginx that serves them. */
#ifndef TESTS_BENCH_SITE_H
#define TESTS_BENCH_SITE_H
#include <stdbool.h>
#include <stdint.h>
#include <sys/types.h>
#include "base/str.h"

struct site {
    const char *dir;    // borrowed; holds www/ID.html.gz, urls.txt (here) and links.txt (as people
                        // have them)
    uint64_t *id;
    struct buf *packed;        // the pages as they lie on the disk
    int pages, port;
    double raw_bytes, packed_bytes;     // of all pages
    pid_t nginx;
};
bool site_possible(void);      // nginx is there
/* Makes so many pages, all public. */
void site_make(struct site *, const char *dir, int pages);
void site_serve(struct site *, int core);
void site_end(struct site *);
#endif
