/* base/tar.c: one file after another, in and out of a tar. */
#include <archive.h>
#include <archive_entry.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/file.h"
#include "base/stop.h"
#include "base/tar.h"

#define TAR_BYTES 65536

struct tar_out { struct archive *a; struct file_out file; };

static int tar_fail(struct archive *a, const char *path, struct err *err)
{
    const char *why = archive_error_string(a);

    return err_set(err, ERR_IO, "%s: %s", path, why ? why : "it cannot be written");
}

int tar_create(struct tar_out **out, const char *path, struct err *err)
{
    struct tar_out *t = xcalloc(1, sizeof *t);

    if (file_create(&t->file, path, err)) {
        free(t);
        return -1;
    }
    if (!(t->a = archive_write_new()))
        die("out of memory");
    if (archive_write_set_format_ustar(t->a) != ARCHIVE_OK ||
        archive_write_open_FILE(t->a, t->file.f) != ARCHIVE_OK) {
        tar_fail(t->a, path, err);
        tar_abandon(t);
        return -1;
    }
    *out = t;
    return 0;
}

static int begin_entry(struct tar_out *t, const char *name, int64_t size, struct err *err)
{
    struct archive_entry *e = archive_entry_new();
    int rc;

    if (!e)
        die("out of memory");
    archive_entry_set_pathname(e, name);
    archive_entry_set_filetype(e, AE_IFREG);
    archive_entry_set_perm(e, 0644);
    archive_entry_set_size(e, size);
    archive_entry_set_mtime(e, 0, 0);
    rc = archive_write_header(t->a, e);
    archive_entry_free(e);
    return rc == ARCHIVE_OK ? 0 : tar_fail(t->a, t->file.path, err);
}

int tar_add_bytes(struct tar_out *t, const char *name, struct str bytes, struct err *err)
{
    if (begin_entry(t, name, (int64_t)bytes.n, err))
        return -1;
    if (bytes.n && archive_write_data(t->a, bytes.p, bytes.n) != (la_ssize_t)bytes.n)
        return tar_fail(t->a, t->file.path, err);
    return 0;
}

int tar_add_file(struct tar_out *t, const char *name, const char *path, struct digest *digest,
                 struct err *err)
{
    FILE *f = fopen(path, "rb");
    struct digest_ctx sum;
    struct stat st;
    char bytes[TAR_BYTES];
    int64_t left;
    size_t n;
    int rc = -1;

    if (!f || fstat(fileno(f), &st)) {
        err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
        goto out;
    }
    left = st.st_size;
    if (begin_entry(t, name, left, err))
        goto out;
    digest_start(&sum);
    while (left > 0 && (n = fread(bytes, 1, left < TAR_BYTES ? (size_t)left : TAR_BYTES, f)) > 0) {
        digest_add(&sum, bytes, n);
        left -= (int64_t)n;
        if (archive_write_data(t->a, bytes, n) != (la_ssize_t)n) {
            tar_fail(t->a, t->file.path, err);
            goto out;
        }
    }
    *digest = digest_finish(&sum);
    rc = left == 0 ? 0 : err_set(err, ERR_IO, "%s: it became shorter while it was read", path);
out:
    if (f)
        fclose(f);
    return rc;
}

int tar_close(struct tar_out *t, struct err *err)
{
    int rc = archive_write_close(t->a) == ARCHIVE_OK ? 0 : tar_fail(t->a, t->file.path, err);

    archive_write_free(t->a);
    t->a = NULL;
    if (rc)
        file_abandon(&t->file);
    else
        rc = file_close(&t->file, err);
    free(t);
    return rc;
}

void tar_abandon(struct tar_out *t)
{
    if (!t)
        return;
    archive_write_free(t->a);
    file_abandon(&t->file);
    free(t);
}

/* ---- unpacking ---- */

struct unpacking {
    const struct tar_take *take;
    const char *dir;
    int64_t left;              // bytes that may still come: a plain tar has no more than its own
};

/* Relative, without "..", of plain names: as we write them. */
static bool is_safe(const char *name)
{
    struct str rest = str_of(name), part;

    if (!*name || name[0] == '/' || strlen(name) > 200)
        return false;
    while (str_cut(&rest, '/', &part))
        if (part.n == 0 || part.p[0] == '.')
            return false;
    return true;
}

