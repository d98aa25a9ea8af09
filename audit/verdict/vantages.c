/* audit/verdict/vantages.c: see vantages.h. How many posts, pair by pair of vantages, and over
 * all of them: s->vantages, and the numbers of it. */
#include "audit/verdict/vantages.h"
#include <stdlib.h>
#include "audit/clocks.h"
#include "audit/verdict/numbers.h"
#include "base/array.h"
#include "record/setting.h"
#include "report/numbers.h"
#include "silence/clock.h"

/* ---- one post ---- */

struct sight sight_at_first(const struct item_row *row)
{
    const bool page = row->page_witness == WITNESS_PAGE &&
                      (row->page == ANSWER_PUBLIC || row->page == ANSWER_REFUSED);

    return (struct sight){ .kind = page ? row->page : ANSWER_COUNT,
                           .at = row->page_at,
                           .public_first_at = row->public_first_at,
                           .public_last_at = row->public_last_at };
}

struct sight sight_elsewhere(enum answer_kind kind, int64_t at)
{
    const bool decides = kind == ANSWER_PUBLIC || kind == ANSWER_REFUSED;

    return (struct sight){ .kind = decides ? kind : ANSWER_COUNT,
                           .at = at,
                           .public_last_at = kind == ANSWER_PUBLIC ? at : 0 };
}

static bool was_there(const struct sight *public, const struct sight *refused, int64_t seen_at,
                      int64_t clock_s)
{
    return seen_at >= clock_since(refused->at, clock_s) &&
           clock_since(public->public_first_at, clock_s) <= refused->at;
}

enum beside sights_beside(const struct sight *a, const struct sight *b, int64_t seen_at,
                          int64_t clock_s)
{
    if (a->kind == ANSWER_COUNT || b->kind == ANSWER_COUNT)
        return BESIDE_COUNT;
    if (a->kind == b->kind)
        return a->kind == ANSWER_PUBLIC ? BESIDE_BOTH_PUBLIC : BESIDE_BOTH_REFUSED;
    if (a->kind == ANSWER_PUBLIC)
        return was_there(a, b, seen_at, clock_s) ? BESIDE_PUBLIC_REFUSED
                                             : BESIDE_PUBLIC_REFUSED_OPEN;
    return was_there(b, a, seen_at, clock_s) ? BESIDE_REFUSED_PUBLIC
                                             : BESIDE_REFUSED_PUBLIC_OPEN;
}

static int64_t last_seen(const struct sight *sight, size_t n)
{
    int64_t at = 0;

    for (size_t i = 0; i < n; i++)
        at = sight[i].public_last_at > at ? sight[i].public_last_at : at;
    return at;
}

static bool is_open(enum beside b)
{
    return b == BESIDE_PUBLIC_REFUSED_OPEN || b == BESIDE_REFUSED_PUBLIC_OPEN;
}

static bool is_apart(enum beside b)
{
    return b == BESIDE_PUBLIC_REFUSED || b == BESIDE_REFUSED_PUBLIC;
}

/* Of a place other than the first. */
static struct sight sight_there(const struct about_item *about, int64_t vantage)
{
    for (size_t i = 0; i < about->theres; i++)
        if (about->there[i].vantage == vantage)
            return sight_elsewhere(about->there[i].kind, about->there[i].at);
    return sight_elsewhere(ANSWER_COUNT, 0);
}

void vantages_apart(const struct places *places, const struct item_row *row,
                    const struct about_item *about, int64_t clock_s,
                    void (*each)(void *to, const struct apart *), void *to)
{
    struct sight *sight = xcalloc(places->n + 1, sizeof *sight);
    int64_t seen_at;

    for (size_t i = 0; i < places->n; i++)
        sight[i] = i == 0 ? sight_at_first(row) : sight_there(about, places_number(places, i));
    seen_at = last_seen(sight, places->n);
    for (size_t a = 0; a < places->n; a++)
        for (size_t b = a + 1; b < places->n; b++) {
            const enum beside is = sights_beside(&sight[a], &sight[b], seen_at, clock_s);
            const bool here = sight[a].kind == ANSWER_PUBLIC;

            if (is_apart(is) || is_open(is))
                each(to, &(struct apart){ places_name(places, here ? a : b),
                                          places_name(places, here ? b : a), is_open(is) });
        }
    free(sight);
}

