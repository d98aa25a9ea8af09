/* store/items.c: items and short links on their way in, and items by id on
 * their way out.
 *
 * Adding is the hot path: an audit starts with up to millions of links. A chunk
 * is sorted by id, so the index grows at neighbouring places; ids above all
 * that are known need no look-up; and a source notes ranges of item numbers
 * instead of a row an item. */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "store/sqlite_priv.h"

int store_source(struct store *s, const char *kind, const struct digest *d, int64_t *source,
                 struct err *err)
{
    sqlite3_stmt *add = store_query(s, Q_SOURCE_ADD, err), *find;
    int rc;

    if (!add)
        return -1;
    bind_str(add, 1, str_of(kind));
    bind_digest(add, 2, d);
    if (store_run(s, add, err) || !(find = store_query(s, Q_SOURCE_FIND, err)))
        return -1;
    bind_str(find, 1, str_of(kind));
    bind_digest(find, 2, d);
    if ((rc = store_step(s, find, err)) == 1)
        *source = sqlite3_column_int64(find, 0);
    sqlite3_reset(find);
    return rc == 1 ? 0 : -1;
}

int store_count_sources(struct store *s, const char *kind, int64_t *count, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_SOURCE_COUNT, err);
    int rc;

    if (!st)
        return -1;
    if (kind)
        bind_str(st, 1, str_of(kind));
    else
        sqlite3_bind_null(st, 1);
    if ((rc = store_step(s, st, err)) == 1)
        *count = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc == 1 ? 0 : -1;
}

int store_source_items(struct store *s, const char *kind,
                       int (*each)(void *to, int64_t source, int64_t first, int64_t last,
                                   struct err *),
                       void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT r.source, r.first_n, r.last_n FROM source s"
        " CROSS JOIN item_source r ON r.source = s.n WHERE s.kind = ?1 ORDER BY s.n, r.first_n",
        err);
    int rc = st ? 0 : -1;

    if (st)
        bind_str(st, 1, str_of(kind));
    while (rc == 0 && (rc = store_step(s, st, err)) == 1)
        rc = each(to, sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                  sqlite3_column_int64(st, 2), err)
                 ? -1
                 : 0;
    sqlite3_finalize(st);
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
    sqlite3_stmt *st = store_query(s, q, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, source);
    bind_int(st, 2, n);
    if ((rc = store_step(s, st, err)) == 1)
        *r = (struct range){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1) };
    sqlite3_reset(st);
    return rc;
}

static int range_put(struct store *s, enum query q, int64_t source, int64_t first, int64_t last,
                     struct err *err)
{
    sqlite3_stmt *st = store_query(s, q, err);

    if (!st)
        return -1;
    bind_int(st, 1, source);
    bind_int(st, 2, first);
    bind_int(st, 3, last);
    return store_run(s, st, err);
}

/* Adds first..last to a source; what it has already is left, so that its
 * ranges never overlap and one look-up tells whether an item is in. */
static int source_add_range(struct store *s, int64_t source, int64_t first, int64_t last,
                            struct err *err)
{
    struct range before = {0}, next;
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

static int by_number(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}

/* Items that were known before: their numbers lie anywhere, but those of a
 * file that comes twice are neighbours again once sorted. */
static int source_add_known(struct store *s, int64_t source, int64_t *n, size_t len,
                            struct err *err)
{
    qsort(n, len, sizeof *n, by_number);
    for (size_t i = 0, j; i < len; i = j) {
        for (j = i + 1; j < len && n[j] <= n[j - 1] + 1; j++)
            ;
        if (source_add_range(s, source, n[i], n[j - 1], err))
            return -1;
    }
    return 0;
}

/* All that one source has goes to another as well. */
static int source_merge(struct store *s, int64_t from, int64_t to, struct err *err)
{
    struct range r;
    int64_t after = -1;
    sqlite3_stmt *st;
    int rc;

    while ((rc = range_get(s, Q_RANGE_NEXT, from, after, &r, err)) == 1) {
        if (source_add_range(s, to, r.first, r.last, err))
            return -1;
        after = r.first;
    }
    if (rc < 0 || !(st = store_query(s, Q_LINK_SOURCE_MOVE, err)))
        return -1;
    bind_int(st, 1, from);
    bind_int(st, 2, to);
    return store_run(s, st, err);
}

static int source_run(struct store *s, enum query q, int64_t source, struct err *err)
{
    sqlite3_stmt *st = store_query(s, q, err);

    if (!st)
        return -1;
    bind_int(st, 1, source);
    return store_run(s, st, err);
}

static int source_rename(struct store *s, int64_t source, const char *kind, const struct digest *d,
                         struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_SOURCE_FIND, err);
    int64_t old = 0;
    int rc;

