/* audit/keep/replay_read.c: a page, an oEmbed answer, a search or a list of valid ids, by
 * the witness. */
#include "audit/keep/replay_read.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/listed.h"
#include "base/array.h"
#include "base/utc.h"
#include "fetch/reply.h"
#include "fetch/saved.h"
#include "fetch/validate.h"
#include "scrape/embed_creator.h"
#include "scrape/embed_post.h"
#include "scrape/oembed.h"
#include "scrape/page.h"

struct replay_reader replay_reader_init(const char *archive_dir)
{
    return (struct replay_reader){ .bytes = places_new(archive_dir), .inflate = inflate_new() };
}

void replay_reader_release(struct replay_reader *w)
{
    places_free(w->bytes);
    inflate_free(w->inflate);
    buf_release(&w->hold);
    buf_release(&w->decoded);
}

/* The exchange at a place, as the arm saw it. */
static int fetch_bytes(struct replay_reader *w, struct replay_job *j,
                       const struct replay_place *place, struct http_exchange *x,
                       enum post_shape *listed, struct err *err)
{
    struct warc_record r;
    struct str text, head, body;
    int64_t len = 0, at = 0;
    int status = 0;

    if (place_read(w->bytes, place->file, place->offset, &r, &text, &len, err) ||
        utc_parse(r.date, &at, err) || warc_http_payload(&r, &w->hold, &status, &head, &body, err))
        return err_wrap(err, "request %" PRId64, j->was.request.n);
    *x = (struct http_exchange){
        .status = status, .done_at = at, .head = head, .body = body, .http_version = 11
    };
    x->url = arena_printf(&j->mem, "%.*s", STR_ARG(r.target_uri)).p;
    *listed = listed_shape(r.target_uri, &(uint64_t){ 0 });
    j->bytes += (int64_t)body.n;
    j->exchanges++;
    return 0;
}

/* Of these there are no bytes, or not all: what was stored is the answer. */
static bool has_no_bytes(const struct answer *a)
{
    return a->kind == ANSWER_NO_ANSWER &&
           (a->why == NO_ANSWER_TIMEOUT || a->why == NO_ANSWER_TRANSPORT ||
            a->why == NO_ANSWER_TOO_LARGE);
}

/* A page said nothing since all around it had unknown codes, which its bytes
 * alone do not tell; once its code is known they are read for what they say. */
static bool still_unknown(const struct answer *was, const struct page_notes *notes)
{
    return was->kind == ANSWER_NO_ANSWER && was->why == NO_ANSWER_UNKNOWN_CODE &&
           notes->code_unknown;
}

/* That it was this post alone, its bytes do not tell; where today's reader finds a block no
 * more, they are read for what they say. */
static bool still_alone(const struct answer *was, const struct answer *now)
{
    return was->kind == ANSWER_NO_ANSWER && was->why == NO_ANSWER_BLOCKED_ALONE &&
           now->kind == ANSWER_NO_ANSWER && no_answer_is_block(now->why);
}

static int read_page(struct replay_reader *w, struct replay_job *j, struct err *err)
{
    const struct replay_row *was = &j->was;
    struct page_notes notes = { .want_extract = false };
    struct http_exchange x = { 0 };
    enum post_shape listed = POST_NONE;
    size_t i = was->places;

    j->answer = was->answer;
    if (!was->has_answer || !was->answer.evidence.n || has_no_bytes(&was->answer))
        return 0;
    while (i > 0 && was->place[i - 1].evidence != was->answer.evidence.n)
        i--;
    if (i == 0)
        return err_set(err, ERR_INPUT,
                       "request %" PRId64 ": the bytes of its answer are not in the archive",
                       was->request.n);
    if (fetch_bytes(w, j, &was->place[i - 1], &x, &listed, err))
        return -1;
    if (was->request.witness == WITNESS_CREATOR)
        embed_creator_read_exchange(&x, embed_creator_handle(str_of(x.url)), w->inflate,
                                    &w->decoded, &j->mem, &j->answer, &notes.code_unknown);
    else if (was->request.witness == WITNESS_EMBED)
        embed_post_read_exchange(&x, was->answer.id, w->inflate, &w->decoded, &j->mem, &j->answer,
                                 &notes.code_unknown);
    else if (was->request.witness == WITNESS_OEMBED)
        oembed_read_exchange(&x, was->answer.id, w->inflate, &w->decoded, &j->mem, &j->answer);
    else if (listed)
        listed_read(listed, x.body, was->answer.id, &j->mem, &j->answer);
    else
        page_read_exchange(&x, was->answer.id, w->inflate, &w->decoded, &j->mem, &j->answer,
                           &notes);
    if (still_unknown(&was->answer, &notes)) {
        j->answer.kind = ANSWER_NO_ANSWER;
        j->answer.why = NO_ANSWER_UNKNOWN_CODE;
        j->answer.record = NULL;
        j->answer.list = NULL;
    }
    if (still_alone(&was->answer, &j->answer)) {
        j->answer.why = NO_ANSWER_BLOCKED_ALONE;
        j->answer.message = was->answer.message;
    }
    j->handle = x.url ? embed_creator_handle(str_of(x.url)) : STR_NONE;
    j->answer.id = was->answer.id;
    j->answer.item = was->answer.item;
    j->answer.witness = was->request.witness;
    j->answer.at = was->answer.at;
    j->answer.engine = was->answer.engine;
    j->answer.request = was->request.n;
    j->answer.evidence = was->answer.evidence;
    return 0;
}

