/* scrape/status.c: the table of scrape/status.def at work. */
#include "scrape/status.h"

struct code_row { int64_t code; enum answer_kind kind; enum no_answer why; };
struct token_row { const char *token; enum answer_kind kind; enum no_answer why; };
static const struct code_row codes[] = {
#define CODE(code, kind, why, since, source) { code, ANSWER_##kind, NO_ANSWER_##why },
#define TOKEN(token, kind, why, since, source)
#include "scrape/status.def"
#undef CODE
#undef TOKEN
};
static const struct token_row tokens[] = {
#define CODE(code, kind, why, since, source)
#define TOKEN(token, kind, why, since, source) { token, ANSWER_##kind, NO_ANSWER_##why },
#include "scrape/status.def"
#undef CODE
#undef TOKEN
};

/* Tokens that end without an answer are found anywhere in a message, since the
 * site wraps them in text of its own ("...RPCError..."). */
static const struct token_row *failing_token(struct str message)
{
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        if (tokens[i].kind == ANSWER_NO_ANSWER &&
            str_find(message, str_of(tokens[i].token), 0) >= 0)
            return &tokens[i];
    return NULL;
}

static bool token_known(struct str token)
{
    for (size_t i = 0; i < sizeof tokens / sizeof tokens[0]; i++)
        if (str_eq(token, str_of(tokens[i].token)))
            return true;
    return false;
}

static struct str unknown_token(struct str message)
{
    struct str part, token;

    while (str_cut(&message, '&', &part))
        while (str_cut(&part, ',', &token)) {
            token = str_trim(token);
            if (token.n && !token_known(token))
                return token;
        }
    return STR_NONE;
}

struct status status_find(int64_t code, struct str message)
{
    const struct token_row *failing = code ? failing_token(message) : NULL;
    struct status s = { .kind = ANSWER_REFUSED, .code_unknown = true };

    for (size_t i = 0; i < sizeof codes / sizeof codes[0]; i++)
        if (codes[i].code == code) {
            s = (struct status){ .kind = codes[i].kind, .why = codes[i].why };
            break;
        }
    if (code < 0)
        s = (struct status){ .kind = ANSWER_NO_ANSWER, .why = NO_ANSWER_SYSTEM_CODE };
    if (failing && s.kind == ANSWER_REFUSED) {
        s.kind = failing->kind;
        s.why = failing->why;
    }
    if (s.kind == ANSWER_REFUSED)
        s.unknown_token = unknown_token(message);
    return s;
}
