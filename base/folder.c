/* base/folder.c: made beside, exchanged, the older one removed. */
#include "base/folder.h"
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/file.h"

#define MARK "Made by blindspot; the next run replaces this folder.\n"
#define OPEN_AT_ONCE 16    // folders, while a tree is removed

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *ftw)
{
    (void)st, (void)ftw;
    if (kind == FTW_DP || kind == FTW_D || kind == FTW_DNR)
        (void)rmdir(path);
    else
        (void)unlink(path);
    return 0;
}

void folder_remove(const char *path)
{
    nftw(path, remove_one, OPEN_AT_ONCE, FTW_DEPTH | FTW_PHYS);
}

bool folder_is_empty(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *e;
    bool any = false;

    while (dir && (e = readdir(dir)))
        any = any || (strcmp(e->d_name, ".") != 0 && strcmp(e->d_name, "..") != 0);
    if (dir)
        closedir(dir);
    return dir && !any;
}

static int check_ours(const char *path, struct err *err)
{
    struct stat st;
    char *mark = file_join(path, FOLDER_MARK);
    int rc = 0;

    if (stat(path, &st))
        rc = errno == ENOENT ? 0
                             : err_set(err, file_blame(errno) == ERR_IO ? ERR_IO : ERR_USAGE,
                                       "%s: %s", path, strerror(errno));
    else if (!S_ISDIR(st.st_mode))
        rc = err_set(err, ERR_USAGE, "%s: expected a folder, and it is none", path);
    else if (!file_exists(mark) && !folder_is_empty(path))
        rc = err_set(err, ERR_USAGE,
                     "%s: expected a new or empty folder, or one that blindspot made for a site; "
                     "it would be replaced whole",
                     path);
    free(mark);
    return rc;
}

int folder_create(struct folder_out *f, const char *path, struct err *err)
{
    size_t n = strlen(path);
    char *mark;
    int rc;

    *f = (struct folder_out){ 0 };
    if (check_ours(path, err))
        return -1;
    f->path = xstrdup(path);
    while (n > 1 && f->path[n - 1] == '/')
        f->path[--n] = 0;
    f->made = file_beside(f->path, ".new");
    folder_remove(f->made);
    mark = file_join(f->made, FOLDER_MARK);
    rc = file_mkdirs(f->made, err) || file_write(mark, STR(MARK), err) ? -1 : 0;
    free(mark);
    if (rc)
        folder_abandon(f);
    return rc;
}

/* Where the file system cannot exchange, the name is free for an instant. */
static int exchange(const struct folder_out *f, char *old, struct err *err)
{
    if (renameat2(AT_FDCWD, f->made, AT_FDCWD, f->path, RENAME_EXCHANGE) == 0)
        return rename(f->made, old) ? err_set(err, ERR_IO, "%s: %s", old, strerror(errno)) : 0;
    if (rename(f->path, old) || rename(f->made, f->path))
        return err_set(err, ERR_IO, "%s: %s", f->path, strerror(errno));
    return 0;
}

int folder_close(struct folder_out *f, struct err *err)
{
    char *old = file_beside(f->path, ".old");
    int rc;

    folder_remove(old);
    rc = check_ours(f->path, err);
    if (rc == 0 && file_exists(f->path))
        rc = exchange(f, old, err);
    else if (rc == 0 && rename(f->made, f->path))
        rc = err_set(err, ERR_IO, "%s: %s", f->path, strerror(errno));
    folder_remove(old);
    free(old);
    folder_abandon(f);
    return rc;
}

void folder_abandon(struct folder_out *f)
{
    if (f->made)
        folder_remove(f->made);
    free(f->made);
    free(f->path);
    *f = (struct folder_out){ 0 };
}
