/* import/runs.c: a heap of runs, each with its share of the room to read into. */
#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/file.h"
#include "import/runs.h"

static int runs_fail(struct err *err)
{
    return err_set(err, ERR_IO, "the temporary file of a long list: %s", strerror(errno));
}

int runs_add(struct runs *r, const struct new_item *items, size_t len, struct err *err)
{
    int64_t first = r->n ? r->run[r->n - 1].last : 0;

    if (!r->f && !(r->f = tmpfile()))
        return runs_fail(err);
    if (fwrite(items, sizeof *items, len, r->f) != len)
        return runs_fail(err);
    ARRAY_ROOM(r->run, r->n, r->cap);
    r->run[r->n++] = (struct run){ first, first + (int64_t)len };
    return 0;
}

void runs_release(struct runs *r)
{
    if (r->f)
        fclose(r->f);
    free(r->run);
    *r = (struct runs){ 0 };
}

/* ---- one run, read again ---- */
struct reading {
    struct new_item *v;
    size_t n, at;
    int64_t next, last;
};    // v: its share of the room

/* 1 and v[at] is the next item, 0 at the end of the run, -1. */
static int reading_fill(struct runs *r, struct reading *g, size_t room, struct err *err)
{
    size_t want = g->last - g->next < (int64_t)room ? (size_t)(g->last - g->next) : room,
           bytes = want * sizeof *g->v;
    ssize_t got;

    g->n = want;
    g->at = 0;
    got = file_at(fileno(r->f), g->v, bytes, (off_t)g->next * (off_t)sizeof *g->v);
    if (got < (ssize_t)bytes)
        return got < 0 ? runs_fail(err)
                       : err_set(err, ERR_IO, "the temporary file of a long list was cut off");
    g->next += (int64_t)want;
    return want > 0;
}

/* ---- the heap: of equal ids the run that came first is above ---- */
struct heap { struct reading *of; size_t *top, n; };

static bool above(const struct heap *h, size_t a, size_t b)
{
    uint64_t x = h->of[a].v[h->of[a].at].id, y = h->of[b].v[h->of[b].at].id;

    return x != y ? x < y : a < b;
}

static void sink_down(struct heap *h, size_t i)
{
    for (size_t down; (down = 2 * i + 1) < h->n; i = down) {
        size_t was = h->top[i];

        if (down + 1 < h->n && above(h, h->top[down + 1], h->top[down]))
            down++;
        if (!above(h, h->top[down], was))
            return;
        h->top[i] = h->top[down];
        h->top[down] = was;
    }
}

static int heap_open(struct runs *r, struct heap *h, struct new_item *in, size_t room,
                     struct err *err)
{
    h->of = xcalloc(r->n, sizeof *h->of);
    h->top = xcalloc(r->n, sizeof *h->top);
    for (size_t i = 0; i < r->n; i++) {
        int got;

        h->of[i] =
            (struct reading){ .v = in + i * room, .next = r->run[i].first, .last = r->run[i].last };
        if ((got = reading_fill(r, &h->of[i], room, err)) < 0)
            return -1;
        if (got)
            h->top[h->n++] = i;
    }
    for (size_t i = h->n; i-- > 0;)
        sink_down(h, i);
    return 0;
}

/* 1 and an item, 0 when all were handed out, -1. */
static int heap_next(struct runs *r, struct heap *h, size_t room, struct new_item *item,
                     struct err *err)
{
    struct reading *g;
    int got = 1;

    if (!h->n)
        return 0;
    g = &h->of[h->top[0]];
    *item = g->v[g->at++];
    if (g->at == g->n && (got = reading_fill(r, g, room, err)) < 0)
        return -1;
    if (!got)
        h->top[0] = h->top[--h->n];
    sink_down(h, 0);
    return 1;
}

int runs_merge(struct runs *r, struct new_item *in, size_t in_len, struct new_item *out,
               size_t out_len, const struct import_sink *sink, int64_t *items, struct err *err)
{
    size_t room = in_len / r->n, len = 0;
    struct heap h = {0};
    struct new_item item;
    int rc = -1, got;

    if (fflush(r->f)) {
        runs_fail(err);
        goto out;
    }
    if (heap_open(r, &h, in, room, err))
        goto out;
    while ((got = heap_next(r, &h, room, &item, err)) > 0) {
        if (len && out[len - 1].id == item.id) {
            if (!out[len - 1].handle[0])
                out[len - 1] = item;
            continue;
        }
        if (len == out_len) {
            if (sink->items(sink->to, out, len, err))
                goto out;
            *items += (int64_t)len;
            len = 0;
        }
        out[len++] = item;
    }
    if (got == 0 && (!len || sink->items(sink->to, out, len, err) == 0)) {
        *items += (int64_t)len;
        rc = 0;
    }
out:
    free(h.of);
    free(h.top);
    return rc;
}
