/* record/field.c: the table made from fields.def. */
#include <string.h>
#include "record/field.h"

static const struct field_info infos[FIELD_COUNT] = {
#define FIELD(id, name, api, page, type, cmp, slack) \
    [FIELD_##id] = { name, api, page, TYPE_##type, CMP_##cmp, slack },
#include "record/fields.def"
#undef FIELD
};

const struct field_info *field_info(enum field f)
{
    if ((unsigned)f >= FIELD_COUNT)
        die("field %d does not exist", (int)f);
    return &infos[f];
}

struct field_key field_api_key(enum field f)
{
    struct str key = str_of(field_info(f)->api_key);
    ptrdiff_t at = str_find(key, STR("[]."), 0);

    if (at < 0)
        return (struct field_key){ key, STR_NONE };
    return (struct field_key){ str_sub(key, 0, (size_t)at), str_sub(key, (size_t)at + 3, key.n) };
}

enum field field_find(struct str name)
{
    for (int f = 0; f < FIELD_COUNT; f++)
        if (str_eq(name, str_of(infos[f].name)))
            return (enum field)f;
    return FIELD_COUNT;
}

bool field_drifts(enum field f)
{
    return field_info(f)->type == TYPE_COUNT;
}
