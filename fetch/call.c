/* fetch/call.c: the body of a search, and what its pages bring. */
#include <string.h>
#include "fetch/call.h"
#include "platform/tiktok.h"

#define EMPTY_PAGES_MAX 3
#define PAGES_MAX 64

void call_begin(struct call *c)
{
    if (c->req.members == 0)
        die("a request to the API without any id");
    c->seen = arena_alloc(&c->mem, c->req.members * sizeof *c->seen);
    for (size_t i = 0; i < c->req.members; i++)
        c->req.member[i].came_back = false;
}

void call_restart(struct call *c)
{
    c->cursor = 0;
    buf_clear(&c->search_id);
    c->pages = c->empty_pages = 0;
    memset(c->seen, 0, c->req.members * sizeof *c->seen);
    c->unread = false;
    c->restarts++;
}

void call_clear(struct call *c)
{
    struct call fresh = {
        .mem = c->mem, .page = c->page, .body = c->body, .search_id = c->search_id
    };

    arena_clear(&fresh.mem);
    arena_clear(&fresh.page);
    buf_clear(&fresh.body);
    buf_clear(&fresh.search_id);
    *c = fresh;
}

void call_release(struct call *c)
{
    arena_release(&c->mem);
    arena_release(&c->page);
    buf_release(&c->body);
    buf_release(&c->search_id);
}

static int strange(struct call *c, const struct sink *sink, const char *what,
                   struct fetch_result *sum, struct err *err)
{
    c->req.strange_rows++;
    sum->strange_rows++;
    return sink->drift(sink->to, "strange_row", str_of(what), 1, c->req.done_at, err);
}

static int take_row(struct call *c, const struct record *r, const struct sink *sink,
                    struct fetch_result *sum, struct err *err)
{
    struct answer a = { .id = r->id,
                        .witness = WITNESS_QUERY,
                        .kind = ANSWER_FOUND,
                        .at = c->req.done_at,
                        .request = c->req.n,
                        .generation = GENERATION_API,
                        .record = r,
                        .evidence = c->req.evidence };
    size_t m = 0;

    switch (reply_row_check(&c->req, r, &m)) {
    case ROW_NOT_ASKED:
        return strange(c, sink, "not_asked", sum, err);
    case ROW_OUTSIDE_WINDOW:
        return strange(c, sink, "outside_window", sum, err);
    case ROW_TAKEN:
        break;
    }
    if (c->seen[m])
        return strange(c, sink, "duplicate", sum, err);
    c->seen[m] = true;
    if (c->req.member[m].came_back)              // before the search was started again
        return 0;
    c->req.member[m].came_back = true;
    c->back++;
    c->req.rows++;
    a.item = c->req.member[m].item;
    return sink->put(sink->to, &c->req, &a, err);
}

static int take(struct call *c, const struct reply *re, const struct sink *sink,
                struct fetch_result *sum, struct err *err)
{
    for (size_t i = 0; i < re->rows; i++)
        if (take_row(c, &re->row[i], sink, sum, err))
            return -1;
    for (size_t i = 0; i < re->bad_rows; i++)
        if (strange(c, sink, i < re->doubled_rows ? "doubled_key" : "no_id", sum, err))
            return -1;
    for (size_t i = 0; i < re->drift.n; i++)
        if (sink->drift(sink->to, re->drift.v[i].kind, re->drift.v[i].name, re->drift.v[i].count,
                        c->req.done_at, err))
            return -1;
    if (re->nul_chars > 0 &&
        sink->drift(sink->to, "nul_char", STR("api"), (int64_t)re->nul_chars, c->req.done_at,
                    err))
        return -1;
    sum->nul_chars += (int64_t)re->nul_chars;
    return 0;
}

static enum call_page turn(struct call *c, const struct reply *re, const char **why)
{
    // a reply without a cursor is taken as one full page
    int64_t next = re->has_cursor ? re->cursor : c->cursor + PAGE_ROWS_MAX;

    c->pages++;
    c->empty_pages = re->rows == 0 ? c->empty_pages + 1 : 0;
    if (c->back == c->req.members || (re->has_has_more && !re->has_more))
        return PAGE_LAST;
    *why = !re->has_has_more ? "no_has_more"
         : c->empty_pages >= EMPTY_PAGES_MAX ? "empty_pages"
         : next <= c->cursor ? "cursor_stuck"
         : c->pages >= PAGES_MAX ? "too_many_pages" : NULL;
    if (*why)
        return PAGE_STUCK;
    c->cursor = next;
    if (re->search_id.n > 0) {                   // it may change from page to page
        buf_clear(&c->search_id);
        buf_str(&c->search_id, re->search_id);
    }
    return PAGE_MORE;
}

int call_page(struct call *c, const struct reply *re, const struct sink *sink,
              struct fetch_result *sum, enum call_page *page, const char **why, struct err *err)
{
    c->unread = c->unread || re->bad_rows > 0;
    if (take(c, re, sink, sum, err))
        return -1;
    *page = turn(c, re, why);
    return 0;
}
