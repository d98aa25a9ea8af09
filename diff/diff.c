/* diff/diff.c: two answers -> gaps. */
#include "diff/diff.h"

#define READINGS_MOST 64         // page readings of one counter that are weighed together

/* The creation time that ages a post: its page's, else the API's. */
static int64_t created_of(const struct diff_pair *p)
{
    const struct value *page = &p->page->val[FIELD_CREATED], *api = &p->api->val[FIELD_CREATED];

    return page->kind == VAL_INT ? page->i : api->kind == VAL_INT ? api->i : 0;
}

static enum verdict counter_verdict(const struct diff_model *m, const struct diff_pair *p,
                                    enum field f, int64_t created_at)
{
    struct seen api = { p->api->val[f], p->api_at, 1, created_at };
    struct seen page[1 + READINGS_MOST];
    size_t len = 1, from = p->len > READINGS_MOST ? p->len - READINGS_MOST : 0;

    page[0] = (struct seen){ p->page->val[f], p->page_at,
                             diff_model_step(m, p->generation, f, p->page->val[f].i), created_at };
    for (size_t i = from; i < p->len; i++) {
        const struct value *v = &p->more[i].val[f];

        if (v->kind == VAL_INT)
            page[len++] = (struct seen){ *v, p->more[i].at,
                                         diff_model_step(m, p->more[i].generation, f, v->i),
                                         created_at };
    }
    return compare_counter(m, f, &api, page, len);
}

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

static int emit_gap(const struct diff_pair *p, enum field f, enum verdict v,
                    const struct diff_sink *sink, struct err *err)
{
    struct gap g = { .item = p->item,
                     .id = p->id,
                     .field = f,
                     .api = p->api->val[f],
                     .page = p->page->val[f],
                     .verdict = v,
                     .api_at = p->api_at,
                     .page_at = p->page_at };

    if (field_info(f)->cmp == CMP_COUNTER)
        gap_error(&g);
    return sink->emit(sink->to, &g, err);
}

int diff_pair(const struct diff_model *m, const struct diff_pair *p, const struct diff_sink *sink,
              struct diff_tally *tally, struct err *err)
{
    int64_t created_at = created_of(p);

    for (int i = 0; i < FIELD_COUNT; i++) {
        enum field f = (enum field)i;
        const struct value *api = &p->api->val[f], *page = &p->page->val[f];
        enum field_cmp cmp = field_info(f)->cmp;
        enum verdict v;

        if (cmp == CMP_NONE || (api->kind == VAL_NONE && page->kind == VAL_NONE))
            continue;
        if (cmp == CMP_COUNTER && api->kind == VAL_INT && page->kind == VAL_INT) {
            v = api->i == page->i ? VERDICT_EQUAL : counter_verdict(m, p, f, created_at);
        } else {
            struct seen a = { *api, p->api_at, 1, created_at },
                        b = { *page, p->page_at, 1, created_at };

            v = compare_field(f, &a, &b);
        }
        if (v == VERDICT_NONE)
            continue;
        tally_add(&tally[f], v);
        if (sink->emit && (sink->equal || v != VERDICT_EQUAL) && emit_gap(p, f, v, sink, err))
            return -1;
    }
    return 0;
}