    if (!st)
        return -1;
    bind_str(st, 1, str_of(kind));
    bind_digest(st, 2, d);
    if ((rc = store_step(s, st, err)) == 1)
        old = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    if (rc < 0 || old == source)
        return rc < 0 ? -1 : 0;
    if (old)
        return source_merge(s, source, old, err) || source_run(s, Q_RANGE_DROP, source, err) ||
                       source_run(s, Q_LINK_SOURCE_DROP, source, err) ||
                       source_run(s, Q_SOURCE_DROP, source, err)
                   ? -1
                   : 0;
    if (!(st = store_query(s, Q_SOURCE_NAME, err)))
        return -1;
    bind_int(st, 1, source);
    bind_str(st, 2, str_of(kind));
    bind_digest(st, 3, d);
    return store_run(s, st, err);
}

int store_source_named(struct store *s, int64_t source, const char *kind, const struct digest *d,
                       struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, source_rename(s, source, kind, d, err), err);
}

/* ---- items in ---- */
static int last_number(struct store *s, enum query q, int64_t *out, struct err *err)
{
    sqlite3_stmt *st = store_query(s, q, err);
    int rc = st ? store_step(s, st, err) : -1;

    if (rc == 1)
        *out = sqlite3_column_int64(st, 0);
    if (st)
        sqlite3_reset(st);
    return rc == 1 ? 0 : -1;
}

/* The highest number and id, remembered between chunks. */
int store_max_item(struct store *s, int64_t *max, struct err *err)
{
    int64_t n, id;

    if (s->max_item < 0) {
        if (last_number(s, Q_ITEM_LAST, &n, err) || last_number(s, Q_ITEM_LAST_ID, &id, err))
            return -1;
        s->max_item = n;
        s->max_id = (uint64_t)id;
    }
    *max = s->max_item;
    return 0;
}

static int find_item(struct store *s, uint64_t id, int64_t *n, bool *has_handle, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ITEM_FIND, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, (int64_t)id);
    rc = store_step(s, st, err);
    *n = rc == 1 ? sqlite3_column_int64(st, 0) : 0;
    *has_handle = rc == 1 && sqlite3_column_bytes(st, 1) > 0;
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

int store_item_find(struct store *s, uint64_t id, int64_t *item, struct err *err)
{
    bool has_handle;

    if (id > INT64_MAX) {
        *item = 0;
        return 0;
    }
    return find_item(s, id, item, &has_handle, err);
}

int store_item_id(struct store *s, int64_t item, uint64_t *id, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ITEM_NAME, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, item);
    if ((rc = store_step(s, st, err)) == 1)
        *id = (uint64_t)sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc == 1  ? 0
           : rc < 0 ? -1
                    : err_set(err, ERR_IO, "%s has no item %lld", s->path, (long long)item);
}

/* A link without a handle came first: the handle of a later one is kept. */
static int known_item(struct store *s, const struct new_item *it, int64_t *n, struct err *err)
{
    sqlite3_stmt *st;
    bool has_handle;

    if (find_item(s, it->id, n, &has_handle, err))
        return -1;
    if (has_handle || !it->handle[0])
        return 0;
    if (!(st = store_query(s, Q_ITEM_SET_HANDLE, err)))
        return -1;
    bind_int(st, 1, *n);
    bind_str(st, 2, str_of(it->handle));
    return store_run(s, st, err);
}

