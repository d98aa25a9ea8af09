/* archive/place.c: files are mapped when first asked for and stay so: a replay
 * goes through them in order, an item's story jumps between a few. */
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "archive/member.h"
#include "archive/place.h"
#include "base/file.h"

/* ---- the files of a folder ---- */
static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

int archive_list(const char *dir, char ***names, size_t *len, struct err *err)
{
    DIR *d = opendir(dir);
    struct dirent *e;
    char **v = NULL;
    size_t n = 0;

    *names = NULL;
    *len = 0;
    if (!d)
        return errno == ENOENT ? 0 : err_set(err, ERR_IO, "%s: %s", dir, strerror(errno));
    while ((e = readdir(d)))
        if (str_ends(str_of(e->d_name), STR(".warc.gz"))) {
            v = xrealloc(v, (n + 1) * sizeof *v);
            v[n++] = xstrdup(e->d_name);
        }
    closedir(d);
    if (n)
        qsort(v, n, sizeof *v, by_name);
    *names = v;
    *len = n;
    return 0;
}

void archive_list_free(char **names, size_t len)
{
    for (size_t i = 0; i < len; i++)
        free(names[i]);
    free(names);
}

/* ---- the record at a place ---- */
#define OPEN_MAX_FILES 8

struct opened { char *name; struct members *m; };
struct places { char *dir; struct opened file[OPEN_MAX_FILES]; int next; };

struct places *places_new(const char *dir)
{
    struct places *p = xcalloc(1, sizeof *p);

    p->dir = xstrdup(dir);
    return p;
}

static void forget(struct opened *f)
{
    members_close(f->m);
    free(f->name);
    *f = (struct opened){ NULL, NULL };
}

void places_free(struct places *p)
{
    if (!p)
        return;
    for (int i = 0; i < OPEN_MAX_FILES; i++)
        forget(&p->file[i]);
    free(p->dir);
    free(p);
}

static int file_of(struct places *p, struct str name, struct members **m, struct err *err)
{
    struct opened *f;
    struct buf text = {0};
    char *path;
    int rc;

    for (int i = 0; i < OPEN_MAX_FILES; i++)
        if (p->file[i].name && str_eq(name, str_of(p->file[i].name))) {
            *m = p->file[i].m;
            return 0;
        }
    f = &p->file[p->next++ % OPEN_MAX_FILES];
    forget(f);
    buf_str(&text, name);
    path = file_join(p->dir, buf_cstr(&text));
    rc = members_open(&f->m, path, err);
    if (rc == 0)
        f->name = xstrdup(buf_cstr(&text));
    *m = f->m;
    free(path);
    buf_release(&text);
    return rc;
}

int place_read(struct places *p, struct str file, int64_t offset, struct warc_record *r,
                      struct str *text, int64_t *len, struct err *err)
{
    struct members *m = NULL;
    int got;

    if (file_of(p, file, &m, err))
        return -1;
    if ((got = members_at(m, offset, len, text, err)) < 0)
        return -1;
    if (got == 0)
        return err_set(err, ERR_INPUT, "evidence/%.*s ends before byte %" PRId64, STR_ARG(file),
                       offset);
    if (warc_parse(*text, r, err))
        return err_wrap(err, "evidence/%.*s, byte %" PRId64, STR_ARG(file), offset);
    r->offset = offset;
    return 0;
}
