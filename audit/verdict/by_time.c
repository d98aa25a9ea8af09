/* audit/verdict/by_time.c: what became of items, by their age when the API was first asked and
 * by the month in which they were made. Two passes over the labels: the first finds the months,
 * the second counts. */
#include <stdlib.h>
#include "audit/verdict/numbers.h"
#include "base/utc.h"
#include "report/summary.h"
#include "report/waterfall.h"

#define DAY_S 86400
#define MONTHS_MOST 1200    // a hundred years: a date beyond is no date of a post

static const int age_from[AGE_ROWS + 1] = { 0, 3, 7, 30, 90, 365, 730, AGE_NO_END };

struct by_time {
    const struct summary *s;
    struct over_time *time;
    int first, last;    // months; 0 none
};

static int month_of(int64_t at)
{
    char text[UTC_TEXT_MAX];
    int year;

    utc_date(utc_day(at), text);
    year = atoi(text);
    return year < 1970 || year > 1970 + MONTHS_MOST / 12 ? 0 : 12 * year + atoi(text + 5);
}

static enum became became_of(const struct summary *s, const struct label_row *l)
{
    if (l->state == STATE_OPEN)
        return BECAME_OPEN;
    if (l->state == STATE_RETRIEVED)
        return l->reason == REASON_AFTER_RETRIES ? BECAME_LATE : BECAME_AT_ONCE;
    switch (waterfall_group(l)) {
    case NODE_NOT_PUBLIC: return BECAME_NOT_PUBLIC;
    case NODE_RESTRICTED: return BECAME_RESTRICTED;
    default: break;
    }
    if (!summary_rule_explains(s, l->rule))
        return BECAME_UNEXPLAINED;
    return l->basis == BASIS_DOCUMENTED ? BECAME_DOCUMENTED
           : l->basis == BASIS_DISPUTED ? BECAME_DISPUTED
                                        : BECAME_UNEXPLAINED;
}

static void take_month(struct by_time *t, const struct label_row *l)
{
    const int month = month_of(l->created_at);

    if (!month)
        return;
    t->first = t->first && t->first < month ? t->first : month;
    t->last = t->last > month ? t->last : month;
}

static void count(struct time_row *row, enum became became)
{
    row->items++;
    row->n[became]++;
}

static void take_counts(struct by_time *t, const struct label_row *l)
{
    const enum became became = became_of(t->s, l);
    const int month = month_of(l->created_at);
    int64_t age = (l->first_at - l->created_at) / DAY_S;
    int row = 0;

    if (month)
        count(&t->time->month[month - t->first], became);
    else
        t->time->undated++;
    if (!l->first_at || !month) {
        t->time->unasked++;
        return;
    }
    for (age = age < 0 ? 0 : age; age >= age_from[row + 1]; row++)
        ;
    count(&t->time->age[row], became);
}

static int each_label(const struct numbers_from *from, struct by_time *t,
                      void (*take)(struct by_time *, const struct label_row *), struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (store_labels(from->audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        take(t, &l);
    label_cursor_close(labels);
    return got;
}

static void conclude(const struct headline *h, struct time_row *row)
{
    const double public = h->sampled ? (double)h->sampled_public / (double)h->sampled : 0;
    const double missing = (double)(row->n[BECAME_DOCUMENTED] + row->n[BECAME_DISPUTED] +
                                    row->n[BECAME_UNEXPLAINED]);
    const double all = missing + public * (double)(row->n[BECAME_AT_ONCE] + row->n[BECAME_LATE]);

    row->not_returned = h->has_share && all > 0 ? missing / all : -1;
}

/* The rows of ages that hold nothing are left out; months stay, so that a gap shows. */
static void conclude_all(const struct summary *s, struct over_time *t)
{
    for (int i = 0; i < AGE_ROWS; i++)
        if (t->age[i].items)
            t->age[t->ages++] = t->age[i];
    for (size_t i = 0; i < t->ages; i++)
        conclude(&s->headline, &t->age[i]);
    for (size_t i = 0; i < t->months; i++)
        conclude(&s->headline, &t->month[i]);
}

int time_rows(const struct numbers_from *from, struct err *err)
{
    struct over_time *time = &from->s->time;
    struct by_time t = { .s = from->s, .time = time };

    *time = (struct over_time){ 0 };
    if (each_label(from, &t, take_month, err))
        return -1;
    for (int i = 0; i < AGE_ROWS; i++)
        time->age[i] = (struct time_row){ .from = age_from[i], .to = age_from[i + 1] };
    time->months = t.first ? (size_t)(t.last - t.first + 1) : 0;
    time->month = arena_alloc(from->s->mem, (time->months + 1) * sizeof *time->month);
    for (size_t i = 0; i < time->months; i++)
        time->month[i].from = time->month[i].to = t.first + (int)i;
    if (each_label(from, &t, take_counts, err))
        return -1;
    conclude_all(from->s, time);
    return 0;
}
