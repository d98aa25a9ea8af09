/* audit/take/load_asked.c: one list of ids, and the pages of the one search that asked for
 * them. Who is in the list and in none of its pages is silent, and that counts: so it must
 * be sure that these are all pages, and that no other search is among them. */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/take/api_put.h"
#include "audit/take/api_read.h"
#include "base/array.h"
#include "base/log.h"
#include "base/utc.h"
#include "import/import.h"
#include "platform/tiktok.h"

#define AGAIN_S 3600                    // the same page later than this was asked for anew
#define TEXT_MAX ((size_t)256 << 20)    // of all pages

struct page {
    struct str search;
    bool has_cursor, last;
    int64_t cursor, at;
};
struct asking {
    struct loading *l;
    struct ids asked;
    struct {
        struct page *v;
        size_t n, cap;
    } page;
    struct {
        struct record *v;
        size_t n, cap;
    } row;
    struct arena mem;
    struct buf text;
    int64_t at;    // of the newest page, 0 none
    struct str log_id;
    int64_t bad_rows;    // of pages
    /* Rows outside a reply prove nothing of others: they are found, each at its own time. */
    struct api_rows bare;
    struct ids bare_ids;
};

/* ---- the list ---- */

struct asked_list {
    const char *path;
    struct ids *ids;
};
static int asked_items(void *to, const struct new_item *items, size_t len, struct err *err)
{
    struct asked_list *list = to;

    (void)err;
    for (size_t i = 0; i < len; i++)
        ids_add(list->ids, items[i].id);
    return 0;
}

static int no_link(void *to, struct str url, struct err *err)
{
    (void)to;
    return err_set(err, ERR_INPUT,
                   "--asked: %.*s is a short link; the ids that were asked for are needed",
                   STR_ARG(url));
}

static void asked_note(void *to, const char *sentence)
{
    log_warn("%s: %s", ((struct asked_list *)to)->path, sentence);
}

static int read_asked(const char *path, struct ids *ids, struct err *err)
{
    struct asked_list list = { path, ids };
    struct import_sink sink = {
        .items = asked_items, .link = no_link, .note = asked_note, .to = &list
    };
    struct import_opts opts = { .now = utc_now() };
    struct import_count count;

    if (import_file(path, &opts, &sink, &count, err))
        return -1;
    if (count.skipped[SKIP_SPOILED_ID])    // nobody can say any more what was asked for
        return err_set(err, ERR_INPUT,
                       "%s: " COUNTED
                       " rounded: the ids that were asked for are needed as they were",
                       path, COUNT_OF(count.skipped[SKIP_SPOILED_ID], "id is", "ids are"));
    ids_sort(ids);
    if (ids->n > BATCH_MAX)
        return err_set(
            err, ERR_INPUT,
            "--asked: %s names %zu ids, and a request holds at most %d: give the list of "
            "each request with its replies, one command each",
            path, ids->n, BATCH_MAX);
    return ids->n ? 0
                  : err_set(err, ERR_INPUT, "%s: expected the ids that were asked for, found none",
                            path);
}

/* ---- the pages ---- */

static int keep_text(struct asking *a, struct str text, struct err *err)
{
    if (a->text.n + text.n > TEXT_MAX)
        return err_set(err, ERR_INPUT, "%s: more than %zu MiB of replies to one list of ids",
                       a->l->path, TEXT_MAX >> 20);
    buf_str(&a->text, text);
    buf_char(&a->text, '\n');
    return 0;
}

static void keep_row(struct asking *a, const struct record *row)
{
    ARRAY_ROOM(a->row.v, a->row.n, a->row.cap);
    record_copy(&a->row.v[a->row.n++], row, &a->mem);
}

static int take_reply(void *to, const struct reply *reply, int64_t at, struct str text,
                      struct err *err)
{
    struct asking *a = to;
    struct page page = { .search = arena_dup(&a->mem, reply->search_id),
                         .has_cursor = reply->has_cursor,
                         .cursor = reply->cursor,
                         .last = reply->has_has_more && !reply->has_more,
                         .at = at };

    a->l->result->strange += (int64_t)reply->bad_rows;
    if (!reply_is_of_posts(reply) && !reply->bad_rows)
        return 0;
    ARRAY_ROOM(a->page.v, a->page.n, a->page.cap);
    a->page.v[a->page.n++] = page;
    a->bad_rows += (int64_t)reply->bad_rows;
    if (at > a->at) {
        a->at = at;
        a->log_id = arena_dup(&a->mem, reply->log_id);
    }
    for (size_t i = 0; i < reply->rows; i++)
        keep_row(a, &reply->row[i]);
    for (size_t i = 0; i < reply->drift.n; i++)
        if (a->l->sink.drift(a->l->sink.to, reply->drift.v[i].kind, reply->drift.v[i].name,
                             reply->drift.v[i].count, at ? at : a->l->o->at, err))
            return -1;
    return keep_text(a, text, err);
}

static int take_row(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    struct asking *a = to;

    if (!bsearch(&row->record.id, a->asked.v, a->asked.n, sizeof *a->asked.v, ids_by_id)) {
        a->l->result->strange++;
        load_pass(a->l->result, "not_asked_for", STR_NONE, 1);
        return 0;
    }
    ids_add(&a->bare_ids, row->record.id);
    return api_rows_add(&a->bare, &row->record, row->at, text, err);
}