/* known: numbers of items that were there; its length is the result's twin. */
static int add_rows(struct store *s, const struct new_item *it, size_t len, int64_t *known,
                    size_t *known_len, struct err *err)
{
    sqlite3_stmt *append = store_query(s, Q_ITEM_APPEND, err),
                 *add = store_query(s, Q_ITEM_ADD, err);

    if (!append || !add)
        return -1;
    for (size_t i = 0; i < len; i++) {
        bool above = s->max_item == 0 || it[i].id > s->max_id;
        sqlite3_stmt *st = above ? append : add;

        sqlite3_bind_int64(st, 1, s->max_item + 1);
        sqlite3_bind_int64(st, 2, (int64_t)it[i].id);
        sqlite3_bind_text(st, 3, it[i].handle, -1, SQLITE_STATIC);
        if (sqlite3_step(st) != SQLITE_DONE)
            return store_fail(s, err);
        sqlite3_reset(st);
        if (above || sqlite3_changes(s->db) == 1) {
            s->max_item++;
            if (above)
                s->max_id = it[i].id;
        } else if (known_item(s, &it[i], &known[(*known_len)++], err)) {
            return -1;
        }
    }
    return 0;
}

int store_add_items(struct store *s, int64_t source, const struct new_item *it, size_t len,
                    struct add_count *counts, struct err *err)
{
    int64_t before, *known = NULL;
    size_t known_len = 0;
    bool own;
    int rc = -1;

    if (store_cache_more(s, err) || store_enter(s, &own, err))
        return -1;
    if (store_max_item(s, &before, err))
        goto out;
    known = xmalloc((len + 1) * sizeof *known);
    if (add_rows(s, it, len, known, &known_len, err))
        goto out;
    if (s->max_item > before) {
        s->dirty = true;
        if (source_add_range(s, source, before + 1, s->max_item, err))
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
static int link_find(struct store *s, struct str url, int64_t *link, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_LINK_FIND, err);
    int rc;

    if (!st)
        return -1;
    bind_str(st, 1, url);
    rc = store_step(s, st, err);
    *link = rc == 1 ? sqlite3_column_int64(st, 0) : 0;
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

/* The item that a link led to, or none: then *item is 0. */
static int link_item(struct store *s, struct str url, int64_t *item, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_LINK_FIND, err);
    int rc;

    if (!st)
        return -1;
    bind_str(st, 1, url);
    rc = store_step(s, st, err);
    *item = rc == 1 ? sqlite3_column_int64(st, 1) : 0;
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

int store_add_link(struct store *s, int64_t source, struct str url, bool *fresh, struct err *err)
{
    sqlite3_stmt *st;
    int64_t link, item;
    bool own, is_new = false;
    int rc = -1;

    if (store_enter(s, &own, err))
        return -1;
    if (link_find(s, url, &link, err))
        goto out;
    if (!link) {
        if (!(st = store_query(s, Q_LINK_ADD, err)))
            goto out;
        bind_str(st, 1, url);
        if (store_run(s, st, err))
            goto out;
        link = sqlite3_last_insert_rowid(s->db);
        is_new = s->dirty = true;
    }
    if (!(st = store_query(s, Q_LINK_SOURCE_ADD, err)))
        goto out;
    bind_int(st, 1, link);
    bind_int(st, 2, source);
    if (store_run(s, st, err) || link_item(s, url, &item, err))
        goto out;
    // a link that was resolved before: its item is this source's as well
    rc = item > 0 ? source_add_range(s, source, item, item, err) : 0;
out:
    if (store_leave(s, own, rc, err))
        return -1;
    *fresh = is_new;
    return 0;
}

/* One source of a link after another: adding to it uses the statements. */
static int link_source(struct store *s, int64_t link, int64_t skip, int64_t *source,
                       struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_LINK_SOURCES, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, link);
    bind_int(st, 2, skip);
    if ((rc = store_step(s, st, err)) == 1)
        *source = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    return rc;
}

int store_link_resolved(struct store *s, int64_t link, uint64_t id, struct str handle,
                        struct err *err)
{
    struct new_item it = { .id = id };
    struct add_count counts = {0};
    int64_t item = 0, source;
    sqlite3_stmt *st;
    bool own;
    int rc = -1, more = 0;

