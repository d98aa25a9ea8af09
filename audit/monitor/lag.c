/* audit/monitor/lag.c: readings come by item, side and time: a post's replies, then its pages. */
#include "audit/monitor/lag.h"
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/utc.h"
#include "diff/model.h"
#include "record/id.h"
#include "watch/lag.h"

/* All that a post's counters ever showed: pages round by steps that all pages of the list show
 * together, so none of them can be judged before the last one is in. */
struct told_post {
    uint64_t id;
    size_t row, page;    // its first ones
};
struct gathering {
    struct diff_model *model;
    struct lag_history *out;
    struct lag_fall fall[COUNTERS];
    int64_t item;    // the post at hand
    struct {
        struct told_post *v;
        size_t n, cap;
    } post;
    struct {
        struct lag_row *v;
        size_t n, cap;
    } row;
    struct {
        struct counter_reading *v;
        size_t n, cap;
    } page;
    struct lag_pages pages;    // of a post that is judged
    uint64_t *ids;
    size_t id_cap, reading_cap;
};

static int keep(void *to, const struct counter_row *row, struct err *err)
{
    struct gathering *g = to;

    (void)err;
    if (!g->post.n || row->item != g->item) {
        g->item = row->item;
        ARRAY_ROOM(g->post.v, g->post.n, g->post.cap);
        g->post.v[g->post.n++] = (struct told_post){ row->id, g->row.n, g->page.n };
    }
    if (row->side == SIDE_PAGE) {
        diff_model_learn_steps(g->model, &row->reading);
        ARRAY_ROOM(g->page.v, g->page.n, g->page.cap);
        g->page.v[g->page.n++] = row->reading;
        return 0;
    }
    ARRAY_ROOM(g->row.v, g->row.n, g->row.cap);
    g->row.v[g->row.n] = (struct lag_row){ .at = row->reading.at, .born = id_time(row->id) };
    for (int c = 0; c < COUNTERS; c++)
        g->row.v[g->row.n].value[c] = row->reading.value[c];
    g->row.n++;
    return 0;
}

static void add_page(struct gathering *g, const struct counter_reading *r)
{
    const struct page_counters seen = diff_model_page(g->model, r);
    struct lag_page p = { .at = r->at };

    for (int c = 0; c < COUNTERS; c++) {
        const struct bracket b = counter_bracket(seen.value[c], seen.step[c]);
        const bool absent = seen.value[c] == COUNTER_ABSENT;

        p.low[c] = absent ? COUNTER_ABSENT : b.low;
        p.high[c] = absent ? COUNTER_ABSENT : b.high;
    }
    lag_pages_add(&g->pages, &p);
}

/* Pages up to a reply alone: what came later is no news of that day, and would change what was
 * said of it. */
static void judge(struct gathering *g, uint64_t id, const struct lag_row *row, size_t rows,
                  const struct counter_reading *page, size_t pages)
{
    struct lag_history *out = g->out;

    if (!rows || !pages)
        return;
    ARRAY_ROOM(g->ids, out->ids, g->id_cap);
    g->ids[out->ids] = id;
    lag_pages_clear(&g->pages);
    for (size_t i = 0; i < rows; i++) {
        const int64_t day = utc_day(row[i].at);

        while (g->pages.n < pages && utc_day(page[g->pages.n].at) <= day)
            add_page(g, &page[g->pages.n]);
        if (!g->pages.n || (i + 1 < rows && utc_day(row[i + 1].at) == day))
            continue;
        ARRAY_ROOM(out->reading, out->readings, g->reading_cap);
        out->reading[out->readings++] =
            (struct lag_reading){ .day = day,
                                  .item = (uint32_t)out->ids,
                                  .of = lag_of(&row[i], &g->pages, g->pages.n, g->fall) };
    }
    out->ids++;
}

static void judge_all(struct gathering *g)
{
    for (size_t i = 0; i < g->post.n; i++) {
        const struct told_post *p = &g->post.v[i];
        const size_t row_end = i + 1 < g->post.n ? p[1].row : g->row.n,
                     page_end = i + 1 < g->post.n ? p[1].page : g->page.n;

        judge(g, p->id, g->row.v + p->row, row_end - p->row, g->page.v + p->page,
              page_end - p->page);
    }
}

int monitor_lag(struct audit *audit, struct arena *mem, struct lag_history *out, struct err *err)
{
    struct gathering g = { .model = diff_model_new(), .out = out };
    int rc = -1;

    *out = (struct lag_history){ 0 };
    for (int c = 0; c < COUNTERS; c++) {
        const struct counter_fall f = counter_fall((enum counter)c);

        g.fall[c] = (struct lag_fall){ f.share, f.count };
    }
    if (store_counters(audit->store, 0, keep, &g, err))
        goto out;
    judge_all(&g);
    if (out->ids)
        out->id = memcpy(arena_alloc(mem, out->ids * sizeof *g.ids), g.ids,
                         out->ids * sizeof *g.ids);
    lag_days(out->reading, out->readings, &out->day, &out->days, &out->sum);
    rc = 0;
out:
    if (rc)
        lag_release(out);
    diff_model_free(g.model);
    lag_pages_release(&g.pages);
    free(g.post.v);
    free(g.row.v);
    free(g.page.v);
    free(g.ids);
    return rc;
}

void lag_release(struct lag_history *h)
{
    free(h->reading);
    free(h->day);
    *h = (struct lag_history){ 0 };
}
