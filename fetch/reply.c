/* fetch/reply.c: the envelope around the rows, and what its error asks of us. */
#include <string.h>
#include "base/utc.h"
#include "fetch/reply.h"
#include "record/id.h"

/* ---- the envelope ---- */

static struct str text_at(const struct json *object, const char *key, struct arena *mem)
{
    struct str text = STR_NONE;
    uint64_t n;
    const struct json *j = json_get(object, key);

    if (json_text(j, &text))
        return arena_dup(mem, text);
    if (json_u64(j, &n))                                  // a search_id may stand bare
        return arena_printf(mem, "%llu", (unsigned long long)n);
    return STR_NONE;
}

static void read_error(const struct json *root, struct arena *mem, struct reply *re)
{
    const struct json *e = json_get(root, "error");

    if (json_kind(e) == JSON_STRING) {                    // flat, as OAuth has it
        re->code = text_at(root, "error", mem);
        re->message = text_at(root, "error_description", mem);
        re->log_id = text_at(root, "log_id", mem);
    } else {
        re->code = text_at(e, "code", mem);
        re->message = text_at(e, "message", mem);
        re->log_id = text_at(e, "log_id", mem);
    }
}

/* The keys under which posts stand: of a query, and of an account's lists (liked,
 * reposted and pinned videos pages of the documentation; the second spellings are
 * those of public clients). Their rows name the post's author, not whose list it is. */
static const char *const lists_of_posts[] = { "videos",
                                              "reposted_videos",
                                              "user_reposted_videos",
                                              "user_liked_videos",
                                              "liked_videos",
                                              "pinned_videos_list",
                                              "user_pinned_videos",
                                              "pinned_videos",
                                              NULL };

bool reply_is_data(const struct json *j)
{
    for (const char *const *key = lists_of_posts; *key; key++)
        if (json_kind(json_get(j, *key)) == JSON_ARRAY)
            return true;
    return false;
}

static void read_rows(const struct json *list, struct arena *mem, struct reply *re)
{
    re->has_list = true;
    for (const struct json *j = json_first(list); j; j = json_next(j)) {
        enum row_fault fault = row_read(j, mem, &re->row[re->rows], &re->drift);

        re->rows += fault == ROW_FINE;
        re->bad_rows += fault != ROW_FINE;
        re->doubled_rows += fault == ROW_DOUBLED;
        re->spoiled_rows += fault == ROW_SPOILED;
    }
}

static void read_data(const struct json *data, struct arena *mem, struct reply *re)
{
    size_t room = 1;

    re->has_cursor = json_i64(json_get(data, "cursor"), &re->cursor);
    re->has_has_more = json_bool(json_get(data, "has_more"), &re->has_more);
    re->search_id = text_at(data, "search_id", mem);
    for (const struct json *j = json_first(data); j; j = json_next(j))
        room += json_kind(j) == JSON_ARRAY ? json_len(j) : 0;
    re->row = arena_alloc(mem, room * sizeof *re->row);
    for (const struct json *j = json_first(data); j; j = json_next(j)) {
        if (json_kind(j) != JSON_ARRAY)
            continue;
        if (str_is_one_of(json_key(j), lists_of_posts))
            read_rows(j, mem, re);
        else
            for (const struct json *e = json_first(j); e; e = json_next(e))
                row_drift_add(&re->other, "list", json_key(j), mem);
    }
}

static int check_envelope(const struct json *root, const struct json *data, struct err *err)
{
    struct str key = json_doubled_key(root, false);

    if (!key.p)
        key = json_doubled_key(data, false);
    if (!key.p)
        key = json_doubled_key(json_get(root, "error"), true);
    return key.p ? err_set(err, ERR_INPUT,
                           "\"%.*s\" stands twice in the API's reply, with different values",
                           STR_ARG(str_sub(key, 0, 40)))
                 : 0;
}

int reply_read(const struct json *root, struct arena *mem, struct reply *out, struct err *err)
{
    struct reply re = { 0 };
    const struct json *data = json_get(root, "data");

    if (json_kind(root) != JSON_OBJECT ||
        (json_kind(data) != JSON_OBJECT && json_kind(json_get(root, "error")) == JSON_ABSENT))
        return err_set(err, ERR_INPUT, "expected a reply of the API: an object with data or error");
    if (check_envelope(root, data, err))
        return -1;
    read_error(root, mem, &re);
    if (json_kind(data) == JSON_OBJECT)
        read_data(data, mem, &re);
    re.ok = str_eq(re.code, STR("ok")) || (re.code.n == 0 && json_kind(data) == JSON_OBJECT);
    *out = re;
    return 0;
}

int reply_read_data(const struct json *data, struct arena *mem, struct reply *out, struct err *err)
{
    struct reply re = { .ok = true };

    if (check_envelope(NULL, data, err))
        return -1;
    read_data(data, mem, &re);
    *out = re;
    return 0;
}

