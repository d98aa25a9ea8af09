/* base/zip_source.c: the callbacks, and whose fault a failure is. */
#include "base/zip_source.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

int zip_source_init(struct zip_source *z, int fd, struct err *err)
{
    struct stat st;

    memset(z, 0, sizeof *z);
    z->fd = fd;
    if (fstat(fd, &st))
        return err_set(err, ERR_IO, "cannot be read: %s", strerror(errno));
    z->file_len = st.st_size;
    return 0;
}

/* errno, set to 0 before the call, still tells of malloc(). */
void zip_source_memory(struct archive *a)
{
    if (errno == ENOMEM || archive_errno(a) == ENOMEM)
        die("out of memory");
}

int zip_source_fail(const struct zip_source *z, struct archive *a, const char *what,
                    struct err *err)
{
    const char *why = archive_error_string(a);

    if (z->unread)
        return err_set(err, ERR_IO, "cannot be read: %s", strerror(z->unread));
    zip_source_memory(a);
    return err_set(err, ERR_INPUT, "%s: %s", what, why ? why : "damaged");
}

static la_ssize_t on_read(struct archive *a, void *to, const void **piece)
{
    struct zip_source *z = to;
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
    struct zip_source *z = to;
    off_t now = lseek(z->fd, at, from);

    if (now < 0)
        archive_set_error(a, errno, "%s", strerror(errno));
    return now < 0 ? ARCHIVE_FATAL : now;
}

struct archive *zip_source_open(struct zip_source *z, bool cut, struct err *err)
{
    struct archive *a = archive_read_new();

    if (!a ||
        (cut ? archive_read_support_format_zip(a) : archive_read_support_format_zip_seekable(a)) !=
            ARCHIVE_OK ||
        archive_read_set_options(a, "zip:!mac-ext") != ARCHIVE_OK ||
        archive_read_set_callback_data(a, z) != ARCHIVE_OK ||
        archive_read_set_read_callback(a, on_read) != ARCHIVE_OK ||
        archive_read_set_seek_callback(a, on_seek) != ARCHIVE_OK)
        die("out of memory");
    errno = 0;
    if (lseek(z->fd, 0, SEEK_SET) < 0 || archive_read_open1(a) != ARCHIVE_OK) {
        zip_source_fail(z, a, "is no readable ZIP", err);
        archive_read_free(a);
        return NULL;
    }
    return a;
}

int zip_source_next(struct zip_source *z, struct archive *a, struct archive_entry *e,
                    struct err *err)
{
    int rc;

    errno = 0;
    rc = archive_read_next_header2(a, e);    // its own entry may be missing where memory is short
    if (rc == ARCHIVE_EOF)
        return 0;
    return rc < ARCHIVE_WARN ? zip_source_fail(z, a, "is a damaged ZIP", err) : 1;
}

const char *zip_source_name(struct archive_entry *e)
{
    const char *name;

    errno = 0;
    name = archive_entry_pathname_utf8(e);
    name = name ? name : archive_entry_pathname(e);
    if (!name && errno == ENOMEM)
        die("out of memory");
    return name;
}
