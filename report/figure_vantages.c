/* report/figure_vantages.c: posts that are public at one vantage and refused at another, pair by
 * pair, as shares with their bounds. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define WORDS_MM 4.2    // a line of words above each bar
#define BAR_MM 4.6
#define PAIRS_MOST 10

/* Wide enough for the largest: 5 %, 10 %, 25 %, half or all. */
static double most_of(const struct summary *s)
{
    static const double ends[] = { 0.05, 0.1, 0.25, 0.5 };
    double most = 0;

    for (size_t i = 0; i < s->vantages.pairs; i++) {
        const struct number *a = numbers_find(&s->numbers, s->vantages.pair[i].refused_there),
                            *b = numbers_find(&s->numbers, s->vantages.pair[i].public_there);

        most = fmax(most, fmax(a->has ? a->high : 0, b->has ? b->high : 0));
    }
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++)
        if (most <= ends[i])
            return ends[i];
    return 1;
}

static void value_of(const struct number *n, int64_t open, const struct look *look,
                     struct buf *out)
{
    char k[TEXT_MAX], of[TEXT_MAX], value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    if (!n->has)
        buf_puts(out, "none read at both");
    else if (look_hides(look, n->n))
        buf_printf(out, "few of %s", text_count(n->of, of));
    else
        buf_printf(out, "%s of %s: %s (%s to %s)", text_count(n->n, k), text_count(n->of, of),
                   text_number(n, n->value, value), text_number(n, n->low, low),
                   text_number(n, n->high, high));
    if (open)
        buf_printf(out, ", %s undecided", look_hides(look, open) ? "few" : text_count(open, k));
}

static double draw_row(struct canvas *c, const struct summary *s, const struct look *look,
                       const char *words, struct str name, int64_t open, const struct axis *a,
                       double y)
{
    const struct number *n = numbers_find(&s->numbers, name);
    const double x = a->x0 + 1.4, most = c->w - CANVAS_EDGE - x;    // right of the axis
    const bool shown = n->has && !look_hides(look, n->n);
    struct buf value = { 0 };
    double wide;

    value_of(n, open, look, &value);
    wide = canvas_measure(buf_view(&value), LETTER_TEXT);
    if (figure_is_narrow(c)) {
        canvas_fit(c, x, y + WORDS_MM / 2, most, ALIGN_LEFT, LETTER_TEXT, words);
        y += CANVAS_LINE + 0.3;
        canvas_fit(c, x, y + WORDS_MM / 2, most, ALIGN_LEFT, LETTER_SOFT, buf_cstr(&value));
    } else {
        canvas_fit(c, x, y + WORDS_MM / 2, most - wide - 4, ALIGN_LEFT, LETTER_TEXT, words);
        canvas_text(c, c->w - CANVAS_EDGE, y + WORDS_MM / 2, ALIGN_RIGHT, LETTER_TEXT,
                    buf_cstr(&value));
    }
    y += WORDS_MM;
    buf_printf(&c->tsv, "%.2f\t%.*s\t%s\t%.6f\t%.6f\t%.6f\t%lld\t%lld\t%lld\n",
               y + BAR_MM / 2 - a->y0, STR_ARG(name), shown ? "shown" : "none",
               shown ? n->value : 0, shown ? n->low : 0, shown ? n->high : 0,
               shown ? (long long)n->n : 0, (long long)n->of,
               look_hides(look, open) ? 0 : (long long)open);
    buf_printf(&c->alt, "- %s: %s.\n", words, buf_cstr(&value));
    buf_release(&value);
    return y + BAR_MM;
}

static double draw_pair(struct canvas *c, const struct summary *s, const struct look *look,
                        const struct vantage_pair *p, const struct axis *a, double y)
{
    const struct str from = s->vantages.v[p->a].name, to = s->vantages.v[p->b].name;
    char words[200];

    snprintf(words, sizeof words, "public at %.*s, refused at %.*s", STR_ARG(from), STR_ARG(to));
    y = draw_row(c, s, look, words, p->refused_there, p->n[BESIDE_PUBLIC_REFUSED_OPEN], a, y);
    snprintf(words, sizeof words, "refused at %.*s, public at %.*s", STR_ARG(from), STR_ARG(to));
    return draw_row(c, s, look, words, p->public_there, p->n[BESIDE_REFUSED_PUBLIC_OPEN], a, y) +
           0.8;
}

static void plot(struct canvas *c, const struct axis *a)
{
    const struct fill fill = meaning_fill(MEANING_RESTRICTED);

    buf_printf(&c->functions, "X(share) = %.2f + %.2f * share / %g\nY(mm) = %.2f + mm\n", a->x0,
               a->x1 - a->x0, a->most, a->y0);
    canvas_areas(c,
                 &(struct area){ "strcol(3) eq 'shown' && $4 > 0", "X(0)", "X($4)", "Y($1) - 1.3",
                                 "Y($1) + 1.3" },
                 &fill);
    canvas_whiskers(
        c,
        &(struct whisker){ "strcol(3) eq 'shown' && $6 - $5 > 0.0005", "X($5)", "X($6)", "Y($1)",
                           0.8 },
        CANVAS_INK);
}

void figure_vantages(struct canvas *c, const struct summary *s, const struct look *look)
{
    static const char title[] = "Public here, refused there";
    const struct vantages *v = &s->vantages;
    const size_t pairs = v->pairs < PAIRS_MOST ? v->pairs : PAIRS_MOST;
    struct axis a = { .x0 = CANVAS_EDGE + 4, .x1 = c->w - CANVAS_EDGE - 6 };
    char text[120];
    double y;

    buf_puts(&c->tsv, "mm\tnumber\tis\tvalue\tlow\thigh\tn\tof\tundecided\n");
    if (!v->pairs) {
        y = figure_title(c, title, "");
        c->h = figure_nothing(c, y,
                              "There is nothing to show yet: all pages were read at one vantage.");
        return;
    }
    y = figure_title(c, title,
                     "Each a share of the posts that are what it says first, read at both; bounds: "
                     "95\u00a0%, with what is undecided.");
    a.y0 = y;
    a.most = most_of(s);
    for (size_t i = 0; i < pairs; i++)
        y = draw_pair(c, s, look, &v->pair[i], &a, y);
    plot(c, &a);
    a.y1 = y;
    c->h = figure_share_axis(c, &a) - 2;
    if (pairs == v->pairs)
        return;
    snprintf(text, sizeof text, "The first %zu of %zu pairs; summary.json has all.", pairs,
             v->pairs);
    c->h = canvas_paragraph(c, CANVAS_EDGE, c->h + 1.6, c->w - 2 * CANVAS_EDGE, LETTER_SOFT, text);
}
