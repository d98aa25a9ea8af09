/* scrape/embed_post.c: see embed_post.h. The page is read by its body, not by its status: clients
 * have seen the body of a refusal with 400 and with 200. */
#include "scrape/embed_post.h"
#include "platform/tiktok.h"
#include "scrape/embed.h"
#include "scrape/item.h"
#include "scrape/status.h"

struct str embed_post_url(struct str site, uint64_t id, struct arena *mem)
{
    struct buf b = { 0 };
    struct str url;

    tiktok_post_embed_at(&b, site, id);
    url = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    return url;
}

/* ---- refusals ---- */

/* The post that the path of the route names. */
static bool path_id(const struct embed_page *e, uint64_t *id)
{
    struct str rest = str_starts(e->path, STR(TIKTOK_EMBED_POST))
                          ? str_sub(e->path, sizeof TIKTOK_EMBED_POST - 1, e->path.n)
                          : STR_NONE;
    size_t n = 0;

    while (n < rest.n && rest.p[n] >= '0' && rest.p[n] <= '9')
        n++;
    return str_u64(str_sub(rest, 0, n), id);
}

bool embed_post_own_id(struct str html, struct arena *mem, uint64_t *id)
{
    struct embed_page e;
    bool found = false;

    if (html.n > EMBED_MAX || str_find(html, STR("__FRONTITY_CONNECT_STATE__"), 0) < 0)
        return false;
    if (embed_open(&e, html, false, mem) == NO_ANSWER_NONE)
        found = path_id(&e, id);
    embed_release(&e);
    return found;
}

static void refuse(struct answer *a, const char *message)
{
    a->kind = ANSWER_REFUSED;
    a->message = str_of(message);
}

static void judge_code(struct answer *a, bool *code_unknown)
{
    struct status status = status_find(a->code, STR_NONE);

    if (status.kind != ANSWER_REFUSED) {
        embed_no_answer(a, status.why ? status.why : NO_ANSWER_UNKNOWN_SHAPE);
        return;
    }
    a->has_code = true;
    *code_unknown = status.code_unknown;
    refuse(a, "");
}

/* No post is shown: said so by a code, or by a page that is good but for that. */
static void judge_absence(const struct json *route, struct answer *a, bool *code_unknown)
{
    bool is_error = false, is_ready = false;
    int64_t code = 0;

    json_bool(json_get(route, "isError"), &is_error);
    json_bool(json_get(route, "isReady"), &is_ready);
    json_i64(json_get(route, "code"), &code);
    if (json_i64(json_get(route, "errorCode"), &a->code) && a->code)
        judge_code(a, code_unknown);
    else if (!is_error && is_ready && code == 200 && !json_get(route, "videoData"))
        refuse(a, "no videoData");
    else
        embed_no_answer(a, NO_ANSWER_UNKNOWN_SHAPE);
}

/* ---- a post ---- */

static void add_names(const struct json *list, const char *key, struct value *out,
                      struct arena *mem)
{
    struct str name;

    if (json_kind(list) != JSON_ARRAY)
        return;
    for (const struct json *e = json_first(list); e; e = json_next(e))
        if (json_text(json_get(e, key), &name) && name.n)
            set_add(out, name, mem);
}

/* Hashtags stand beside the item, those in its caption with capital first letters. */
static struct record *record_of(const struct json *data, const struct item_view *view, uint64_t id,
                                struct arena *mem)
{
    const struct json *tags = json_get(data, "challengeInfoList"),
                      *extra = json_get(data, "textExtra");
    bool photo = json_kind(json_get(data, "imagePostInfo")) == JSON_OBJECT;
    struct record *r = item_read(view, id, photo, mem);

    add_names(tags, "challengeName", &r->val[FIELD_HASHTAGS], mem);
    add_names(extra, "HashtagName", &r->val[FIELD_HASHTAGS], mem);
    add_names(tags, "challengeId", &r->val[FIELD_HASHTAG_IDS], mem);
    return r;
}

static bool has_doubled(const struct item_view *v, const struct json *data)
{
    return json_doubled_key(data, false).p || json_doubled_key(v->item, false).p ||
           json_doubled_key(v->author, false).p;
}

static void judge_post(const struct json *data, uint64_t id, struct arena *mem, struct answer *a)
{
    const struct item_view view = { .item = json_get(data, "itemInfos"),
                                    .author = json_get(data, "authorInfos"),
                                    .music = json_get(data, "musicInfos") };
    struct str author;
    uint64_t shown;

    if (json_kind(view.item) != JSON_OBJECT || !json_u64(json_get(view.item, "id"), &shown))
        embed_no_answer(a, NO_ANSWER_UNKNOWN_SHAPE);
    else if (has_doubled(&view, data))
        embed_no_answer(a, NO_ANSWER_DOUBLED_KEY);
    else if (shown != id)
        embed_no_answer(a, NO_ANSWER_WRONG_ITEM);
    else if (!json_text(json_get(view.author, "uniqueId"), &author) || !author.n)
        embed_no_answer(a, NO_ANSWER_NO_AUTHOR);
    else {
        a->kind = ANSWER_PUBLIC;
        a->record = record_of(data, &view, id, mem);
    }
}

static void judge(const struct embed_page *e, uint64_t id, struct arena *mem, struct answer *a,
                  bool *code_unknown)
{
    const struct json *data = json_get(e->route, "videoData");
    uint64_t named;

    a->generation = GENERATION_EMBED;
    if (e->doubled)
        embed_no_answer(a, NO_ANSWER_DOUBLED_KEY);
    else if (!path_id(e, &named) || named != id)
        embed_no_answer(a, NO_ANSWER_WRONG_ITEM);
    else if (json_kind(data) == JSON_OBJECT)
        judge_post(data, id, mem, a);
    else
        judge_absence(e->route, a, code_unknown);
}

void embed_post_read_by(struct str html, uint64_t id, bool whole, struct arena *mem,
                        struct answer *a, bool *code_unknown)
{
    struct embed_page e;
    enum no_answer why;

    *code_unknown = false;
    embed_no_answer(a, NO_ANSWER_NONE);
    a->id = id;
    a->region = STR_NONE;
    if (html.n > EMBED_MAX) {
        embed_no_answer(a, NO_ANSWER_TOO_LARGE);
        return;
    }
    if ((why = embed_open(&e, html, whole, mem)) == NO_ANSWER_NONE)
        judge(&e, id, mem, a, code_unknown);
    else
        embed_no_answer(a, why);
    embed_release(&e);
}

/* The fast way, and the whole one where it does not suffice. */
void embed_post_read(struct str html, uint64_t id, struct arena *mem, struct answer *a,
                     bool *code_unknown)
{
    embed_post_read_by(html, id, false, mem, a, code_unknown);
    if (embed_wants_whole(html, a))
        embed_post_read_by(html, id, true, mem, a, code_unknown);
}

void embed_post_read_exchange(const struct http_exchange *x, uint64_t id, struct inflate *inflate,
                              struct buf *scratch, struct arena *mem, struct answer *a,
                              bool *code_unknown)
{
    struct str body = STR_NONE;
    enum no_answer why = embed_body(x, inflate, scratch, &body);

    a->at = x->done_at;
    embed_post_read(body, id, mem, a, code_unknown);
    if ((why = embed_end(x, why, a)) != NO_ANSWER_NONE) {
        embed_no_answer(a, why);
        *code_unknown = false;
    }
}
