/* audit/sample/drawn.c: see drawn.h. */
#include "audit/sample/drawn.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include "audit/sample/pool.h"
#include "base/array.h"
#include "base/utc.h"
#include "store/draw.h"
#include "store/inputs.h"

void drawn_push(struct drawn_posts *s, const struct drawn_post *p)
{
    ARRAY_ROOM(s->v, s->n, s->cap);
    s->v[s->n++] = *p;
}

static int see_post(void *to, const struct drawn_post *p, struct err *err)
{
    (void)err;
    drawn_push(to, p);
    return 0;
}

int drawn_read(struct audit *a, int64_t draw, struct drawn_posts *out, struct err *err)
{
    return store_drawn(a->store, draw, see_post, out, err);
}

static int by_item(const void *a, const void *b)
{
    const struct new_item *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

int drawn_items(struct audit *a, const struct frame *f, const struct draw *d,
                const struct drawn_post *p, size_t n, int64_t *fresh, struct err *err)
{
    struct new_item *items = xcalloc(n + 1, sizeof *items);
    const struct frame_creator *c;
    struct add_count added = { 0 };
    struct intake intake = { 0 };
    struct buf name = { 0 };
    char now[UTC_TEXT_MAX], hex[DIGEST_HEX];
    struct digest digest;
    size_t unlike = 0;
    int64_t source;
    int rc = -1;

    for (size_t i = 0; i < n; i++) {
        items[i].id = p[i].post;
        c = pool_creator(f, p[i].creator);
        snprintf(items[i].handle, sizeof items[i].handle, "%s", c ? c->who.handle : "");
    }
    qsort(items, n, sizeof *items, by_item);
    for (size_t i = 0; i < n; i++)    // one post on two creators' lists
        if (!unlike || items[unlike - 1].id != items[i].id)
            items[unlike++] = items[i];
    buf_printf(&name, "draw %" PRId64 " %s", d->n, digest_hex(&d->frame, hex));
    digest = digest_hmac(buf_view(&a->seed), buf_view(&name));
    if (store_source(a->store, "draw", &digest, &source, err) ||
        store_add_items(a->store, source, items, unlike, &added, err))
        goto out;
    intake.seen = (int64_t)n;
    intake.fresh = *fresh = added.fresh;
    intake.duplicates = (int64_t)n - added.fresh;
    if (store_source_count(a->store, source, &intake, err) ||
        (added.fresh &&
         store_meta_set(a->store, META_TAKEN_AT, str_of(utc_rfc3339(utc_now(), now)), err)))
        goto out;
    rc = 0;
out:
    buf_release(&name);
    free(items);
    return rc;
}
