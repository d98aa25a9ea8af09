/* audit/monitor/init.c: chooses the posts of a new list, and canaries for them. */
#include "audit/monitor/init.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/monitor/list.h"
#include "audit/other.h"
#include "audit/series.h"
#include "audit/verdict/label.h"
#include "audit/verdict/walk.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "fetch/window.h"
#include "record/id.h"
#include "record/seed.h"
#include "store/watch.h"

struct choice {
    struct new_item it;
    enum label label;                // LABEL_NONE: a canary
    int64_t views, day;              // views -1: its page shows none; day of creation
    uint64_t rank;                   // by the seed
    int64_t place;                   // among those of its label, from 1
    bool taken;
};
struct choices { struct choice *v; size_t n, cap; };
struct chooser {
    const struct init_opts *opts;
    struct choices posts, canaries;
    uint64_t salt;
    const struct choice **chosen; size_t n;    // posts, then canaries
};

static void push(struct choices *c, const struct choice *one)
{
    ARRAY_ROOM(c->v, c->n, c->cap);
    c->v[c->n++] = *one;
}

/* ---- what there is ---- */

static int64_t views_of(const struct record *page)
{
    const struct value *v = page ? &page->val[FIELD_VIEWS] : NULL;

    return v && v->kind == VAL_INT ? v->i : -1;
}

static void look_at(struct chooser *c, const struct item_walk *w, const struct label_row *l)
{
    struct choice one = { .it = { .id = l->id },
                          .day = utc_day(item_created(&w->row)),
                          .views = views_of(w->rec[SIDE_PAGE]),
                          .rank = mix64(l->id ^ c->salt) };
    const struct str handle = w->row.handle;

    if (l->purged)
        return;
    memcpy(one.it.handle, handle.p, handle.n < HANDLE_MAX ? handle.n : 0);
    if (l->state == STATE_MISSING && l->confirmed && w->row.page == ANSWER_PUBLIC &&
        !l->later_refused_at &&
        (c->opts->label == LABEL_NONE || c->opts->label == l->label)) {
        one.label = l->label;
        push(&c->posts, &one);
    } else if (l->state == STATE_RETRIEVED && w->row.page != ANSWER_REFUSED) {
        push(&c->canaries, &one);
    }
}

/* Items and labels are both by id. */
static int look_around(struct audit *audit, struct chooser *c, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l = { 0 };
    struct item_walk w;
    int got = 0, ahead = 1, rc = -1;

    c->salt = digest_rank(buf_view(&audit->seed), SEED_WATCH);
    if (item_walk_open(audit, &w, err) || store_labels(audit->store, &labels, err))
        goto out;
    ahead = label_cursor_next(labels, &l, err);
    while (ahead >= 0 && (got = item_walk_next(&w, err)) > 0) {
        while (ahead > 0 && l.id < w.row.id)
            ahead = label_cursor_next(labels, &l, err);
        if (ahead > 0 && l.id == w.row.id)
            look_at(c, &w, &l);
    }
    rc = ahead < 0 || got < 0 ? -1 : 0;
out:
    item_walk_close(&w);
    label_cursor_close(labels);
    return rc;
}

/* ---- what is taken of it ---- */

static int by_views(const void *a, const void *b)
{
    const struct choice *x = a, *y = b;

    if (x->label != y->label)
        return x->label < y->label ? -1 : 1;
    if (x->views != y->views)
        return x->views > y->views ? -1 : 1;
    return (x->rank > y->rank) - (x->rank < y->rank);
}

static int by_rank(const void *a, const void *b)
{
    const struct choice *x = a, *y = b;

    return (x->rank > y->rank) - (x->rank < y->rank);
}

/* One of each label, the most viewed, then a second one of each ... */
static void choose_posts(struct chooser *c, struct init_result *out)
{
    struct choices *p = &c->posts;

    if (p->n)
        qsort(p->v, p->n, sizeof *p->v, by_views);
    for (size_t i = 0; i < p->n; i++)
        p->v[i].place = i && p->v[i - 1].label == p->v[i].label ? p->v[i - 1].place + 1 : 1;
    for (int64_t place = 1; out->posts < c->opts->top; place++) {
        const int64_t before = out->posts;

        for (size_t i = 0; i < p->n && out->posts < c->opts->top; i++) {
            if (p->v[i].place != place)
                continue;
            c->chosen[c->n++] = &p->v[i];
            out->posts++;
            out->label[p->v[i].label]++;
        }
        if (out->posts == before)
            return;
    }
}

static void take_canary(struct chooser *c, struct choice *one, struct init_result *out)
{
    one->taken = true;
    c->chosen[c->n++] = one;
    out->canaries++;
}

static bool in_one_window(const struct choice *a, const struct choice *b)
{
    return a->day < b->day ? window_fits(a->day, b->day) : window_fits(b->day, a->day);
}

