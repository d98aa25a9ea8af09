/* audit/take/add_archive.c: addresses of replies -> items. */
#include "audit/take/add_archive.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "archive/replies.h"
#include "import/urls.h"

#define CHUNK 4096                 // items that are handed on together

struct taking {
    const struct import_opts *opts;
    const struct import_sink *sink;
    struct import_count *count;
    struct new_item item[CHUNK];
    size_t n;
};

static int by_id(const void *a, const void *b)
{
    const struct new_item *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

/* Sorted by id, none twice, as the sink wants them. */
static int hand_on(struct taking *t, struct err *err)
{
    size_t out = 0;

    if (t->n)
        qsort(t->item, t->n, sizeof *t->item, by_id);
    for (size_t i = 0; i < t->n; i++)
        if (!out || t->item[out - 1].id != t->item[i].id)
            t->item[out++] = t->item[i];
    t->n = 0;
    t->count->items += (int64_t)out;
    return out ? t->sink->items(t->sink->to, t->item, out, err) : 0;
}

static int take(void *to, const struct archived_reply *a, struct err *err)
{
    struct taking *t = to;
    struct link link;

    memset(&link, 0, sizeof link);
    link_parse(a->url, t->opts->now, &link);
    if (link.what != LINK_ITEM) {              // pictures, scripts, other pages: no link of a list
        t->count->skipped[SKIP_NO_LINK]++;
        return 0;
    }
    t->count->links++;
    t->count->taken++;
    t->count->odd += link.odd;
    t->item[t->n++] = link.item;
    return t->n == CHUNK ? hand_on(t, err) : 0;
}

static void note_damage(const struct taking *t, const int64_t *skipped)
{
    char text[80];

    if (!skipped[REPLIES_DAMAGED] || !t->sink->note)
        return;
    snprintf(text, sizeof text, "%lld %s damaged: what stood there is left out",
             COUNT_OF(skipped[REPLIES_DAMAGED], "place is", "places are"));
    t->sink->note(t->sink->to, text);
}

int add_archive(const char *path, const struct import_opts *opts, const struct import_sink *sink,
                struct import_count *count, bool *meant, struct err *err)
{
    int64_t skipped[REPLIES_SKIP_COUNT] = { 0 };
    struct import_count counted = { .kind = "archive" };
    struct taking *t;
    struct digest whole;
    int rc;

    *meant = false;
    if (strcmp(path, "-") == 0)
        return 0;
    if (replies_in(path, meant, err))
        return -1;
    if (!*meant)
        return 0;
    t = xcalloc(1, sizeof *t);
    *t = (struct taking){ .opts = opts, .sink = sink, .count = &counted };
    rc = replies_each(path, take, t, skipped, &whole, err) || hand_on(t, err) ? -1 : 0;
    if (rc == 0) {
        note_damage(t, skipped);
        counted.digest = digest_hmac(opts->source_key,
                                     (struct str){ (const char *)whole.b, sizeof whole.b });
        *count = counted;
    }
    free(t);
    return rc;
}
