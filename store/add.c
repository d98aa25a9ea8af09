/* store/add.c: items and short links on their way in.
 *
 * Adding is the hot path: an audit starts with up to millions of links. A chunk
 * is sorted by id, so the index grows at neighbouring places; ids above all
 * that are known need no look-up; and a source notes ranges of item numbers
 * instead of a row an item. */
#include <stdlib.h>
#include <string.h>

#include "base/array.h"
#include "store/inner.h"
#include "store/known.h"
#include "store/items.h"

#define ADD_CHUNK 4096             // items that one statement takes

static int source_find(struct store *s, const char *kind, const struct digest *d, int64_t *source,
                       struct err *err)
{
    int64_t *const out[] = { source };

    *source = 0;
    return db_row(s->db, Q_SOURCE_FIND, ARGS(arg_text(str_of(kind)), arg_digest(d)), out, 1, err);
}

int store_source(struct store *s, const char *kind, const struct digest *d, int64_t *source,
                 struct err *err)
{
    int rc = source_find(s, kind, d, source, err);

    if (rc)
        return rc < 0 ? -1 : 0;
    if (store_number(s, NUMBER_SOURCE, 1, source, err))
        return -1;
    return db_run(s->db, Q_SOURCE_ADD,
                  ARGS(arg_int(*source), arg_text(str_of(kind)), arg_digest(d)), err);
}

int store_count_sources(struct store *s, const char *kind, int64_t *count, struct err *err)
{
    int64_t *const out[] = { count };

    return db_row(s->db, Q_SOURCE_COUNT, ARGS(kind ? arg_text(str_of(kind)) : arg_null()), out, 1,
                  err) == 1 ? 0 : -1;
}

