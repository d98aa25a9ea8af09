/* audit/bundle.c: a tar and its manifest, both sorted, side by side: a file that the
 * manifest does not name, or names twice, shows like one that was changed. */
#include "audit/bundle.h"
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>
#include "base/array.h"
#include "base/file.h"
#include "base/folder.h"
#include "base/tar.h"

#define MANIFEST_MAX ((size_t)64 << 20)
#define FILES_MAX 100000

/* "HEX  NAME" of each file: as the tar has it, or as the manifest says. */
struct lines { char **v; size_t n, cap; };

static void lines_add(struct lines *l, struct str line)
{
    struct buf text = {0};

    buf_str(&text, line);
    ARRAY_ROOM(l->v, l->n, l->cap);
    l->v[l->n++] = xstrdup(buf_cstr(&text));
    buf_release(&text);
}

static int by_line(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static void lines_sort(struct lines *l)
{
    if (l->n)
        qsort(l->v, l->n, sizeof *l->v, by_line);
}

static void lines_release(struct lines *l)
{
    for (size_t i = 0; i < l->n; i++)
        free(l->v[i]);
    free(l->v);
}

struct unpacked {
    bool (*wanted)(const char *name);
    struct lines there;
    struct digest manifest;
    bool has_manifest;
};

char *bundle_stamp_name(int n, const char *ending, char name[BUNDLE_STAMP_MAX])
{
    snprintf(name, BUNDLE_STAMP_MAX, BUNDLE_MANIFEST ".%d.%s", n, ending);
    return name;
}

static bool vouches(const char *name)
{
    char stamp[BUNDLE_STAMP_MAX];
    bool yes = !strcmp(name, BUNDLE_SIGNATURE);

    for (int i = 1; !yes && i <= BUNDLE_STAMPS; i++)
        yes = !strcmp(name, bundle_stamp_name(i, "tsq", stamp)) ||
              !strcmp(name, bundle_stamp_name(i, "tsr", stamp));
    return yes;
}

static bool is_wanted(void *to, const char *name)
{
    struct unpacked *u = to;

    return !u->wanted || !strcmp(name, BUNDLE_MANIFEST) || u->wanted(name);
}

static int take_file(void *to, const char *name, const struct digest *digest, struct err *err)
{
    struct unpacked *u = to;
    struct buf line = {0};
    char hex[DIGEST_HEX];

    (void)err;
    if (!strcmp(name, BUNDLE_MANIFEST)) {
        u->manifest = *digest;
        u->has_manifest = true;
        return 0;
    }
    if (vouches(name))
        return 0;
    buf_printf(&line, "%s  %s", digest_hex(digest, hex), name);
    lines_add(&u->there, buf_view(&line));
    buf_release(&line);
    return 0;
}

static const char *name_of(const char *line)
{
    return strlen(line) > DIGEST_HEX ? line + DIGEST_HEX + 1 : line;
}

/* The first line that one has and the other has not. */
static int compare_lines(const char *path, const struct lines *there, const struct lines *sealed,
                         struct err *err)
{
    for (size_t i = 0; i < there->n || i < sealed->n; i++) {
        int order = i >= there->n ? 1
                  : i >= sealed->n ? -1 : strcmp(there->v[i], sealed->v[i]);
        const char *line = order < 0 ? there->v[i] : order > 0 ? sealed->v[i] : "";

        if (order)
            return err_set(err, ERR_INPUT,
                           "%s: it is not what was sealed: %.160s has another digest than its "
                           "manifest says, or only one of the two names it",
                           path, name_of(line));
    }
    return 0;
}

static int check_manifest(const char *path, const char *dir, struct unpacked *u, struct err *err)
{
    char *file = file_join(dir, BUNDLE_MANIFEST);
    struct lines sealed = {0};
    struct buf text = {0};
    struct str rest, line;
    int rc = -1;

    if (!u->has_manifest) {
        err_set(err, ERR_INPUT, "%s: it is no bundle: there is no " BUNDLE_MANIFEST " in it", path);
        goto out;
    }
    if (file_read(file, MANIFEST_MAX, &text, err))
        goto out;
    rest = buf_view(&text);
    while (str_cut(&rest, '\n', &line))
        if (line.n)
            lines_add(&sealed, line);
    lines_sort(&u->there);
    lines_sort(&sealed);
    rc = compare_lines(path, &u->there, &sealed, err);
out:
    lines_release(&sealed);
    buf_release(&text);
    free(file);
    return rc;
}

char *bundle_folder(struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *dir = file_join(tmp && *tmp ? tmp : "/tmp", "blindspot-bundle-XXXXXX");

    if (mkdtemp(dir))
        return dir;
    err_set(err, ERR_IO, "%s: %s", dir, strerror(errno));
    free(dir);
    return NULL;
}

void bundle_remove(const char *dir) { folder_remove(dir); }

int bundle_open(struct bundle *b, const char *path, bool (*wanted)(const char *name),
                struct err *err)
{
    struct unpacked u = { .wanted = wanted };
    const struct tar_take take = { .wanted = is_wanted, .each = take_file, .to = &u };
    int rc = -1;

    memset(b, 0, sizeof *b);
    if (!(b->dir = bundle_folder(err)))
        return -1;
    if (tar_unpack(path, b->dir, FILES_MAX, &take, err) == 0 &&
        check_manifest(path, b->dir, &u, err) == 0) {
        b->manifest = u.manifest;
        rc = 0;
    }
    lines_release(&u.there);
    if (rc)
        bundle_close(b);
    return rc;
}

void bundle_close(struct bundle *b)
{
    if (b->dir)
        bundle_remove(b->dir);
    free(b->dir);
    memset(b, 0, sizeof *b);
}
