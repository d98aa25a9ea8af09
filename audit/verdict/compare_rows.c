/* audit/verdict/compare_rows.c: always the side with the lower id goes on. */
#include "audit/verdict/compare_rows.h"
#include <inttypes.h>
#include "base/stop.h"

#define ROWS_BETWEEN_STOPS 4096

struct stream {
    const struct compare_source *source;
    struct compare_row row;
    uint64_t last;
    int64_t rows;
    bool more;
};

static int step(struct stream *s, struct err *err)
{
    int got;

    if (s->rows % ROWS_BETWEEN_STOPS == 0 && stop_asked())
        return err_set(err, ERR_STOPPED, "interrupted");
    s->last = s->row.id;
    got = s->source->next(s->source->from, &s->row, err);
    s->more = got > 0;
    if (got <= 0)
        return got;
    if (s->rows++ && s->row.id <= s->last)
        return err_set(err, ERR_IO, "the labels are not in order: %" PRIu64 " after %" PRIu64,
                       s->row.id, s->last);
    if ((unsigned)s->row.bucket >= NODE_COUNT || !node_is_leaf(s->row.bucket))
        return err_set(err, ERR_IO, "item %" PRIu64 " is in no bucket of the waterfall",
                       s->row.id);
    return 0;
}

static void take_alone(struct compared_side *side, const struct stream *s)
{
    if (s->row.purged && !s->row.known)
        side->not_comparable++;
    else
        side->only++;
}

static void keep_example(struct comparison *c, const struct compared_example *e,
                         struct compared_example *v, size_t *n)
{
    if (*n == COMPARED_EXAMPLES)
        return;
    v[*n] = *e;
    v[(*n)++].handle = arena_dup(c->mem, e->handle);
}

static int take_both(struct comparison *c, const struct stream *a, const struct stream *b,
                     const struct compare_sink *sink, struct err *err)
{
    const struct compared_example e = {
        .id = a->row.id,
        .handle = b->row.handle.n ? b->row.handle : a->row.handle,
        .from = a->row.bucket,
        .to = b->row.bucket,
        .purged = a->row.purged && b->row.purged,
    };

    const struct compared_change change = { .account = b->row.account,
                                            .broken = move_is_broken(e.from, e.to) };

    c->both++;
    c->moves[e.from][e.to]++;
    if (change.broken)
        keep_example(c, &e, c->broken_example, &c->broken_examples);
    else if (move_is_fixed(e.from, e.to))
        keep_example(c, &e, c->fixed_example, &c->fixed_examples);
    if (change.broken || move_is_fixed(e.from, e.to))
        comparison_changed(c, &change);
    return sink ? sink->pair(sink->to, &e, err) : 0;
}

int compare_rows(struct comparison *c, const struct compare_source *source_a,
                 const struct compare_source *source_b, const struct compare_sink *sink,
                 struct err *err)
{
    struct stream a = { .source = source_a }, b = { .source = source_b };
    int rc = step(&a, err) || step(&b, err) ? -1 : 0;

    while (rc == 0 && (a.more || b.more)) {
        const bool take_a = a.more && (!b.more || a.row.id <= b.row.id),
                   take_b = b.more && (!a.more || b.row.id <= a.row.id);

        if (take_a && take_b)
            rc = take_both(c, &a, &b, sink, err);
        else
            take_alone(&c->side[take_a ? COMPARED_A : COMPARED_B], take_a ? &a : &b);
        if (rc == 0 && take_a)
            rc = step(&a, err);
        if (rc == 0 && take_b)
            rc = step(&b, err);
    }
    return rc;
}
