/* audit/verdict/differ.c: what is learned of counters comes first, from all pages and
 * from readings of one counter at two times; then each pair is compared. */
#include "audit/verdict/differ.h"
#include <string.h>
#include "record/id.h"

static int learn(struct audit *audit, struct diff_model *model, struct err *err)
{
    struct pair_cursor *cursor = NULL;
    struct pair_row row;
    int got;

    if (store_pairs(audit->store, false, false, &cursor, err))
        return -1;
    while ((got = pair_cursor_next(cursor, &row, err)) > 0)
        if (row.rec[SIDE_PAGE])
            diff_model_learn_page(model, row.page_generation, row.rec[SIDE_PAGE]);
    pair_cursor_close(cursor);
    return got;
}

/* Two readings of one counter, one after the other. */
struct growth {
    struct diff_model *model;
    struct counter_row last;
};

static int learn_growth(void *to, const struct counter_row *row, struct err *err)
{
    struct growth *g = to;

    (void)err;
    if (g->last.item == row->item && g->last.side == row->side)
        for (int f = 0; f < FIELD_COUNT; f++)
            if (g->last.val[f].kind == VAL_INT && row->val[f].kind == VAL_INT &&
                field_info((enum field)f)->cmp == CMP_COUNTER)
                diff_model_learn_growth(g->model, (enum field)f, id_time(row->id), g->last.at,
                                        g->last.val[f].i, row->at, row->val[f].i);
    g->last = *row;
    return 0;
}

/* skip: pairs that agree in every compared field are passed over by their
 * hashes alone, without reading a field; the tallies then lack them. */
static int diff_pass(struct audit *audit, const struct diff_sink *sink, bool skip,
                     struct diff_result *result, struct err *err)
{
    struct diff_model *model = diff_model_new();
    struct growth growth = { .model = model };
    struct pair_cursor *cursor = NULL;
    struct pair_row row;
    int got = -1;

    memset(result, 0, sizeof *result);
    if (learn(audit, model, err) || store_counters(audit->store, 0, learn_growth, &growth, err) ||
        store_pairs(audit->store, true, skip, &cursor, err))
        goto out;
    while ((got = pair_cursor_next(cursor, &row, err)) > 0) {
        struct diff_pair pair = {
            .item = row.item,
            .id = row.id,
            .api = row.rec[SIDE_API],
            .page = row.rec[SIDE_PAGE],
            .api_at = row.at[SIDE_API],
            .page_at = row.at[SIDE_PAGE],
            .generation = row.page_generation,
        };

        result->pairs++;
        if (diff_pair(model, &pair, sink, result->field, err)) {
            got = -1;
            break;
        }
    }
out:
    pair_cursor_close(cursor);
    diff_model_free(model);
    return got;
}

int differ_each(struct audit *audit, bool equal,
                int (*each)(void *to, const struct gap *, struct err *), void *to,
                struct diff_result *result, struct err *err)
{
    struct diff_sink sink = { .emit = each, .equal = equal, .to = to };

    return diff_pass(audit, &sink, false, result, err);
}

static int put_gap(void *to, const struct gap *gap, struct err *err)
{
    return store_gap_put(to, gap, err);
}

int differ_store(struct audit *audit, struct err *err)
{
    struct diff_sink sink = { .emit = put_gap, .to = audit->store };
    struct diff_result skipped;

    if (store_gaps_begin(audit->store, err))
        return -1;
    if (diff_pass(audit, &sink, true, &skipped, err)) {
        store_rollback(audit->store);
        return -1;
    }
    return store_gaps_end(audit->store, err);
}
