/* audit/keep/collect.c: files of evidence out of the folders in which workers wrote them, and out
 * of the bucket into which they put them. */
#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/keep/gather.h"
#include "base/array.h"
#include "base/bucket.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "store/evidence.h"

struct wanted {
    char *name;
    int64_t size;    // 0: never closed
    struct digest digest;
    char *bucket;    // where it is said to lie, "" nowhere
};
struct collecting {
    struct wanted *v;
    size_t n, cap;
};

/* One that nothing refers to was dropped by a purge. */
static int take_wanted(void *to, const struct evidence_file *f, struct err *err)
{
    struct collecting *c = to;
    struct buf name = { 0 }, bucket = { 0 };

    (void)err;
    if (f->last_offset < 0 && f->size == 0)
        return 0;
    buf_str(&name, f->name);
    buf_str(&bucket, f->bucket);
    ARRAY_ROOM(c->v, c->n, c->cap);
    c->v[c->n++] = (struct wanted){ xstrdup(buf_cstr(&name)), f->size, f->digest,
                                    xstrdup(buf_cstr(&bucket)) };
    buf_release(&name);
    buf_release(&bucket);
    return 0;
}

char *collect_found_in(const char *folder, const char *name)
{
    char *evidence = file_join(folder, "evidence"), *path = file_join(evidence, name);

    free(evidence);
    if (file_exists(path))
        return path;
    free(path);
    path = file_join(folder, name);
    if (file_exists(path))
        return path;
    free(path);
    return NULL;
}

/* Under its name where rc is 0, else away; frees the path. */
static int settle(char *tmp, const char *to, int rc, struct err *err)
{
    if (rc == 0)
        rc = file_rename(tmp, to, err);
    if (rc)
        unlink(tmp);
    free(tmp);
    return rc;
}

/* Under its name only when it is whole. 1: it is another than the store knows. */
static int bring(const struct wanted *w, const char *from, const char *to, struct err *err)
{
    char *tmp = file_beside(to, ".tmp");
    struct digest sum = { { 0 } };
    int rc;

    unlink(tmp);    // of one that was killed
    rc = file_copy(from, tmp, err) || (w->size > 0 && file_digest(tmp, &sum, err)) ? -1 : 0;

    if (rc == 0 && w->size > 0 &&
        (file_state_of(tmp).size != w->size || memcmp(sum.b, w->digest.b, DIGEST_BYTES) != 0)) {
        log_warn("%s has another size or digest than the store knows; it is left where it is",
                 from);
        rc = 1;
    }
    return settle(tmp, to, rc, err);
}

/* The digest that it is to have: the store's, else the object's own. */
static bool is_wanted(const struct wanted *w, const struct bucket_object *came,
                      const struct bucket_object *says)
{
    const struct digest *is = w->size > 0 ? &w->digest : &says->digest;

    return (w->size > 0 ? came->size == w->size : says->has_digest) &&
           memcmp(came->digest.b, is->b, DIGEST_BYTES) == 0;
}

/* The same out of a bucket. 1: it is not there, or another. */
static int fetch(const struct wanted *w, struct bucket *b, int fd, struct err *err)
{
    const int64_t most = w->size > 0 ? w->size : INT64_MAX;
    struct bucket_object came, says;
    int got = bucket_get(b, w->name, fd, most, &came, &says, err);

    if (got == 0)
        return 1;
    if (got < 0 && err->kind != ERR_INPUT)
        return -1;
    if (got > 0 && is_wanted(w, &came, &says))
        return fsync(fd) ? err_set(err, ERR_IO, "%s: %s", w->name, strerror(errno)) : 0;
    log_warn("%s in %s has another size or digest than the store knows; it is left where it is",
             w->name, bucket_url(b));
    return 1;
}

static int bring_home(const struct wanted *w, struct bucket *b, const char *to, struct err *err)
{
    char *tmp = file_beside(to, ".tmp");
    const int fd = file_open(tmp, O_RDWR | O_CREAT | O_TRUNC | O_NOFOLLOW);
    int rc = fd < 0 ? err_set(err, ERR_IO, "%s: %s", tmp, strerror(errno)) : fetch(w, b, fd, err);

    if (fd >= 0)
        close(fd);
    return settle(tmp, to, rc, err);
}

static void note_missing(const struct wanted *w, const struct bucket *b, struct gathered *out)
{
    const bool looked = b && !strcmp(bucket_url(b), w->bucket);
    struct str lines = buf_view(&out->buckets), line;
    bool known = looked || !*w->bucket;

    buf_printf(&out->missing_names, "%s\n", w->name);
    out->missing++;
    if (looked)
        log_warn("%s is said to lie in %s, and does not", w->name, w->bucket);
    while (!known && str_cut(&lines, '\n', &line))
        known = str_eq(line, str_of(w->bucket));
    if (!known)
        buf_printf(&out->buckets, "%s\n", w->bucket);
}

static int collect_one(const struct wanted *w, const char *evidence,
                       const struct collect_places *places, struct gathered *out, struct err *err)
{
    char *to = file_join(evidence, w->name);
    int rc = 1;

    if (file_exists(to)) {
        out->here++;
        rc = 0;
    }
    for (size_t i = 0; rc == 1 && i < places->folders; i++) {
        char *from = collect_found_in(places->folder[i], w->name);

        if (from && (rc = bring(w, from, to, err)) == 0)
            out->brought++;
        free(from);
    }
    if (rc == 1 && places->bucket && (rc = bring_home(w, places->bucket, to, err)) == 0) {
        out->brought++;
        out->from_bucket++;
    }
    if (rc == 1)
        note_missing(w, places->bucket, out);
    free(to);
    return rc < 0 ? -1 : 0;
}

int collect_evidence(struct store *store, const char *dir, const struct collect_places *places,
                     struct gathered *out, struct err *err)
{
    struct collecting c = { 0 };
    char *evidence = file_join(dir, "evidence");
    int rc = file_mkdirs(evidence, err) || store_evidence_files(store, take_wanted, &c, err) ? -1
                                                                                             : 0;

    for (size_t i = 0; i < c.n; i++) {
        if (rc == 0 && stop_asked())
            rc = err_set(err, ERR_STOPPED, "interrupted; the same command goes on");
        if (rc == 0)
            rc = collect_one(&c.v[i], evidence, places, out, err);
        log_progress_of(
            &(struct log_count){ "looked at", "files of evidence", (int64_t)i + 1, (int64_t)c.n },
            "%s", c.v[i].name);
        free(c.v[i].name);
        free(c.v[i].bucket);
    }
    log_progress_done();
    free(c.v);
    free(evidence);
    return rc;
}
