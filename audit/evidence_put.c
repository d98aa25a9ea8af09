/* audit/evidence_put.c: the store's list of files to a sender, and its news into the store. */
#include "audit/evidence_put.h"
#include <stdlib.h>
#include <string.h>
#include "audit/sender.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "store/evidence.h"

struct putting {
    const char *dir, *url;
    struct {
        struct kept_file *v;
        size_t n, cap;
    } file;
};

static int take(void *to, const struct evidence_file *f, struct err *err)
{
    struct putting *p = to;
    struct kept_file file = { .size = f->size, .digest = f->digest };
    char *path;

    (void)err;
    if (f->size == 0 || f->name.n >= sizeof file.name || str_eq(f->bucket, str_of(p->url)))
        return 0;
    memcpy(file.name, f->name.p, f->name.n);
    path = file_join(p->dir, file.name);
    if (file_exists(path)) {
        ARRAY_ROOM(p->file.v, p->file.n, p->file.cap);
        p->file.v[p->file.n++] = file;
    }
    free(path);
    return 0;
}

void evidence_put_tell(const struct sender *s, const struct sent_news *n)
{
    if (n->what == SENT_REFUSED)
        log_warn("%s was not put into the bucket and stays here alone: %s", n->file.name, n->why);
    if (n->what == SENT_WAITS)
        log_warn("evidence stays here until the bucket takes it: %s", n->why);
    if (n->what == SENT_FLOWS)
        log_info("%s takes evidence again", sender_url(s));
}

void evidence_put_left(const struct sender *s, size_t files)
{
    if (files)
        log_warn(COUNTED " of evidence did not get into %s and %s here; the next run sends %s",
                 COUNT_OF(files, "file", "files"), sender_url(s),
                 plural((int64_t)files, "stays", "stay"), plural((int64_t)files, "it", "them"));
}

static int note_news(struct sender *s, struct store *store, struct err *err)
{
    struct sent_news news;
    int rc = 0;

    while (rc == 0 && sender_next(s, &news)) {
        evidence_put_tell(s, &news);
        if (news.what == SENT_THERE)
            rc = store_evidence_lies(store, &news.file, str_of(sender_url(s)), err);
    }
    return rc;
}

static int put_all(struct putting *p, struct store *store, const struct settings *set,
                   struct err *err)
{
    struct sender *s = NULL;
    size_t left;
    int rc;

    if (store_evidence_files(store, take, p, err))
        return -1;
    if (!p->file.n)
        return 0;
    if (sender_new(&s, set, p->dir, err))
        return -1;
    for (size_t i = 0; i < p->file.n; i++)
        sender_add(s, &p->file.v[i]);
    left = sender_finish(s);
    rc = note_news(s, store, err);
    evidence_put_left(s, left);
    sender_free(s);
    return rc;
}

void evidence_put(struct store *store, const struct settings *set, const char *dir)
{
    struct putting p = { .dir = dir, .url = set->evidence_bucket };
    struct err err = { 0 };

    if (!*set->evidence_bucket)
        return;
    if (put_all(&p, store, set, &err))
        log_warn("evidence was not put into the bucket: %s", err.msg);
    free(p.file.v);
}
