/* report/spread.c: see spread.h. */
#include "report/spread.h"
#include <stdio.h>

static void put_counts(struct json_out *o, const struct time_row *row)
{
    json_put_int(o, "items", row->items);
    for (int b = 0; b < BECAME_COUNT; b++)
        json_put_int(o, became_name((enum became)b), row->n[b]);
    json_put_share(o, "not_returned", row->not_returned);
    json_close(o);
}

void report_put_time(struct json_out *o, const struct over_time *t)
{
    char month[16];

    json_open(o, "time");
    json_open_list(o, "by_age");
    for (size_t i = 0; i < t->ages; i++) {
        json_open(o, NULL);
        json_put_int(o, "from_days", t->age[i].from);
        if (t->age[i].to == AGE_NO_END)
            json_put_null(o, "to_days");
        else
            json_put_int(o, "to_days", t->age[i].to);
        put_counts(o, &t->age[i]);
    }
    json_close(o);
    json_put_int(o, "never_asked", t->unasked);
    json_open_list(o, "by_month");
    for (size_t i = 0; i < t->months; i++) {
        json_open(o, NULL);
        snprintf(month, sizeof month, "%04d-%02d", (t->month[i].from - 1) / 12,
                 (t->month[i].from - 1) % 12 + 1);
        json_put_word(o, "month", month);
        put_counts(o, &t->month[i]);
    }
    json_close(o);
    json_put_int(o, "undated", t->undated);
    json_close(o);
}

static void put_ratio(struct json_out *o, const struct ratio_row *row)
{
    static const char *const names[] = { "min", "p5", "p25", "p50", "p75", "p95", "max" };
    const double at[] = { row->min, row->p5, row->p25, row->p50, row->p75, row->p95, row->max };

    json_put_int(o, "n", row->n);
    json_put_int(o, "page_at_least", row->least);
    for (size_t i = 0; i < sizeof at / sizeof *at; i++)
        if (row->n)
            json_put_fixed(o, names[i], at[i], 6);
        else
            json_put_null(o, names[i]);
    json_open(o, "bins");
    for (int b = 0; b < RATIO_BINS; b++)
        json_put_int(o, ratio_bin_name(b), row->bin[b]);
    json_close(o);
}

void report_put_ratios(struct json_out *o, const struct summary *s)
{
    json_open(o, "counter_ratios");
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (field_info((enum field)f)->cmp != CMP_COUNTER)
            continue;
        json_open(o, field_info((enum field)f)->name);
        put_ratio(o, &s->ratio[f]);
        json_close(o);
    }
    json_close(o);
}
