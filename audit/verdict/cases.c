/* audit/verdict/cases.c: a draw over the labels says which posts get a page of their own; then
 * one walk over items, records and labels tells each story once. */
#include "audit/verdict/cases.h"
#include <dirent.h>
#include <errno.h>
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/story.h"
#include "audit/verdict/walk.h"
#include "base/array.h"
#include "base/file.h"
#include "record/id.h"
#include "record/seed.h"
#include "report/cases.h"

/* ---- who gets a page ---- */

struct ranked {
    uint64_t rank, id;
};
struct case_draw {
    uint64_t salt;
    struct {
        struct ranked v[CASES_SAMPLE];
        size_t n;
    } of[CASE_GROUPS];    // ascending by rank
    struct {
        struct case_page *v;
        size_t n, cap;
    } pages;    // by id, each once
};

static int group_of(const struct label_row *l)
{
    return l->state == STATE_RETRIEVED ? LABEL_COUNT
           : l->state == STATE_OPEN    ? LABEL_COUNT + 1
                                       : (int)l->label;
}

/* The lowest ranks of each group stay. */
static void draw_take(struct case_draw *d, const struct label_row *l)
{
    const int g = group_of(l);
    struct ranked *v = d->of[g].v, one = { mix64(d->salt ^ l->id), l->id };
    size_t at = d->of[g].n;

    if (at == CASES_SAMPLE && v[at - 1].rank <= one.rank)
        return;
    d->of[g].n += at < CASES_SAMPLE;
    at -= at == CASES_SAMPLE;
    for (; at > 0 && v[at - 1].rank > one.rank; at--)
        v[at] = v[at - 1];
    v[at] = one;
}

static void draw_page(struct case_draw *d, uint64_t id, int group)
{
    ARRAY_ROOM(d->pages.v, d->pages.n, d->pages.cap);
    d->pages.v[d->pages.n++] = (struct case_page){ id, group };
}

