/* report/figure_fields.c: field by field, how far API and page agree where both show it, and how
 * often either side has a value at all. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define ROW_MM 3.8

static const struct legend agreement[] = {
    { { "#c4c4c4", HATCH_SOLID }, "equal" },
    { { "#7d7d7d", HATCH_STRIPES }, "within what is forgiven" },
    { { "#1b1b1b", HATCH_SOLID }, "differs" },
};
static const char *const agreement_names[] = { "equal", "within", "differs" };
#define AGREEMENTS 3

static const struct number *filled(const struct summary *s, const char *side, enum field f)
{
    char name[64];

    snprintf(name, sizeof name, "filled_%s_%s", side, field_info(f)->name);
    return numbers_find(&s->numbers, str_of(name));
}

static bool is_compared(const struct summary *s, enum field f)
{
    return field_info(f)->cmp != CMP_NONE && s->compared[f] > 0;
}

static bool is_shown(const struct summary *s, enum field f)
{
    const struct number *api = filled(s, "api", f), *page = filled(s, "page", f);

    return is_compared(s, f) || (api && api->n > 0) || (page && page->n > 0);
}

static void put_filled(struct buf *tsv, const struct number *n)
{
    if (n && n->has)
        buf_printf(tsv, "\t%.6f", n->value);
    else
        buf_puts(tsv, "\t");
}

/* One line of data for each part of a field's bar; fill rates stand in its first. */
static void put_rows(struct canvas *c, const struct summary *s, int row, enum field f)
{
    const int64_t n[AGREEMENTS] = { s->field[f][VERDICT_EQUAL], s->field[f][VERDICT_WITHIN],
                                    s->field[f][VERDICT_DIFFERS] };
    int64_t from = 0;

    for (int i = 0; i < AGREEMENTS; i++) {
        if (i > 0 && !is_compared(s, f))
            break;
        buf_printf(&c->tsv, "%d\t%s\t%s\t%lld\t%lld", row, field_info(f)->name,
                   is_compared(s, f) ? agreement_names[i] : "not compared", (long long)n[i],
                   (long long)s->compared[f]);
        buf_printf(&c->tsv, "\t%.6f\t%.6f", share_of(from, s->compared[f]),
                   share_of(from + n[i], s->compared[f]));
        put_filled(&c->tsv, i ? NULL : filled(s, "api", f));
        put_filled(&c->tsv, i ? NULL : filled(s, "page", f));
        buf_char(&c->tsv, '\n');
        from += n[i];
    }
}

static void say(struct canvas *c, const struct summary *s, enum field f)
{
    const struct number *api = filled(s, "api", f), *page = filled(s, "page", f);
    char a[TEXT_MAX], b[TEXT_MAX];

    buf_printf(&c->alt, "%s: ", field_info(f)->name);
    if (is_compared(s, f))
        buf_printf(&c->alt, "%s of %s agree", text_percent(s->agree[f], a),
                   text_count(s->compared[f], b));
    else
        buf_puts(&c->alt, "not compared");
    if (api && api->has)
        buf_printf(&c->alt, "; the API has a value in %s of its rows", text_percent(api->value, a));
    if (page && page->has)
        buf_printf(&c->alt, "; the page in %s", text_percent(page->value, a));
    buf_puts(&c->alt, ".\n");
}

static const char *value_of(const struct canvas *c, const struct summary *s, enum field f,
                            char text[2 * TEXT_MAX])
{
    char share[TEXT_MAX], of[TEXT_MAX];

    if (!is_compared(s, f))
        snprintf(text, 2 * TEXT_MAX, "%s", figure_is_narrow(c) ? "\xe2\x80\x93" : "not compared");
    else if (figure_is_narrow(c))
        snprintf(text, 2 * TEXT_MAX, "%s", text_percent(s->agree[f], share));
    else
        snprintf(text, 2 * TEXT_MAX, "%s of %s", text_percent(s->agree[f], share),
                 text_count(s->compared[f], of));
    return text;
}

/* The two panels, left and right of the values. */
struct panels {
    double bar0, bar1, value, dot0, dot1;
};

static struct panels columns(const struct canvas *c, const struct summary *s)
{
    char text[2 * TEXT_MAX];
    double left = 0, value = 0;
    struct panels p;

    for (int f = 0; f < FIELD_COUNT; f++)
        if (is_shown(s, (enum field)f)) {
            left = fmax(left, canvas_measure(str_of(field_info((enum field)f)->name), LETTER_TEXT));
            value = fmax(value,
                         canvas_measure(str_of(value_of(c, s, (enum field)f, text)), LETTER_TEXT));
        }
    p.bar0 = CANVAS_EDGE + left + 2;
    p.dot1 = c->w - CANVAS_EDGE - 4.5;
    p.bar1 = p.bar0 + (p.dot1 - p.bar0 - value - 7) * 0.5;
    p.value = p.bar1 + 1.5;
    p.dot0 = p.value + value + 5.5;
    return p;
}

