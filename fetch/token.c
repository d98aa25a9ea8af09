/* fetch/token.c: one reply that grants or refuses. */
#include <string.h>
#include "base/http_url.h"
#include "base/json.h"
#include "fetch/token.h"
#include "platform/tiktok.h"

#define RENEW_BEFORE_S 300
#define LIFE_DEFAULT_S 7200
#define LIFE_MAX_S (30 * 86400)
#define TOKEN_BYTES_MAX 4096
#define TOKEN_REPLY_MAX (64u << 10)

void token_body(struct buf *out, const char *client_key, const char *client_secret)
{
    buf_puts(out, "client_key=");
    http_escape(out, str_of(client_key));
    buf_puts(out, "&client_secret=");
    http_escape(out, str_of(client_secret));
    buf_puts(out, "&grant_type=client_credentials");
}

void token_request(const char *base_url, const char *client_key, const char *client_secret,
                   struct buf *url, struct buf *body, struct http_request *out)
{
    static const char *const header[] = { "Content-Type: application/x-www-form-urlencoded",
                                          "Cache-Control: no-cache", "Accept: application/json",
                                          NULL };
    struct str base = str_of(base_url);

    while (base.n > 0 && base.p[base.n - 1] == '/')
        base.n--;
    buf_str(url, base);
    buf_puts(url, TIKTOK_API_TOKEN);
    token_body(body, client_key, client_secret);
    *out = (struct http_request){ .url = buf_cstr(url),
                                  .body = buf_view(body),
                                  .post = true,
                                  .header = header,
                                  .body_max = TOKEN_REPLY_MAX };
}

/* Only what can stand in a header: a token is outside text. */
static bool token_is_clean(struct str t)
{
    if (t.n == 0 || t.n > TOKEN_BYTES_MAX)
        return false;
    for (size_t i = 0; i < t.n; i++)
        if (t.p[i] <= ' ' || t.p[i] > '~')
            return false;
    return true;
}

/* The words of a refusal, without anything a hostile reply could add. */
static struct str word_of(struct str code)
{
    size_t n = 0;

    while (n < code.n && n < 48 && ((code.p[n] >= 'a' && code.p[n] <= 'z') || code.p[n] == '_'))
        n++;
    return str_sub(code, 0, n);
}

/* The error may be flat (OAuth) or stand in the API's envelope. */
static int refusal(int status, const struct json *root, struct err *err)
{
    struct str code = STR_NONE;
    const struct json *e = json_get(root, "error");

    if (!json_text(e, &code) && !json_text(json_get(e, "code"), &code))
        return err_set(err, status >= 500 || status == 429 ? ERR_AGAIN : ERR_INPUT,
                       "the token reply (HTTP %d) has neither access_token nor error", status);
    code = word_of(code);
    if (status >= 500 || status == 429 || str_eq(code, STR("server_error")) ||
        str_eq(code, STR("internal_error")) || str_eq(code, STR("temporarily_unavailable")) ||
        str_eq(code, STR("rate_limit_exceeded")))
        return err_set(err, ERR_AGAIN, "the platform gives no token now: %.*s", STR_ARG(code));
    return err_set(err, ERR_AUTH, "the platform refuses the client key or secret: %.*s (HTTP %d); "
                   "check BLINDSPOT_CLIENT_KEY and BLINDSPOT_CLIENT_SECRET", STR_ARG(code), status);
}

int token_parse(struct token *t, int status, struct str body, int64_t now, struct err *err)
{
    struct json_doc doc = { 0 };
    struct str text = STR_NONE, doubled;
    int64_t life = LIFE_DEFAULT_S;
    int rc = -1;

    if (json_parse(body, &doc, err)) {
        err_set(err, status >= 500 || status == 429 ? ERR_AGAIN : ERR_INPUT,
                "the token reply (HTTP %d) is not JSON", status);
        goto out;
    }
    doubled = json_doubled_key(doc.root, false);
    if (doubled.p) {
        err_set(err, ERR_INPUT, "\"%.*s\" stands twice in the token reply, with different values",
                STR_ARG(str_sub(doubled, 0, 40)));
        goto out;
    }
    if (!json_text(json_get(doc.root, "access_token"), &text)) {
        refusal(status, doc.root, err);
        goto out;
    }
    if (!token_is_clean(text)) {
        err_set(err, ERR_INPUT,
                "the token reply holds a token with characters that no header may carry");
        goto out;
    }
    if (json_i64(json_get(doc.root, "expires_in"), &life))
        life = life < 1 ? 1 : life > LIFE_MAX_S ? LIFE_MAX_S : life;
    buf_clear(&t->header);
    buf_puts(&t->header, "Authorization: Bearer ");
    buf_str(&t->header, text);
    t->expires_at = now + life;
    t->renew_at = t->expires_at - (life / 2 < RENEW_BEFORE_S ? life / 2 : RENEW_BEFORE_S);
    t->generation++;
    rc = 0;
out:
    json_free(&doc);
    return rc;
}

bool token_is_due(const struct token *t, int64_t now)
{
    return t->header.n == 0 || now >= t->renew_at;
}

void token_expire(struct token *t)
{
    buf_clear(&t->header);
}

void token_release(struct token *t)
{
    if (t->header.p)
        explicit_bzero(t->header.p, t->header.cap);
    buf_release(&t->header);
}
