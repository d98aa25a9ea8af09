/* Any bytes as an archive (WARC, WACZ, HAR): every reply is handed out, damage is passed. */
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include "archive/replies.h"
#include "base/log.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static int take(void *to, const struct archived_reply *a, struct err *err)
{
    int64_t *sum = to;

    (void)err;
    if (a->at < 0 && a->status < 0)
        abort();
    for (size_t i = 0; i < a->body.n; i += 997)
        *sum += a->body.p[i];
    for (size_t i = 0; i < a->head.n; i += 97)
        *sum += a->head.p[i];
    return 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    int fd = memfd_create("archive", 0);
    int64_t skipped[REPLIES_SKIP_COUNT] = { 0 }, sum = 0;
    struct digest whole;
    struct err err = { 0 };
    char path[64];
    bool is, in;

    log_setup(true, LOG_PROGRESS_NEVER);
    if (fd < 0 || write(fd, data, len) != (ssize_t)len)
        abort();
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    if (replies_is(path, &is, &err) || replies_in(path, &in, &err) || (in && !is))
        abort();
    if (is && replies_each(path, take, &sum, skipped, &whole, &err) && err.kind != ERR_INPUT)
        abort();
    close(fd);
    return 0;
}
