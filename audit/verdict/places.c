/* audit/verdict/places.c: see places.h. */
#include "audit/verdict/places.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "record/setting.h"

enum { AT_PUBLIC, AT_REFUSED, AT_UNREAD };
struct place {
    int64_t number;
    char *name;
    uint8_t *said;    // by item: enum answer_kind and 1; 0 not tried. NULL: of the first
};

static int take_place(void *to, const struct vantage_row *row, struct err *err)
{
    struct places *p = to;
    struct buf name = { 0 };

    (void)err;
    buf_str(&name, row->name.n ? row->name : STR(VANTAGE_FIRST));
    ARRAY_ROOM(p->v, p->n, p->cap);
    p->v[p->n++] = (struct place){ .number = row->n, .name = xstrdup(buf_cstr(&name)) };
    buf_release(&name);
    return 0;
}

static int take_seen(void *to, const struct vantage_seen *seen, struct err *err)
{
    struct places *p = to;
    size_t i = 1;

    (void)err;
    while (i < p->n && p->v[i].number != seen->vantage)
        i++;
    if (i < p->n && seen->item > 0 && seen->item <= p->max_item)
        p->v[i].said[seen->item] =
            (uint8_t)(1 + (seen->kind == ANSWER_COUNT ? ANSWER_NO_ANSWER : seen->kind));
    return 0;
}

int places_open(struct places *p, struct audit *audit, struct err *err)
{
    memset(p, 0, sizeof *p);
    if (store_vantages(audit->store, take_place, p, err))
        return -1;
    if (p->n < 2) {
        places_close(p);
        return 0;
    }
    if (store_max_item(audit->store, &p->max_item, err))
        return -1;
    for (size_t i = 1; i < p->n; i++)
        p->v[i].said = xcalloc((uint64_t)p->max_item + 1, 1);
    return store_vantage_seen(audit->store, 0, take_seen, p, err);
}

static void name_it(struct item_places *to, const char *name, enum answer_kind said)
{
    struct buf *at = &to->room[said == ANSWER_PUBLIC    ? AT_PUBLIC
                               : said == ANSWER_REFUSED ? AT_REFUSED
                                                        : AT_UNREAD];

    buf_printf(at, "%s%s", at->n ? "\n" : "", name);
}

void places_of(const struct places *p, const struct item_row *row, struct item_places *to)
{
    for (int i = 0; i <= AT_UNREAD; i++)
        buf_clear(&to->room[i]);
    for (size_t i = 0; i < p->n; i++) {
        const struct place *at = &p->v[i];

        if (!at->said && row->page != ANSWER_COUNT)
            name_it(to, at->name, row->page);
        else if (at->said && row->n <= p->max_item && at->said[row->n])
            name_it(to, at->name, (enum answer_kind)(at->said[row->n] - 1));
    }
    to->public_at = buf_view(&to->room[AT_PUBLIC]);
    to->refused_at = buf_view(&to->room[AT_REFUSED]);
    to->unread_at = buf_view(&to->room[AT_UNREAD]);
}

void item_places_release(struct item_places *to)
{
    for (int i = 0; i <= AT_UNREAD; i++)
        buf_release(&to->room[i]);
}

int64_t places_number(const struct places *p, size_t i) { return p->v[i].number; }
const char *places_name(const struct places *p, size_t i) { return p->v[i].name; }

bool places_know(const struct places *p, struct str name)
{
    for (size_t i = 0; i < p->n; i++)
        if (str_eq(name, str_of(p->v[i].name)))
            return true;
    return false;
}

void places_close(struct places *p)
{
    for (size_t i = 0; i < p->n; i++) {
        free(p->v[i].name);
        free(p->v[i].said);
    }
    free(p->v);
    memset(p, 0, sizeof *p);
}
