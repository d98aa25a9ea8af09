/* diff/diff.c: two answers -> gaps. */
#include "diff/diff.h"
#include <stdlib.h>
#include "record/id.h"

#define READINGS_FEW 8           // of a page; more are put on the heap

/* The creation time that ages a post: its page's, else its id's. */
static int64_t created_of(const struct diff_pair *p)
{
    const struct value *page = &p->page->val[FIELD_CREATED];

    return page->kind == VAL_INT && page->i > 0 ? page->i : id_time(p->id);
}

/* ---- counters ---- */

static void fill_pages(const struct diff_model *m, const struct diff_pair *p,
                       struct page_counters *page, size_t *len)
{
    struct counter_reading own = { .at = p->page_at, .generation = p->generation };

    counters_of_record(p->page, own.value);
    page[0] = diff_model_page(m, &own);
    *len = 1;
    for (size_t i = 0; i < p->len; i++)
        if (p->reading[i].at != p->page_at)
            page[(*len)++] = diff_model_page(m, &p->reading[i]);
}

static int judge_row(const struct diff_model *m, const struct diff_pair *p,
                     const struct diff_sink *sink, struct diff_row *row, struct err *err)
{
    struct page_counters few[READINGS_FEW], *page = few;
    int rc = 0;

    if (p->len >= READINGS_FEW)
        page = xcalloc(p->len + 1, sizeof *page);
    *row = (struct diff_row){ .pair = p, .page = page };
    row->api.at = p->api_at;
    row->api.created_at = created_of(p);
    row->api.ad = (p->marks & MARK_AD) != 0;
    counters_of_record(p->api, row->api.value);
    fill_pages(m, p, page, &row->len);
    snapshot_judge(diff_model_lambda(m), &row->api, page, row->len, &row->verdict);
    if (sink->row && row->verdict.snapshot != SNAPSHOT_NONE)
        rc = sink->row(sink->to, row, err);
    if (page != few)
        free(page);
    row->page = NULL;
    return rc;
}

/* ---- tallies and gaps ---- */

static void tally_add(struct diff_tally *t, enum verdict v)
{
    t->compared++;
    t->equal += v == VERDICT_EQUAL;
    t->within += v == VERDICT_WITHIN;
    t->differs += v == VERDICT_DIFFERS;
    t->api_only += v == VERDICT_API_ONLY;
    t->page_only += v == VERDICT_PAGE_ONLY;
}

static void gap_error(struct gap *g)
{
    if (g->api.kind != VAL_INT || g->page.kind != VAL_INT)
        return;
    if (g->page.i != 0) {
        g->relative_error = ((double)g->api.i - (double)g->page.i) / (double)g->page.i;
        g->has_error = true;
    } else if (g->api.i == 0) {
        g->has_error = true;                 // 0 beside 0; else it has no relative error
    }
}

static int emit_gap(const struct diff_row *row, enum field f, enum verdict v,
                    const struct diff_sink *sink, struct err *err)
{
    const struct diff_pair *p = row->pair;
    const enum counter c = counter_of(f);
    struct gap g = { .item = p->item,
                     .id = p->id,
                     .field = f,
                     .api = p->api->val[f],
                     .page = p->page->val[f],
                     .verdict = v,
                     .api_at = p->api_at,
                     .page_at = p->page_at,
                     .why = { .witness = FIELD_COUNT } };

    if (field_info(f)->cmp == CMP_COUNTER)
        gap_error(&g);
    if (c < COUNTERS && row->verdict.of[c].verdict != VERDICT_NONE) {
        g.why = row->verdict.of[c].why;
        g.snapshot = row->verdict.snapshot;
    }
    if (field_info(f)->cmp == CMP_HANDLE && v == VERDICT_WITHIN)
        g.why.rule = GAP_RULE_RENAMED;
    return sink->emit(sink->to, &g, err);
}

static enum verdict verdict_of(const struct diff_row *row, enum field f)
{
    const struct diff_pair *p = row->pair;
    const struct seen api = { p->api->val[f], p->api_at, 1, row->api.created_at },
                      page = { p->page->val[f], p->page_at, 1, row->api.created_at };
    const enum counter c = counter_of(f);
    enum verdict verdict;

    if (c < COUNTERS && row->verdict.of[c].verdict != VERDICT_NONE)
        return row->verdict.of[c].verdict;
    verdict = compare_field(f, &api, &page);
    return verdict == VERDICT_DIFFERS && field_info(f)->cmp == CMP_HANDLE && p->renamed
               ? VERDICT_WITHIN
               : verdict;
}

int diff_pair(const struct diff_model *m, const struct diff_pair *p, const struct diff_sink *sink,
              struct diff_count *count, struct err *err)
{
    struct diff_row row;

    if (judge_row(m, p, sink, &row, err))
        return -1;
    count->snapshot[row.verdict.snapshot]++;
    for (int i = 0; i < FIELD_COUNT; i++) {
        enum field f = (enum field)i;
        enum verdict v;

        if (field_info(f)->cmp == CMP_NONE ||
            (p->api->val[f].kind == VAL_NONE && p->page->val[f].kind == VAL_NONE))
            continue;
        v = verdict_of(&row, f);
        if (v == VERDICT_NONE)
            continue;
        tally_add(&count->field[f], v);
        if (sink->emit && (sink->equal || v != VERDICT_EQUAL) && emit_gap(&row, f, v, sink, err))
            return -1;
    }
    return 0;
}