int reply_parse(struct str body, struct arena *mem, struct reply *out, struct err *err)
{
    struct json_doc doc = { 0 };
    int rc;

    if (body.n > REPLY_MAX)
        return err_set(err, ERR_INPUT, "a reply of %zu bytes is larger than %u", body.n, REPLY_MAX);
    if (json_parse(body, &doc, err)) {
        json_free(&doc);
        return err_wrap(err, "the API's reply is not JSON");
    }
    rc = reply_read(doc.root, mem, out, err);
    if (rc == 0)
        out->nul_chars = doc.nul_chars;
    json_free(&doc);
    return rc;
}

bool reply_is_of_posts(const struct reply *re)
{
    bool list = re->has_list || (re->has_has_more && !re->other.n);

    return re->ok && (re->rows || (list && !re->bad_rows));
}

bool reply_log_time(struct str log_id, int64_t *at)
{
    const char *p = log_id.p;
    char text[24];
    struct err ignored = { 0 };

    if (log_id.n < 14)
        return false;
    for (size_t i = 0; i < 14; i++)
        if (p[i] < '0' || p[i] > '9')
            return false;
    memcpy(text, "YYYY-MM-DDThh:mm:ssZ", 21);
    memcpy(text, p, 4);
    for (size_t i = 0; i < 5; i++)
        memcpy(text + 5 + 3 * i, p + 4 + 2 * i, 2);
    return utc_parse_seen(str_of(text), at, &ignored) == 0;
}

/* ---- errors ---- */

static bool is_one_of(struct str code, const char *const *names)
{
    for (; *names; names++)
        if (str_eq(code, str_of(*names)))
            return true;
    return false;
}

static bool is_word_char(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

static bool has_word(struct str text, struct str word)
{
    for (ptrdiff_t at = 0; (at = str_find_nocase(text, word, (size_t)at)) >= 0; at++) {
        size_t end = (size_t)at + word.n;

        if ((at == 0 || !is_word_char(text.p[at - 1])) &&
            (end == text.n || !is_word_char(text.p[end])))
            return true;
    }
    return false;
}

size_t reply_named_field(struct str message, const struct str *names, size_t len)
{
    for (size_t i = 0; i < len; i++)
        if (!str_eq(names[i], STR("id")) && has_word(message, names[i]))
            return i;
    return len;
}

/* "Search Id 7... is invalid or expired" and "Invalid count or cursor" come for
 * searches that are good, some seconds too early (public clients, 2024). */
static bool is_search_refusal(struct str message)
{
    bool bad = str_find_nocase(message, STR("invalid"), 0) >= 0 ||
               str_find_nocase(message, STR("expired"), 0) >= 0;

    return (bad && str_find_nocase(message, STR("search id"), 0) >= 0) ||
           str_find_nocase(message, STR("invalid count or cursor"), 0) >= 0;
}

static bool is_field_refusal(struct str message)
{
    struct str names[FIELDS_MAX];
    size_t len = row_fields(names);

    return has_word(message, STR("field")) || has_word(message, STR("fields")) ||
           reply_named_field(message, names, len) < len;
}

/* The code decides before the status: a token error came with status 200, and
 * a gateway may put its own status before the platform's words. */
enum api_error reply_error(int status, const struct reply *re)
{
    static const char *const quota[] = { "daily_quota_limit_exceeded", NULL };
    static const char *const rate[] = { "rate_limit_exceeded", NULL };
    static const char *const token[] = { "access_token_invalid", "invalid_token", NULL };
    static const char *const person[] = { "scope_not_authorized",
                                          "scope_permission_missed",
                                          "invalid_client",
                                          "unauthorized_client",
                                          "access_denied",
                                          "insufficient_permissions",
                                          NULL };
    static const char *const server[] = { "internal_error", "timeout", "server_error",
                                          "temporarily_unavailable", NULL };
    static const char *const params[] = { "invalid_params", "invalid_param", "invalid_request",
                                          NULL };

    if (re->ok && status >= 200 && status < 300)
        return API_OK;
    if (re->ok)
        return status == 429 ? API_RATE : status >= 500 ? API_RETRY : API_FAIL;
    if (is_one_of(re->code, quota))
        return API_QUOTA;
    if (is_one_of(re->code, rate) || status == 429)
        return API_RATE;
    if (is_one_of(re->code, person))
        return API_AUTH;
    if (is_one_of(re->code, token) || status == 401)
        return API_TOKEN;
    if (status >= 500 || status == 408 || is_one_of(re->code, server))
        return API_RETRY;
    if (is_search_refusal(re->message))
        return API_SEARCH;
    if (is_one_of(re->code, params) && is_field_refusal(re->message))
        return API_FIELD;
    return API_FAIL;
}

enum row_verdict reply_row_check(const struct request *q, const struct record *r, size_t *member)
{
    const struct value *created = &r->val[FIELD_CREATED];
    int64_t day = utc_day(created->kind == VAL_INT ? created->i : id_time(r->id));
    size_t m = 0;

    while (m < q->members && q->member[m].id != r->id)
        m++;
    if (m == q->members)
        return ROW_NOT_ASKED;
    /* Loaded replies may come without their window. */
    if ((q->start_day || q->end_day) && (day < q->start_day || day > q->end_day))
        return ROW_OUTSIDE_WINDOW;
    *member = m;
    return ROW_TAKEN;
}
