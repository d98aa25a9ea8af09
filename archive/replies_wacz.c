/* archive/replies_wacz.c: the WARC files of a WACZ: members of a ZIP that end in .warc or
 * .warc.gz, wherever they lie (the format says archive/), stored or packed. They are streamed,
 * and opened again where a revisit's payload is wanted; nothing is unpacked to the disk. */
#include <stdlib.h>
#include "archive/reading.h"
#include "base/zip.h"

#define SKIP_BYTES 65536

/* One member as a file that can be sought in. */
struct member {
    const char *path;
    size_t part;
    struct zip *zip;
    int64_t at;
};

static bool is_warc(struct str name)
{
    return str_ends(name, STR(".warc.gz")) || str_ends(name, STR(".warc"));
}

/* To the first byte of the member. */
static int member_begin(struct member *m, struct err *err)
{
    struct str name;
    size_t left = m->part;
    int got;

    zip_close(m->zip);
    m->zip = NULL;
    m->at = 0;
    if (zip_open(&m->zip, m->path, err))
        return err_wrap(err, "%s", m->path);
    while ((got = zip_next(m->zip, &name, err)) == 1)
        if (is_warc(name) && left-- == 0)
            return 1;
    return got < 0 ? err_wrap(err, "%s", m->path) : 0;
}

static int member_read(void *of, void *to, size_t max, size_t *got, struct err *err)
{
    struct member *m = of;

    if (zip_read(m->zip, to, max, got, err))
        return -1;
    m->at += (int64_t)*got;
    return 0;
}

static int member_seek(void *of, int64_t offset, struct err *err)
{
    struct member *m = of;
    char *rest = xmalloc(SKIP_BYTES);
    size_t got = 1;
    int rc = offset < m->at ? member_begin(m, err) : 1;

    while (rc == 1 && m->at < offset && got) {
        int64_t left = offset - m->at;

        if (member_read(m, rest, left < SKIP_BYTES ? (size_t)left : SKIP_BYTES, &got, err))
            rc = -1;
    }
    free(rest);
    return rc < 0 ? -1 : 0;
}

static void member_close(void *of)
{
    struct member *m = of;

    zip_close(m->zip);
    free(m);
}

static int open_member(void *of, size_t part, struct warc_reader **out, struct err *err)
{
    const struct reading *r = of;
    struct member *m = xcalloc(1, sizeof *m);
    struct warc_from from = { member_read, member_seek, member_close, m };
    int got;

    *m = (struct member){ .path = r->path, .part = part };
    if ((got = member_begin(m, err)) != 1) {
        member_close(m);
        return got;
    }
    return warc_open_from(out, r->path, &from, err) ? -1 : 1;
}

int wacz_each(struct reading *r, struct err *err)
{
    const struct warc_parts members = { open_member, r };

    return warc_parts_each(r, &members, err);
}

int wacz_in(const char *path, bool *in, struct err *err)
{
    struct member m = { .path = path };
    int got = member_begin(&m, err);

    if (got < 0 && err->kind == ERR_INPUT) {
        err_clear(err);
        got = 0;
    }
    *in = got > 0;
    zip_close(m.zip);
    return got < 0 ? -1 : 0;
}
