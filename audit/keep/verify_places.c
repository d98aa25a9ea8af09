/* audit/keep/verify_places.c: the first place that has the file is read record by record. */
#include "audit/keep/verify_places.h"
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/keep/gather.h"
#include "audit/keep/verify_file.h"
#include "base/file.h"

static char *found_here(const struct verify_places *p, const char *name)
{
    char *path = file_join(p->dir, name);

    if (file_exists(path))
        return path;
    free(path);
    return NULL;
}

static char *found_elsewhere(const struct verify_places *p, const char *name)
{
    char *path = NULL;

    for (size_t i = 0; p->folders && i < p->folders->n && !path; i++)
        path = collect_found_in(p->folders->v[i], name);
    return path;
}

/* ---- the bucket ---- */
/* Gone with its descriptor, however this ends. */
static int scratch_file(struct err *err)
{
    const char *tmp = getenv("TMPDIR");
    char *path = file_join(tmp && *tmp ? tmp : "/tmp", "blindspot-verify.XXXXXX");
    const int fd = mkostemp(path, O_CLOEXEC);

    if (fd < 0)
        err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    else
        unlink(path);
    free(path);
    return fd;
}

static int broken(struct findings *f, const struct verify_places *p,
                  const struct evidence_file *file, const char *what, struct err *err)
{
    struct buf text = { 0 };
    int rc;

    buf_printf(&text, "%s in %s", what, bucket_url(p->bucket));
    rc = findings_problem_at(f, file->name, 0, NULL, buf_cstr(&text), err);
    buf_release(&text);
    return rc;
}

/* The store's digest, or where it was never closed there the object's own. */
static bool is_whole(const struct evidence_file *file, const struct bucket_object *came,
                     const struct bucket_object *says)
{
    const struct digest *is = file->size > 0 ? &file->digest : &says->digest;

    return (file->size > 0 ? came->size == file->size : says->has_digest) &&
           memcmp(came->digest.b, is->b, DIGEST_BYTES) == 0;
}

/* fd: where its bytes go, -1: it is read here already. *got: as bucket_get. */
static int read_there(struct findings *f, const struct verify_places *p, const char *name,
                      const struct evidence_file *file, int fd, int *got, struct err *err)
{
    struct bucket_object came, says;
    struct err why = { 0 };

    *got = bucket_get(p->bucket, name, fd, INT64_MAX, &came, &says, &why);
    if (*got < 0) {
        *err = why;
        return -1;
    }
    if (*got == 0 && file->bucket.n)
        return broken(f, p, file, "the file was put there, and is not there any more,", err);
    if (*got > 0 && !is_whole(file, &came, &says))
        return broken(f, p, file, "the file has another size or digest than when it was closed",
                      err);
    f->r->in_bucket += *got;
    return 0;
}

/* Its records are looked at where it is not whole as well: each that is touched is named. */
static int read_in_bucket(struct findings *f, const struct verify_places *p, const char *name,
                          const struct evidence_file *file, struct err *err)
{
    const int fd = scratch_file(err);
    char path[40];
    int got = 0, rc;

    if (fd < 0)
        return -1;
    snprintf(path, sizeof path, "/proc/self/fd/%d", fd);
    rc = read_there(f, p, name, file, fd, &got, err) ||
                 verify_file(f, got > 0 ? path : NULL, file, err)
             ? -1
             : 0;
    close(fd);
    return rc;
}

int verify_places(struct findings *f, const struct verify_places *p,
                  const struct evidence_file *file, struct err *err)
{
    const bool refers = file->last_offset >= 0;
    struct buf text = { 0 };
    const char *name;
    char *path;
    int got, rc;

    buf_str(&text, file->name);
    name = buf_cstr(&text);
    path = found_here(p, name);
    if (!path && refers && (path = found_elsewhere(p, name)))
        f->r->elsewhere++;
    if (!path && refers && p->bucket) {
        rc = read_in_bucket(f, p, name, file, err);
    } else {
        rc = verify_file(f, path, file, err);
        if (rc == 0 && refers && p->bucket && str_eq(file->bucket, str_of(bucket_url(p->bucket))))
            rc = read_there(f, p, name, file, -1, &got, err);
    }
    free(path);
    buf_release(&text);
    return rc;
}