    for (size_t i = 0; handle.n <= HANDLE_MAX && i < handle.n; i++)
        it.handle[i] = (char)(handle.p[i] >= 'A' && handle.p[i] <= 'Z' ? handle.p[i] + 32
                                                                       : handle.p[i]);
    if (id > INT64_MAX)
        it.id = id = 0;
    if (store_enter(s, &own, err))
        return -1;
    for (int64_t i = 0; id && (more = link_source(s, link, i, &source, err)) == 1; i++)
        if (store_add_items(s, source, &it, 1, &counts, err))
            goto out;
    if (more < 0 || (id && store_item_find(s, id, &item, err)) ||
        !(st = store_query(s, Q_LINK_SET, err)))
        goto out;
    bind_int(st, 1, link);
    bind_int(st, 2, item);
    s->dirty = true;
    rc = store_run(s, st, err);
out:
    return store_leave(s, own, rc, err);
}

struct open_link { int64_t n, tried_at; int tries; struct str url; };

/* The callback may resolve links, so rows are taken a chunk at a time and no
 * statement stays open while it runs. */
int store_open_links(struct store *s, int max_tries,
                     int (*each)(void *to, int64_t link, struct str url, int tries,
                                 int64_t tried_at, struct err *),
                     void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT n, url, tries, tried_at FROM link WHERE item IS NULL AND tries < ?1"
        " AND n > ?2 ORDER BY n LIMIT ?3",
        err);
    struct open_link *row = xmalloc(STORE_CHUNK * sizeof *row);
    struct arena mem = {0};
    int64_t after = 0;
    size_t len;
    int rc = st ? 0 : -1;

    do {
        len = 0;
        arena_clear(&mem);
        if (st) {
            bind_int(st, 1, max_tries);
            bind_int(st, 2, after);
            bind_int(st, 3, STORE_CHUNK);
        }
        while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
            row[len++] = (struct open_link){ .n = sqlite3_column_int64(st, 0),
                                             .url = arena_dup(&mem, col_str(st, 1)),
                                             .tries = sqlite3_column_int(st, 2),
                                             .tried_at = sqlite3_column_int64(st, 3) };
            rc = 0;
        }
        sqlite3_reset(st);
        for (size_t i = 0; rc == 0 && i < len; i++)
            rc = each(to, row[i].n, row[i].url, row[i].tries, row[i].tried_at, err) ? -1 : 0;
        after = len ? row[len - 1].n : after;
    } while (rc == 0 && len == STORE_CHUNK);
    sqlite3_finalize(st);
    arena_release(&mem);
    free(row);
    return rc;
}

static int row_of_ints(struct store *s, const char *sql, int64_t *const out[], int len,
                       struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, sql, err);
    int rc = st ? store_step(s, st, err) : -1;

    for (int i = 0; rc == 1 && i < len; i++)
        *out[i] = sqlite3_column_int64(st, i);
    sqlite3_finalize(st);
    return rc == 1 ? 0 : -1;
}

/* ---- items out ---- */
// CROSS JOIN keeps SQLite from starting at item_state and sorting every chunk
#define ITEM_FROM_ALL \
    " FROM item i LEFT JOIN item_state s ON s.series = 1 AND s.item = i.n WHERE i.id > ?1"
#define ITEM_ORDER " ORDER BY i.id LIMIT ?2"
#define ITEM_FROM_STATE \
    " FROM item_state s CROSS JOIN item i ON i.n = s.item WHERE s.series = 1 AND s.item > ?1"
#define STATE_ORDER " ORDER BY s.item LIMIT ?2"

static const char *const filter_sql[] = {
    [ITEMS_ALL] = "SELECT " ITEM_COLUMNS ITEM_FROM_ALL ITEM_ORDER,
    [ITEMS_NEVER_ASKED] = "SELECT " ITEM_COLUMNS ITEM_FROM_ALL
                          " AND coalesce(s.asked, 0) = 0 AND i.purged_at = 0" ITEM_ORDER,
    [ITEMS_NOT_FOUND] = "SELECT " ITEM_COLUMNS ITEM_FROM_ALL
                        " AND coalesce(s.found_first_at, 0) = 0" ITEM_ORDER,
    [ITEMS_TOUCHED] = "SELECT " ITEM_COLUMNS ITEM_FROM_STATE STATE_ORDER,
    [ITEMS_FOUND] = "SELECT " ITEM_COLUMNS ITEM_FROM_STATE " AND s.found_first_at > 0" STATE_ORDER,
    [ITEMS_SAMPLED] = "SELECT " ITEM_COLUMNS ITEM_FROM_STATE " AND s.sampled" STATE_ORDER,
};

