/* report/review.c: see review.h. */
#include "report/review.h"
#include <inttypes.h>
#include "report/numbers.h"
#include "report/text.h"
#include "base/utc.h"

static void put_class(struct json_out *o, const char *name, const struct review_class *c)
{
    json_open(o, name);
    json_put_int(o, "population", c->population);
    json_put_int(o, "drawn", c->drawn);
    json_put_int(o, "decided", c->decided);
    json_put_int(o, "right", c->right);
    json_put_int(o, "undecided", c->undecided);
    json_close(o);
}

void report_put_review(struct json_out *o, const struct review_result *r)
{
    if (!r->drawn) {
        json_put_null(o, "review");
        return;
    }
    json_open(o, "review");
    json_put_instant(o, "drawn_at", r->drawn_at);
    json_put_int(o, "drawn", r->drawn);
    json_open_list(o, "coded");
    for (int k = 0; k < REVIEW_CODERS; k++)
        json_put_int(o, NULL, r->coded[k]);
    json_close(o);
    json_put_int(o, "coded_by_both", r->agreement.n);
    json_put_int(o, "agreed", r->agreement.agree);
    json_put_int(o, "label_changed_since", r->changed);
    json_open(o, "classes");
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        if (r->of[l].population)
            put_class(o, label_name((enum label)l), &r->of[l]);
    json_close(o);
    json_close(o);
}

void report_review_json(struct buf *out, const struct review_result *r, const struct numbers *all)
{
    struct json_out o = { .buf = out };

    json_open(&o, NULL);
    report_put_review(&o, r);
    report_put_numbers_alone(&o, all);
    json_close(&o);
    buf_char(out, '\n');
}

static void put_row(struct buf *out, const char *name, const struct review_class *c)
{
    char value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    buf_printf(out, "  %-17s %10" PRId64 " %7" PRId64 " %8" PRId64 " %6" PRId64, name,
               c->population, c->drawn, c->decided, c->right);
    if (c->has)
        buf_printf(out, "   %7s (%s to %s)", text_percent(c->precision, value),
                   text_percent(c->interval.low, low), text_percent(c->interval.high, high));
    else
        buf_puts(out, "         -");
    buf_char(out, '\n');
}

void report_review_text(struct buf *out, const struct review_result *r)
{
    char at[UTC_TEXT_MAX];
    const struct stat_kappa *k = &r->agreement;

    if (!r->drawn) {
        buf_puts(out, "no review was drawn: `blindspot review 200` draws one\n");
        return;
    }
    buf_printf(out, COUNTED " drawn at %s; coder 1 judged %" PRId64 ", coder 2 %" PRId64 "\n",
               COUNT_OF(r->drawn, "label was", "labels were"), utc_rfc3339(r->drawn_at, at),
               r->coded[0], r->coded[1]);
    if (r->changed)
        buf_printf(out, COUNTED " another label since: what follows is of the one it had\n",
                   COUNT_OF(r->changed, "item has", "items have"));
    if (k->n)
        buf_printf(out, "they agree on %" PRId64 " of %" PRId64 " that both judged", k->agree,
                   k->n);
    if (k->n && k->has)
        buf_printf(out, ": Cohen's kappa %.2f (%.2f to %.2f)\n", k->kappa, k->low, k->high);
    else if (k->n)
        buf_puts(out, "; no kappa: they used one code alone\n");
    buf_puts(out, "\n  label                  items   drawn  decided  right   precision (95 %)\n");
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        if (r->of[l].population)
            put_row(out, label_name((enum label)l), &r->of[l]);
    put_row(out, "all, weighted", &r->all);
}
