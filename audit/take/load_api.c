/* audit/take/load_api.c: replies of the research API, or rows of them, as somebody kept
 * them; of no reply is known what it was asked for, so each is a request of the posts
 * that it holds. */
#include <stdio.h>
#include "audit/take/api_put.h"
#include "audit/take/api_read.h"

struct taking {
    struct loading *l;
    struct api_rows rows;
};

static int tally(struct loading *l, const struct row_drifts *drift, int64_t at, struct err *err)
{
    for (size_t i = 0; i < drift->n; i++)
        if (l->sink.drift(l->sink.to, drift->v[i].kind, drift->v[i].name, drift->v[i].count, at,
                          err))
            return -1;
    return 0;
}

static int take_reply(void *to, const struct reply *reply, int64_t at, struct str text,
                      struct err *err)
{
    struct taking *t = to;
    struct loading *l = t->l;
    struct api_put p = { .row = reply->row,
                         .rows = reply->rows,
                         .complete = true,    // only rows that came back are members
                         .at = at             ? at
                               : l->o->has_at ? l->o->at
                                              : 0,
                         .body = text,
                         .code = STR("ok"),
                         .log_id = reply->log_id };

    l->result->strange += (int64_t)reply->bad_rows;
    if (!reply_is_of_posts(reply))
        return 0;
    if (!p.at)
        return loading_no_time(l, err);
    if (api_put(l, &p, err) || tally(l, &reply->drift, p.at, err))
        return -1;
    l->result->answers++;
    return 0;
}

static int take_row(void *to, const struct kept_row *row, struct str text, struct err *err)
{
    struct taking *t = to;

    return api_rows_add(&t->rows, &row->record, row->at, text, err);
}

int load_api(struct audit *audit, const char *path, const struct load_opts *o,
             struct load_result *result, struct err *err)
{
    struct loading l = { .audit = audit, .path = path, .o = o, .result = result };
    struct taking t = { .l = &l, .rows = { .l = &l } };
    const struct api_taker taker = { .reply = take_reply, .row = take_row, .to = &t };
    struct digest digest = { { 0 } };
    int rc = -1;

    if (loading_begin(&l, err) == 0 && api_read(&l, &taker, &digest, err) == 0)
        rc = api_rows_flush(&t.rows, err);
    if (rc == 0 && !result->answers && !result->other)
        rc = load_nothing(&l, err);
    rc = loading_finish(&l, rc, &digest, err);
    api_rows_release(&t.rows);
    return rc;
}
