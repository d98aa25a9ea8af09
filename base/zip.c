/* base/zip.c: libarchive's reader of ZIP, over a file of ours. Of a file whose end (with the
 * list of its members) is cut off it reads what stands before. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/zip.h"

#define BOMB_FROM ((int64_t)64 << 20)    // smaller ones do no harm
#define BOMB_RATIO 1000

struct zip {
    int fd;
    int64_t file_len, decoded;    // of the file; of the member so far
    struct archive *a;
    struct archive_entry *entry;
    const char *block;
    size_t left;    // of the member: decoded, and not handed out yet
    int unread;     // errno of the file below, which libarchive calls damage
    char piece[64 * 1024];
};

bool zip_is(struct str head)
{
    return str_starts(head, STR("PK\3\4")) || str_starts(head, STR("PK\5\6")) ||
           str_starts(head, STR("PK\7\10"));
}

/* libarchive fails alike where memory is short and where an archive is damaged;
 * errno, set to 0 before the call, still tells of malloc(). */
static int zip_fail(struct zip *z, struct err *err)
{
    const char *why = archive_error_string(z->a);

    if (z->unread)
        return err_set(err, ERR_IO, "%s", strerror(z->unread));
    if (errno == ENOMEM || archive_errno(z->a) == ENOMEM)
        die("out of memory");
    return err_set(err, ERR_INPUT, "the ZIP is damaged or cut off: %s",
                   why ? why : "it cannot be read");
}

static la_ssize_t on_read(struct archive *a, void *to, const void **piece)
{
    struct zip *z = to;
    ssize_t n;

    do
        n = read(z->fd, z->piece, sizeof z->piece);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        z->unread = errno;
        archive_set_error(a, errno, "%s", strerror(errno));
        return ARCHIVE_FATAL;
    }
    *piece = z->piece;
    return n;
}

static la_int64_t on_seek(struct archive *a, void *to, la_int64_t at, int from)
{
    struct zip *z = to;
    off_t now = lseek(z->fd, at, from);

    if (now < 0)
        archive_set_error(a, errno, "%s", strerror(errno));
    return now < 0 ? ARCHIVE_FATAL : now;
}

static int open_archive(struct zip *z, struct err *err)
{
    z->a = archive_read_new();
    z->entry = archive_entry_new();
    if (!z->a || !z->entry || archive_read_support_format_zip(z->a) != ARCHIVE_OK ||
        archive_read_set_options(z->a, "zip:!mac-ext") != ARCHIVE_OK ||
        archive_read_set_callback_data(z->a, z) != ARCHIVE_OK ||
        archive_read_set_read_callback(z->a, on_read) != ARCHIVE_OK ||
        archive_read_set_seek_callback(z->a, on_seek) != ARCHIVE_OK)
        die("out of memory");
    errno = 0;
    return archive_read_open1(z->a) == ARCHIVE_OK ? 0 : zip_fail(z, err);
}

int zip_open(struct zip **out, const char *path, struct err *err)
{
    struct zip *z;
    struct stat st;
    int fd = file_open(path, O_RDONLY);

    if (fd < 0)
        return err_set(err, file_blame(errno), "%s", strerror(errno));
    z = xcalloc(1, sizeof *z);
    z->fd = fd;
    z->file_len = fstat(fd, &st) ? 0 : st.st_size;
    if (open_archive(z, err)) {
        zip_close(z);
        return -1;
    }
    *out = z;
    return 0;
}

/* Warnings (a name in an unknown encoding) do not matter here: content decides. */
int zip_next(struct zip *z, struct str *name, struct err *err)
{
    const char *text;
    int rc;

    errno = 0;
    rc = archive_read_next_header2(z->a, z->entry);
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc < ARCHIVE_WARN)
        return zip_fail(z, err);
    errno = 0;
    text = archive_entry_pathname_utf8(z->entry);
    text = text ? text : archive_entry_pathname(z->entry);
    if (!text && errno == ENOMEM)
        die("out of memory");
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
            return zip_fail(z, err);
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
    if (z->decoded > BOMB_FROM && z->decoded / BOMB_RATIO > z->file_len)
        return err_set(err, ERR_INPUT, "a member grows more than 1,000 times");
    return 0;
}

void zip_close(struct zip *z)
{
    if (!z)
        return;
    archive_read_free(z->a);
    archive_entry_free(z->entry);
    close(z->fd);
    free(z);
}
