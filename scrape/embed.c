/* scrape/embed.c: finding the object of an embed page. */
#include "scrape/embed.h"
#include "scrape/block.h"

#define SMALL_BODY 256    // "overload-protect triggered" and little more

/* "overload-protect triggered", with 503, 429 and perhaps others: a block, never a verdict. */
static bool is_overload(struct str body)
{
    return body.n <= SMALL_BODY && str_find_nocase(body, STR("overload-protect"), 0) >= 0;
}

static enum no_answer embed_exchange(const struct http_exchange *x)
{
    if (x->fault == HTTP_OK && (x->status == 400 || (x->status >= 500 && x->body.n)))
        return NO_ANSWER_NONE;
    return block_exchange(x);
}

enum no_answer embed_body(const struct http_exchange *x, struct inflate *inflate,
                          struct buf *scratch, struct str *body)
{
    enum no_answer why = embed_exchange(x);
    struct err err = { 0 };

    if (why == NO_ANSWER_NONE && inflate_body(inflate, http_header(x, "Content-Encoding"), x->body,
                                              EMBED_MAX, scratch, body, &err))
        return NO_ANSWER_BAD_CODING;
    return why;
}

enum no_answer embed_end(const struct http_exchange *x, enum no_answer why, const struct answer *a)
{
    return why == NO_ANSWER_NONE && x->status >= 500 && a->why != NO_ANSWER_TOO_MANY
               ? NO_ANSWER_SERVER_ERROR
               : why;
}

bool embed_wants_whole(struct str html, const struct answer *a)
{
    return a->kind == ANSWER_NO_ANSWER && a->why != NO_ANSWER_TOO_MANY &&
           a->why != NO_ANSWER_TOO_LARGE &&
           str_find(html, STR("__FRONTITY_CONNECT_STATE__"), 0) >= 0;
}

void embed_no_answer(struct answer *a, enum no_answer why)
{
    a->kind = ANSWER_NO_ANSWER;
    a->why = why;
    a->has_code = false;
    a->code = 0;
    a->message = STR_NONE;
    a->generation = GENERATION_NONE;
    a->record = NULL;
    a->list = NULL;
}

/* The one member that is the page's; where there are two of them neither says more than the other.
 */
static const struct json *route_of(const struct json *data, struct str *path)
{
    const struct json *hit = NULL;

    for (const struct json *m = json_first(data); m; m = json_next(m)) {
        if (!str_starts(json_key(m), STR("/embed/")) || json_kind(m) != JSON_OBJECT)
            continue;
        if (hit)
            return NULL;
        hit = m;
        *path = json_key(m);
    }
    return hit;
}

enum no_answer embed_open(struct embed_page *e, struct str html, bool whole, struct arena *mem)
{
    static const char *const source[] = { "source", NULL };
    static const struct want data[] = { { "data", NULL } };
    const struct json *found = NULL;

    *e = (struct embed_page){ .route = NULL };
    if (whole)
        state_find_whole(&e->state, html, mem);
    else
        state_find_fast(&e->state, html);
    if (!e->state.script[SCRIPT_EMBED].p)
        return is_overload(html) ? NO_ANSWER_TOO_MANY : block_body(html);
    if (state_want(&e->state, SCRIPT_EMBED, source, data, 1, 0, &found))
        e->route = route_of(found, &e->path);
    e->doubled = e->state.doubled || json_doubled_key(e->route, false).p;
    return e->route ? NO_ANSWER_NONE : NO_ANSWER_UNKNOWN_SHAPE;
}

void embed_release(struct embed_page *e)
{
    state_release(&e->state);
    *e = (struct embed_page){ .route = NULL };
}