/* One that is in the window of a post vouches for it; where there is none, others vouch that
 * the API answered at all. */
static void choose_canaries(struct chooser *c, struct init_result *out)
{
    struct choices *k = &c->canaries;
    const size_t posts = c->n;

    if (k->n)
        qsort(k->v, k->n, sizeof *k->v, by_rank);
    for (size_t i = 0; i < posts; i++) {
        struct choice *found = NULL;

        for (size_t j = 0; j < k->n && !(found && found->taken); j++)
            if (in_one_window(c->chosen[i], &k->v[j]) && (!found || k->v[j].taken))
                found = &k->v[j];
        if (!found)
            out->unattended++;
        else if (!found->taken)
            take_canary(c, found, out);
    }
    for (size_t j = 0; j < k->n && out->canaries < INIT_CANARIES; j++)
        if (!k->v[j].taken)
            take_canary(c, &k->v[j], out);
}

static int choose(struct chooser *c, struct init_result *out, struct err *err)
{
    struct other o = { 0 };
    struct err later = { 0 };
    int rc = other_find(&o, c->opts->from, err) || other_open(&o, NULL, NULL, err) ||
                     labels_refresh(&o.audit, err) || look_around(&o.audit, c, err)
                 ? -1
                 : 0;

    if (other_close(&o, rc ? &later : err))
        rc = -1;
    if (rc)
        return -1;
    out->candidates = (int64_t)c->posts.n;
    if (!c->posts.n)
        return err_set(err, ERR_USAGE,
                       "%s has no public post that is confirmed as missing%s%s: nothing to watch",
                       c->opts->from, c->opts->label ? " and labelled " : "",
                       label_name(c->opts->label));
    c->chosen = xcalloc(c->posts.n + c->canaries.n, sizeof(const struct choice *));
    choose_posts(c, out);
    choose_canaries(c, out);
    return 0;
}

/* ---- the new folder ---- */

static int note(struct audit *audit, const struct chooser *c, const struct choice *one,
                int64_t item, struct err *err)
{
    struct buf text = { 0 };
    int rc;

    if (one->label == LABEL_NONE)
        buf_printf(&text, "canary: retrieved by the audit; rank %016" PRIx64 " of %zu", one->rank,
                   c->canaries.n);
    else
        buf_printf(&text, "missing/public/%s, %" PRId64 " views, place %" PRId64
                          " of its label; rank %016" PRIx64 " of %zu",
                   label_name(one->label), one->views, one->place, one->rank, c->posts.n);
    rc = store_event(audit->store, "watch_chosen", item, buf_view(&text), err);
    buf_release(&text);
    return rc;
}

static int put_chosen(struct audit *audit, const struct chooser *c, struct err *err)
{
    struct new_item *it = xcalloc(c->n, sizeof *it);
    struct watched *w = xcalloc(c->n, sizeof *w);
    int64_t *item = xcalloc(c->n, sizeof *item), fresh;
    struct arena mem = { 0 };
    int rc = -1;

    for (size_t i = 0; i < c->n; i++)
        it[i] = c->chosen[i]->it;
    if (list_items(audit, it, c->n, item, err))
        goto out;
    for (size_t i = 0; i < c->n; i++) {
        const enum label label = c->chosen[i]->label;

        w[i] = (struct watched){
            .item = item[i], .role = label == LABEL_NONE ? WATCH_CANARY : WATCH_POST
        };
        w[i].why = label == LABEL_NONE
                       ? STR("retrieved")
                       : arena_printf(&mem, "missing/public/%s", label_name(label));
        if (note(audit, c, c->chosen[i], item[i], err))
            goto out;
    }
    rc = store_watch_put(audit->store, w, c->n, &fresh, err);
out:
    arena_release(&mem);
    free(item);
    free(w);
    free(it);
    return rc;
}

static int fill(const char *dir, const struct chooser *c, struct err *err)
{
    struct audit audit;
    struct err later = { 0 };
    int rc;

    if (audit_open(&audit, dir, c->opts->sets, STORE_WRITE, err))
        return -1;
    rc = store_begin(audit.store, err) || put_chosen(&audit, c, err) ||
                 store_commit(audit.store, err)
             ? -1
             : 0;
    if (rc)
        store_rollback(audit.store);
    if (audit_close(&audit, rc ? &later : err))
        rc = -1;
    return rc;
}

int monitor_init(const char *dir, const struct init_opts *opts, struct init_result *out,
                 struct err *err)
{
    struct chooser c = { .opts = opts };
    int rc = -1;

    *out = (struct init_result){ 0 };
    if (opts->from && choose(&c, out, err))
        goto out;
    if (series_init(dir, SERIES_WATCH, opts->address, err) || (opts->from && fill(dir, &c, err)))
        goto out;
    rc = 0;
out:
    free(c.chosen);
    free(c.posts.v);
    free(c.canaries.v);
    return rc;
}
