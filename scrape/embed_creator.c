/* scrape/embed_creator.c: see embed_creator.h. The page is read by its body, not by its status:
 * clients have seen the body of a refusal with 400 and with 200. */
#include "scrape/embed_creator.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "scrape/embed.h"
#include "scrape/status.h"

#define CODE_GONE 10221
#define CODE_PRIVATE 10222
#define USER_NOT_FOUND 404    // userInfo.code, which one client of 2026 tests as well
#define ROWS_MAX 1000         // a list has 13 at most

struct str embed_creator_url(struct str site, struct str handle, struct arena *mem)
{
    struct buf b = { 0 };
    struct str url;

    tiktok_creator_embed_at(&b, site, handle);
    url = arena_dup(mem, buf_view(&b));
    buf_release(&b);
    return url;
}

/* ---- whose page it is ---- */

struct str embed_creator_handle(struct str url)
{
    ptrdiff_t at = str_find(url, STR("/embed/@"), 0);
    struct str rest = at < 0 ? STR_NONE : str_sub(url, (size_t)at + 8, url.n);
    size_t n = 0;

    while (n < rest.n && rest.p[n] != '?' && rest.p[n] != '/' && rest.p[n] != '#')
        n++;
    return str_sub(rest, 0, n);
}

static bool is_of(const struct embed_page *e, const struct json *user, struct str handle)
{
    struct str shown;

    if (!str_eq_nocase(embed_creator_handle(e->path), handle))
        return false;
    return !json_text(json_get(user, "uniqueId"), &shown) || !shown.n ||
           str_eq_nocase(shown, handle);
}

/* ---- refusals ---- */

static enum creator_standing standing_of(int64_t code)
{
    return code == CODE_PRIVATE ? CREATOR_PRIVATE
           : code == CODE_GONE  ? CREATOR_GONE
                                : CREATOR_REFUSED;
}

static void refuse(struct answer *a, struct creator_page *page, enum creator_standing standing,
                   const char *message)
{
    a->kind = ANSWER_REFUSED;
    a->message = str_of(message);
    page->standing = standing;
}

/* True where the page says that it shows nobody, or nothing. */
static bool judge_refusal(const struct json *route, const struct json *user,
                          struct creator_page *page, struct answer *a, bool *code_unknown)
{
    const struct json *code = json_get(route, "errorCode");
    bool is_error = false, is_private = false;
    struct status status;
    int64_t user_code = 0;

    json_bool(json_get(route, "isError"), &is_error);
    json_bool(json_get(user, "privateAccount"), &is_private);
    json_i64(json_get(user, "code"), &user_code);
    if (json_i64(code, &a->code) && a->code) {
        status = status_find(a->code, STR_NONE);
        if (status.kind != ANSWER_REFUSED) {
            embed_no_answer(a, status.why ? status.why : NO_ANSWER_UNKNOWN_SHAPE);
            return true;
        }
        a->has_code = true;
        *code_unknown = status.code_unknown;
        refuse(a, page, standing_of(a->code), "");
        return true;
    }
    a->code = 0;
    if (is_error)
        embed_no_answer(a, NO_ANSWER_UNKNOWN_SHAPE);
    else if (is_private)
        refuse(a, page, CREATOR_PRIVATE, "privateAccount");
    else if (user_code == USER_NOT_FOUND)
        refuse(a, page, CREATOR_GONE, "userInfo.code 404");
    else
        return false;
    return true;
}

/* ---- the list ---- */

static bool is_listed(const struct creator_page *page, uint64_t id)
{
    for (size_t i = 0; i < page->posts; i++)
        if (page->post[i].id == id)
            return true;
    return false;
}

/* A row that does not say whose it is, is taken for the creator's. */
static bool is_own_and_public(const struct json *row, struct str handle)
{
    bool is_private = false;
    struct str author;

    json_bool(json_get(row, "privateItem"), &is_private);
    return !is_private && (!json_text(json_get(row, "authorUniqueId"), &author) || !author.n ||
                           str_eq_nocase(author, handle));
}

