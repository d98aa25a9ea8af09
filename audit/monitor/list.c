/* audit/monitor/list.c: posts come on the list, and leave it. */
#include "audit/monitor/list.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/utc.h"
#include "import/urls.h"
#include "store/watch.h"

static int by_id(const void *a, const void *b)
{
    const struct new_item *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

static int find_all(struct store *s, const struct new_item *it, size_t n, int64_t *item,
                    struct err *err)
{
    uint64_t *id = xcalloc(n ? n : 1, sizeof *id);
    int rc;

    for (size_t i = 0; i < n; i++) {
        id[i] = it[i].id;
        item[i] = 0;
    }
    rc = store_item_numbers(s, id, item, n, err);
    free(id);
    return rc;
}

int list_items(struct audit *audit, const struct new_item *it, size_t n, int64_t *item,
               struct err *err)
{
    struct new_item *sorted = xcalloc(n ? n : 1, sizeof *sorted);
    struct add_count counts = { 0 };
    struct buf ids = { 0 };
    struct digest digest;
    int64_t source;
    size_t unique = 0;
    int rc = -1;

    memcpy(sorted, it, n * sizeof *it);
    if (n)
        qsort(sorted, n, sizeof *sorted, by_id);
    for (size_t i = 0; i < n; i++) {
        if (unique && sorted[unique - 1].id == sorted[i].id)
            continue;
        sorted[unique++] = sorted[i];
        buf_printf(&ids, "%" PRIu64 "\n", sorted[i].id);
    }
    digest = digest_sha256(buf_view(&ids));
    if (store_source(audit->store, "watch", &digest, &source, err) ||
        store_add_items(audit->store, source, sorted, unique, &counts, err))
        goto out;
    rc = find_all(audit->store, it, n, item, err);
out:
    buf_release(&ids);
    free(sorted);
    return rc;
}

int list_word(const char *word, struct new_item *it, struct err *err)
{
    struct str rest = str_of(word);
    struct link link;

    memset(&link, 0, sizeof link);
    if (!link_next(&rest, utc_now(), &link) || link.what != LINK_ITEM || str_trim(rest).n)
        return err_set(err, ERR_USAGE,
                       "expected the id of a post or a link that holds one, not "
                       "\"%.80s\"",
                       word);
    *it = link.item;
    return 0;
}

/* ---- what is on it ---- */

struct counting {
    int64_t posts, canaries, all, by_role[WATCH_ROLE_COUNT];
    const int64_t *item; size_t n; bool *known;
    const struct new_item *of; size_t ofs;    // by_role counts of these alone
};

static int count_item(void *to, const struct watched *w, struct err *err)
{
    struct counting *c = to;

    (void)err;
    if (w->until_at == 0 && !w->purged_at) {
        c->posts += w->role == WATCH_POST;
        c->canaries += w->role == WATCH_CANARY;
        c->all++;
        for (size_t i = 0; i < c->ofs; i++)
            if (c->of[i].id == w->id) {
                c->by_role[w->role]++;
                break;
            }
    }
    for (size_t i = 0; i < c->n; i++)
        if (c->item[i] == w->item)
            c->known[i] = true;
    return 0;
}

int list_count(struct audit *audit, int64_t *posts, int64_t *canaries, struct err *err)
{
    struct counting c = { 0 };

    if (store_watched(audit->store, count_item, &c, err))
        return -1;
    *posts = c.posts;
    *canaries = c.canaries;
    return 0;
}

/* ---- changes ---- */

static int take_off(struct audit *audit, const struct new_item *it, size_t n, int64_t *item,
                    struct err *err)
{
    bool *known = xcalloc(n ? n : 1, sizeof *known);
    struct counting c = { .item = item, .n = n, .known = known };
    int rc = 0;

    rc = find_all(audit->store, it, n, item, err);
    if (rc == 0)
        rc = store_watched(audit->store, count_item, &c, err);
    for (size_t i = 0; rc == 0 && i < n; i++)
        if (!item[i] || !known[i])
            rc = err_set(err, ERR_USAGE, "monitor add: %" PRIu64 " is not on this list", it[i].id);
    free(known);
    return rc ? -1 : store_watch_end(audit->store, item, n, err);
}

static int put_on(struct audit *audit, const struct new_item *it, size_t n, int64_t *item,
                  const struct list_change *change, struct err *err)
{
    struct watched *w = xcalloc(n ? n : 1, sizeof *w);
    int64_t fresh;
    int rc = list_items(audit, it, n, item, err);

    for (size_t i = 0; rc == 0 && i < n; i++)
        w[i] = (struct watched){ .item = item[i], .role = change->role, .why = change->why };
    if (rc == 0)
        rc = store_watch_put(audit->store, w, n, &fresh, err);
    free(w);
    return rc;
}

static int change_all(struct audit *audit, const struct new_item *it, size_t n,
                      const struct list_change *change, struct list_counts *out, struct err *err)
{
    int64_t *item = xcalloc(n ? n : 1, sizeof *item);
    struct counting before = { .of = it, .ofs = n }, now = { 0 };
    int rc = -1;

    if (store_watched(audit->store, count_item, &before, err))
        goto out;
    if (change->ends ? take_off(audit, it, n, item, err)
                     : put_on(audit, it, n, item, change, err))
        goto out;
    if (store_watched(audit->store, count_item, &now, err))
        goto out;
    out->posts = now.posts;
    out->canaries = now.canaries;
    out->fresh = change->ends ? before.all - now.all : now.all - before.all;
    out->already = (int64_t)n - out->fresh;
    for (int role = 0; role < WATCH_ROLE_COUNT; role++)
        if (!change->ends && change->role != WATCH_FRESH && role != (int)change->role)
            out->turned[role] = before.by_role[role];
    rc = 0;
out:
    free(item);
    return rc;
}

int list_change(struct audit *audit, char **word, int n, const struct list_change *change,
                struct list_counts *out, struct err *err)
{
    struct new_item *it = xcalloc(n > 0 ? (size_t)n : 1, sizeof *it);
    int rc = 0;

    *out = (struct list_counts){ 0 };
    for (int i = 0; rc == 0 && i < n; i++)
        rc = list_word(word[i], &it[i], err);
    if (rc == 0 && store_begin(audit->store, err) == 0) {
        rc = change_all(audit, it, (size_t)n, change, out, err) ||
                     store_commit(audit->store, err)
                 ? -1
                 : 0;
        if (rc)
            store_rollback(audit->store);
    } else {
        rc = -1;
    }
    free(it);
    return rc;
}
