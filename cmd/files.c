/* cmd/files.c: operands, and folders among them. */
#include "cmd/files.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"

#define DEPTH_MAX 32    // folders within folders

/* The folders that lead to where the walk stands. */
struct way {
    const struct way *up;
    dev_t dev;
    ino_t ino;
    int depth;
};
struct names {
    char **v;
    size_t n, cap;
};

static int fail(struct files *f, const char *path, const char *why)
{
    log_error("%s: %s", path, why);
    f->failed++;
    return 0;
}

static int cannot(struct files *f, const char *path, struct err *err)
{
    if (errno == ENOMEM)
        die("out of memory");
    return file_blame(errno) == ERR_INPUT ? fail(f, path, strerror(errno))
                                          : err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
}

static int one_file(struct files *f, const char *path, bool found, struct err *err)
{
    enum file_end end = FILE_TAKEN;
    struct err why = { 0 };

    f->seen++;
    if (f->each(f->to, path, &end, &why)) {
        if (why.kind != ERR_INPUT && why.kind != ERR_USAGE) {
            *err = why;
            return -1;
        }
        log_error("%s", why.msg);
        f->failed++;
        return 0;
    }
    f->taken += end == FILE_TAKEN || end == FILE_IN_PART;
    if (end == FILE_NOT_MEANT && found)
        log_info("%s: passed over: it is none of the kinds that are read here", path);
    else if (end == FILE_NOT_MEANT)
        return fail(f, path, "it is none of the kinds that are read here");
    f->failed += end == FILE_NOTHING || end == FILE_IN_PART;
    return 0;
}

/* ---- folders ---- */

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

/* -1 and errno. */
static int read_names(int fd, struct names *names)
{
    DIR *dir = fdopendir(fd);
    struct dirent *e;
    int why;

    if (!dir) {
        why = errno;
        close(fd);
        errno = why;
        return -1;
    }
    while ((errno = 0, e = readdir(dir))) {
        if (e->d_name[0] == '.')    // ., .., and what is hidden
            continue;
        ARRAY_ROOM(names->v, names->n, names->cap);
        names->v[names->n++] = xstrdup(e->d_name);
    }
    why = errno;
    closedir(dir);
    if (names->n)
        qsort(names->v, names->n, sizeof *names->v, by_name);
    errno = why;
    return why ? -1 : 0;
}

static bool leads_back(const struct way *up, const struct stat *st)
{
    for (; up; up = up->up)
        if (up->dev == st->st_dev && up->ino == st->st_ino)
            return true;
    return false;
}

static int found(struct files *, const char *path, const struct way *up, struct err *);

static int folder(struct files *f, const char *path, const struct stat *st, const struct way *up,
                  struct err *err)
{
    const struct way here = { up, st->st_dev, st->st_ino, up ? up->depth + 1 : 1 };
    struct names names = { 0 };
    int fd, rc = 0;

    if (leads_back(up, st)) {
        log_info("%s: passed over: it leads back to a folder that is being read", path);
        return 0;
    }
    if (here.depth > DEPTH_MAX)
        return fail(f, path, "more than 32 folders deep: not read");
    fd = file_open(path, O_RDONLY | O_DIRECTORY);
    if (fd < 0 || read_names(fd, &names))
        rc = cannot(f, path, err);
    for (size_t i = 0; i < names.n; i++) {
        char *inner = file_join(path, names.v[i]);

        if (rc == 0)
            rc = found(f, inner, &here, err);
        free(inner);
        free(names.v[i]);
    }
    free(names.v);
    return rc;
}

/* What lies in a folder: pipes and devices there are nobody's dataset. */
static int found(struct files *f, const char *path, const struct way *up, struct err *err)
{
    struct stat st;

    if (stop_asked())
        return err_set(err, ERR_STOPPED, "interrupted");
    if (stat(path, &st))
        return cannot(f, path, err);
    if (S_ISDIR(st.st_mode))
        return folder(f, path, &st, up, err);
    if (!S_ISREG(st.st_mode)) {
        log_info("%s: passed over: it is no file", path);
        return 0;
    }
    return one_file(f, path, true, err);
}

/* ---- operands ---- */

static int operand_walk(struct files *f, const char *path, struct err *err)
{
    int64_t taken = f->taken, failed = f->failed;
    struct stat st;

    if (strcmp(path, "-") == 0)
        return one_file(f, path, false, err);
    if (stat(path, &st)) {
        f->seen++;
        return errno == ENOENT ? fail(f, path, "there is no such file") : cannot(f, path, err);
    }
    if (!S_ISDIR(st.st_mode))
        return one_file(f, path, false, err);
    if (folder(f, path, &st, NULL, err))
        return -1;
    if (f->taken == taken && f->failed == failed)
        return fail(f, path, "nothing in this folder was taken");
    return 0;
}

int files_walk(struct files *f, char **operand, int operands, struct err *err)
{
    for (int i = 0; i < operands; i++) {
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "interrupted");
        if (operand_walk(f, operand[i], err))
            return -1;
    }
    return 0;
}

void files_tell(const struct files *f)
{
    if (f->failed && f->seen > 1)
        log_warn(COUNTED " not taken, or in part, of %lld that were named: see above",
                 COUNT_OF(f->failed, "was", "were"), (long long)f->seen);
}