static bool row_id(const struct json *row, int64_t now, uint64_t *id)
{
    uint64_t n;
    char text[ID_TEXT_MAX];
    enum id_verdict is;

    if (!json_u64(json_get(row, "id"), &n))
        return false;
    is = id_parse(str_of(id_text(n, text)), now, id);
    return is == ID_OK || is == ID_ODD;
}

static void read_list(const struct json *list, struct str handle, int64_t now, struct arena *mem,
                      struct creator_page *page)
{
    size_t most = json_len(list) < ROWS_MAX ? json_len(list) : ROWS_MAX;

    page->post = arena_alloc(mem, (most + 1) * sizeof *page->post);
    for (const struct json *row = json_first(list); row; row = json_next(row)) {
        int64_t place = page->rows++;
        uint64_t id;

        if (!row_id(row, now, &id) || !is_own_and_public(row, handle) ||
            json_doubled_key(row, false).p || page->posts == most)
            page->dropped++;
        else if (!is_listed(page, id))
            page->post[page->posts++] = (struct listed_post){ .id = id, .place = place };
    }
}

static void judge(const struct embed_page *e, struct str handle, struct arena *mem,
                  struct answer *a, bool *code_unknown)
{
    const struct json *user = json_get(e->route, "userInfo"),
                      *list = json_get(e->route, "videoList");
    struct creator_page *page = arena_alloc(mem, sizeof *page);

    if (e->doubled || json_doubled_key(user, false).p) {
        embed_no_answer(a, NO_ANSWER_DOUBLED_KEY);
        return;
    }
    if (!is_of(e, user, handle)) {
        embed_no_answer(a, NO_ANSWER_WRONG_ITEM);
        return;
    }
    json_u64(json_get(user, "id"), &page->author);
    a->list = page;
    a->generation = GENERATION_EMBED;
    if (judge_refusal(e->route, user, page, a, code_unknown))
        return;
    if (json_kind(list) != JSON_ARRAY) {    // a shell is HTTP 200, too
        embed_no_answer(a, NO_ANSWER_UNKNOWN_SHAPE);
        return;
    }
    a->kind = ANSWER_PUBLIC;
    page->standing = CREATOR_PUBLIC;
    read_list(list, handle, a->at, mem, page);
}

void embed_creator_read_by(struct str html, struct str handle, bool whole, struct arena *mem,
                           struct answer *a, bool *code_unknown)
{
    struct embed_page e;
    enum no_answer why;

    *code_unknown = false;
    embed_no_answer(a, NO_ANSWER_NONE);
    a->id = 0;
    a->region = STR_NONE;
    why = html.n > EMBED_MAX ? NO_ANSWER_TOO_LARGE : embed_open(&e, html, whole, mem);
    if (html.n > EMBED_MAX) {
        embed_no_answer(a, why);
        return;
    }
    if (why == NO_ANSWER_NONE)
        judge(&e, handle, mem, a, code_unknown);
    else
        embed_no_answer(a, why);
    embed_release(&e);
}

/* The fast way, and the whole one where it does not suffice. */
void embed_creator_read(struct str html, struct str handle, struct arena *mem, struct answer *a,
                        bool *code_unknown)
{
    embed_creator_read_by(html, handle, false, mem, a, code_unknown);
    if (embed_wants_whole(html, a))
        embed_creator_read_by(html, handle, true, mem, a, code_unknown);
}

void embed_creator_read_exchange(const struct http_exchange *x, struct str handle,
                                 struct inflate *inflate, struct buf *scratch, struct arena *mem,
                                 struct answer *a, bool *code_unknown)
{
    struct str body = STR_NONE;
    enum no_answer why = embed_body(x, inflate, scratch, &body);

    a->at = x->done_at;
    embed_creator_read(body, handle, mem, a, code_unknown);
    if ((why = embed_end(x, why, a)) != NO_ANSWER_NONE) {
        embed_no_answer(a, why);
        *code_unknown = false;
    }
}
