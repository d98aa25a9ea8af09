/* report/numbers.c: see numbers.h. */
#include "report/numbers.h"
#include <math.h>
#include "report/numbers_public.h"

/* What is open may become anything, so it could all fall here, or nothing of it. */
static void waterfall(struct summary *s, enum node n)
{
    const struct waterfall *w = &s->waterfall;
    const int64_t items = w->n[NODE_ITEMS], open = w->n[NODE_OPEN];
    char name[NODE_NAME_MAX];
    struct number number = { .name = str_of(node_number(n, name)) };
    const char *why = "";

    if (n == NODE_ITEMS) {
        number.unit = UNIT_PLAIN;
        number.has = true;
        number.value = (double)items;
        number.n = number.of = items;
        number.is = str_of("Items of the audit: different posts among all that came in.");
        number_put(&s->numbers, s->mem, &number);
        return;
    }
    number_set_share(&number, w->n[n], items);
    if (open > 0 && !node_is_within(n, NODE_OPEN)) {
        number_set_bounds(&number, BOUNDS_OPEN,
                          (struct stat_interval){ number.value,
                                                  (double)(w->n[n] + open) / (double)items });
        why = "; the bounds are its worst cases, none or all of the open items falling here";
    }
    number.is = arena_printf(s->mem,
                             "Items in the waterfall's bucket %s, as a share of all items%s.",
                             number.name.p, why);
    number_put(&s->numbers, s->mem, &number);
}

void numbers_of_summary(struct summary *s)
{
    s->numbers = (struct numbers){0};
    for (int n = 0; n < NODE_COUNT; n++)
        waterfall(s, (enum node)n);
    numbers_of_public(s);
    numbers_not_at_once(s);
}

static void put_value(struct json_out *o, const struct number *n, const char *key, double x)
{
    if (n->unit == UNIT_PLAIN)
        json_put_int(o, key, llround(x));
    else
        json_put_fixed(o, key, x, 6);
}

static void put_number(struct json_out *o, const struct number *n)
{
    json_put_key(o, n->name);
    json_open(o, NULL);
    if (n->has)
        put_value(o, n, "value", n->value);
    else
        json_put_null(o, "value");
    if (number_has_range(n)) {
        put_value(o, n, "low", n->low);
        put_value(o, n, "high", n->high);
        json_put_word(o, "bounds", bounds_name(n->bounds));
    }
    json_put_word(o, "unit", unit_name(n->unit));
    json_put_int(o, "n", n->n);
    json_put_int(o, "of", n->of);
    json_put_text(o, "is", n->is);
    if (n->ids.n)
        json_put_text(o, "ids", n->ids);
    else
        json_put_null(o, "ids");
    json_close(o);
}

static void put_criterion(struct json_out *o, const struct numbers *all, enum criterion c)
{
    for (const struct number *n = all->first; n; n = n->next)
        if (n->criterion == c)
            put_number(o, n);
}

void report_put_numbers_alone(struct json_out *o, const struct numbers *all)
{
    json_open(o, "numbers");
    put_criterion(o, all, CRITERION_NONE);
    json_close(o);
}

void report_put_numbers(struct json_out *o, const struct numbers *all)
{
    report_put_numbers_alone(o, all);
    json_open(o, "criteria");
    for (int c = CRITERION_NONE + 1; c < CRITERION_COUNT; c++) {
        json_open(o, criterion_name((enum criterion)c));
        put_criterion(o, all, (enum criterion)c);
        json_close(o);
    }
    json_close(o);
}

/* A name that ends in * stands for all that begin so. */
static const char *const leading[] = {
    "agree_view_count",
    "agree_like_count",
    "agree_comment_count",
    "agree_share_count",
    "agree_favorites_count",
    "median_ratio_view_count",
    "tenfold_low_view_count",
    "tenfold_high_view_count",
    "above_l90_view_count",
    "no_common_instant",
    "missing_*",
    "age_first_found",
    "found_by_*",
    "api_lag*",
    "agreement*",
    "validation_*",
    "user_info_and_query",
    "rows_as_asked",
    "rows_impossible",
    "values_of_wrong_type",
    "difference_*",
    NULL,
};

bool number_leads(const struct number *n)
{
    for (size_t i = 0; leading[i]; i++) {
        struct str name = str_of(leading[i]);
        bool all = str_ends(name, STR("*"));

        if (all ? str_starts(n->name, str_sub(name, 0, name.n - 1)) : str_eq(n->name, name))
            return true;
    }
    return false;
}