struct item_cursor {
    struct store *s;
    sqlite3_stmt *st;
    struct arena mem;              // texts of the rows
    struct item_row *row; size_t len, at;
    uint64_t after;
    bool by_number;                // after is an item's number, not an id
    bool last;                     // no chunk behind this one
};

static enum answer_kind column_answer(sqlite3_stmt *st, int at)
{
    return sqlite3_column_type(st, at) == SQLITE_NULL
               ? ANSWER_COUNT
               : (enum answer_kind)sqlite3_column_int(st, at);
}

/* Of an item that was never sent or read there is no state: to look at its
 * columns would cost more than the row. False where a number stands that others
 * would use as an index, and that we never wrote. */
static bool item_row_read(sqlite3_stmt *st, struct item_row *r, struct arena *mem)
{
    int c = 4;

    *r = (struct item_row){ .n = sqlite3_column_int64(st, 0),
                            .id = (uint64_t)sqlite3_column_int64(st, 1),
                            .handle = arena_dup(mem, col_str(st, 2)),
                            .message = STR(""),
                            .region = STR(""),
                            .page = ANSWER_COUNT,
                            .oembed = ANSWER_COUNT,
                            .elsewhere = ANSWER_COUNT,
                            .purged_at = sqlite3_column_int64(st, 3) };
    if (sqlite3_column_type(st, 4) == SQLITE_NULL)
        return r->n > 0;
    r->page_created = sqlite3_column_int64(st, c++);
    r->api_created = sqlite3_column_int64(st, c++);
    r->asked = sqlite3_column_int(st, c++);
    r->days = sqlite3_column_int(st, c++);
    r->first_at = sqlite3_column_int64(st, c++);
    r->last_at = sqlite3_column_int64(st, c++);
    r->sent_at = sqlite3_column_int64(st, c++);
    r->found_first_at = sqlite3_column_int64(st, c++);
    r->found_last_at = sqlite3_column_int64(st, c++);
    r->absent_before_found = sqlite3_column_int(st, c++);
    r->page = column_answer(st, c++);
    r->has_code = sqlite3_column_type(st, c) != SQLITE_NULL;
    r->code = sqlite3_column_int64(st, c++);
    r->message = arena_dup(mem, col_str(st, c++));
    r->page_at = sqlite3_column_int64(st, c++);
    r->public_first_at = sqlite3_column_int64(st, c++);
    r->public_last_at = sqlite3_column_int64(st, c++);
    r->refused_last_at = sqlite3_column_int64(st, c++);
    r->tries = sqlite3_column_int(st, c++);
    r->tried_at = sqlite3_column_int64(st, c++);
    r->oembed = column_answer(st, c++);
    r->oembed_at = sqlite3_column_int64(st, c++);
    r->oembed_tries = sqlite3_column_int(st, c++);
    r->sampled = sqlite3_column_int(st, c++) != 0;
    r->following_asked = sqlite3_column_int(st, c++);
    r->region = arena_dup(mem, col_str(st, c++));
    r->page_request = sqlite3_column_int64(st, c++);
    r->api_request = sqlite3_column_int64(st, c++);
    r->valid = (enum validation)sqlite3_column_int(st, c++);
    r->valid_at = sqlite3_column_int64(st, c++);
    r->page_marks = (unsigned)sqlite3_column_int(st, c++);
    r->elsewhere = column_answer(st, c++);
    r->elsewhere_at = sqlite3_column_int64(st, c++);
    r->elsewhere_vantage = sqlite3_column_int64(st, c++);
    return r->n > 0 && (unsigned)r->page <= ANSWER_COUNT && (unsigned)r->oembed <= ANSWER_COUNT &&
           (unsigned)r->elsewhere <= ANSWER_COUNT && (unsigned)r->valid < VALIDATION_COUNT;
}

