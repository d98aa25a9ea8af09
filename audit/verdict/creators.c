/* audit/verdict/creators.c: see creators.h. */
#include "audit/verdict/creators.h"
#include <stdlib.h>
#include <string.h>
#include "audit/series.h"
#include "audit/verdict/numbers.h"
#include "base/array.h"
#include "record/seed.h"
#include "report/numbers.h"
#include "report/waterfall.h"
#include "store/draw.h"
#include "store/frame.h"

/* A drawn post, whose it is, and what became of it. */
struct post {
    uint64_t id;
    size_t row;
    int64_t item;    // 0: no label tells of it yet
    bool available, missing;
};
struct gathering {
    struct audit *audit;
    struct arena *mem;
    struct sample_result *s;
    struct {
        struct sample_creator *v;
        size_t n, cap;
    } row;    // by number
    struct {
        struct post *v;
        size_t n, cap;
    } post;
};

static int take_creator(void *to, const struct creator *c, struct err *err)
{
    struct gathering *g = to;

    (void)err;
    ARRAY_ROOM(g->row.v, g->row.n, g->row.cap);
    g->row.v[g->row.n++] =
        (struct sample_creator){ .n = c->n, .handle = arena_dup(g->mem, str_of(c->handle)) };
    return 0;
}

static int by_number(const void *key, const void *at)
{
    const int64_t n = *(const int64_t *)key;
    const struct sample_creator *c = at;

    return n < c->n ? -1 : n > c->n;
}

static struct sample_creator *row_of(const struct gathering *g, int64_t n)
{
    return g->row.n ? bsearch(&n, g->row.v, g->row.n, sizeof *g->row.v, by_number) : NULL;
}

/* By the number that it had at the draw. *out is NULL of one that is in the frame no more. */
static int row_find(const struct gathering *g, int64_t n, struct sample_creator **out,
                    struct err *err)
{
    int64_t main = n;

    *out = row_of(g, n);
    if (!*out && store_creator_main(g->audit->store, n, &main, err))
        return -1;
    *out = row_of(g, main);
    return 0;
}

static int take_drawn_creator(void *to, const struct draw_creator *d, struct err *err)
{
    struct gathering *g = to;
    struct sample_creator *c;

    if (row_find(g, d->creator, &c, err))
        return -1;
    if (!c)
        return 0;
    c->why = c->drawn ? c->why : d->why;
    c->frame += d->frame;
    c->pinned += d->pinned;
    c->newest = c->newest || d->newest;
    return 0;
}

static int take_drawn(void *to, const struct drawn_post *p, struct err *err)
{
    struct gathering *g = to;
    struct sample_creator *c;

    if (row_find(g, p->creator, &c, err))
        return -1;
    if (!c)
        return 0;
    c->drawn++;
    c->open++;    // until its label says otherwise
    g->s->replaced += p->instead != 0;
    ARRAY_ROOM(g->post.v, g->post.n, g->post.cap);
    g->post.v[g->post.n++] = (struct post){ .id = p->post, .row = (size_t)(c - g->row.v) };
    return 0;
}

static int by_id(const void *a, const void *b)
{
    const struct post *x = a, *y = b;

    return x->id < y->id ? -1 : x->id > y->id;
}

static void take_label(struct gathering *g, struct post *p, const struct label_row *l)
{
    struct sample_creator *c = &g->row.v[p->row];
    const enum node group = l->state == STATE_MISSING ? waterfall_group(l) : NODE_OPEN;
    const bool open = l->state == STATE_OPEN;

    p->item = l->item;
    p->available = l->state == STATE_RETRIEVED;
    p->missing = group == NODE_PUBLIC;
    c->open -= !open;
    c->available += p->available;
    c->missing += p->missing;
    c->gone += group == NODE_NOT_PUBLIC;
    c->restricted += group == NODE_RESTRICTED;
    /* By the post's page, or the account's region in the API's row: a purge leaves both where they
     * are Canada. */
    c->canada += (p->available || p->missing) &&
                 (l->label == LABEL_CANADA || str_eq(l->place, STR("CA")) ||
                  str_eq(l->region, STR("CA")));
}

/* Both come by id. */
static int take_labels(struct gathering *g, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    size_t at = 0;
    int got;

    if (store_labels(g->audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        while (at < g->post.n && g->post.v[at].id < l.id)
            at++;
        for (size_t i = at; i < g->post.n && g->post.v[i].id == l.id; i++)
            take_label(g, &g->post.v[i], &l);
    }
    label_cursor_close(labels);
    return got;
}

static void mark_behind(const struct gathering *g, struct behind *behind)
{
    const int available = behind_set(behind, STR("sample_posts")),
              missing = behind_set(behind, STR("sample_missing"));

    for (size_t i = 0; i < g->post.n; i++) {
        const struct post *p = &g->post.v[i];

        if (g->s->row[p->row].fate != CREATOR_FATE_COUNTED)
            continue;
        if (p->available)
            behind_mark(behind, available, p->item);
        if (p->missing)
            behind_mark(behind, missing, p->item);
    }
}

static int take_sighting(void *to, const struct sighting *t, struct err *err)
{
    struct sample_result *s = to;

    (void)err;
    if (t->day && (!s->seen_from || t->day < s->seen_from))
        s->seen_from = t->day;
    s->seen_to = t->day > s->seen_to ? t->day : s->seen_to;
    return 0;
}

static int gather(struct gathering *g, struct err *err)
{
    struct store *store = g->audit->store;

    if (store_creators(store, take_creator, g, err) ||
        store_sightings(store, 0, take_sighting, g->s, err) ||
        store_draw_last(store, &g->s->draw, err))
        return -1;
    if (g->s->draw.n && (store_drawn(store, g->s->draw.n, take_drawn, g, err) ||
                         store_draw_creators(store, g->s->draw.n, take_drawn_creator, g, err)))
        return -1;
    if (g->post.n)
        qsort(g->post.v, g->post.n, sizeof *g->post.v, by_id);
    return take_labels(g, err);
}

int creators_make(struct audit *audit, struct arena *mem, struct behind *behind,
                  struct sample_result *s, struct err *err)
{
    struct gathering g = { .audit = audit, .mem = mem, .s = s };
    enum series series;
    int rc = -1;

    *s = (struct sample_result){ .has = false };
    if (series_of(audit, &series, err))
        return -1;
    if (series != SERIES_SAMPLE)
        return 0;
    if (gather(&g, err))
        goto out;
    s->rows = g.row.n;
    s->row = arena_alloc(mem, (g.row.n + 1) * sizeof *s->row);
    if (g.row.n)
        memcpy(s->row, g.row.v, g.row.n * sizeof *s->row);
    sample_finish(s, mem, digest_rank(buf_view(&audit->seed), SEED_CREATORS));
    mark_behind(&g, behind);
    rc = 0;
out:
    free(g.row.v);
    free(g.post.v);
    return rc;
}

int sample_numbers(const struct numbers_from *from, struct err *err)
{
    if (creators_make(from->audit, from->s->mem, from->behind, &from->s->sample, err))
        return -1;
    if (from->s->sample.has)
        numbers_of_sample(from->s);
    return 0;
}
