/* report/figure_watch.c: the posts of a watch list by days: Figure 8 of the published audit. A post
 * is a row; on each day it stands low (0, not returned), in the middle (1, not measured) or high
 * (2, returned). Where its page was gone it stands low too, in the grey of what is not public. */
#include <stdio.h>
#include "record/id.h"
#include "record/watch_history.h"
#include "report/figure.h"
#include "report/text.h"

#define ROWS_MOST 30
#define ROW_MM 7.4
#define LEVEL_MM 2.0
#define NAME_MM 31.0

static int level_of(enum meaning m)
{
    return m == MEANING_RETURNED ? 2 : m == MEANING_NOT_MEASURED ? 1 : 0;
}

static void put_run(struct canvas *c, const struct watch_history *h, size_t row,
                    const struct watch_post *p, const struct watch_run *run)
{
    const enum meaning m = meaning_of_day(run->is);
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX], id[ID_TEXT_MAX];

    buf_printf(&c->tsv, "%zu\t%lld\t%lld\t%d\t%s\t%s\t%s\t%s\n", row,
               (long long)(run->first - h->first_day), (long long)(run->last + 1 - h->first_day),
               level_of(m), meanings[m].word, id_text(p->id, id), utc_date(run->first, first),
               utc_date(run->last, last));
}

static void put_post(struct canvas *c, const struct watch_history *h, size_t row, double y)
{
    const struct watch_post *p = &h->post[row];
    const struct watch_counts n = watch_counts_there(&p->counts);
    char id[ID_TEXT_MAX];

    id_text(p->id, id);
    canvas_text(c, CANVAS_EDGE, y + ROW_MM / 2 - 0.6, ALIGN_LEFT, LETTER_SOFT, id);
    canvas_line(c, CANVAS_EDGE + NAME_MM, y + ROW_MM - 0.3, c->w - CANVAS_EDGE, y + ROW_MM - 0.3,
                0.1, CANVAS_GRID);
    buf_printf(&c->alt, "%s: returned on %lld days, not returned on %lld, not measured on %lld", id,
               (long long)n.found, (long long)n.absent, (long long)n.not_measured);
    if (p->counts.gone.days)
        buf_printf(&c->alt, ", no longer public on %lld", (long long)p->counts.gone.days);
    buf_puts(&c->alt, ".\n");
    for (size_t i = 0; i < p->runs; i++)
        put_run(c, h, row, p, &p->run[i]);
}

static double put_days(struct canvas *c, const struct watch_history *h, double y)
{
    const double x0 = CANVAS_EDGE + NAME_MM;
    char date[UTC_TEXT_MAX];

    canvas_text(c, x0, y + 1.6, ALIGN_LEFT, LETTER_SOFT, utc_date(h->first_day, date));
    canvas_text(c, c->w - CANVAS_EDGE, y + 1.6, ALIGN_RIGHT, LETTER_SOFT,
                utc_date(h->first_day + h->days - 1, date));
    return y + 6;
}

static void put_areas(struct canvas *c)
{
    static const enum meaning drawn[] = { MEANING_RETURNED, MEANING_ABSENT, MEANING_NOT_PUBLIC,
                                          MEANING_NOT_MEASURED };

    for (size_t i = 0; i < sizeof drawn / sizeof *drawn; i++) {
        const struct fill fill = meaning_fill(drawn[i]);
        char where[64];

        if (!figure_has(c, drawn[i]))
            continue;
        snprintf(where, sizeof where, "strcol(5) eq '%s'", meanings[drawn[i]].word);
        canvas_areas(c, &(struct area){ where, "X($2)", "X($3)", "Y($1, $4)", "Y($1, $4) + level" },
                     &fill);
    }
}

static double put_legend(struct canvas *c, double y)
{
    const struct legend keys[] = {
        { meaning_fill(MEANING_RETURNED), "2: returned" },
        { meaning_fill(MEANING_NOT_MEASURED), "1: not measured" },
        { meaning_fill(MEANING_ABSENT), "0: not returned" },
        { meaning_fill(MEANING_NOT_PUBLIC), "0: no longer public" },
    };

    return figure_legend(c, CANVAS_EDGE, y, keys, sizeof keys / sizeof *keys);
}

static void put_words(const struct watch_history *h, size_t rows, struct buf *out)
{
    const struct watch_counts n = watch_counts_there(&h->counts);
    char days[TEXT_MAX], found[TEXT_MAX], absent[TEXT_MAX], rest[TEXT_MAX];

    buf_printf(out, "Of %s post-days: returned on %s, not returned on %s, not measured on %s.",
               text_count(n.days, days), text_count(n.found, found), text_count(n.absent, absent),
               text_count(n.not_measured, rest));
    if (h->counts.gone.days)
        buf_printf(out, " No longer public: %s more.", text_count(h->counts.gone.days, days));
    if (rows < h->watched)
        buf_printf(out, " Drawn are the first %zu of %zu posts.", rows, h->watched);
}

void figure_watch(struct canvas *c, const struct summary *s, const struct look *look)
{
    const struct watch_history *h = s->watch;
    const size_t rows = h && h->watched < ROWS_MOST ? h->watched : ROWS_MOST;
    struct buf words = { 0 };
    double y;

    (void)look;
    buf_puts(&c->tsv, "row\tfirst\tend\tlevel\tstate\tpost\tfirst_day\tlast_day\n");
    if (h && h->days)
        put_words(h, rows, &words);
    y = figure_title(c, "Posts of the watch list, day by day (UTC)", buf_cstr(&words));
    buf_release(&words);
    if (!h || !h->days) {
        c->h = figure_nothing(c, y, h ? "There is nothing to show yet: nothing was measured."
                                      : "There is nothing to show yet: this is no watch list.");
        return;
    }
    buf_printf(&c->functions,
               "X(day) = %.2f + %.5f * day\nY(row, l) = %.2f + %.2f * row - %.2f * (l - 2)\n"
               "level = %.2f\n",
               CANVAS_EDGE + NAME_MM, (c->w - 2 * CANVAS_EDGE - NAME_MM) / (double)h->days,
               y + 0.5, ROW_MM, LEVEL_MM, LEVEL_MM);
    for (size_t i = 0; i < rows; i++)
        put_post(c, h, i, y + (double)i * ROW_MM);
    put_areas(c);
    y = put_days(c, h, y + (double)rows * ROW_MM);
    c->h = put_legend(c, y);
}
