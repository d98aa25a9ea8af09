/* report/meaning.c: see meaning.h. */
#include "report/meaning.h"

const struct meaning_look meanings[MEANING_COUNT] = {
#define MEANING(id, word, label, light, dark, hatch) \
    [MEANING_##id] = { word, label, light, dark, HATCH_##hatch },
#include "report/meaning.def"
#undef MEANING
};

enum meaning meaning_of(enum node n, enum basis basis)
{
    if (n == NODE_AFTER_RETRIES)
        return MEANING_LATE;
    if (node_is_within(n, NODE_RETRIEVED))
        return MEANING_RETURNED;
    if (node_is_within(n, NODE_NOT_PUBLIC))
        return MEANING_NOT_PUBLIC;
    if (node_is_within(n, NODE_RESTRICTED))
        return MEANING_RESTRICTED;
    if (!node_is_within(n, NODE_PUBLIC))
        return MEANING_UNDECIDED;
    return basis == BASIS_DOCUMENTED ? MEANING_DOCUMENTED
           : basis == BASIS_DISPUTED ? MEANING_DISPUTED
                                     : MEANING_UNEXPLAINED;
}

static void variables(struct buf *out, bool dark)
{
    buf_puts(out, ":root{");
    for (int m = 0; m < MEANING_COUNT; m++)
        buf_printf(out, "%s--m-%s:%s", m ? ";" : "", meanings[m].word,
                   dark ? meanings[m].dark : meanings[m].light);
    buf_puts(out, "}");
}

enum meaning meaning_of_day(struct watch_day d)
{
    return d.api == WATCH_API_FOUND    ? MEANING_RETURNED
           : watch_day_is_gone(d)      ? MEANING_NOT_PUBLIC
           : d.api == WATCH_API_ABSENT ? MEANING_ABSENT
                                       : MEANING_NOT_MEASURED;
}

void meaning_css(struct buf *out)
{
    variables(out, false);
    buf_puts(out, "\n@media screen and (prefers-color-scheme:dark){");
    variables(out, true);
    buf_puts(out, "}\n");
    for (int m = 0; m < MEANING_COUNT; m++)
        buf_printf(out, ".m-%s{background:var(--m-%s)}\n", meanings[m].word, meanings[m].word);
}
