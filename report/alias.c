/* report/alias.c: see alias.h. */
#include "report/alias.h"
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/digest.h"

#define HANDLE_LONGEST 64              // a longer one is no handle; its beginning tells it

static char lower(char c)
{
    return c >= 'A' && c <= 'Z' ? (char)(c - 'A' + 'a') : c;
}

static struct str lowered(struct str handle, char text[HANDLE_LONGEST])
{
    const size_t n = handle.n < HANDLE_LONGEST ? handle.n : HANDLE_LONGEST;

    for (size_t i = 0; i < n; i++)
        text[i] = lower(handle.p[i]);
    return (struct str){ text, n };
}

static int order(const void *a, const void *b)
{
    return str_cmp(*(const struct str *)a, *(const struct str *)b);
}

bool alias_shows(const struct alias *a, struct str handle)
{
    char text[HANDLE_LONGEST];
    struct str key;

    if (a->names || handle.n == 0)
        return true;
    key = lowered(handle, text);
    return a->len > 0 && bsearch(&key, a->public, a->len, sizeof key, order);
}

struct str alias_of(const struct alias *a, struct str handle, char text[ALIAS_MAX])
{
    char low[HANDLE_LONGEST], hex[DIGEST_HEX];
    struct digest d;

    if (alias_shows(a, handle))
        return handle;
    d = digest_hmac(a->key, lowered(handle, low));
    snprintf(text, ALIAS_MAX, "account-%.10s", digest_hex(&d, hex));
    return str_of(text);
}

void alias_list(struct buf *text, struct str **handles, size_t *len)
{
    struct str rest = buf_view(text), line;
    size_t room = 0;

    *handles = NULL;
    *len = 0;
    for (size_t i = 0; i < text->n; i++)
        text->p[i] = lower(text->p[i]);
    while (str_cut(&rest, '\n', &line)) {
        line = str_trim(line);
        if (line.n == 0 || line.p[0] == '#')
            continue;
        if (line.p[0] == '@')
            line = str_sub(line, 1, line.n);
        ARRAY_ROOM(*handles, *len, room);
        (*handles)[(*len)++] = line;
    }
    if (*len)
        qsort(*handles, *len, sizeof **handles, order);
}
