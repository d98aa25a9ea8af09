/* base/file.c: whole files. A result appears under its name only when every
 * byte of it is on the disk, so that kill -9 never leaves half of one. */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>
#include "base/file.h"
#include "base/stop.h"

#define LOCK_NAP_MS 20
#define READ_STEP ((size_t)64 << 10)

int file_open(const char *path, int flags)
{
    int fd;

    do
        fd = open(path, flags | O_CLOEXEC, 0666);
    while (fd < 0 && errno == EINTR);
    return fd;
}

enum err_kind file_blame(int why)
{
    switch (why) {
    case ENOENT:
    case EACCES:
    case EPERM:
    case EISDIR:
    case ENOTDIR:
    case ELOOP:
    case ENAMETOOLONG:
    case ENXIO: return ERR_INPUT;
    default: return ERR_IO;
    }
}

static ssize_t read_retry(int fd, char *p, size_t n)
{
    ssize_t got;

    do
        got = read(fd, p, n);
    while (got < 0 && errno == EINTR);
    return got;
}

ssize_t file_at(int fd, void *to, size_t n, off_t at)
{
    size_t have = 0;

    while (have < n) {
        ssize_t got = pread(fd, (char *)to + have, n - have, at + (off_t)have);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return -1;
        if (got == 0)
            break;
        have += (size_t)got;
    }
    return (ssize_t)have;
}

ssize_t file_next(int fd, char *to, size_t n, struct err *err)
{
    size_t have = 0;

    while (have < n && !stop_asked()) {
        ssize_t got = read(fd, to + have, n - have);

        if (got < 0 && errno == EINTR)
            continue;
        if (got < 0)
            return err_set(err, file_blame(errno), "%s",
                           errno == EISDIR ? "is a folder" : strerror(errno));
        if (got == 0)
            break;
        have += (size_t)got;
    }
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "interrupted");
    return (ssize_t)have;
}

