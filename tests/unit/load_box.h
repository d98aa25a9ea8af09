/* tests/unit/load_box.h: what a `load` left, in its result and in the audit. Whoever includes it
 * has `static struct audit audit`. */
#ifndef TESTS_UNIT_LOAD_BOX_H
#define TESTS_UNIT_LOAD_BOX_H
#include "audit/take/load.h"

static struct load_result result;

/* How many were passed over in these words. */
static int64_t passed(const char *what)
{
    for (size_t i = 0; i < result.passed_n; i++)
        if (!strcmp(result.passed[i].what, what))
            return result.passed[i].n;
    return 0;
}

/* n is 0 where the audit does not have it. */
static struct item_row row_of(uint64_t id)
{
    struct item_row row;
    struct err err = {0};
    int64_t item = 0;
    bool found = false;

    assert_int_equal(store_item_find(audit.store, id, &item, &err), 0);
    if (!item || store_item(audit.store, item, &row, &found, &err) || !found)
        return (struct item_row){ .n = 0 };
    return row;
}

static inline int64_t items_now(void)
{
    struct store_totals t;
    struct err err = {0};

    assert_int_equal(store_totals(audit.store, &t, &err), 0);
    return t.items;
}
#endif