static int by_id(const void *a, const void *b)
{
    const struct case_page *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int by_group(const void *a, const void *b)
{
    const struct case_page *x = a, *y = b;

    return x->group != y->group ? x->group - y->group : by_id(a, b);
}

static void draw_finish(struct case_draw *d, const struct summary *s)
{
    size_t kept = 0;

    for (int g = 0; g < CASE_GROUPS; g++)
        for (size_t i = 0; i < d->of[g].n; i++)
            draw_page(d, d->of[g].v[i].id, g);
    for (int l = 0; l < LABEL_COUNT; l++)
        for (size_t i = 0; i < s->examples[l]; i++)
            draw_page(d, s->example[l][i].id, l);
    if (d->pages.n)
        qsort(d->pages.v, d->pages.n, sizeof *d->pages.v, by_id);
    for (size_t i = 0; i < d->pages.n; i++)
        if (kept == 0 || d->pages.v[kept - 1].id != d->pages.v[i].id)
            d->pages.v[kept++] = d->pages.v[i];
    d->pages.n = kept;
}

static int draw(struct audit *audit, struct case_draw *d, const struct summary *s, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row l;
    int got;

    d->salt = digest_rank(buf_view(&audit->seed), SEED_CASES);
    if (store_labels(audit->store, &cursor, err))
        return -1;
    while ((got = label_cursor_next(cursor, &l, err)) > 0)
        draw_take(d, &l);
    label_cursor_close(cursor);
    if (got == 0)
        draw_finish(d, s);
    return got;
}

static bool has_page(const struct case_draw *d, uint64_t id)
{
    const struct case_page key = { .id = id };

    return d->pages.n && bsearch(&key, d->pages.v, d->pages.n, sizeof key, by_id);
}

/* ---- files ---- */

struct writing {
    char *dir, *shards;    // cases/, cases/shards/
    struct stories all;
    struct case_draw draw;
    struct shard *shard;
    struct {
        uint64_t *v;
        size_t n, cap;
    } first;    // ids, of each shard
    struct told_story told;
    struct buf file;
};

static int write_file(const char *dir, const char *name, const struct buf *bytes, struct err *err)
{
    char *path = file_join(dir, name);
    int rc = file_write_derived(path, buf_view(bytes), err);

    free(path);
    return rc;
}

static int flush_shard(struct writing *w, struct err *err)
{
    char name[32];

    snprintf(name, sizeof name, "%zu.js", w->first.n - 1);
    shard_write(w->shard, (int64_t)w->first.n - 1, &w->file);
    return write_file(w->shards, name, &w->file, err);
}

static int write_page(struct writing *w, uint64_t id, struct err *err)
{
    char name[ID_TEXT_MAX + 8], text[ID_TEXT_MAX];

    snprintf(name, sizeof name, "%s.html", id_text(id, text));
    buf_clear(&w->file);
    report_case(&w->file, &w->told, true);
    return write_file(w->dir, name, &w->file, err);
}

static int write_story(struct writing *w, struct story *s, struct err *err)
{
    const uint64_t id = s->label.id;

    if (story_gather(s, err))
        return -1;
    story_tell(s, &w->told);
    if (shard_len(w->shard) == 0) {
        ARRAY_ROOM(w->first.v, w->first.n, w->first.cap);
        w->first.v[w->first.n++] = id;
    }
    if (shard_add(w->shard, id, &w->told) && flush_shard(w, err))
        return -1;
    return has_page(&w->draw, id) ? write_page(w, id, err) : 0;
}

/* ---- the walk ---- */

static int walk(struct writing *w, struct label_cursor *labels, struct err *err)
{
    struct story s = { .all = &w->all };
    struct item_walk items;
    int got = item_walk_open(w->all.audit, &items, err), more = 0;

    while (got == 0 && (more = label_cursor_next(labels, &s.label, err)) > 0) {
        do
            more = item_walk_next(&items, err);
        while (more > 0 && items.row.id < s.label.id);
        if (more <= 0 || items.row.id != s.label.id) {
            got = more < 0
                      ? -1
                      : err_set(err, ERR_IO, "item %" PRIu64 " has a label and no row", s.label.id);
            break;
        }
        arena_clear(&s.mem);
        s.row = items.row;
        memcpy(s.rec, items.rec, sizeof s.rec);
        s.label.account = account_of(w->all.accounts->graph, s.label.item);
        got = item_walk_about(&items, &s.about, err) || write_story(w, &s, err) ? -1 : 0;
    }
    if (more < 0)
        got = -1;
    if (got == 0 && shard_len(w->shard))
        got = flush_shard(w, err);
    item_walk_close(&items);
    story_release(&s);
    return got;
}

static int write_all(struct writing *w, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct case_index index;
    int rc = store_labels_told(w->all.audit->store, 0, &labels, err);

    rc = rc || walk(w, labels, err) ? -1 : 0;
    label_cursor_close(labels);
    if (rc)
        return -1;
    if (w->draw.pages.n)
        qsort(w->draw.pages.v, w->draw.pages.n, sizeof *w->draw.pages.v, by_group);
    index = (struct case_index){ w->first.v, w->first.n, w->draw.pages.v, w->draw.pages.n };
    buf_clear(&w->file);
    report_cases_index(&w->file, &index);
    return write_file(w->dir, "index.html", &w->file, err);
}

/* ---- what an earlier report left ---- */

/* NUMBER + ending, and nothing else. */
static bool is_numbered(const char *name, const char *ending, uint64_t *number)
{
    struct str text = str_of(name), end = str_of(ending);

    return text.n > end.n && str_ends(text, end) &&
           str_u64(str_sub(text, 0, text.n - end.n), number);
}

static bool is_stale(const struct writing *w, const char *name, bool shards)
{
    uint64_t number = 0;

    return shards ? is_numbered(name, ".js", &number) && number >= w->first.n
                  : is_numbered(name, ".html", &number) && !has_page(&w->draw, number);
}

static int sweep(const struct writing *w, const char *dir, bool shards, struct err *err)
{
    DIR *d = opendir(dir);
    const struct dirent *e;
    int rc = 0;

    if (!d)
        return err_set(err, ERR_IO, "%s cannot be read: %s", dir, strerror(errno));
    while (rc == 0 && (e = readdir(d)))
        if (is_stale(w, e->d_name, shards)) {
            char *path = file_join(dir, e->d_name);

            rc = file_remove(path, err);
            free(path);
        }
    closedir(d);
    return rc;
}

int cases_write(struct audit *audit, const char *dir, const struct look *look,
                const struct summary *s, struct err *err)
{
    struct writing w = { .dir = file_join(dir, "cases"), .shard = shard_new() };
    int rc = -1;

    w.shards = file_join(w.dir, "shards");
    if (file_mkdirs(w.shards, err) || draw(audit, &w.draw, s, err) ||
        stories_open(&w.all, audit, look, err))
        goto out;
    /* Sweeping asks for pages by id, so before they are put into the index's order. */
    rc = sweep(&w, w.dir, false, err) || write_all(&w, err) || sweep(&w, w.shards, true, err) ? -1
                                                                                              : 0;
    stories_close(&w.all);
out:
    free(w.draw.pages.v);
    free(w.first.v);
    free(w.dir);
    free(w.shards);
    shard_free(w.shard);
    told_release(&w.told);
    buf_release(&w.file);
    return rc;
}
