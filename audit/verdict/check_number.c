/* audit/verdict/check_number.c: what summary.json says already. */
#include "audit/verdict/check_number.h"
#include "base/nearest.h"
#include "base/place.h"

static int unknown(const struct summary *s, const char *file, const struct claim *c,
                   struct err *err)
{
    struct nearest near = nearest_to(c->subject);
    struct buf line = { 0 };

    for (const struct number *n = s->numbers.first; n; n = n->next)
        nearest_offer(&near, n->name);
    err_set(err, ERR_USAGE, "%s:%d: expected the name of a number of summary.json, not \"%.*s\"%s",
            file, c->measure_line, STR_ARG(str_sub(c->subject, 0, 60)), nearest_hint(&near));
    buf_printf(&line, "number = %.*s", STR_ARG(c->subject));
    place_in(err, buf_view(&line), c->measure_line, str_sub(buf_view(&line), 9, line.n));
    buf_release(&line);
    return -1;
}

int check_number(const struct summary *s, const char *file, struct arena *mem,
                 struct check_row *row, struct err *err)
{
    const struct number *n = numbers_find(&s->numbers, row->claim->subject);
    const int64_t open = s->waterfall.n[NODE_OPEN];

    if (!n)
        return unknown(s, file, row->claim, err);
    row->now = (struct check_value){ n->has, n->value, n->low, n->high };
    row->unit = n->unit;
    row->n = n->of;
    // What is counted of a share that shall be low is not as promised.
    row->held = n->unit == UNIT_SHARE && (row->claim->bound == CLAIM_AT_MOST ||
                                          row->claim->higher_is_worse) ? n->of - n->n : n->n;
    row->open = open;
    if (!n->has) {
        row->why = arena_printf(mem, "%.*s", STR_ARG(str_sub(n->is, 0, n->is.n ? n->is.n - 1 : 0)));
        return 0;
    }
    if (open == 0 || n->bounds == BOUNDS_OPEN || n->bounds == BOUNDS_BOTH)
        return 0;
    if (n->unit == UNIT_SHARE && n->of > 0) {
        double of = (double)n->of, more = (double)open;

        row->now.low = n->low * of / (of + more);
        row->now.high = (n->high * of + more) / (of + more);
        row->why = arena_printf(mem, "its bounds were widened by " COUNTED,
                                COUNT_OF(open, "open item", "open items"));
    } else if (n->unit != UNIT_PLAIN) {
        row->why = arena_printf(mem, COUNTED " may still move it",
                                COUNT_OF(open, "open item", "open items"));
    }
    return 0;
}