struct rows {
    struct arena *mem;
    struct record *v;
    size_t n, cap;
};

static int keep_row(struct rows *rows, const struct record *row)
{
    ARRAY_ROOM(rows->v, rows->n, rows->cap);
    record_copy(&rows->v[rows->n++], row, rows->mem);
    return 0;
}

static int saved_reply(void *to, const struct reply *reply, struct str text, struct err *err)
{
    (void)text;
    (void)err;
    for (size_t i = 0; i < reply->rows; i++)
        keep_row(to, &reply->row[i]);
    return 0;
}

static int saved_row_alone(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    (void)text;
    (void)err;
    return keep_row(to, &row->record);
}

static int read_saved(struct str body, struct replay_job *j, struct replay_rows *page,
                      struct err *err)
{
    struct rows rows = { .mem = &j->mem };
    const struct saved_to to = { .reply = saved_reply, .row = saved_row_alone, .to = &rows };
    int rc = saved_read(body, &j->mem, &to, err);

    page->n = rc ? 0 : rows.n;
    page->row = arena_alloc(&j->mem, (page->n + 1) * sizeof *page->row);
    if (page->n)
        memcpy(page->row, rows.v, page->n * sizeof *page->row);
    free(rows.v);
    return rc ? err_wrap(err, "a loaded reply") : 0;
}

/* A reply of the API that is no good brought no rows when it came in, either. */
static int read_rows(struct replay_reader *w, struct replay_job *j, const struct http_exchange *x,
                     struct replay_rows *page, struct err *err)
{
    struct err ignored = { 0 };
    struct reply reply;
    struct str body = STR_NONE;

    if (inflate_body(w->inflate, http_header(x, "Content-Encoding"), x->body, REPLY_MAX,
                     &w->decoded, &body, &ignored))
        return 0;
    page->at = x->done_at;
    if (j->was.request.loaded)
        return read_saved(body, j, page, err);
    if (reply_parse(body, &j->mem, &reply, &ignored) || reply_error(x->status, &reply) != API_OK)
        return 0;
    page->row = reply.row;
    page->n = reply.rows;
    return 0;
}

static int read_search(struct replay_reader *w, struct replay_job *j, struct err *err)
{
    struct http_exchange x = { 0 };
    enum post_shape listed = POST_NONE;

    j->page = arena_alloc(&j->mem, (j->was.places + 1) * sizeof *j->page);
    for (size_t i = 0; i < j->was.places; i++) {
        struct replay_rows *page = &j->page[j->pages];

        if (fetch_bytes(w, j, &j->was.place[i], &x, &listed, err) || read_rows(w, j, &x, page, err))
            return -1;
        page->evidence = j->was.place[i].evidence;
        j->pages += page->n > 0;
    }
    return 0;
}

/* The list is the last thing that a task of the validity check brings. */
static int read_list(struct replay_reader *w, struct replay_job *j, struct err *err)
{
    struct err ignored = { 0 };
    struct http_exchange x = { 0 };
    struct str body = STR_NONE;
    enum post_shape listed = POST_NONE;
    int strange;

    if (!j->was.request.complete || !j->was.places)
        return 0;
    if (fetch_bytes(w, j, &j->was.place[j->was.places - 1], &x, &listed, err))
        return -1;
    if (inflate_body(w->inflate, http_header(&x, "Content-Encoding"), x.body, REPLY_MAX,
                     &w->decoded, &body, &ignored) ||
        !validate_read(body, &j->was.request, &strange))
        return err_set(err, ERR_INPUT, "request %" PRId64 ": its list of valid ids cannot be read",
                       j->was.request.n);
    return 0;
}

void replay_read(struct replay_reader *w, struct replay_job *j)
{
    struct err err = { 0 };
    int rc;

    switch (j->was.request.witness) {
    case WITNESS_PAGE:
    case WITNESS_OEMBED:
    case WITNESS_EMBED:
    case WITNESS_CREATOR: rc = read_page(w, j, &err); break;
    case WITNESS_VALIDATION: rc = read_list(w, j, &err); break;
    case WITNESS_QUERY: rc = read_search(w, j, &err); break;
    default: rc = 0;
    }
    if (rc)
        j->err = err;
}
