/* record/site_days.c: see site_days.h. */
#include "record/site_days.h"
#include <string.h>
#include "base/utc.h"

bool day_list_has(const struct day_list *l, int64_t day)
{
    for (int i = l->n; i-- > 0;)    // most often it is the last one
        if (l->day[i] == day)
            return true;
    return false;
}

bool day_list_add(struct day_list *l, int64_t day)
{
    int at = l->n;

    while (at > 0 && l->day[at - 1] > day)
        at--;
    if (at > 0 && l->day[at - 1] == day)
        return false;
    if (l->n > SITE_DAYS_MAX) {                // full: the oldest leaves
        if (at == 0)
            return false;
        memmove(l->day, l->day + 1, (size_t)--at * sizeof *l->day);
    } else {
        memmove(l->day + at + 1, l->day + at, (size_t)(l->n++ - at) * sizeof *l->day);
    }
    l->day[at] = day;
    return true;
}

void day_list_read(struct day_list *l, struct str text)
{
    struct str word;
    struct err ignored = { 0 };
    int64_t at;

    l->n = 0;
    while (str_cut(&text, ' ', &word))
        if (word.n && utc_parse(word, &at, &ignored) == 0)
            day_list_add(l, utc_day(at));
        else
            err_clear(&ignored);
}

void day_list_print(const struct day_list *l, struct buf *out)
{
    char text[UTC_TEXT_MAX];

    for (int i = 0; i < l->n; i++)
        buf_printf(out, "%s%s", i ? " " : "", utc_date(l->day[i], text));
}

bool site_days_reach(const struct site_days *d, enum witness w, int64_t at, int64_t wanted)
{
    const int64_t since = utc_day(at);
    int64_t n = 0;

    for (int i = 0; d && i < d->of[w].n; i++)
        n += d->of[w].day[i] > since && d->of[w].day[i] < d->today;
    return n >= (wanted < SITE_DAYS_MAX ? wanted : SITE_DAYS_MAX);
}
