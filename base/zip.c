/* base/zip.c: libarchive's reader of ZIP, over a file of ours. Of a file whose end (with the
 * list of its members) is cut off it reads what stands before. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/file.h"
#include "base/zip.h"
#include "base/zip_source.h"

#define BOMB_RATIO 1000

struct zip {
    struct zip_source from;
    int64_t decoded;    // of the member so far
    struct archive *a;
    struct archive_entry *entry;
    const char *block;
    size_t left;        // of the member: decoded, and not handed out yet
};

bool zip_is(struct str head)
{
    return str_starts(head, STR("PK\3\4")) || str_starts(head, STR("PK\5\6")) ||
           str_starts(head, STR("PK\7\10"));
}

int zip_open(struct zip **out, const char *path, struct err *err)
{
    struct zip *z;
    int fd = file_open(path, O_RDONLY);

    if (fd < 0)
        return err_set(err, file_blame(errno), "%s", strerror(errno));
    z = xcalloc(1, sizeof *z);
    z->entry = archive_entry_new();
    if (!z->entry)
        die("out of memory");
    if (zip_source_init(&z->from, fd, err) || !(z->a = zip_source_open(&z->from, true, err))) {
        zip_close(z);
        return -1;
    }
    *out = z;
    return 0;
}

int zip_next(struct zip *z, struct str *name, struct err *err)
{
    const char *text;
    int rc = zip_source_next(&z->from, z->a, z->entry, err);

    if (rc != 1)
        return rc;
    text = zip_source_name(z->entry);
    *name = str_of(text ? text : "");
    z->decoded = 0;
    z->block = NULL;
    z->left = 0;
    return 1;
}

/* By its blocks: what was decoded before the damage is not lost with it. */
int zip_read(struct zip *z, void *to, size_t max, size_t *got, struct err *err)
{
    int rc = ARCHIVE_OK;

    while (rc != ARCHIVE_EOF && !z->left) {
        const void *block;
        la_int64_t at;

        errno = 0;
        rc = archive_read_data_block(z->a, &block, &z->left, &at);
        if (rc < ARCHIVE_WARN) {
            z->left = 0;
            return zip_source_fail(&z->from, z->a, "the ZIP is damaged or cut off", err);
        }
        z->block = block;
    }
    *got = z->left < max ? z->left : max;
    if (*got) {
        memcpy(to, z->block, *got);
        z->block += *got;
    }
    z->left -= *got;
    z->decoded += (int64_t)*got;
    if (z->decoded > ZIP_BOMB_FROM && z->decoded / BOMB_RATIO > z->from.file_len)
        return err_set(err, ERR_INPUT, "a member grows more than 1,000 times");
    return 0;
}

void zip_close(struct zip *z)
{
    if (!z)
        return;
    archive_read_free(z->a);
    archive_entry_free(z->entry);
    close(z->from.fd);
    free(z);
}

void zip_library(struct buf *out)
{
    buf_puts(out, archive_version_string());
}