/* One walk of the states; the sink keeps the two numbers from then on. */
static int count_states(struct store *s, struct err *err)
{
    int64_t asked = 0, found = 0, *const out[] = { &asked, &found };

    if (s->asked >= 0)
        return 0;
    if (row_of_ints(
            s,
            "SELECT total(asked > 0), total(found_first_at > 0) FROM item_state WHERE series = 1",
            out, 2, err))
        return -1;
    s->asked = asked;
    s->found = found;
    return 0;
}

int store_count_found(struct store *s, int64_t *found, struct err *err)
{
    if (count_states(s, err))
        return -1;
    *found = s->found;
    return 0;
}

int store_count_open_links(struct store *s, int64_t *open, struct err *err)
{
    int64_t *const out[] = { open };

    return row_of_ints(s, "SELECT total(item IS NULL) FROM link", out, 1, err);
}

int store_each_found(struct store *s, void (*each)(void *to, int64_t item, uint64_t id), void *to,
                     struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT s.item, i.id FROM item_state s CROSS JOIN item i ON i.n = s.item"
        " WHERE s.series = 1 AND s.found_first_at > 0 ORDER BY s.item",
        err);
    int rc = st ? 0 : -1;

    while (st && (rc = store_step(s, st, err)) == 1)
        each(to, sqlite3_column_int64(st, 0), (uint64_t)sqlite3_column_int64(st, 1));
    sqlite3_finalize(st);
    return rc;
}

int store_count_requests(struct store *s, int64_t *requests, struct err *err)
{
    int64_t *const out[] = { requests };

    return row_of_ints(s, "SELECT count(*) FROM request WHERE witness <= 2", out, 1, err);
}

int store_items(struct store *s, enum item_filter filter, uint64_t after, struct item_cursor **out,
                struct err *err)
{
    struct item_cursor *c;
    sqlite3_stmt *st = store_prepare(s, filter_sql[filter], err);
    int64_t max = 0;

    if (!st ||
        (filter == ITEMS_NEVER_ASKED && (count_states(s, err) || store_max_item(s, &max, err)))) {
        sqlite3_finalize(st);
        return -1;
    }
    c = xcalloc(1, sizeof *c);
    *c = (struct item_cursor){ .s = s,
                               .st = st,
                               .row = xmalloc(STORE_CHUNK * sizeof *c->row),
                               .after = after,
                               .by_number = filter >= ITEMS_TOUCHED,
                               .last = filter == ITEMS_NEVER_ASKED && s->asked == max };
    *out = c;
    return 0;
}

/* A run may stand between two rows for hours while its answers are committed:
 * rows are read a chunk at a time, so that no old snapshot keeps the
 * write-ahead log from being emptied. */
static int item_cursor_fill(struct item_cursor *c, struct err *err)
{
    int rc;

    arena_clear(&c->mem);
    c->len = c->at = 0;
    bind_int(c->st, 1, c->after > INT64_MAX ? INT64_MAX : (int64_t)c->after);
    bind_int(c->st, 2, STORE_CHUNK);
    while ((rc = store_step(c->s, c->st, err)) == 1)
        if (!item_row_read(c->st, &c->row[c->len++], &c->mem)) {
            rc = store_damaged(c->s, "an item's state is none of ours", err);
            break;
        }
    sqlite3_reset(c->st);
    c->last = c->len < STORE_CHUNK;
    return rc;
}

int item_cursor_next(struct item_cursor *c, struct item_row *row, struct err *err)
{
    if (c->at == c->len) {
        if (c->last)
            return 0;
        if (item_cursor_fill(c, err))
            return -1;
        if (c->len == 0)
            return 0;
    }
    *row = c->row[c->at++];
    c->after = c->by_number ? (uint64_t)row->n : row->id;
    return 1;
}

void item_cursor_close(struct item_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->st);
    arena_release(&c->mem);
    free(c->row);
    free(c);
}

