/* audit/verdict/compare_purged.c: a pseudonym is made of an id and a key, and no id of a
 * pseudonym; so the ids of the other audit are tried. */
#include "audit/verdict/compare_purged.h"
#include <stdlib.h>
#include <string.h>
#include "audit/pseudonym.h"
#include "base/array.h"
#include "report/waterfall.h"

struct known { uint64_t pseudonym, id; enum node bucket; int64_t account; };    // id 0: not found

struct compare_items {
    struct label_cursor *labels;
    struct label_row row;
    bool has_row, spent;                     // row is ahead; it was handed out
    bool all_tried;                          // every id of the other, which has no purged ones
    struct known *known; size_t n, cap;      // all that are purged, by pseudonym
    struct known *again; size_t found;       // of these, those that were found again, by id
    size_t at;                               // of again: those before have been handed out
};

static int by_pseudonym(const void *x, const void *y)
{
    const struct known *a = x, *b = y;

    return (a->pseudonym > b->pseudonym) - (a->pseudonym < b->pseudonym);
}

static int by_id(const void *x, const void *y)
{
    const struct known *a = x, *b = y;

    return (a->id > b->id) - (a->id < b->id);
}

/* Pseudonyms lie above all ids of posts. */
static int read_purged(struct compare_items *c, struct audit *audit, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (store_labels_from(audit->store, PSEUDONYM_FIRST - 1, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        if (l.purged) {
            ARRAY_ROOM(c->known, c->n, c->cap);
            c->known[c->n++] = (struct known){ l.id, 0, waterfall_leaf(&l), l.account };
        }
    label_cursor_close(labels);
    return got;
}

static int find_ids(struct compare_items *c, struct audit *other, struct str key, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (store_labels(other->store, &labels, err))
        return -1;
    c->all_tried = true;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        const struct known want = { .pseudonym = l.purged ? 0 : store_pseudonym(key, l.id) };
        struct known *k = bsearch(&want, c->known, c->n, sizeof want, by_pseudonym);

        if (k)
            k->id = l.id;
        c->all_tried = c->all_tried && !l.purged;
    }
    label_cursor_close(labels);
    return got;
}

/* Those that are not found again stay under their pseudonym. */
static void keep_found(struct compare_items *c)
{
    for (size_t i = 0; i < c->n; i++)
        c->found += c->known[i].id != 0;
    if (c->found == 0)
        return;
    c->again = xcalloc(c->found, sizeof *c->again);
    c->found = 0;
    for (size_t i = 0; i < c->n; i++)
        if (c->known[i].id)
            c->again[c->found++] = c->known[i];
    qsort(c->again, c->found, sizeof *c->again, by_id);
}

static int learn(struct compare_items *c, struct audit *audit, struct audit *other,
                 struct err *err)
{
    struct buf key = {0};
    bool has = false;
    int rc = read_purged(c, audit, err);

    if (rc == 0 && c->n)
        rc = pseudonym_key_there(audit, &key, &has, err);
    if (rc == 0 && has) {
        qsort(c->known, c->n, sizeof *c->known, by_pseudonym);
        rc = find_ids(c, other, str_trim(buf_view(&key)), err);
        keep_found(c);
    }
    if (key.p)
        explicit_bzero(key.p, key.n);
    buf_release(&key);
    return rc;
}

static bool is_found(const struct compare_items *c, uint64_t pseudonym)
{
    const struct known want = { .pseudonym = pseudonym },
                       *k = c->found ? bsearch(&want, c->known, c->n, sizeof want, by_pseudonym)
                                     : NULL;

    return k && k->id;
}

static int next_label(struct compare_items *c, struct err *err)
{
    int got;

    do
        got = label_cursor_next(c->labels, &c->row, err);
    while (got > 0 && c->row.purged && is_found(c, c->row.id));
    c->has_row = got > 0;
    c->spent = false;
    return got < 0 ? -1 : 0;
}

int compare_items_open(struct compare_items **out, struct audit *audit, struct audit *other,
                       struct err *err)
{
    struct compare_items *c = xcalloc(1, sizeof *c);

    if (learn(c, audit, other, err) || store_labels(audit->store, &c->labels, err) ||
        next_label(c, err)) {
        compare_items_close(c);
        return -1;
    }
    *out = c;
    return 0;
}

static int next_item(void *from, struct compare_row *row, struct err *err)
{
    struct compare_items *c = from;
    const struct known *k = c->at < c->found ? &c->again[c->at] : NULL;

    if (c->spent && next_label(c, err))
        return -1;
    if (k && (!c->has_row || k->id < c->row.id)) {
        *row = (struct compare_row){ .id = k->id, .bucket = k->bucket, .account = k->account };
        c->at++;
        return 1;
    }
    if (!c->has_row)
        return 0;
    c->spent = true;
    *row = (struct compare_row){ .id = c->row.id, .bucket = waterfall_leaf(&c->row),
                                 .purged = c->row.purged, .known = c->all_tried,
                                 .handle = c->row.handle, .account = c->row.account };
    return 1;
}

struct compare_source compare_items_source(struct compare_items *c)
{
    return (struct compare_source){ next_item, c };
}

int64_t compare_items_purged(const struct compare_items *c)
{
    return (int64_t)c->n;
}

void compare_items_close(struct compare_items *c)
{
    if (!c)
        return;
    label_cursor_close(c->labels);
    free(c->known);
    free(c->again);
    free(c);
}