/* ---- all of them ---- */

/* A decisive reading at a vantage other than the first. */
struct reading {
    int64_t at;
    uint32_t item;
    uint16_t vantage;    // of vantages.v
    uint8_t kind;
};
struct counting {
    const struct numbers_from *from;
    struct vantages *to;
    int64_t clock_s;    // silence/clock.h
    struct {
        struct vantage_sum *v;
        size_t n, cap;
    } sum;
    struct {
        struct reading *v;
        size_t n, cap, at;
    } read;    // by item
    struct sight *sight;    // of the post at hand, by vantage
    int *set;               // of the items behind a pair's two numbers
    int set_apart, set_open;
};

static int take_vantage(void *to, const struct vantage_row *row, struct err *err)
{
    struct counting *c = to;
    struct arena *mem = c->from->s->mem;

    (void)err;
    ARRAY_ROOM(c->sum.v, c->sum.n, c->sum.cap);
    c->sum.v[c->sum.n++] = (struct vantage_sum){
        .name = arena_dup(mem, row->name.n ? row->name : STR(VANTAGE_FIRST)),
        .region = arena_dup(mem, row->region),
        .asked = arena_dup(mem, row->asked),
    };
    return 0;
}

/* Vantages are numbered from 1 on, without gaps. */
static int take_reading(void *to, const struct vantage_seen *seen, struct err *err)
{
    struct counting *c = to;
    struct vantage_sum *at = &c->to->v[seen->vantage - 1];
    struct reading *r;

    (void)err;
    at->is_public += seen->kind == ANSWER_PUBLIC;
    at->refused += seen->kind == ANSWER_REFUSED;
    at->unread += seen->kind != ANSWER_PUBLIC && seen->kind != ANSWER_REFUSED;
    if (seen->kind != ANSWER_PUBLIC && seen->kind != ANSWER_REFUSED)
        return 0;
    ARRAY_ROOM(c->read.v, c->read.n, c->read.cap);
    r = &c->read.v[c->read.n++];
    *r = (struct reading){ seen->at, (uint32_t)seen->item, (uint16_t)(seen->vantage - 1),
                           (uint8_t)seen->kind };
    return 0;
}

static int by_item(const void *a, const void *b)
{
    const struct reading *x = a, *y = b;

    return x->item != y->item ? (x->item < y->item ? -1 : 1)
                              : (x->vantage > y->vantage) - (x->vantage < y->vantage);
}

static struct str pair_name(struct arena *mem, const char *public_or_refused, size_t a,
                            const char *there, size_t b)
{
    return arena_printf(mem, "%s_at_%zu_%s_at_%zu", public_or_refused, a + 1, there, b + 1);
}

static void make_pairs(struct counting *c)
{
    struct vantages *v = c->to;
    struct arena *mem = c->from->s->mem;

    v->pair = arena_alloc(mem, v->n * v->n / 2 * sizeof *v->pair);
    c->set = xcalloc(v->n * v->n, sizeof *c->set);
    for (size_t a = 0; a < v->n; a++)
        for (size_t b = a + 1; b < v->n; b++) {
            struct vantage_pair *p = &v->pair[v->pairs];
            int *set = &c->set[2 * v->pairs++];

            *p = (struct vantage_pair){ .a = a, .b = b };
            p->refused_there = pair_name(mem, "public", a, "refused", b);
            p->public_there = pair_name(mem, "refused", a, "public", b);
            set[0] = behind_set(c->from->behind, p->refused_there);
            set[1] = behind_set(c->from->behind, p->public_there);
        }
    c->set_apart = behind_set(c->from->behind, STR("public_here_refused_there"));
    c->set_open = behind_set(c->from->behind, STR("vantages_undecided"));
}

