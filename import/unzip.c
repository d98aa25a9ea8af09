/* import/unzip.c: libarchive, over a file that can be sought in. */
#include "import/unzip.h"
#include <errno.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/str.h"

#define MEMBER_MAX ((int64_t)1 << 30)    // decoded: more than a list can hold
enum { MEMBER_RATIO = 200 };             // decoded to whole file: lists reach 20

int unzip_init(struct unzip *p, int fd, struct err *err)
{
    struct stat st;

    memset(p, 0, sizeof *p);
    p->fd = fd;
    if (fstat(fd, &st))
        return err_set(err, ERR_IO, "cannot be read: %s", strerror(errno));
    p->file_len = st.st_size;
    return 0;
}
void unzip_release(struct unzip *p)
{
    archive_entry_free(p->entry);
    p->entry = NULL;
}
/* libarchive fails alike where memory is short and where an archive is damaged;
 * errno, set to 0 before the call, still tells of malloc(). */
void unzip_memory(struct archive *a)
{
    if (errno == ENOMEM || archive_errno(a) == ENOMEM)
        die("out of memory");
}
int unzip_fail(const struct unzip *p, struct archive *a, const char *what, struct err *err)
{
    const char *why = archive_error_string(a);

    if (p->unread)
        return err_set(err, ERR_IO, "cannot be read: %s", strerror(p->unread));
    unzip_memory(a);
    return err_set(err, ERR_INPUT, "%s: %s", what, why ? why : "damaged");
}
/* ---- opening ---- */
static la_ssize_t on_read(struct archive *a, void *to, const void **piece)
{
    struct unzip *p = to;
    ssize_t n;

    do
        n = read(p->fd, p->piece, sizeof p->piece);
    while (n < 0 && errno == EINTR);
    if (n < 0) {
        p->unread = errno;
        archive_set_error(a, errno, "%s", strerror(errno));
        return ARCHIVE_FATAL;
    }
    *piece = p->piece;
    return n;
}
static la_int64_t on_seek(struct archive *a, void *to, la_int64_t at, int from)
{
    struct unzip *p = to;
    off_t now = lseek(p->fd, at, from);

    if (now < 0)
        archive_set_error(a, errno, "%s", strerror(errno));
    return now < 0 ? ARCHIVE_FATAL : now;
}
struct archive *unzip_open(struct unzip *p, struct err *err)
{
    struct archive *a = archive_read_new();

    if (!p->entry)
        p->entry = archive_entry_new();
    if (!a || !p->entry || archive_read_support_format_zip_seekable(a) != ARCHIVE_OK ||
        archive_read_set_options(a, "zip:!mac-ext") != ARCHIVE_OK ||
        archive_read_set_callback_data(a, p) != ARCHIVE_OK ||
        archive_read_set_read_callback(a, on_read) != ARCHIVE_OK ||
        archive_read_set_seek_callback(a, on_seek) != ARCHIVE_OK)
        die("out of memory");
    errno = 0;
    if (lseek(p->fd, 0, SEEK_SET) < 0 || archive_read_open1(a) != ARCHIVE_OK) {
        unzip_fail(p, a, "is no readable ZIP", err);
        archive_read_free(a);
        return NULL;
    }
    return a;
}
/* 1 a member, 0 the end, -1 damage. Warnings (a name in an unknown encoding)
 * do not matter here: content decides. */
int unzip_next(struct unzip *p, struct archive *a, struct archive_entry **e, struct err *err)
{
    int rc;

    errno = 0;
    rc = archive_read_next_header2(
        a, p->entry);    // its own entry may be missing where memory is short
    *e = p->entry;
    if (rc == ARCHIVE_EOF)
        return 0;
    if (rc < ARCHIVE_WARN)
        return unzip_fail(p, a, "is a damaged ZIP", err);
    return 1;
}
la_ssize_t unzip_piece(struct archive *a, char *to)
{
    errno = 0;
    return archive_read_data(a, to, UNZIP_PIECE);
}
const char *unzip_name(struct archive_entry *e)
{
    const char *name;

    errno = 0;
    name = archive_entry_pathname_utf8(e);
    name = name ? name : archive_entry_pathname(e);
    if (!name && errno == ENOMEM)
        die("out of memory");
    return name ? name : "(without a readable name)";
}

/* ---- members ---- */
static bool path_climbs(const char *path)
{
    struct str rest = str_of(path), piece;
    char sep = strchr(path, '/') ? '/' : '\\';

    if (path[0] == '/' || path[0] == '\\' || (path[0] && path[1] == ':'))
        return true;
    while (str_cut(&rest, sep, &piece))
        if (str_eq(piece, STR("..")))
            return true;
    return false;
}
const char *unzip_refusal(const struct unzip *p, struct archive_entry *e, const char *name)
{
    int64_t size = archive_entry_size_is_set(e) ? archive_entry_size(e) : 0;

    if (path_climbs(name))
        return "has a path that leads out of the archive: left out";
    if (archive_entry_hardlink(e) || archive_entry_symlink(e) ||
        archive_entry_filetype(e) == AE_IFLNK)
        return "is a link, not a file: left out";
    if (archive_entry_is_encrypted(e))
        return "is encrypted: left out; unpack the package with its password first";
    if (size > MEMBER_MAX)
        return "is larger than 1 GiB: left out";
    if (size > UNZIP_BOMB_FROM && size / MEMBER_RATIO > p->file_len)
        return "would grow more than 200 times when unpacked: left out";
    return NULL;
}
const char *unzip_too_much(const struct unzip *p, int64_t decoded)
{
    if (decoded > MEMBER_MAX)
        return "is larger than 1 GiB: the rest was left out";
    if (decoded > UNZIP_BOMB_FROM && decoded / MEMBER_RATIO > p->file_len)
        return "grows more than 200 times when unpacked: the rest was left out";
    return NULL;
}