int store_item(struct store *s, int64_t item, struct item_row *row, bool *found, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_ITEM_ROW, err);
    int rc;

    if (!st)
        return -1;
    bind_int(st, 1, item);
    if ((rc = store_step(s, st, err)) < 0)
        return -1;
    arena_clear(&s->item_mem);
    *found = rc == 1;
    rc = rc == 1 && !item_row_read(st, row, &s->item_mem) ? -1 : 0;
    sqlite3_reset(st);
    return rc ? store_damaged(s, "an item's state is none of ours", err) : 0;
}

int store_readable(struct store *s, int64_t *item, size_t max, size_t *len, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT item FROM item_state WHERE series = 1"
        " AND (page = 2 OR (found_last_at > 0 AND coalesce(page, 4) = 4))"
        " ORDER BY coalesce(page, 0) = 2 DESC, max(page_at, found_last_at) DESC, item LIMIT ?1",
        err);
    int rc;

    *len = 0;
    if (!st)
        return -1;
    bind_int(st, 1, (int64_t)max);
    while ((rc = store_step(s, st, err)) == 1)
        item[(*len)++] = sqlite3_column_int64(st, 0);
    sqlite3_finalize(st);
    return rc;
}

int store_vantage_read(struct store *s, int64_t vantage, int64_t item, enum answer_kind *kind,
                       int64_t *at, int *tries, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_VANTAGE_STATE, err);
    int rc;

    *kind = ANSWER_COUNT;
    *at = *tries = 0;
    if (!st)
        return -1;
    bind_int(st, 1, vantage);
    bind_int(st, 2, item);
    if ((rc = store_step(s, st, err)) == 1) {
        *kind = column_answer(st, 0);
        *at = sqlite3_column_int64(st, 1);
        *tries = sqlite3_column_int(st, 2);
    }
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

int store_set_sampled(struct store *s, const int64_t *item, size_t len, struct err *err)
{
    bool own;
    int rc = store_enter(s, &own, err);

    if (rc)
        return -1;
    for (size_t i = 0; rc == 0 && i < len; i++) {
        sqlite3_stmt *st = store_query(s, Q_SAMPLED, err);

        if (!st) {
            rc = -1;
            break;
        }
        bind_int(st, 1, item[i]);
        rc = store_run_aside(s, st, err);
    }
    return store_leave(s, own, rc, err);
}

/* ---- totals ---- */
int store_stamp(struct store *s, struct store_stamp *out, struct err *err)
{
    int64_t *const to[] = { &out->answers, &out->first_answer_at, &out->newest_answer_at };

    return row_of_ints(s, "SELECT answers, first_at, newest_at FROM stamp", to, 3, err);
}

int store_totals(struct store *s, struct store_totals *out, struct err *err)
{
    struct store_totals t = {0};
    struct store_stamp stamp;
    int64_t *const states[] = { &t.asked,       &t.found,        &t.not_found,
                                &t.page_public, &t.page_refused, &t.page_none };
    int64_t *const links[] = { &t.links_open, &t.links_dead };
    int64_t *const requests[] = { &t.requests, &t.sends, &t.rows };
    int64_t *const items[] = { &t.items, &t.max_item };

    if (row_of_ints(s, "SELECT (SELECT count(*) FROM item), (SELECT coalesce(max(n), 0) FROM item)",
                    items, 2, err) ||
        row_of_ints(
            s,
            "SELECT total(asked > 0), total(found_first_at > 0), total(asked > 0 AND found_first_at = 0),"
            " total(page = 2), total(page = 3), total(page = 4) FROM item_state WHERE series = 1",
            states, 6, err) ||
        row_of_ints(s, "SELECT total(item IS NULL), total(item = 0) FROM link", links, 2, err) ||
        row_of_ints(s, "SELECT count(*), total(sends), total(rows) FROM request WHERE witness <= 2",
                    requests, 3, err) ||
        store_stamp(s, &stamp, err))
        return -1;
    t.first_answer_at = stamp.first_answer_at;
    t.newest_answer_at = stamp.newest_answer_at;
    t.not_asked = t.items - t.not_found - t.found;
    *out = t;
    return 0;
}
