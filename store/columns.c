/* store/columns.c: lists of fields, in SQL and as arrays. */
#include <stdlib.h>
#include <string.h>

#include "store/columns.h"

static const char *const names[COLUMNS_COUNT] = { "all", "drift", "compared" };

static bool is_in(enum columns which, enum field f)
{
    return which == COLUMNS_ALL || (which == COLUMNS_DRIFT && field_drifts(f)) ||
           (which == COLUMNS_COMPARED && field_info(f)->cmp != CMP_NONE);
}

const struct columns_list *columns_of(enum columns which)
{
    static struct columns_list lists[COLUMNS_COUNT];
    struct columns_list *l = &lists[which];

    if (l->len == 0)
        for (int f = 0; f < FIELD_COUNT; f++)
            if (is_in(which, (enum field)f)) {
                l->drifts[l->len] = field_drifts((enum field)f);
                l->f[l->len++] = (enum field)f;
            }
    return l;
}

const char *columns_type(enum field f)
{
    switch (field_info(f)->type) {
    case TYPE_TIME: case TYPE_COUNT: case TYPE_ID: case TYPE_FLAG: case TYPE_INT:
        return "INTEGER";
    case TYPE_TEXT: case TYPE_SET: case TYPE_JSON:
        break;
    }
    return "TEXT";
}

/* The form's prefix, without "=" in front, and what stands behind its colon. */
static void put_one(struct buf *out, struct str form, const char *name, int at)
{
    bool sets = str_starts(form, STR("="));
    struct str rest = str_sub(form, sets, form.n), before = rest, alias = STR_NONE;
    ptrdiff_t colon = str_find(rest, STR(":"), 0);

    if (colon >= 0) {
        before = str_sub(rest, 0, (size_t)colon);
        alias = str_sub(rest, (size_t)colon + 1, rest.n);
    }
    while (before.n && before.p[before.n - 1] >= '0' && before.p[before.n - 1] <= '9')
        before.n--;
    if (sets)
        buf_printf(out, "\"%s\" = ", name);
    buf_str(out, before);
    if (before.n < rest.n && colon < 0)
        buf_printf(out, "%d", atoi(rest.p + before.n) + at);
    else
        buf_printf(out, "\"%s\"", name);
    if (colon >= 0)
        buf_printf(out, " AS \"%.*s%s\"", STR_ARG(alias), name);
}

static bool put_list(struct buf *out, struct str word)
{
    struct str list = word, form = STR_NONE;
    ptrdiff_t blank = str_find(word, STR(" "), 0);

    if (blank >= 0) {
        list = str_sub(word, 0, (size_t)blank);
        form = str_sub(word, (size_t)blank + 1, word.n);
    }
    for (int c = 0; c < COLUMNS_COUNT; c++) {
        const struct columns_list *l = columns_of((enum columns)c);

        if (!str_eq(list, str_of(names[c])))
            continue;
        for (int i = 0; i < l->len; i++) {
            buf_puts(out, i ? ", " : "");
            put_one(out, form, field_info(l->f[i])->name, i);
        }
        return true;
    }
    return false;
}

void columns_expand(struct buf *out, const char *sql)
{
    const char *open, *shut;

    while ((open = strchr(sql, '{')) && (shut = strchr(open, '}'))) {
        struct str word = { open + 1, (size_t)(shut - open) - 1 };

        buf_str(out, (struct str){ sql, (size_t)(open - sql) });
        if (!put_list(out, word))
            buf_str(out, (struct str){ open, (size_t)(shut - open) + 1 });
        sql = shut + 1;
    }
    buf_puts(out, sql);
}
