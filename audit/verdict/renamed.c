/* audit/verdict/renamed.c: what is asked is turned into hashes of (account, handle) and
 * (post, handle); every page record and link of the store is then looked up among them. */
#include "audit/verdict/renamed.h"
#include <stdlib.h>
#include "base/array.h"
#include "base/digest.h"
#include "base/utf8.h"

enum about { ABOUT_AUTHOR = 1, ABOUT_ITEM, ABOUT_HANDLE };
struct question {
    int64_t item;
    uint64_t author;       // hash of the page's author id, 0 none
    bool shown, linked;    // by a page; by a link
    bool taken;            // a page shows it for another author
};
struct key {
    uint64_t hash;
    size_t question;
};
struct renamed {
    struct {
        struct question *v;
        size_t n, cap;
    } ask;
    struct {
        struct key *v;
        size_t n, cap;
    } key;
};

void renamed_free(struct renamed *r)
{
    if (!r)
        return;
    free(r->ask.v);
    free(r->key.v);
    free(r);
}

/* The same in any letter case; the API's U+0000 (here U+2400) do not count. 0: none. */
static uint64_t text_hash(struct str s)
{
    uint64_t h = 0x9E3779B97F4A7C15u;
    bool any = false;

    while (s.n > 0) {
        uint32_t c = utf8_next(&s);

        if (c == 0x2400)
            continue;
        h = (h ^ utf8_fold(c)) * 0x9FB21C651E98DF25u;
        any = true;
    }
    return any ? mix64(h) | 1 : 0;
}

static uint64_t pair_hash(enum about about, uint64_t of, uint64_t handle)
{
    return mix64(mix64(mix64(of) + (uint64_t)about) ^ handle);
}

static void add_key(struct renamed *r, uint64_t hash)
{
    ARRAY_ROOM(r->key.v, r->key.n, r->key.cap);
    r->key.v[r->key.n++] = (struct key){ hash, r->ask.n };
}

static int ask(void *to, const struct handle_gap *gap, struct err *err)
{
    uint64_t handle = text_hash(gap->api), shown = text_hash(gap->page),
             author = text_hash(gap->author_id);
    struct renamed *r = to;

    (void)err;
    if (!handle || !shown || handle == shown)
        return 0;
    add_key(r, pair_hash(ABOUT_ITEM, (uint64_t)gap->item, handle));
    add_key(r, pair_hash(ABOUT_HANDLE, 0, handle));
    if (author)
        add_key(r, pair_hash(ABOUT_AUTHOR, author, handle));
    ARRAY_ROOM(r->ask.v, r->ask.n, r->ask.cap);
    r->ask.v[r->ask.n++] = (struct question){ .item = gap->item, .author = author };
    return 0;
}

static int by_hash(const void *x, const void *y)
{
    uint64_t a = ((const struct key *)x)->hash, b = ((const struct key *)y)->hash;

    return (a > b) - (a < b);
}

/* The first key of that hash, or where it would stand. */
static size_t find(const struct renamed *r, uint64_t hash)
{
    size_t lo = 0, hi = r->key.n;

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (r->key.v[mid].hash < hash)
            lo = mid + 1;
        else
            hi = mid;
    }
    return lo;
}

/* Somebody names the handle, of the author or post that it is asked about. */
static void named(struct renamed *r, uint64_t hash, bool by_page)
{
    for (size_t i = find(r, hash); i < r->key.n && r->key.v[i].hash == hash; i++) {
        struct question *q = &r->ask.v[r->key.v[i].question];

        q->shown |= by_page;
        q->linked |= !by_page;
    }
}

static void taken(struct renamed *r, uint64_t author, uint64_t handle)
{
    uint64_t hash = pair_hash(ABOUT_HANDLE, 0, handle);

    for (size_t i = find(r, hash); i < r->key.n && r->key.v[i].hash == hash; i++) {
        struct question *q = &r->ask.v[r->key.v[i].question];

        q->taken |= q->author != author;
    }
}

static int take(void *to, const struct handle_row *row, struct err *err)
{
    struct renamed *r = to;
    uint64_t author = text_hash(row->author_id), shown = text_hash(row->page),
             link = text_hash(row->link);

    (void)err;
    if (shown) {
        named(r, pair_hash(ABOUT_ITEM, (uint64_t)row->item, shown), true);
        if (author) {
            named(r, pair_hash(ABOUT_AUTHOR, author, shown), true);
            taken(r, author, shown);
        }
    }
    if (link) {
        named(r, pair_hash(ABOUT_ITEM, (uint64_t)row->item, link), false);
        if (author)
            named(r, pair_hash(ABOUT_AUTHOR, author, link), false);
    }
    return 0;
}

static int by_item(const void *x, const void *y)
{
    const struct question *a = x, *b = y;

    return a->item < b->item ? -1 : a->item > b->item;
}

int renamed_read(struct store *store, struct renamed **out, struct err *err)
{
    struct renamed *r = xcalloc(1, sizeof *r);

    if (store_handle_gaps(store, ask, r, err))
        goto fail;
    if (r->ask.n) {
        qsort(r->key.v, r->key.n, sizeof *r->key.v, by_hash);
        if (store_handles(store, take, r, err))
            goto fail;
        qsort(r->ask.v, r->ask.n, sizeof *r->ask.v, by_item);
    }
    *out = r;
    return 0;
fail:
    renamed_free(r);
    return -1;
}

bool renamed_is(const struct renamed *r, int64_t item)
{
    const struct question wanted = { .item = item };
    const struct question *q = r->ask.n
                                   ? bsearch(&wanted, r->ask.v, r->ask.n, sizeof *r->ask.v, by_item)
                                   : NULL;

    return q && (q->shown || (q->linked && !q->taken));
}
