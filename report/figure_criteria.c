/* report/figure_criteria.c: the leading shares of the five criteria, each with its bounds. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/numbers.h"
#include "report/text.h"

#define ROW_MM 3.8
#define HEAD_MM 4.6    // of a criterion

static const char *const questions[CRITERION_COUNT] = {
    [CRITERION_ACCURACY] = "Accuracy: is it what the page shows?",
    [CRITERION_COMPLETENESS] = "Completeness: does it return what is public?",
    [CRITERION_TIMELINESS] = "Timeliness: how soon, how fresh?",
    [CRITERION_CONSISTENCY] = "Consistency: the same when asked again?",
    [CRITERION_VALIDITY] = "Validity: what was asked for, and possible?",
};

/* Leading shares that have a value. */
static bool is_shown(const struct number *n)
{
    return n->criterion != CRITERION_NONE && n->unit == UNIT_SHARE && n->has && number_leads(n);
}

static const char *value_of(const struct canvas *c, const struct number *n, char text[3 * TEXT_MAX])
{
    char value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    text_number(n, n->value, value);
    if (number_has_range(n) && figure_is_narrow(c) && c->note.n)
        snprintf(text, 3 * TEXT_MAX, "%s\xe2\x80\x93%s", text_number(n, n->low, low),
                 text_number(n, n->high, high));
    else if (number_has_range(n) && !figure_is_narrow(c))
        snprintf(text, 3 * TEXT_MAX, "%s (%s to %s)", value, text_number(n, n->low, low),
                 text_number(n, n->high, high));
    else
        snprintf(text, 3 * TEXT_MAX, "%s", value);
    return text;
}

static void put_row(struct canvas *c, const struct number *n, double y, double from)
{
    char words[TEXT_MAX], value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    buf_printf(&c->tsv, "%.2f\t%s\t%.*s\t%.6f\t%.6f\t%.6f\t%lld\t%lld\n", y - from,
               criterion_name(n->criterion), STR_ARG(n->name), n->value, n->low, n->high,
               (long long)n->n, (long long)n->of);
    buf_printf(&c->alt, "- %s: %s", text_number_words(n, words), text_number(n, n->value, value));
    if (number_has_range(n))
        buf_printf(&c->alt, " (%s to %s)", text_number(n, n->low, low),
                   text_number(n, n->high, high));
    buf_puts(&c->alt, ".\n");
}

/* The axis between the widest words and the widest value. */
static struct axis columns(const struct canvas *c, const struct numbers *all)
{
    char words[TEXT_MAX], text[3 * TEXT_MAX];
    double left = 0, right = 0;

    for (const struct number *n = all->first; n; n = n->next)
        if (is_shown(n)) {
            left = fmax(left, canvas_measure(str_of(text_number_words(n, words)), LETTER_TEXT));
            right = fmax(right, canvas_measure(str_of(value_of(c, n, text)), LETTER_TEXT));
        }
    return (struct axis){ .x0 = CANVAS_EDGE + left + 3,
                          .x1 = c->w - CANVAS_EDGE - right - 2.4,
                          .most = 1 };
}

static double draw_criterion(struct canvas *c, const struct numbers *all, enum criterion of,
                             const struct axis *a, double y)
{
    char words[TEXT_MAX], text[3 * TEXT_MAX];
    bool first = true;
    double from = y;

    for (const struct number *n = all->first; n; n = n->next) {
        if (n->criterion != of || !is_shown(n))
            continue;
        if (first) {
            canvas_text(c, CANVAS_EDGE, y + 0.5 * HEAD_MM + 0.3, ALIGN_LEFT, LETTER_STRONG,
                        questions[of]);
            buf_printf(&c->alt, "%s\n", questions[of]);
            y = from = y + HEAD_MM;
            first = false;
        }
        put_row(c, n, y + ROW_MM / 2, a->y0);
        canvas_text(c, a->x0 - 3, y + ROW_MM / 2, ALIGN_RIGHT, LETTER_TEXT,
                    text_number_words(n, words));
        canvas_text(c, a->x1 + 2.4, y + ROW_MM / 2, ALIGN_LEFT, LETTER_TEXT, value_of(c, n, text));
        y += ROW_MM;
    }
    if (!first)
        figure_grid(c, &(struct axis){ a->x0, a->x1, from, y, a->most });
    return y;
}

void figure_criteria(struct canvas *c, const struct summary *s, const struct look *look)
{
    struct axis a = columns(c, &s->numbers);
    bool any = false;
    double y, top;

    (void)look;
    for (const struct number *n = s->numbers.first; n; n = n->next)
        any = any || is_shown(n);
    buf_puts(&c->tsv, "mm\tcriterion\tnumber\tvalue\tlow\thigh\tn\tof\n");
    y = figure_title(c, "What this access is worth, by five criteria",
                     any ? "Shares, each with its bounds: the 95 % interval, or the worst cases of "
                           "what is undecided."
                         : "");
    if (!any) {
        c->h = figure_nothing(c, y, "There is nothing to show yet: no share has a value.");
        return;
    }
    a.y0 = top = y;
    for (int k = CRITERION_NONE + 1; k < CRITERION_COUNT; k++)
        y = draw_criterion(c, &s->numbers, (enum criterion)k, &a, y);
    a.y0 = a.y1 = y + 0.6;
    buf_printf(&c->functions, "X(share) = %.2f + %.2f * share\nY(mm) = %.2f + mm\n", a.x0,
               a.x1 - a.x0, top);
    canvas_whiskers(c, &(struct whisker){ "$6 - $5 > 0.0005", "X($5)", "X($6)", "Y($1)", 0.8 },
                    CANVAS_INK);
    canvas_points(c, "1", "X($4)", "Y($1)", CANVAS_DISC, CANVAS_INK);
    c->h = figure_share_axis(c, &a) - 2;
}