static void count_first(struct vantage_sum *at, const struct sight *here,
                        const struct item_row *row)
{
    at->is_public += here->kind == ANSWER_PUBLIC;
    at->refused += here->kind == ANSWER_REFUSED;
    at->unread += here->kind == ANSWER_COUNT && row->page != ANSWER_COUNT;
}

/* Pair by pair; then once as a post. */
static void count_pairs(struct counting *c, const struct item_row *row)
{
    struct vantages *v = c->to;
    const int64_t seen_at = last_seen(c->sight, v->n);
    bool read = false, apart = false, open = false;

    for (size_t i = 0; i < v->pairs; i++) {
        struct vantage_pair *p = &v->pair[i];
        const enum beside is = sights_beside(&c->sight[p->a], &c->sight[p->b], seen_at,
                                             c->clock_s);

        if (is == BESIDE_COUNT)
            continue;
        p->n[is]++;
        read = true;
        apart = apart || is_apart(is);
        open = open || is_open(is);
        if (is_apart(is))
            behind_mark(c->from->behind, c->set[2 * i + (is == BESIDE_REFUSED_PUBLIC)], row->n);
    }
    open = open && !apart;
    v->of += read && !open;
    v->apart += apart;
    v->open += open;
    if (apart || open)
        behind_mark(c->from->behind, apart ? c->set_apart : c->set_open, row->n);
}

static void count_item(struct counting *c, const struct item_row *row)
{
    const size_t n = c->to->n;

    c->sight[0] = sight_at_first(row);
    count_first(&c->to->v[0], &c->sight[0], row);
    for (size_t i = 1; i < n; i++)
        c->sight[i] = sight_elsewhere(ANSWER_COUNT, 0);
    while (c->read.at < c->read.n && c->read.v[c->read.at].item < row->n)
        c->read.at++;
    for (; c->read.at < c->read.n && c->read.v[c->read.at].item == row->n; c->read.at++) {
        const struct reading *r = &c->read.v[c->read.at];

        c->sight[r->vantage] = sight_elsewhere((enum answer_kind)r->kind, r->at);
    }
    count_pairs(c, row);
}

static int count_items(struct counting *c, struct err *err)
{
    struct item_cursor *cursor = NULL;
    struct item_row row;
    int got;

    if (store_items(c->from->audit->store, ITEMS_TOUCHED, 0, &cursor, err))
        return -1;
    while ((got = item_cursor_next(cursor, &row, err)) > 0)
        count_item(c, &row);
    item_cursor_close(cursor);
    return got;
}

/* No pass over the items where all pages were read at one vantage. */
int vantage_numbers(const struct numbers_from *from, struct err *err)
{
    struct summary *s = from->s;
    struct counting c = { .from = from, .to = &s->vantages };
    int rc = -1;

    s->vantages = (struct vantages){ 0 };
    if (store_vantages(from->audit->store, take_vantage, &c, err))
        goto out;
    rc = 0;
    if (c.sum.n < 2)
        goto out;
    s->vantages.n = c.sum.n;
    s->vantages.v = arena_alloc(s->mem, c.sum.n * sizeof *c.sum.v);
    for (size_t i = 0; i < c.sum.n; i++)
        s->vantages.v[i] = c.sum.v[i];
    make_pairs(&c);
    c.sight = xcalloc(c.sum.n, sizeof *c.sight);
    rc = clocks_slack(from->audit, &c.clock_s, err) ||
                 store_vantage_seen(from->audit->store, 0, take_reading, &c, err)
             ? -1
             : 0;
    if (rc)
        goto out;
    if (c.read.n)
        qsort(c.read.v, c.read.n, sizeof *c.read.v, by_item);
    rc = count_items(&c, err);
    if (rc == 0)
        numbers_of_vantages(s);
out:
    free(c.sum.v);
    free(c.read.v);
    free(c.sight);
    free(c.set);
    return rc;
}