/* Reads to the end, or until more than cap bytes have come. */
static int read_all(int fd, const char *name, size_t cap, struct buf *out, struct err *err)
{
    struct stat st;

    if (fstat(fd, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && (uint64_t)st.st_size <= cap)
        buf_grow(out, (size_t)st.st_size + 1);
    for (;;) {
        size_t room;
        ssize_t got;

        if (out->cap - out->n < 2)
            buf_grow(out, READ_STEP);
        room = out->cap - out->n;
        if (cap - out->n < room - 1)
            room = cap - out->n + 1;             // one byte more tells "beyond" from "just full"
        got = read_retry(fd, out->p + out->n, room);
        if (got < 0)
            return err_set(err, ERR_IO, "cannot read %s: %s", name, strerror(errno));
        if (got == 0)
            return 0;
        out->n += (size_t)got;
        if (out->n > cap)
            return err_set(err, ERR_INPUT, "%s is longer than the limit of %zu bytes", name, cap);
    }
}

int file_read(const char *path, size_t cap, struct buf *out, struct err *err)
{
    bool from_stdin = strcmp(path, "-") == 0;
    const char *name = from_stdin ? "standard input" : path;
    struct buf got = {0};
    int rc, fd = from_stdin ? STDIN_FILENO : file_open(path, O_RDONLY);

    if (fd < 0)
        return err_set(err, ERR_IO, "cannot open %s: %s", name, strerror(errno));
    rc = read_all(fd, name, cap, &got, err);
    if (!from_stdin)
        close(fd);                               // opened for reading: nothing can be lost here
    if (rc) {
        buf_release(&got);
        return -1;
    }
    buf_release(out);
    *out = got;
    return 0;
}

static bool same_file(int fd, const char *path)
{
    struct stat open_one, named;

    return fstat(fd, &open_one) == 0 && stat(path, &named) == 0 &&
           open_one.st_dev == named.st_dev && open_one.st_ino == named.st_ino;
}

/* Opens PATH.tmp for us alone. A lock, not O_EXCL, because a killed run leaves
 * its .tmp behind; and the lock counts only while the name still leads to the
 * file that we locked, as another writer may have renamed it meanwhile. */
static int open_tmp(const char *tmp, struct err *err)
{
    for (;;) {
        int fd = file_open(tmp, O_WRONLY | O_CREAT | O_NOFOLLOW);

        if (fd < 0)
            return err_set(err, ERR_IO, "cannot write %s: %s", tmp, strerror(errno));
        if (flock(fd, LOCK_EX | LOCK_NB)) {
            int why = errno;

            close(fd);
            if (why == EWOULDBLOCK)
                return err_set(err, ERR_IO, "%s is being written by another program", tmp);
            if (why == EINTR)
                continue;
            return err_set(err, ERR_IO, "cannot lock %s: %s", tmp, strerror(why));
        }
        if (!same_file(fd, tmp)) {
            close(fd);
            continue;
        }
        if (ftruncate(fd, 0) == 0)
            return fd;
        err_set(err, ERR_IO, "cannot write %s: %s", tmp, strerror(errno));
        close(fd);
        return -1;
    }
}

int file_digest(const char *path, struct digest *digest, struct err *err)
{
    enum { PIECE = 256 * 1024 };
    int fd = file_open(path, O_RDONLY);
    char *piece = xmalloc(PIECE);
    struct digest_ctx sum;
    ssize_t n = -1;

    digest_start(&sum);
    while (fd >= 0 && !stop_asked() &&
           ((n = read(fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR)))
        digest_add(&sum, piece, n > 0 ? (size_t)n : 0);
    if (n != 0)
        err_set(err, stop_asked() ? ERR_STOPPED : ERR_IO, "%s: %s", path,
                stop_asked() ? "interrupted" : strerror(errno));
    if (fd >= 0)
        close(fd);
    free(piece);
    *digest = digest_finish(&sum);
    return n == 0 ? 0 : -1;
}

static bool write_all(int fd, const char *p, size_t n)
{
    ssize_t put;

    while (n > 0) {
        put = write(fd, p, n);
        if (put < 0 && errno != EINTR)
            return false;
        p += put > 0 ? put : 0;
        n -= put > 0 ? (size_t)put : 0;
    }
    return true;
}

int file_copy(const char *from, const char *to, struct err *err)
{
    enum { PIECE = 256 * 1024 };
    int fd = file_open(from, O_RDONLY), fd_to = -1, rc = -1;
    char *piece = xmalloc(PIECE);
    ssize_t n = -1;

    if (fd >= 0)
        fd_to = file_open(to, O_WRONLY | O_CREAT | O_EXCL);
    if (fd_to < 0) {
        err_set(err, ERR_IO, "%s: %s", fd < 0 ? from : to, strerror(errno));
        goto out;
    }
    while (!stop_asked() && ((n = read(fd, piece, PIECE)) > 0 || (n < 0 && errno == EINTR)))
        if (n > 0 && !write_all(fd_to, piece, (size_t)n)) {
            err_set(err, ERR_IO, "%s: %s", to, strerror(errno));
            goto out;
        }
    if (n != 0)
        err_set(err, stop_asked() ? ERR_STOPPED : ERR_IO, "%s: %s", from,
                stop_asked() ? "interrupted" : strerror(errno));
    else
        rc = 0;
out:
    if (fd_to >= 0 && close(fd_to) && rc == 0)
        rc = err_set(err, ERR_IO, "%s: %s", to, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(piece);
    return rc;
}

struct file_state file_state_of(const char *path)
{
    struct stat st;

    if (stat(path, &st))
        return (struct file_state){0};
    return (struct file_state){ .size = st.st_size, .inode = (int64_t)st.st_ino,
                                .at_s = st.st_mtim.tv_sec, .at_ns = st.st_mtim.tv_nsec };
}

bool file_is_still(const char *path, const struct file_state *before)
{
    const struct file_state now = file_state_of(path);

    return now.size == before->size && now.inode == before->inode && now.at_s == before->at_s &&
           now.at_ns == before->at_ns;
}

int file_create(struct file_out *out, const char *path, struct err *err)
{
    struct file_out made = {0};
    size_t n = strlen(path);
    int fd;

    made.tmp = xmalloc(n + sizeof ".tmp");
    memcpy(made.tmp, path, n);
    memcpy(made.tmp + n, ".tmp", sizeof ".tmp");
    fd = open_tmp(made.tmp, err);
    if (fd < 0) {
        free(made.tmp);
        return -1;
    }
    made.f = fdopen(fd, "w");
    if (!made.f)
        die("a stream cannot be opened: %s", strerror(errno));
    made.path = xstrdup(path);
    *out = made;
    return 0;
}

/* Makes the new name itself durable. Some file systems cannot sync a folder
 * and say EINVAL; there is nothing more to be done on those. */
static int sync_folder(const char *path, struct err *err)
{
    const char *slash = strrchr(path, '/');
    char *dir = !slash          ? xstrdup(".")
                : slash == path ? xstrdup("/")
                                : strndup(path, (size_t)(slash - path));
    int rc = 0, fd;

    if (!dir)
        die("out of memory");
    fd = file_open(dir, O_RDONLY | O_DIRECTORY);
    if (fd < 0 || (fsync(fd) && errno != EINVAL && errno != EROFS))
        rc = err_set(err, ERR_IO, "cannot sync the folder %s: %s", dir, strerror(errno));
    if (fd >= 0)
        close(fd);
    free(dir);
    return rc;
}

int file_rename(const char *from, const char *to, struct err *err)
{
    if (rename(from, to))
        return err_set(err, ERR_IO, "cannot rename %s to %s: %s", from, to, strerror(errno));
    return sync_folder(to, err);
}

static int sync_file(int fd)
{
    int rc;

    do
        rc = fsync(fd);
    while (rc && errno == EINTR);
    return rc && errno != EINVAL ? -1 : 0;
}

/* The rename comes before fclose, which gives up the lock on the .tmp. */
static int end_file(struct file_out *out, bool durable, struct err *err)
{
    int rc = -1;

    errno = EIO;    // what an earlier fault of the stream leaves us to say
    if (ferror(out->f) || fflush(out->f) || (durable && sync_file(fileno(out->f)))) {
        err_set(err, ERR_IO, "cannot write %s: %s", out->path, strerror(errno));
        goto out;
    }
    if (rename(out->tmp, out->path)) {
        err_set(err, ERR_IO, "cannot rename %s to %s: %s", out->tmp, out->path, strerror(errno));
        goto out;
    }
    rc = fclose(out->f);
    out->f = NULL;
    if (rc)
        err_set(err, ERR_IO, "cannot close %s: %s", out->path, strerror(errno));
    else if (durable)
        rc = sync_folder(out->path, err);
    free(out->tmp);
    out->tmp = NULL;
out:
    file_abandon(out);
    return rc ? -1 : 0;
}

int file_close(struct file_out *out, struct err *err)
{
    return end_file(out, true, err);
}

int file_close_derived(struct file_out *out, struct err *err)
{
    return end_file(out, false, err);
}

static int clear_open(DIR *dir, const char *path, struct err *err)
{
    const struct dirent *e;

    while ((errno = 0, e = readdir(dir))) {
        struct stat st;

        if (fstatat(dirfd(dir), e->d_name, &st, AT_SYMLINK_NOFOLLOW) == 0 && !S_ISDIR(st.st_mode) &&
            unlinkat(dirfd(dir), e->d_name, 0) && errno != ENOENT)
            return err_set(err, ERR_IO, "cannot remove %s/%s: %s", path, e->d_name,
                           strerror(errno));
    }
    return errno ? err_set(err, ERR_IO, "cannot list %s: %s", path, strerror(errno)) : 0;
}

int file_clear_folder(const char *path, struct err *err)
{
    DIR *dir;
    int rc;

    if (file_mkdirs(path, err))
        return -1;
    dir = opendir(path);
    if (!dir)
        return err_set(err, ERR_IO, "cannot list %s: %s", path, strerror(errno));
    rc = clear_open(dir, path, err);
    closedir(dir);
    return rc;
}

void file_abandon(struct file_out *out)
{
    if (out->tmp)
        unlink(out->tmp);
    if (out->f)
        fclose(out->f);                          // the file is gone: its loss is wanted
    free(out->path);
    free(out->tmp);
    *out = (struct file_out){0};
}

static int write_whole(const char *path, struct str bytes, bool durable, struct err *err)
{
    struct file_out out;

    if (file_create(&out, path, err))
        return -1;
    if (bytes.n && fwrite(bytes.p, 1, bytes.n, out.f) != bytes.n) {
        err_set(err, ERR_IO, "cannot write %s: %s", path, strerror(errno));
        file_abandon(&out);
        return -1;
    }
    return end_file(&out, durable, err);
}

int file_write(const char *path, struct str bytes, struct err *err)
{
    return write_whole(path, bytes, true, err);
}

int file_write_derived(const char *path, struct str bytes, struct err *err)
{
    return write_whole(path, bytes, false, err);
}

int file_mkdirs(const char *path, struct err *err)
{
    char *copy = xstrdup(path);
    size_t n = strlen(copy);
    struct stat st;
    int rc = 0;

    for (size_t i = 1; i <= n && rc == 0; i++) {
        char c = copy[i];

        if ((c != '/' && c != '\0') || copy[i - 1] == '/')
            continue;
        copy[i] = '\0';
        if (mkdir(copy, 0777) && errno != EEXIST)
            rc = err_set(err, ERR_IO, "cannot make the folder %s: %s", copy, strerror(errno));
        copy[i] = c;
    }
    if (rc == 0 && stat(path, &st))
        rc = err_set(err, ERR_IO, "cannot make the folder %s: %s", path, strerror(errno));
    else if (rc == 0 && !S_ISDIR(st.st_mode))
        rc = err_set(err, ERR_IO, "%s is no folder", path);
    free(copy);
    return rc;
}

int file_mkdirs_of(const char *path, struct err *err)
{
    char *folder = xstrdup(path), *slash = strrchr(folder, '/');
    int rc = 0;

    if (slash && slash != folder) {
        *slash = '\0';
        rc = file_mkdirs(folder, err);
    }
    free(folder);
    return rc;
}

int file_remove(const char *path, struct err *err)
{
    if (unlink(path) && errno != ENOENT)
        return err_set(err, ERR_IO, "cannot remove %s: %s", path, strerror(errno));
    return sync_folder(path, err);
}

bool file_exists(const char *path)
{
    struct stat st;

    return stat(path, &st) == 0;
}

char *file_join(const char *dir, const char *name)
{
    size_t d = strlen(dir), n = strlen(name);
    bool slash = d > 0 && dir[d - 1] != '/';
    char *path = xmalloc(d + n + 2);

    memcpy(path, dir, d);
    if (slash)
        path[d++] = '/';
    memcpy(path + d, name, n + 1);
    return path;
}

char *file_beside(const char *path, const char *ending)
{
    struct buf name = {0};
    char *out;

    buf_puts(&name, path);
    buf_puts(&name, ending);
    out = xstrdup(buf_cstr(&name));
    buf_release(&name);
    return out;
}

int file_lock_folder(const char *path, int64_t wait_ms, int *fd, struct err *err)
{
    static const struct timespec nap = { 0, LOCK_NAP_MS * 1000000L };
    int folder;

    if (file_mkdirs(path, err))
        return -1;
    folder = file_open(path, O_RDONLY | O_DIRECTORY);
    if (folder < 0)
        return err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    for (int64_t waited = 0; flock(folder, LOCK_EX | LOCK_NB); waited += LOCK_NAP_MS) {
        if (stop_asked())
            err_set(err, ERR_STOPPED, "stopped while another blindspot writes %s", path);
        else if (errno != EWOULDBLOCK && errno != EINTR)
            err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
        else if (waited >= wait_ms)
            err_set(err, ERR_AGAIN, "another blindspot writes %s", path);
        else {
            nanosleep(&nap, NULL);
            continue;
        }
        close(folder);
        return -1;
    }
    *fd = folder;
    return 0;
}

int file_flush_stdout(struct err *err)
{
    errno = EIO;
    if (fflush(stdout) || ferror(stdout))
        return err_set(err, ERR_IO, "cannot write standard output: %s", strerror(errno));
    return 0;
}

/* Not by errno, which is that of a later call where the write was a buffer's. */
bool file_stdout_left(void)
{
    struct pollfd out = { .fd = STDOUT_FILENO };

    return ferror(stdout) && poll(&out, 1, 0) > 0 && (out.revents & (POLLERR | POLLHUP)) != 0;
}