int store_source_items(struct store *s, const char *kind,
                       int (*each)(void *to, int64_t source, int64_t first, int64_t last,
                                   struct err *),
                       void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_SOURCE_ITEMS, ARGS(arg_text(str_of(kind))), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (each(to, stmt_int(st, 0), stmt_int(st, 1), stmt_int(st, 2), err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}

/* Until it has its name, a digest of chance keeps it apart from all others. */
int store_source_new(struct store *s, int64_t *source, struct err *err)
{
    struct digest d;

    digest_random(d.b);
    return store_source(s, "", &d, source, err);
}

/* ---- ranges of a source ---- */
struct range { int64_t first, last; };

static int range_get(struct store *s, enum query q, int64_t source, int64_t n, struct range *r,
                     struct err *err)
{
    int64_t *const out[] = { &r->first, &r->last };

    return db_row(s->db, q, ARGS(arg_int(source), arg_int(n)), out, 2, err);
}

static int range_put(struct store *s, enum query q, int64_t source, int64_t first, int64_t last,
                     struct err *err)
{
    return db_run(s->db, q, ARGS(arg_int(source), arg_int(first), arg_int(last)), err);
}

/* Adds first..last to a source; what it has already is left, so that its
 * ranges never overlap and one look-up tells whether an item is in. */
static int source_add(struct store *s, int64_t source, int64_t first, int64_t last,
                      struct err *err)
{
    struct range before = {0}, next = {0};
    int rc = range_get(s, Q_RANGE_BEFORE, source, first, &before, err);

    if (rc < 0)
        return -1;
    if (rc == 1 && before.last >= first)
        first = before.last + 1;
    while (first <= last) {
        int64_t end = last, go_on = last + 1;

        if ((rc = range_get(s, Q_RANGE_NEXT, source, first - 1, &next, err)) < 0)
            return -1;
        if (rc == 1 && next.first <= last) {
            end = next.first - 1;
            go_on = next.last + 1;
        }
        if (end >= first && before.last > 0 && before.last == first - 1) {
            if (range_put(s, Q_RANGE_GROW, source, before.first, end, err))
                return -1;
            before.last = end;
        } else if (end >= first) {
            if (range_put(s, Q_RANGE_ADD, source, first, end, err))
                return -1;
            before = (struct range){ first, end };
        }
        if (rc == 1 && next.first <= last)
            before = next;
        first = go_on;
    }
    return 0;
}

/* Items that were known before: their numbers lie anywhere, but those of a
 * file that comes twice are neighbours again once sorted. */
static int source_add_known(struct store *s, int64_t source, int64_t *n, size_t len,
                            struct err *err)
{
    qsort(n, len, sizeof *n, array_by_number);
    for (size_t i = 0, j; i < len; i = j) {
        for (j = i + 1; j < len && n[j] <= n[j - 1] + 1; j++)
            ;
        if (source_add(s, source, n[i], n[j - 1], err))
            return -1;
    }
    return 0;
}

/* All that one source has goes to another as well, with its counts. */
static int source_merge(struct store *s, int64_t from, int64_t to, struct err *err)
{
    struct range r;
    int64_t after = -1, times = 0, *const out[] = { &times };
    int rc;

    while ((rc = range_get(s, Q_RANGE_NEXT, from, after, &r, err)) == 1) {
        if (source_add(s, to, r.first, r.last, err))
            return -1;
        after = r.first;
    }
    return rc < 0 || db_row(s->db, Q_SOURCE_TIMES, ARGS(arg_int(from)), out, 1, err) < 0 ||
                   db_run(s->db, Q_SOURCE_WAS_READ, ARGS(arg_int(to), arg_int(times)), err) ||
                   db_run(s->db, Q_SOURCE_COUNT_MOVE, ARGS(arg_int(from), arg_int(to)), err) ||
                   db_run(s->db, Q_LINK_SOURCE_MOVE, ARGS(arg_int(from), arg_int(to)), err)
               ? -1 : 0;
}

static int source_rename(struct store *s, int64_t source, const char *kind, const struct digest *d,
                         struct err *err)
{
    int64_t old = 0;

    if (source_find(s, kind, d, &old, err) < 0)
        return -1;
    if (old == source)
        return 0;
    if (!old)
        return db_run(s->db, Q_SOURCE_NAME,
                      ARGS(arg_int(source), arg_text(str_of(kind)), arg_digest(d)), err);
    return source_merge(s, source, old, err) ||
                   db_run(s->db, Q_RANGE_DROP, ARGS(arg_int(source)), err) ||
                   db_run(s->db, Q_SOURCE_COUNT_DROP, ARGS(arg_int(source)), err) ||
                   db_run(s->db, Q_LINK_SOURCE_DROP, ARGS(arg_int(source)), err) ||
                   db_run(s->db, Q_SOURCE_DROP, ARGS(arg_int(source)), err)
               ? -1 : 0;
}

int store_source_named(struct store *s, int64_t source, const char *kind, const struct digest *d,
                       struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, source_rename(s, source, kind, d, err), err);
}

/* ---- items ---- */
/* Of sorted items whose ids are not above all that are known: the numbers of those
 * that are (known[i], else 0). A link without a handle came first: the handle of a
 * later one is kept. */
static int find_known(struct store *s, const struct new_item *it, size_t len, int64_t *known,
                      struct err *err)
{
    struct row_set ids = {0}, handles = {0};
    struct stmt *st;
    int rc = 0;

    for (size_t i = 0; i < len; i++) {
        struct arg *a = rows_add(&ids, 2);

        a[0] = arg_int((int64_t)i);
        a[1] = arg_int((int64_t)it[i].id);
        known[i] = 0;
    }
    if (len && (rc = db_query(s->db, Q_ITEMS_KNOWN, ARGS(rows_arg(&ids)), &st, err)) == 0) {
        while ((rc = stmt_next(st, err)) == 1) {
            size_t i = (size_t)stmt_int(st, 0);

            known[i] = stmt_int(st, 1);
            if (stmt_text(st, 2).n == 0 && it[i].handle[0]) {
                struct arg *a = rows_add(&handles, 2);

                a[0] = arg_int(known[i]);
                a[1] = arg_text(str_of(it[i].handle));
            }
        }
        stmt_done(st);
    }
    if (rc == 0)
        rc = rows_run(s->db, Q_ITEMS_SET_HANDLE, &handles, err);
    if (handles.rows.n)
        known_forget(s);
    rows_release(&ids);
    rows_release(&handles);
    return rc;
}

/* One part of a chunk. known gets the numbers of those that were there. */
static int add_part(struct store *s, const struct new_item *it, size_t len, struct row_set *fresh,
                    int64_t *known, size_t *known_len, struct err *err)
{
    int64_t number[ADD_CHUNK];
    size_t below = 0;

    while (below < len && s->max_item > 0 && it[below].id <= s->max_id)
        below++;
    if (find_known(s, it, below, number, err))
        return -1;
    rows_clear(fresh);
    for (size_t i = 0; i < len; i++) {
        struct arg *a;

        if (i < below && number[i]) {
            known[(*known_len)++] = number[i];
            continue;
        }
        a = rows_add(fresh, 3);
        a[0] = arg_int(++s->max_item);
        a[1] = arg_int((int64_t)it[i].id);
        a[2] = arg_text(str_of(it[i].handle));
        if (it[i].id > s->max_id)
            s->max_id = it[i].id;
    }
    return rows_run(s->db, Q_ITEMS_APPEND, fresh, err);
}

static int add_rows(struct store *s, const struct new_item *it, size_t len, int64_t *known,
                    size_t *known_len, struct err *err)
{
    struct row_set fresh = {0};
    int rc = 0;

    for (size_t i = 0; rc == 0 && i < len; i += ADD_CHUNK)
        rc = add_part(s, it + i, len - i < ADD_CHUNK ? len - i : ADD_CHUNK, &fresh, known,
                      known_len, err);
    rows_release(&fresh);
    return rc;
}

/* Numbers for all of them, as if none were known. Where they do not follow on those that were
 * given here last somebody else added items meanwhile, and there may be higher ids. */
static int take_numbers(struct store *s, size_t len, int64_t *last, struct err *err)
{
    int64_t max;

    if (store_item_numbers_take(s, (int64_t)len, last, err))
        return -1;
    if (s->max_item >= 0 && s->max_item == *last - (int64_t)len)
        return 0;
    s->max_item = -1;
    if (store_max_item(s, &max, err))
        return -1;
    s->max_item = *last - (int64_t)len;
    return 0;
}

int store_add_items(struct store *s, int64_t source, const struct new_item *it, size_t len,
                    struct add_count *counts, struct err *err)
{
    int64_t before, last, *known = NULL;
    size_t known_len = 0;
    bool own;
    int rc = -1;

    if (db_cache_more(s->db, err) || store_enter(s, &own, err))
        return -1;
    if (take_numbers(s, len, &last, err))
        goto out;
    before = s->max_item;
    known = xmalloc((len + 1) * sizeof *known);
    if (add_rows(s, it, len, known, &known_len, err) ||
        store_item_numbers_leave(s, s->max_item, last, err))
        goto out;
    if (s->max_item > before) {
        s->dirty = true;
        if (source_add(s, source, before + 1, s->max_item, err))
            goto out;
    }
    if (source_add_known(s, source, known, known_len, err))
        goto out;
    rc = 0;
out:
    free(known);
    if (rc)
        s->max_item = -1;
    if (store_leave(s, own, rc, err))
        return -1;
    counts->items += (int64_t)len;
    counts->fresh += (int64_t)(len - known_len);
    counts->duplicates += (int64_t)known_len;
    return 0;
}

/* ---- short links ---- */
/* *link 0: there is none; *item 0 and less: it led to none as yet. */
static int link_find(struct store *s, struct str url, int attempts, int64_t *link, int64_t *item,
                     int64_t *fate, struct err *err)
{
    int64_t *const out[] = { link, item, fate };

    *link = *item = 0;
    *fate = FATE_WAITING;
    return db_row(s->db, Q_LINK_FIND, ARGS(arg_text(url), arg_int(attempts)), out, 3, err) < 0 ? -1
                                                                                              : 0;
}

int store_add_link(struct store *s, int64_t source, struct str url, int attempts,
                   enum link_fate *fate, struct err *err)
{
    int64_t link = 0, item = 0, stands = FATE_WAITING;
    bool own;
    int rc = -1;

    if (store_enter(s, &own, err))
        return -1;
    if (link_find(s, url, attempts, &link, &item, &stands, err))
        goto out;
    if (!link) {
        if (store_number(s, NUMBER_LINK, 1, &link, err) ||
            db_run(s->db, Q_LINK_ADD, ARGS(arg_int(link), arg_text(url)), err))
            goto out;
        s->dirty = true;
    }
    if (db_run(s->db, Q_LINK_SOURCE_ADD, ARGS(arg_int(link), arg_int(source)), err))
        goto out;
    // a link that was resolved before: its item is this source's as well
    rc = item > 0 ? source_add(s, source, item, item, err) : 0;
out:
    if (store_leave(s, own, rc, err))
        return -1;
    *fate = (enum link_fate)stands;
    return 0;
}

/* One source of a link after another: nothing stands between two rows while it is
 * added to. */
static int add_to_sources(struct store *s, int64_t link, const struct new_item *it,
                          struct add_count *counts, struct err *err)
{
    int64_t source = 0, *const out[] = { &source };
    int more;

    while ((more = db_row(s->db, Q_LINK_SOURCE_NEXT, ARGS(arg_int(link), arg_int(source)), out, 1,
                          err)) == 1)
        if (store_add_items(s, source, it, 1, counts, err))
            return -1;
    return more;
}

static int link_set(struct store *s, int64_t link, int64_t item, int64_t made, struct err *err)
{
    s->dirty = true;
    return db_run(s->db, Q_LINK_SET, ARGS(arg_int(link), arg_int(item), arg_int(made)), err);
}

int store_link_resolved(struct store *s, int64_t link, uint64_t id, struct str handle,
                        struct err *err)
{
    struct new_item it = { .id = id > INT64_MAX ? 0 : id };
    struct add_count counts = {0};
    int64_t item = 0, made = 0, *const first[] = { &made };
    bool own;
    int rc = -1;

    for (size_t i = 0; handle.n <= HANDLE_MAX && i < handle.n; i++)
        it.handle[i] = (char)(handle.p[i] >= 'A' && handle.p[i] <= 'Z' ? handle.p[i] + 32
                                                                       : handle.p[i]);
    if (store_enter(s, &own, err))
        return -1;
    if (it.id &&
        (add_to_sources(s, link, &it, &counts, err) || store_item_find(s, it.id, &item, err)))
        goto out;
    if (counts.fresh && db_row(s->db, Q_LINK_SOURCE_FIRST, ARGS(arg_int(link)), first, 1, err) < 0)
        goto out;
    rc = link_set(s, link, item, made, err);
out:
    return store_leave(s, own, rc, err);
}

int store_link_no_item(struct store *s, int64_t link, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, link_set(s, link, -1, 0, err), err);
}

