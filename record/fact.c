/* record/fact.c: the names that rules may use. */
#include <stdio.h>
#include "record/fact.h"

static const char *const fixed[FACT_FIXED] = {
#define FACT(id, name, meaning) [FACT_##id] = name,
#define VERDICT_FACT FACT
#include "record/fact.def"
#undef FACT
#undef VERDICT_FACT
};

enum fact fact_find(struct str name)
{
    enum field f = FIELD_COUNT;

    for (int i = 0; i < FACT_FIXED; i++)
        if (str_eq(name, str_of(fixed[i])))
            return (enum fact)i;
    if (str_starts(name, STR("page."))) {
        f = field_find(str_sub(name, 5, name.n));
        return f == FIELD_COUNT || !*field_info(f)->page_path ? FACT_COUNT : FACT_PAGE(f);
    }
    if (str_starts(name, STR("api."))) {
        f = field_find(str_sub(name, 4, name.n));
        return f == FIELD_COUNT || !*field_info(f)->api_key ? FACT_COUNT : FACT_API(f);
    }
    return FACT_COUNT;
}

enum fact fact_find_at(struct str name, struct str *at)
{
    const struct str before = STR("page@"), behind = STR(".outcome");

    *at = STR_NONE;
    if (!str_starts(name, before) || !str_ends(name, behind) || name.n <= before.n + behind.n)
        return fact_find(name);
    *at = str_sub(name, before.n, name.n - before.n - behind.n);
    return FACT_PAGE_AT;
}

bool fact_is_set(enum fact fact)
{
    return fact == FACT_PAGE_PUBLIC_AT || fact == FACT_PAGE_REFUSED_AT ||
           fact == FACT_PAGE_UNREAD_AT;
}

const char *fact_name(enum fact fact, char text[64])
{
    int i = (int)fact - FACT_FIXED;

    if ((unsigned)fact >= FACT_COUNT)
        return "";
    if (i < 0)
        return fixed[fact];
    snprintf(text, 64, "%s.%s", i < FIELD_COUNT ? "page" : "api",
             field_info((enum field)(i % FIELD_COUNT))->name);
    return text;
}

bool fact_is_verdict(enum fact fact) { return fact >= FACT_OF_RULES && fact < FACT_FIXED; }

void facts_set_record(struct facts *facts, enum side side, const struct record *r)
{
    struct value *to = &facts->val[side == SIDE_PAGE ? FACT_PAGE(0) : FACT_API(0)];

    for (int f = 0; f < FIELD_COUNT; f++)
        to[f] = r ? r->val[f] : (struct value){0};
}
