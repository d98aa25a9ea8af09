/* audit/verdict/differ.c: what is learned of counters comes first, from all readings of
 * pages; then each pair is compared. */
#include "audit/verdict/differ.h"
#include <inttypes.h>
#include <string.h>
#include "audit/verdict/renamed.h"
#include "record/id.h"
#include "store/expect.h"

/* ---- what the audit's own pages teach ---- */

static int learn_steps(void *to, const struct counter_row *row, struct err *err)
{
    (void)err;
    if (row->side == SIDE_PAGE)
        diff_model_learn_steps(to, &row->reading);
    return 0;
}

/* Two readings of one page, one after the other. */
struct growth {
    struct diff_model *model;
    struct counter_row last;
};

/* A reading that follows within the hour waits for one that comes later. */
static int learn_growth(void *to, const struct counter_row *row, struct err *err)
{
    struct growth *g = to;
    struct page_counters from, then;

    (void)err;
    if (row->side != SIDE_PAGE)
        return 0;
    if (g->last.item == row->item) {
        if (row->reading.at - g->last.reading.at < 3600)
            return 0;
        from = diff_model_page(g->model, &g->last.reading);
        then = diff_model_page(g->model, &row->reading);
        diff_model_learn_pair(g->model, id_time(row->id), &from, &then);
    }
    g->last = *row;
    return 0;
}

static int learn(struct audit *audit, struct diff_model *model, struct err *err)
{
    struct growth growth = { .model = model };

    if (store_counters(audit->store, 0, learn_steps, model, err) ||
        store_counters(audit->store, 0, learn_growth, &growth, err))
        return -1;
    diff_model_blend(model);
    return 0;
}

/* ---- the pairs ---- */

static int compare(const struct diff_model *model, const struct renamed *renamed,
                   struct pair_cursor *cursor, const struct diff_sink *sink,
                   struct diff_result *result, struct err *err)
{
    struct pair_row row;
    int got;

    while ((got = pair_cursor_next(cursor, &row, err)) > 0) {
        const struct diff_pair pair = {
            .item = row.item,
            .id = row.id,
            .api = row.rec[SIDE_API],
            .page = row.rec[SIDE_PAGE],
            .api_at = row.at[SIDE_API],
            .page_at = row.at[SIDE_PAGE],
            .generation = row.page_generation,
            .marks = row.page_marks,
            .renamed = renamed_is(renamed, row.item),
            .reading = row.reading,
            .len = row.readings,
        };

        result->pairs++;
        if (diff_pair(model, &pair, sink, &result->count, err))
            return -1;
    }
    return got;
}

/* skip: pairs that agree in every compared field are passed over by their
 * hashes alone, without reading a field; the tallies then lack them. */
static int diff_pass(struct audit *audit, const struct diff_sink *sink, bool skip,
                     struct diff_result *result, struct err *err)
{
    struct diff_model *model = diff_model_new();
    struct renamed *renamed = NULL;
    struct pair_cursor *cursor = NULL;
    int rc = -1;

    memset(result, 0, sizeof *result);
    if (learn(audit, model, err) || renamed_read(audit->store, &renamed, err) ||
        store_pairs(audit->store, true, skip, &cursor, err))
        goto out;
    result->lambda = diff_model_lambda(model);
    result->learned = diff_model_pairs(model);
    pair_cursor_with_readings(cursor, sink->row != NULL);
    rc = compare(model, renamed, cursor, sink, result, err);
out:
    pair_cursor_close(cursor);
    renamed_free(renamed);
    diff_model_free(model);
    return rc;
}

int differ_each(struct audit *audit, const struct diff_sink *sink, struct diff_result *result,
                struct err *err)
{
    const struct diff_sink none = {0};

    return diff_pass(audit, sink ? sink : &none, false, result, err);
}

struct counters_judged differ_counters(const struct diff_result *r)
{
    return (struct counters_judged){
        .table = str_of(growth_table()->as_of),
        .source = str_of(growth_table()->source),
        .lambda = r->lambda,
        .pairs = r->learned.all,
        .pairs_apart = r->learned.apart,
        .rows = r->count.snapshot[SNAPSHOT_YES] + r->count.snapshot[SNAPSHOT_NO],
        .no_instant = r->count.snapshot[SNAPSHOT_NO],
    };
}

/* ---- what is stored ---- */

static int put_gap(void *to, const struct gap *gap, struct err *err)
{
    return store_gap_put(to, gap, err);
}

/* What differences rest on: answers, and the table of growth. */
static int stamp_text(struct audit *audit, struct buf *text, struct err *err)
{
    struct store_stamp newest;

    if (store_stamp(audit->store, &newest, err))
        return -1;
    buf_printf(text, "%" PRId64 " %s", newest.answers, growth_table()->as_of);
    return 0;
}

int differ_store(struct audit *audit, struct err *err)
{
    struct diff_sink sink = { .emit = put_gap, .to = audit->store };
    struct diff_result skipped;
    struct buf text = {0};
    int rc = -1;

    store_keep_answers(audit->store, true);
    if (stamp_text(audit, &text, err) || store_expect_differences(audit->store, err) ||
        store_gaps_begin(audit->store, err))
        goto out;
    rc = diff_pass(audit, &sink, true, &skipped, err) ||
                 store_meta_set(audit->store, META_DIFFERENCES_OF, buf_view(&text), err) ||
                 store_gaps_end(audit->store, err)
             ? -1
             : 0;
    if (rc)
        store_rollback(audit->store);
out:
    store_keep_answers(audit->store, false);
    buf_release(&text);
    return rc;
}

int differ_refresh(struct audit *audit, struct err *err)
{
    struct buf want = {0}, have = {0};
    int rc = -1;

    if (store_meta_get(audit->store, META_DIFFERENCES_OF, &have, err) == 0 &&
        stamp_text(audit, &want, err) == 0)
        rc = str_eq(buf_view(&want), buf_view(&have)) ? 0 : differ_store(audit, err);
    buf_release(&want);
    buf_release(&have);
    return rc;
}