static int by_cursor(const void *a, const void *b)
{
    const struct page *x = a, *y = b;

    return (x->cursor > y->cursor) - (x->cursor < y->cursor);
}

/* A second search among them, or the same one asked for anew, answers some other list. */
static int check_one_search(const struct asking *a, struct err *err)
{
    const struct page *first = a->page.v;

    for (size_t i = 1; i < a->page.n; i++) {
        const struct page *p = &a->page.v[i];
        bool same = first->search.n && str_eq(first->search, p->search);

        if (!same || (p->cursor == p[-1].cursor && llabs(p->at - p[-1].at) > AGAIN_S))
            return err_set(err, ERR_INPUT,
                           "--asked names the ids of one request, and the files hold replies to "
                           "%s: give each request's list with its own replies, one command each",
                           same ? "the same search at several times" : "several searches");
    }
    return 0;
}

/* Why the pages do not prove that who is in none of them did not come back; NULL: they do.
 * The cursor counts places of the search's result, not rows: that of a first page is the
 * size of a page, and each further page adds no more than that. Sorted by cursor. */
static const char *what_is_missing(const struct asking *a)
{
    const struct page *p = a->page.v;
    size_t n = a->page.n;

    if (!n)
        return "rows alone do not say whether all of them are there";
    for (size_t i = 0; i < n; i++) {
        if (!p[i].has_cursor)
            return "a page has no cursor, so which of the pages it is nobody knows";
        if (i > 0 && p[i].cursor - p[i - 1].cursor > p[0].cursor)
            return "a page between them is missing";
    }
    if (p[0].cursor > PAGE_ROWS_MAX)
        return "the first page is missing";
    for (size_t i = n; i > 0 && p[i - 1].cursor == p[n - 1].cursor; i--)
        if (!p[i - 1].last)
            return "the last page is missing";
    if (a->bare_ids.n)
        return "some rows stand outside a reply";
    return a->bad_rows ? "some rows cannot be read" : NULL;
}

/* ---- the answer ---- */

static int64_t count_silent(struct asking *a)
{
    struct ids came = { 0 };
    int64_t silent = (int64_t)a->asked.n;

    for (size_t i = 0; i < a->row.n; i++)
        ids_add(&came, a->row.v[i].id);
    for (size_t i = 0; i < a->bare_ids.n; i++)
        ids_add(&came, a->bare_ids.v[i]);
    ids_sort(&came);
    for (size_t i = 0; i < came.n; i++)
        silent -= bsearch(&came.v[i], a->asked.v, a->asked.n, sizeof *a->asked.v, ids_by_id) !=
                  NULL;
    ids_release(&came);
    return silent;
}

static int put_answer(struct asking *a, struct err *err)
{
    const char *missing = what_is_missing(a);
    struct api_put p = { .row = a->row.v,
                         .rows = a->row.n,
                         .asked = &a->asked,
                         .complete = !missing,
                         .at = a->at             ? a->at
                               : a->l->o->has_at ? a->l->o->at
                                                 : 0,
                         .body = buf_view(&a->text),
                         .code = STR("ok"),
                         .log_id = a->log_id };
    int64_t silent = count_silent(a);

    if (!a->page.n && !a->bare_ids.n)
        return load_nothing(a->l, err);
    if (a->page.n && !p.at)
        return loading_no_time(a->l, err);
    if (missing && silent) {
        a->l->result->not_counted = silent;
        log_warn(COUNTED " of the %zu in %s did not come back, and that was not counted: %s",
                 COUNT_OF(silent, "id", "ids"), a->asked.n, a->l->o->asked, missing);
    }
    if (api_rows_flush(&a->bare, err))
        return -1;
    a->l->result->answers += a->page.n > 0;
    return a->page.n ? api_put(a->l, &p, err) : 0;
}

/* The digest of the files' digests, in their order. */
static int read_files(struct asking *a, const char *const *path, size_t paths,
                      struct digest *digest, struct err *err)
{
    const struct api_taker taker = { .reply = take_reply, .row = take_row, .to = a };
    struct digest_ctx all;
    struct digest one;

    digest_start(&all);
    for (size_t i = 0; i < paths; i++) {
        a->l->path = path[i];
        if (api_read(a->l, &taker, &one, err))
            return -1;
        digest_add(&all, one.b, sizeof one.b);
    }
    *digest = paths == 1 ? one : digest_finish(&all);
    if (a->page.n)
        qsort(a->page.v, a->page.n, sizeof *a->page.v, by_cursor);
    return 0;
}

int load_asked(struct audit *audit, const char *const *path, size_t paths,
               const struct load_opts *o, struct load_result *result, struct err *err)
{
    struct loading l = { .audit = audit, .path = path[0], .o = o, .result = result };
    struct asking a = { .l = &l, .bare = { .l = &l } };
    struct digest digest = { { 0 } };
    int rc = -1;

    if (loading_begin(&l, err) == 0 && read_asked(o->asked, &a.asked, err) == 0 &&
        read_files(&a, path, paths, &digest, err) == 0 && check_one_search(&a, err) == 0)
        rc = put_answer(&a, err);
    rc = loading_finish(&l, rc, &digest, err);
    ids_release(&a.asked);
    ids_release(&a.bare_ids);
    api_rows_release(&a.bare);
    free(a.page.v);
    free(a.row.v);
    buf_release(&a.text);
    arena_release(&a.mem);
    return rc;
}
