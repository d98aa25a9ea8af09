/* import/unzip.c: libarchive, over a file that can be sought in. */
#include "import/unzip.h"
#include <errno.h>
#include <string.h>
#include "base/str.h"

#define MEMBER_MAX ((int64_t)1 << 30)    // decoded: more than a list can hold
enum { MEMBER_RATIO = 200 };             // decoded to whole file: lists reach 20

int unzip_init(struct unzip *p, int fd, struct err *err)
{
    p->entry = NULL;
    return zip_source_init(&p->from, fd, err);
}
void unzip_release(struct unzip *p)
{
    archive_entry_free(p->entry);
    p->entry = NULL;
}
struct archive *unzip_open(struct unzip *p, struct err *err)
{
    if (!p->entry)
        p->entry = archive_entry_new();
    if (!p->entry)
        die("out of memory");
    return zip_source_open(&p->from, false, err);
}
int unzip_next(struct unzip *p, struct archive *a, struct archive_entry **e, struct err *err)
{
    *e = p->entry;
    return zip_source_next(&p->from, a, p->entry, err);
}
la_ssize_t unzip_piece(struct archive *a, char *to)
{
    errno = 0;
    return archive_read_data(a, to, UNZIP_PIECE);
}
const char *unzip_name(struct archive_entry *e)
{
    const char *name = zip_source_name(e);

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
    if (size > ZIP_BOMB_FROM && size / MEMBER_RATIO > p->from.file_len)
        return "would grow more than 200 times when unpacked: left out";
    return NULL;
}
const char *unzip_too_much(const struct unzip *p, int64_t decoded)
{
    if (decoded > MEMBER_MAX)
        return "is larger than 1 GiB: the rest was left out";
    if (decoded > ZIP_BOMB_FROM && decoded / MEMBER_RATIO > p->from.file_len)
        return "grows more than 200 times when unpacked: the rest was left out";
    return NULL;
}