static void heads(struct canvas *c, const struct panels *p, double y)
{
    const bool narrow = figure_is_narrow(c);

    canvas_text(c, p->bar0, y, ALIGN_LEFT, LETTER_STRONG, narrow ? "Agree" : "Pairs that agree");
    canvas_text(c, p->dot0, y, ALIGN_LEFT, LETTER_STRONG,
                narrow ? "Has a value" : "Rows with a value");
}

static void draw_data(struct canvas *c)
{
    struct area b = { NULL, "X($6)", "X($7)", "Y($1) - 1.2", "Y($1) + 1.2" };

    for (int i = 0; i < AGREEMENTS; i++) {
        char where[48];

        snprintf(where, sizeof where, "strcol(3) eq '%s' && $4 > 0", agreement_names[i]);
        b.where = where;
        canvas_areas(c, &b, &agreement[i].fill);
    }
    canvas_points(c, "strlen(strcol(9))", "V($9)", "Y($1)", CANVAS_RING, CANVAS_INK);
    canvas_points(c, "strlen(strcol(8))", "V($8)", "Y($1)", CANVAS_DISC, CANVAS_INK);
}

static double draw(struct canvas *c, const struct summary *s, double y)
{
    const struct panels p = columns(c, s);
    char text[2 * TEXT_MAX];
    double y1;
    int row = 0;

    heads(c, &p, y + 1);
    y += 3.8;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const enum field f = (enum field)i;
        const double at = y + (row + 0.5) * ROW_MM;

        if (!is_shown(s, f))
            continue;
        put_rows(c, s, row++, f);
        say(c, s, f);
        canvas_text(c, p.bar0 - 2, at, ALIGN_RIGHT, LETTER_TEXT, field_info(f)->name);
        canvas_text(c, p.value, at, ALIGN_LEFT, is_compared(s, f) ? LETTER_TEXT : LETTER_SOFT,
                    value_of(c, s, f, text));
    }
    buf_printf(&c->functions,
               "X(share) = %.2f + %.2f * share\nV(share) = %.2f + %.2f * share\n"
               "Y(row) = %.2f + %.2f * row\n",
               p.bar0, p.bar1 - p.bar0, p.dot0, p.dot1 - p.dot0, y + ROW_MM / 2, ROW_MM);
    draw_data(c);
    y1 = y + row * ROW_MM + 0.4;
    figure_grid(c, &(struct axis){ p.dot0, p.dot1, y, y1, 1 });
    figure_share_axis(c, &(struct axis){ p.bar0, p.bar1, y, y1, 1 });
    return figure_share_axis(c, &(struct axis){ p.dot0, p.dot1, y, y1, 1 });
}

/* Swatches of the bars, and the two points. */
static double keys(struct canvas *c, double y)
{
    const double x = CANVAS_EDGE;

    y = figure_legend(c, x, y, agreement, AGREEMENTS);
    buf_printf(&c->labels,
               "set label %d '' at %.2f,%.2f point pt 7 ps dot lc rgb '" CANVAS_INK "'\n"
               "set label %d '' at %.2f,%.2f point pt 6 ps 1.5 * dot lw thin lc rgb '" CANVAS_INK
               "'\n",
               c->texts + 1, x + 2, y, c->texts + 2, x + 27, y);
    c->texts += 2;
    canvas_text(c, x + CANVAS_SWATCH + 1.3, y, ALIGN_LEFT, LETTER_TEXT, "rows of the API");
    canvas_text(c, x + 30.3, y, ALIGN_LEFT, LETTER_TEXT, "pages");
    return y + CANVAS_LINE + 0.8;
}

void figure_fields(struct canvas *c, const struct summary *s, const struct look *look)
{
    static const char title[] = "Do the API and the public page agree, field by field?";
    bool any = false;
    double y;

    (void)look;
    for (int f = 0; f < FIELD_COUNT; f++)
        any = any || is_shown(s, (enum field)f);
    buf_puts(&c->tsv, "row\tfield\tpart\tpairs\tcompared\tfrom\tto\tfilled_api\tfilled_page\n");
    y = figure_title(c, title,
                     any ? "Left: of the items that both sides show, those on which they agree; a "
                           "counter may have grown between the two readings. Right: how many rows "
                           "of either side have a value at all."
                         : "");
    c->h = any ? keys(c, draw(c, s, y))
               : figure_nothing(c, y, "There is nothing to show yet: no item was shown by both.");
}
