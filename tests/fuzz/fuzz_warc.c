/* Any bytes as a WARC file: read to its end, payloads taken, offsets sought. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/warc.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void use_payload(const struct warc_record *r, struct buf *hold)
{
    struct str head, body;
    struct err err = {0};
    int status;

    if (warc_http_payload(r, hold, &status, &head, &body, &err))
        return;
    for (size_t i = 0; i < body.n; i += 997)
        if (body.p[i] == 1)
            status++;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    int fd = memfd_create("warc", 0);
    char path[64];
    struct warc_reader *w = NULL;
    struct warc_record r;
    struct err err = {0};
    struct buf hold = {0};
    int64_t again = -1;

    if (fd < 0 || write(fd, data, len) != (ssize_t)len)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (warc_open(&w, path, &err))
        abort();
    for (int i = 0; i < 1000 && warc_next(w, &r, &err) == 1; i++) {
        use_payload(&r, &hold);
        if (r.offset >= 0)
            again = r.offset;
    }
    if (again >= 0 && (warc_seek(w, again, &err) || warc_next(w, &r, &err) != 1))
        abort();           // a record that was read once is found at its offset
    warc_close(w);
    buf_release(&hold);
    close(fd);
    return 0;
}
