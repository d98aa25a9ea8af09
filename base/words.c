/* base/words.c: one of a few words. */
#include "base/words.h"
#include "base/nearest.h"

bool words_next(struct str *rest, struct str *word)
{
    while (str_cut(rest, '|', word))
        if (word->n > 0)
            return true;
    return false;
}

bool words_has(const char *words, struct str word)
{
    struct str rest = str_of(words), one;

    while (words_next(&rest, &one))
        if (str_eq(one, word))
            return true;
    return false;
}

void words_list(struct buf *out, const char *words)
{
    struct str rest = str_of(words), word;

    for (bool first = true; words_next(&rest, &word); first = false)
        buf_printf(out, "%s%.*s", first ? "" : rest.n ? ", " : " or ", STR_ARG(word));
}

int words_check(const char *words, const char *word, const char *begin, struct err *err)
{
    struct nearest near = nearest_to(str_of(word));
    struct str rest = str_of(words), one;
    struct buf list = { 0 };

    if (words_has(words, str_of(word)))
        return 0;
    while (words_next(&rest, &one))
        nearest_offer(&near, one);
    words_list(&list, words);
    err_set(err, ERR_USAGE, "%s %s, not \"%.60s\"%s", begin, buf_cstr(&list), word,
            nearest_hint(&near));
    buf_release(&list);
    return -1;
}
