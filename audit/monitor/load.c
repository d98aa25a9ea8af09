/* audit/monitor/load.c: see load.h. */
#include "audit/monitor/load.h"
#include <stdlib.h>
#include "base/array.h"
#include "base/file.h"
#include "base/utc.h"
#include "import/skip.h"
#include "record/intake.h"
#include "store/inputs.h"
#include "store/watch.h"

#define SOURCE_KIND "series"

struct loading {
    struct audit *audit;
    struct series_table table;
    struct new_item *post;          // by id, each once
    size_t posts;
    int64_t source;
    struct monitor_loaded *result;
};

/* Rows of a post follow each other. */
static void gather_posts(struct loading *l)
{
    const struct series_table *t = &l->table;

    l->post = xcalloc(t->n + 1, sizeof *l->post);
    for (size_t i = 0; i < t->n; i++)
        if (i == 0 || t->v[i].id != t->v[i - 1].id)
            l->post[l->posts++].id = t->v[i].id;
    l->result->posts = (int64_t)l->posts;
}

static void count_days(struct loading *l)
{
    const struct series_table *t = &l->table;
    struct monitor_loaded *r = l->result;
    int64_t *day = xcalloc(t->n + 1, sizeof *day);

    for (size_t i = 0; i < t->n; i++) {
        day[i] = t->v[i].day;
        r->by_api[t->v[i].api]++;
        r->by_page[t->v[i].page]++;
    }
    qsort(day, t->n, sizeof *day, array_by_number);
    for (size_t i = 0; i < t->n; i++)
        r->days += i == 0 || day[i] != day[i - 1];
    if (t->n) {
        r->first_day = day[0];
        r->last_day = day[t->n - 1];
        r->gaps = r->last_day - r->first_day + 1 - r->days;
    }
    free(day);
}

static void account(struct loading *l, int64_t fresh)
{
    struct monitor_loaded *r = l->result;
    const struct series_table *t = &l->table;

    r->new_items = fresh;
    r->contrary = t->contrary;
    r->intake.seen = t->rows;
    r->intake.fresh = fresh;
    intake_pass(&r->intake, import_skip_name(SKIP_BAD_ID), t->no_id);
    intake_pass(&r->intake, import_skip_name(SKIP_ID_TOO_LARGE), t->too_large);
    intake_pass(&r->intake, import_skip_name(SKIP_SPOILED_ID), t->spoiled);
    intake_pass(&r->intake, import_skip_name(SKIP_PLACEHOLDER), t->unasked);
    r->intake.duplicates = t->rows - fresh - intake_passed(&r->intake);
}

static int known(void *to, const struct watched *w, struct err *err)
{
    struct loading *l = to;
    const struct new_item key = { .id = w->id };

    (void)err;
    for (size_t lo = 0, hi = l->posts; lo < hi;) {
        const size_t mid = lo + (hi - lo) / 2;

        if (l->post[mid].id == key.id) {
            l->post[mid].handle[0] = '+';
            return 0;
        }
        if (l->post[mid].id < key.id)
            lo = mid + 1;
        else
            hi = mid;
    }
    return 0;
}

/* Who is on the list already, watched by ourselves or loaded before, stays as they are. */
static int put_on_list(struct loading *l, const int64_t *item, struct err *err)
{
    struct watched *w = xcalloc(l->posts + 1, sizeof *w);
    size_t n = 0;
    int64_t fresh = 0;
    int rc = store_watched(l->audit->store, known, l, err);

    for (size_t i = 0; rc == 0 && i < l->posts; i++)
        if (!l->post[i].handle[0])
            w[n++] = (struct watched){ .item = item[i], .role = WATCH_LOADED };
    if (rc == 0)
        rc = store_watch_put(l->audit->store, w, n, &fresh, err);
    free(w);
    return rc;
}

static const enum answer_kind api_kind[WATCH_API_COUNT] = {
    [WATCH_API_NONE] = ANSWER_COUNT,
    [WATCH_API_NOT_MEASURED] = ANSWER_NO_ANSWER,
    [WATCH_API_ABSENT] = ANSWER_ABSENT,
    [WATCH_API_FOUND] = ANSWER_FOUND,
};
static const enum answer_kind page_kind[WATCH_PAGE_COUNT] = {
    [WATCH_PAGE_NONE] = ANSWER_COUNT,
    [WATCH_PAGE_NOT_MEASURED] = ANSWER_NO_ANSWER,
    [WATCH_PAGE_REFUSED] = ANSWER_REFUSED,
    [WATCH_PAGE_PUBLIC] = ANSWER_PUBLIC,
};

static int put_readings(struct loading *l, const int64_t *item, struct err *err)
{
    const struct series_table *t = &l->table;
    struct day_reading *r = xcalloc(t->n + 1, sizeof *r);
    size_t post = 0;
    int rc;

    for (size_t i = 0; i < t->n; i++) {
        post += i > 0 && t->v[i].id != t->v[i - 1].id;
        r[i] = (struct day_reading){ .item = item[post],
                                     .day = t->v[i].day,
                                     .api = api_kind[t->v[i].api],
                                     .page = page_kind[t->v[i].page] };
    }
    rc = store_readings_put(l->audit->store, l->source, r, t->n, err);
    free(r);
    return rc;
}

static int put(struct loading *l, const struct digest *digest, struct err *err)
{
    struct store *s = l->audit->store;
    int64_t *item = xcalloc(l->posts + 1, sizeof *item);
    uint64_t *id = xcalloc(l->posts + 1, sizeof *id);
    struct add_count added = { 0 };
    int rc = -1;

    if (store_source(s, SOURCE_KIND, digest, &l->source, err) ||
        store_add_items(s, l->source, l->post, l->posts, &added, err))
        goto out;
    for (size_t i = 0; i < l->posts; i++)
        id[i] = l->post[i].id;
    if (store_item_numbers(s, id, item, l->posts, err))
        goto out;
    account(l, added.fresh);
    if (put_on_list(l, item, err) || put_readings(l, item, err) ||
        store_source_count(s, l->source, &l->result->intake, err))
        goto out;
    rc = 0;
out:
    free(item);
    free(id);
    return rc;
}

static int put_all(struct loading *l, struct str text, struct err *err)
{
    const struct digest digest = digest_sha256(text);

    if (store_begin(l->audit->store, err))
        return -1;
    if (put(l, &digest, err) || store_commit(l->audit->store, err)) {
        store_rollback(l->audit->store);
        return -1;
    }
    return 0;
}

int monitor_load(struct audit *audit, const char *path, struct monitor_loaded *result,
                 struct err *err)
{
    struct loading l = { .audit = audit, .result = result };
    struct buf text = { 0 };
    int rc = -1;

    *result = (struct monitor_loaded){ 0 };
    if (file_read(path, SERIES_FILE_MAX, &text, err))
        goto out;
    if (series_read(buf_view(&text), utc_now(), &l.table, err)) {
        err_wrap(err, "%s", path);
        goto out;
    }
    if (!l.table.n) {
        err_set(err, ERR_INPUT, "%s: it names no post on any day: expected rows of date, id, api",
                path);
        goto out;
    }
    gather_posts(&l);
    count_days(&l);
    rc = put_all(&l, buf_view(&text), err);
out:
    free(l.post);
    series_release(&l.table);
    buf_release(&text);
    return rc;
}
