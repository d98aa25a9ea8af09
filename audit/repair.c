/* audit/repair.c: what a killed run left in evidence/. A file is looked at once:
 * from then on its size stands in the store. */
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/repair.h"
#include "archive/place.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"

struct known {
    char *name;
    int64_t size, last_offset;
};
struct repairing {
    struct store *store;
    const char *dir;
    struct known *v;
    size_t n, cap;
};

static int take_known(void *to, const struct evidence_file *f, struct err *err)
{
    struct repairing *m = to;
    struct buf name = { 0 };

    (void)err;
    buf_str(&name, f->name);
    ARRAY_ROOM(m->v, m->n, m->cap);
    m->v[m->n++] = (struct known){ xstrdup(buf_cstr(&name)), f->size, f->last_offset };
    buf_release(&name);
    return 0;
}

int64_t repair_whole_until(struct members *m, int64_t from, struct err *why)
{
    struct str text;
    int64_t len;

    while (members_at(m, from, &len, &text, why) == 1)
        from += len;
    return from;
}

static int cut(struct repairing *m, const char *path, const char *name, int64_t at, int64_t size,
               struct err *err)
{
    struct buf text = { 0 };
    int rc;

    buf_printf(&text,
               "%s: cut off in the middle of a record at byte %" PRId64
               " by a run that was killed; %" PRId64
               " bytes were cut away, what they held is asked for again",
               name, at, size - at);
    if (truncate(path, at))
        rc = err_set(err, ERR_IO, "%s: %s", path, strerror(errno));
    else
        rc = store_event(m->store, "evidence_cut", 0, buf_view(&text), err);
    log_warn("%s", buf_cstr(&text));
    buf_release(&text);
    return rc;
}

static int repair_file(struct repairing *m, const char *name, int64_t last_offset, struct err *err)
{
    char *path = file_join(m->dir, name);
    struct members *file = NULL;
    struct digest sum = { { 0 } };
    struct err why = { 0 };
    int64_t end = 0, size = 0;
    int rc = members_open(&file, path, err);

    if (rc == 0) {
        size = members_size(file);
        end = repair_whole_until(file, last_offset > 0 ? last_offset : 0, &why);
        sum = members_digest(file, end);
    }
    members_close(file);
    if (rc == 0 && end < size && end <= last_offset)
        log_warn("%s; `blindspot verify` says what it touches",
                 why.msg);    // committed, so it was whole once
    else if (rc == 0 && end < size)
        rc = cut(m, path, name, end, size, err);
    if (rc == 0 && end > last_offset)
        rc = end            ? store_evidence_file_set(m->store, name, end, &sum, err)
             : unlink(path) ? err_set(err, ERR_IO, "%s: %s", path, strerror(errno))
                            : 0;
    free(path);
    return rc;
}

int repair_archive(struct store *store, const char *dir, struct err *err)
{
    struct repairing m = { .store = store, .dir = dir };
    char **names = NULL;
    size_t len = 0;
    int rc = -1;

    if (store_evidence_files(store, take_known, &m, err) || archive_list(m.dir, &names, &len, err))
        goto out;
    rc = 0;
    for (size_t i = 0; rc == 0 && i < len; i++) {
        size_t k = 0;

        while (k < m.n && strcmp(m.v[k].name, names[i]) != 0)
            k++;
        if (k == m.n || m.v[k].size == 0)
            rc = repair_file(&m, names[i], k < m.n ? m.v[k].last_offset : -1, err);
    }
out:
    for (size_t i = 0; i < m.n; i++)
        free(m.v[i].name);
    free(m.v);
    archive_list_free(names, len);
    return rc;
}
