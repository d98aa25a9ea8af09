/* archive/replies.c: which kind of archive it is. */
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include "archive/reading.h"
#include "archive/replies.h"
#include "base/file.h"
#include "base/zip.h"

#define LOOK_BYTES 4096
#define TOLD_MAX 5    // the rest is in the counts

/* ---- kinds: the content decides, not the name ---- */

static bool warc_is(struct str head)
{
    return str_starts(head, STR("WARC/")) || str_starts(head, STR("\x1f\x8b"));
}

static const struct {
    bool (*is)(struct str head);
    int (*each)(struct reading *, struct err *);
    int (*in)(const char *path, bool *in, struct err *);    // NULL: its first bytes are enough

} kinds[] = { { warc_is, warc_each, warc_in },
              { zip_is, wacz_each, wacz_in },
              { har_is, har_each, NULL } };
#define KINDS (sizeof kinds / sizeof *kinds)

/* KINDS where it is none. */
static int kind_of(const char *path, size_t *kind, struct err *err)
{
    char head[LOOK_BYTES];
    int fd = file_open(path, O_RDONLY), rc = 0;
    ssize_t n = fd < 0 ? -1 : file_at(fd, head, sizeof head, 0);

    if (n < 0)
        rc = err_set(err, file_blame(errno), "%s: %s", path, strerror(errno));
    if (fd >= 0)
        close(fd);
    if (rc)
        return rc;
    for (*kind = 0; *kind < KINDS; ++*kind)
        if (kinds[*kind].is((struct str){ head, (size_t)n }))
            break;
    return rc;
}

int replies_is(const char *path, bool *is, struct err *err)
{
    size_t kind = KINDS;

    if (kind_of(path, &kind, err))
        return -1;
    *is = kind < KINDS;
    return 0;
}

int replies_in(const char *path, bool *in, struct err *err)
{
    size_t kind = KINDS;

    *in = false;
    if (kind_of(path, &kind, err)) {
        if (err->kind != ERR_INPUT)
            return -1;
        err_clear(err);    // whoever opens it tells
        return 0;
    }
    if (kind < KINDS && kinds[kind].in)
        return kinds[kind].in(path, in, err);
    *in = kind < KINDS;
    return 0;
}

/* ---- reading ---- */

int replies_each(const char *path, replies_fn *fn, void *to, int64_t skipped[REPLIES_SKIP_COUNT],
                 struct digest *whole, struct err *err)
{
    struct reading r = { .path = path, .fn = fn, .to = to, .skipped = skipped };
    size_t kind = KINDS;

    if (kind_of(path, &kind, err) || file_digest(path, whole, err))
        return -1;
    return kinds[kind < KINDS ? kind : 0].each(&r, err);
}
