/* audit/verdict/timeliness.c: how old posts are when the API first shows them. Of posts that
 * came back, and of those that are open; what is missing in the end is completeness. */
#include <math.h>
#include "audit/verdict/arrival.h"
#include "audit/verdict/numbers.h"

#define LATEST_FIRST_LOOK 720    // hours: 30 days

static const int by_hours[] = { 48, 72, 96 };

/* What is missing for good has no age of arrival. */
static void take(struct arrivals *to, const struct label_row *l, const struct item_row *row,
                 const struct item_asks *asks)
{
    struct arrival one;

    if (arrival_of(row, asks, &one) && (row->found_first_at || l->state == STATE_OPEN))
        arrivals_add(to, &one);
}

static int take_items(const struct numbers_from *from, struct arrivals *to, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct item_cursor *items = NULL;
    struct label_row l;
    struct item_row row;
    int got = -1;

    if (store_labels(from->audit->store, &labels, err) ||
        store_items(from->audit->store, ITEMS_ALL, 0, &items, err))
        goto out;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        do
            got = item_cursor_next(items, &row, err);
        while (got > 0 && row.id < l.id);
        if (got <= 0)
            break;
        take(to, &l, &row, agreement_of(from->agreement, row.n));
    }
out:
    item_cursor_close(items);
    label_cursor_close(labels);
    return got;
}

static enum bounds bounds_of(const struct arrivals *a)
{
    return a->open ? BOUNDS_BOTH : BOUNDS_SAMPLE;
}

static void put_by(const struct numbers_from *from, const struct arrivals *a, int hours)
{
    struct arena *mem = from->s->mem;
    struct arrival_bound by = arrivals_by(a, hours);
    int set;
    struct number n = { .name = arena_printf(mem, "found_by_%dh", hours),
                        .criterion = CRITERION_TIMELINESS,
                        .unit = UNIT_SHARE,
                        .has = by.has,
                        .value = by.value,
                        .n = by.found,
                        .of = by.n };

    set = behind_set(from->behind, n.name);
    for (size_t i = 0; set && i < a->n; i++)
        if (a->v[i].first <= (float)hours && a->v[i].right <= (float)hours)
            behind_mark(from->behind, set, a->v[i].item);
    number_set_bounds(&n, bounds_of(a), (struct stat_interval){ by.low, by.high });
    if (by.has)
        n.is = arena_printf(
            mem,
            "Posts that the API shows by the age of %d hours, as a share of those that it shows"
            " at all: Turnbull's estimate, as early as the asks allow; the bounds are 95 %%"
            " intervals over accounts of what was known to be there by then, and of what may have"
            " been; n of `of`: posts that were asked by that age in sound batches, and those back"
            " by then.",
            hours);
    else
        n.is = arena_printf(
            mem,
            "Posts that the API shows by the age of %d hours, as a share of those that it shows at"
            " all: no value, for %lld posts were asked by that age in sound batches, which leaves"
            " it open.",
            hours, (long long)by.n);
    number_put(&from->s->numbers, mem, &n);
}

static double first_look(const struct arrivals *a)
{
    double first = INFINITY;

    for (size_t i = 0; i < a->n; i++)
        first = a->v[i].first < first ? a->v[i].first : first;
    return first;
}

static void put_median(const struct numbers_from *from, const struct arrivals *a)
{
    struct arrival_bound m = arrivals_median(a);
    struct number n = { .name = STR("age_first_found"),
                        .criterion = CRITERION_TIMELINESS,
                        .unit = UNIT_HOURS,
                        .has = m.has && first_look(a) <= LATEST_FIRST_LOOK,
                        .value = m.value,
                        .n = (int64_t)a->n,
                        .of = (int64_t)a->n };

    if (n.has) {
        number_set_bounds(&n, bounds_of(a), (struct stat_interval){ m.low, m.high });
        n.is = STR("Age at which half of the posts that the API shows at all are there: Turnbull's"
                   " estimate, at the later end of where it may lie; the bounds are 95 % limits"
                   " over accounts, and 0 below means that no ask came early enough to miss a"
                   " post; n: posts asked in sound batches.");
    } else {
        n.is = STR("Age at which half of the posts that the API shows at all are there: no value,"
                   " for too few posts were asked in sound batches within the first 30 days of"
                   " their lives.");
    }
    number_put(&from->s->numbers, from->s->mem, &n);
}

int timeliness_numbers(const struct numbers_from *from, struct err *err)
{
    struct arrivals a = { .graph = from->accounts->graph };
    int rc = take_items(from, &a, err);

    if (rc == 0) {
        arrivals_fit(&a);
        put_median(from, &a);
        for (size_t i = 0; i < sizeof by_hours / sizeof *by_hours; i++)
            put_by(from, &a, by_hours[i]);
    }
    arrivals_release(&a);
    return rc;
}