struct open_link { int64_t n, tried_at; int tries; struct str url; };

static int open_links_read(struct store *s, int max_tries, int64_t after, struct open_link *row,
                           size_t *len, struct arena *mem, struct err *err)
{
    struct stmt *st;
    int rc;

    *len = 0;
    arena_clear(mem);
    if (db_query(s->db, Q_LINKS_OPEN,
                 ARGS(arg_int(max_tries), arg_int(after), arg_int(STORE_CHUNK)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        row[(*len)++] = (struct open_link){ .n = stmt_int(st, 0),
                                            .url = arena_dup(mem, stmt_text(st, 1)),
                                            .tries = (int)stmt_int(st, 2),
                                            .tried_at = stmt_int(st, 3) };
    stmt_done(st);
    return rc;
}

/* The callback may resolve links, so rows are taken a chunk at a time. */
int store_open_links(struct store *s, int max_tries,
                     int (*each)(void *to, int64_t link, struct str url, int tries,
                                 int64_t tried_at, struct err *),
                     void *to, struct err *err)
{
    struct open_link *row = xmalloc(STORE_CHUNK * sizeof *row);
    struct arena mem = {0};
    int64_t after = 0;
    size_t len;
    int rc;

    do {
        rc = open_links_read(s, max_tries, after, row, &len, &mem, err);
        for (size_t i = 0; rc == 0 && i < len; i++)
            rc = each(to, row[i].n, row[i].url, row[i].tries, row[i].tried_at, err) ? -1 : 0;
        after = len ? row[len - 1].n : after;
    } while (rc == 0 && len == STORE_CHUNK);
    arena_release(&mem);
    free(row);
    return rc;
}