/* What the disk does not give is no damage. */
static int read_fail(struct archive *a, struct err *err)
{
    const int code = archive_errno(a);
    const char *why = archive_error_string(a);

    return err_set(err, code == EIO || code == ENOMEM ? ERR_IO : ERR_INPUT, "%s",
                   why ? why : "it is damaged");
}

/* f: NULL where the bytes are not wanted, only their digest. */
static int copy_bytes(struct unpacking *u, struct archive *a, FILE *f, const char *to,
                      struct digest *digest, struct err *err)
{
    struct digest_ctx sum;
    char bytes[TAR_BYTES];
    la_ssize_t n = 0;
    int rc = 0;

    digest_start(&sum);
    while (rc == 0 && (n = archive_read_data(a, bytes, sizeof bytes)) > 0) {
        digest_add(&sum, bytes, (size_t)n);
        u->left -= n;
        if (stop_asked())
            rc = err_set(err, ERR_STOPPED, "interrupted");
        else if (u->left < 0)
            rc = err_set(err, ERR_INPUT, "its files hold more bytes than it has itself");
        else if (f && fwrite(bytes, 1, (size_t)n, f) != (size_t)n)
            rc = err_set(err, ERR_IO, "%s: %s", to, strerror(errno));
    }
    if (rc == 0 && n < 0)
        rc = read_fail(a, err);
    *digest = digest_finish(&sum);
    return rc;
}

static int unpack_one(struct unpacking *u, struct archive *a, const char *to,
                      struct digest *digest, struct err *err)
{
    FILE *f;
    int fd, rc;

    if (file_mkdirs_of(to, err))
        return -1;
    fd = file_open(to, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW);
    if (fd < 0)
        return errno == EEXIST ? err_set(err, ERR_INPUT, "a name stands in it twice: %s", to)
                               : err_set(err, ERR_IO, "%s: %s", to, strerror(errno));
    if (!(f = fdopen(fd, "wb")))
        die("a stream cannot be opened: %s", strerror(errno));
    rc = copy_bytes(u, a, f, to, digest, err);
    if (fclose(f) && rc == 0)
        rc = err_set(err, ERR_IO, "%s: %s", to, strerror(errno));
    return rc;
}

static int unpack_entry(struct unpacking *u, struct archive *a, struct archive_entry *e,
                        struct err *err)
{
    const char *name = archive_entry_pathname(e);
    struct digest digest;
    char *path;
    int rc;

    if (!name || archive_entry_filetype(e) != AE_IFREG || archive_entry_hardlink(e) ||
        archive_entry_symlink(e) || !is_safe(name))
        return err_set(err, ERR_INPUT,
                       "it holds something else than plain files below one folder");
    path = file_join(u->dir, name);
    if (u->take->wanted && !u->take->wanted(u->take->to, name))
        rc = copy_bytes(u, a, NULL, path, &digest, err);
    else
        rc = unpack_one(u, a, path, &digest, err);
    if (rc == 0)
        rc = u->take->each(u->take->to, name, &digest, err);
    free(path);
    return rc;
}

int tar_unpack(const char *path, const char *dir, size_t max_files, const struct tar_take *take,
               struct err *err)
{
    struct archive *a = archive_read_new();
    struct archive_entry *e;
    struct unpacking u = { .take = take, .dir = dir };
    struct stat st;
    size_t files = 0;
    int fd = file_open(path, O_RDONLY), code, rc = 0;

    if (!a || !(e = archive_entry_new()) || archive_read_support_format_tar(a) != ARCHIVE_OK)
        die("out of memory");
    if (fd < 0 || fstat(fd, &st)) {
        rc = err_set(err, file_blame(errno), "%s: %s", path, strerror(errno));
        goto out;
    }
    if (archive_read_open_fd(a, fd, TAR_BYTES) != ARCHIVE_OK) {
        read_fail(a, err);
        rc = err_wrap(err, "%s", path);
        goto out;
    }
    u.left = st.st_size;
    while (rc == 0 && (code = archive_read_next_header2(a, e)) != ARCHIVE_EOF) {
        if (code != ARCHIVE_OK)
            rc = read_fail(a, err);
        else if (++files > max_files)
            rc = err_set(err, ERR_INPUT, "it holds more than %zu files", max_files);
        else
            rc = unpack_entry(&u, a, e, err);
        if (rc)
            err_wrap(err, "%s", path);
    }
out:
    archive_read_free(a);
    archive_entry_free(e);
    if (fd >= 0)
        close(fd);
    return rc;
}
