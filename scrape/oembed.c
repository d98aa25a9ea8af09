/* scrape/oembed.c: see oembed.h. A 200 may be a challenge page in HTML, so the
 * keys of a real reply are asked for, not the status alone. */
#include "base/http_url.h"
#include "base/json.h"
#include "platform/tiktok.h"
#include "scrape/block.h"
#include "scrape/oembed.h"

struct str oembed_url(struct str base, uint64_t id, struct arena *mem)
{
    struct buf b = { 0 }, page = { 0 };
    struct str url;

    tiktok_post_url(&page, id, STR_NONE);
    buf_str(&b, base);
    buf_puts(&b, TIKTOK_OEMBED "?url=");
    http_escape(&b, buf_view(&page));
    url = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    buf_release(&page);
    return url;
}

static void judge_public(const struct json *root, uint64_t id, struct answer *a)
{
    struct str text;
    uint64_t shown;

    if (!(json_text(json_get(root, "author_unique_id"), &text) && text.n) &&
        !(json_text(json_get(root, "html"), &text) && text.n))
        a->why = NO_ANSWER_UNKNOWN_SHAPE;
    else if (json_u64(json_get(root, "embed_product_id"), &shown) && shown != id)
        a->why = NO_ANSWER_WRONG_ITEM;
    else
        a->kind = ANSWER_PUBLIC;
}

/* {"message":"Something went wrong","code":400}; in one capture the body was empty. */
static void judge_refusal(const struct json *root, bool empty, struct arena *mem, struct answer *a)
{
    struct str text;

    if (!empty && !json_i64(json_get(root, "code"), &a->code)) {
        a->why = NO_ANSWER_UNKNOWN_SHAPE;
        return;
    }
    if (empty)
        a->code = 400;
    a->kind = ANSWER_REFUSED;
    a->has_code = true;
    if (json_text(json_get(root, "message"), &text))
        a->message = arena_dup(mem, text);
}

void oembed_read(int status, struct str body, uint64_t id, struct arena *mem, struct answer *a)
{
    struct json_doc doc = { 0 };
    struct err err = { 0 };
    struct str text = str_trim(body);

    a->id = id;
    a->kind = ANSWER_NO_ANSWER;
    a->why = NO_ANSWER_NONE;
    a->has_code = false;
    a->code = 0;
    a->message = a->region = STR_NONE;
    a->record = NULL;
    a->generation = GENERATION_NONE;
    if (text.n && *text.p != '{')
        a->why = block_body(body);
    else if (text.n && json_parse(text, &doc, &err))
        a->why = NO_ANSWER_NOT_JSON;
    else if (json_doubled_key(doc.root, false).p)
        a->why = NO_ANSWER_DOUBLED_KEY;
    else if (status == 400)
        judge_refusal(doc.root, text.n == 0, mem, a);
    else if (text.n)
        judge_public(doc.root, id, a);
    else
        a->why = NO_ANSWER_EMPTY;
    if (a->kind != ANSWER_NO_ANSWER)
        a->generation = GENERATION_OEMBED;
    json_free(&doc);
}

void oembed_read_exchange(const struct http_exchange *x, uint64_t id, struct inflate *inflate,
                          struct buf *scratch, struct arena *mem, struct answer *a)
{
    bool refused = x->fault == HTTP_OK && x->status == 400;
    enum no_answer why = refused ? NO_ANSWER_NONE : block_exchange(x);
    struct str body = STR_NONE;
    struct err err = { 0 };

    if (why == NO_ANSWER_NONE && inflate_body(inflate, http_header(x, "Content-Encoding"), x->body,
                                              OEMBED_MAX, scratch, &body, &err))
        why = NO_ANSWER_BAD_CODING;
    oembed_read(x->status, body, id, mem, a);
    a->at = x->done_at;
    if (why != NO_ANSWER_NONE) {
        a->kind = ANSWER_NO_ANSWER;
        a->why = why;
        a->generation = GENERATION_NONE;
    }
}
