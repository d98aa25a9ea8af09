/* audit/verdict/contrast.c: two groups of posts, variable by variable. */
#include "audit/verdict/contrast.h"
#include <math.h>
#include <stdlib.h>
#include "base/array.h"

#define CONFIDENCE 0.95
#define DAY_S 86400.0
#define VALUES 64    // of a category that are told apart; what comes later is other

enum measure {
    MEASURE_AGE,
    MEASURE_DURATION,
    MEASURE_VIEWS,
    MEASURE_PHOTO,
    MEASURE_VERIFIED,
    MEASURE_COUNT
};
enum category { CATEGORY_PLACE, CATEGORY_LANGUAGE, CATEGORY_COUNT };
static const struct {
    const char *name, *is;
} measures[MEASURE_COUNT] = {
    [MEASURE_AGE] = { "difference_age", "log10 of the age in days" },
    [MEASURE_DURATION] = { "difference_duration", "log10 of the duration in seconds, plus one" },
    [MEASURE_VIEWS] = { "difference_views", "log10 of the views that the page shows, plus one" },
    [MEASURE_PHOTO] = { "difference_photo", "being a photo post" },
    [MEASURE_VERIFIED] = { "difference_verified", "being of a verified author" },
};
static const struct {
    enum field field;
    const char *name, *is;
} categories[CATEGORY_COUNT] = {
    [CATEGORY_PLACE] = { FIELD_PLACE, "difference_place", "the page's location_created being" },
    [CATEGORY_LANGUAGE] = { FIELD_LANGUAGE, "difference_language", "the page's language being" },
};

/* A post and, by category, its value's number, plus 1; 0: the page does not say. */
struct post {
    int64_t item;
    bool missing;
    uint8_t of[CATEGORY_COUNT];
};
struct values {
    struct str text[VALUES];
    int64_t n[VALUES];
    size_t len;
};
struct contrast {
    const struct account_graph *graph;
    struct two_groups of[MEASURE_COUNT];
    struct values values[CATEGORY_COUNT];
    struct post *v;
    size_t n, cap;
    struct arena mem;
};

struct contrast *contrast_new(const struct account_graph *graph)
{
    struct contrast *c = xcalloc(1, sizeof *c);

    c->graph = graph;
    for (int m = 0; m < MEASURE_COUNT; m++)
        c->of[m].graph = graph;
    return c;
}

void contrast_free(struct contrast *c)
{
    if (!c)
        return;
    for (int m = 0; m < MEASURE_COUNT; m++)
        two_groups_release(&c->of[m]);
    arena_release(&c->mem);
    free(c->v);
    free(c);
}

static void add(struct contrast *c, enum measure m, const struct post *p, double value)
{
    two_groups_add(&c->of[m], p->item, p->missing, value);
}

static void add_count(struct contrast *c, enum measure m, const struct post *p,
                      const struct value *v)
{
    if (v->kind == VAL_INT)
        add(c, m, p, log10((double)(v->i > 0 ? v->i : 0) + 1));
}

static void add_flag(struct contrast *c, enum measure m, const struct post *p,
                     const struct value *v)
{
    if (v->kind == VAL_INT)
        add(c, m, p, v->i != 0);
}

static uint8_t value_of(struct contrast *c, struct values *all, struct str text)
{
    size_t i = 0;

    if (!text.n)
        return 0;
    while (i < all->len && !str_eq(all->text[i], text))
        i++;
    if (i == VALUES)
        return VALUES + 1;
    if (i == all->len)
        all->text[all->len++] = arena_dup(&c->mem, text);
    all->n[i]++;
    return (uint8_t)(i + 1);
}

void contrast_add(struct contrast *c, const struct item_row *row, bool missing,
                  const struct record *page, int64_t at)
{
    struct post p = { .item = row->n, .missing = missing };
    double age = (double)(at - item_born(row)) / DAY_S;

    if (age > 0)
        add(c, MEASURE_AGE, &p, log10(age));
    add_count(c, MEASURE_DURATION, &p, &page->val[FIELD_DURATION]);
    add_count(c, MEASURE_VIEWS, &p, &page->val[FIELD_VIEWS]);
    add_flag(c, MEASURE_PHOTO, &p, &page->val[FIELD_PHOTO]);
    add_flag(c, MEASURE_VERIFIED, &p, &page->val[FIELD_VERIFIED]);
    for (int k = 0; k < CATEGORY_COUNT; k++)
        p.of[k] = value_of(c, &c->values[k], record_text(page, categories[k].field));
    ARRAY_ROOM(c->v, c->n, c->cap);
    c->v[c->n++] = p;
}

static void put(struct summary *s, const char *name, const struct two_groups *t, struct str what)
{
    struct stat_difference d = two_groups_difference(t, CONFIDENCE);
    struct number n = { .name = str_of(name),
                        .criterion = CRITERION_VALIDITY,
                        .unit = UNIT_DEVIATIONS,
                        .has = d.has,
                        .value = d.d,
                        .n = t->n[1],
                        .of = t->n[0] + t->n[1] };

    number_set_bounds(&n, BOUNDS_SAMPLE, (struct stat_interval){ d.low, d.high });
    n.is = arena_printf(
        s->mem,
        "Public posts that the API does not return against returned ones: difference of the means"
        " of %.*s, in standard deviations (above 0.1 is worth a look); 95 %% by the jackknife over"
        " accounts; n missing posts of all compared.%s",
        STR_ARG(what),
        d.has ? "" : " No value: one of the groups has too few posts, or none differs.");
    number_put(&s->numbers, s->mem, &n);
}

static void put_category(const struct contrast *c, struct summary *s, enum category k)
{
    const struct values *all = &c->values[k];
    struct two_groups t = { .graph = c->graph };
    size_t most = 0;

    for (size_t i = 1; i < all->len; i++)
        if (all->n[i] > all->n[most])
            most = i;
    for (size_t i = 0; i < c->n; i++)
        if (c->v[i].of[k])
            two_groups_add(&t, c->v[i].item, c->v[i].missing, c->v[i].of[k] == most + 1);
    put(s, categories[k].name, &t,
        arena_printf(s->mem, "%s the most frequent one%s%.*s%s", categories[k].is,
                     all->len ? " (" : "", STR_ARG(all->len ? all->text[most] : STR_NONE),
                     all->len ? ")" : ""));
    two_groups_release(&t);
}

void contrast_put(const struct contrast *c, struct summary *s)
{
    for (int m = 0; m < MEASURE_COUNT; m++)
        put(s, measures[m].name, &c->of[m], str_of(measures[m].is));
    for (int k = 0; k < CATEGORY_COUNT; k++)
        put_category(c, s, (enum category)k);
}
