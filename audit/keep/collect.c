/* audit/keep/collect.c: files of evidence out of the folders in which workers wrote them. */
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/keep/gather.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "store/evidence.h"

struct wanted {
    char *name;
    int64_t size;    // 0: never closed
    struct digest digest;
};
struct collecting {
    struct wanted *v;
    size_t n, cap;
};

/* One that nothing refers to was dropped by a purge. */
static int take_wanted(void *to, const struct evidence_file *f, struct err *err)
{
    struct collecting *c = to;
    struct buf name = { 0 };

    (void)err;
    if (f->last_offset < 0 && f->size == 0)
        return 0;
    buf_str(&name, f->name);
    ARRAY_ROOM(c->v, c->n, c->cap);
    c->v[c->n++] = (struct wanted){ xstrdup(buf_cstr(&name)), f->size, f->digest };
    buf_release(&name);
    return 0;
}

static char *found_in(const char *folder, const char *name)
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

/* Under its name only when it is whole. 1: it is another than the store knows. */
static int bring(const struct wanted *w, const char *from, const char *to, struct err *err)
{
    char *tmp = file_beside(to, ".tmp");
    struct digest sum = { { 0 } };
    int rc = file_copy(from, tmp, err) || (w->size > 0 && file_digest(tmp, &sum, err)) ? -1 : 0;

    if (rc == 0 && w->size > 0 &&
        (file_state_of(tmp).size != w->size || memcmp(sum.b, w->digest.b, DIGEST_BYTES) != 0)) {
        log_warn("%s has another size or digest than the store knows; it is left where it is",
                 from);
        rc = 1;
    }
    if (rc == 0)
        rc = file_rename(tmp, to, err);
    if (rc)
        unlink(tmp);
    free(tmp);
    return rc;
}

static int collect_one(const struct wanted *w, const char *evidence, char *const *folder, size_t n,
                       struct gathered *out, struct err *err)
{
    char *to = file_join(evidence, w->name);
    int rc = 1;

    if (file_exists(to)) {
        out->here++;
        rc = 0;
    }
    for (size_t i = 0; rc == 1 && i < n; i++) {
        char *from = found_in(folder[i], w->name);

        if (from && (rc = bring(w, from, to, err)) == 0)
            out->brought++;
        free(from);
    }
    if (rc == 1) {
        buf_printf(&out->missing_names, "%s\n", w->name);
        out->missing++;
    }
    free(to);
    return rc < 0 ? -1 : 0;
}

int collect_evidence(struct store *store, const char *dir, char *const *folder, size_t n,
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
            rc = collect_one(&c.v[i], evidence, folder, n, out, err);
        log_progress_of(
            &(struct log_count){ "looked at", "files of evidence", (int64_t)i + 1, (int64_t)c.n },
            "%s", c.v[i].name);
        free(c.v[i].name);
    }
    log_progress_done();
    free(c.v);
    free(evidence);
    return rc;
}
