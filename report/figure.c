/* report/figure.c: what the figures share: the list, title and credit, legend, axis. */
#include "report/figure.h"
#include <math.h>
#include <stdio.h>
#include "base/utc.h"
#include "report/text.h"

#define TITLE_LINE 3.9
#define LEGEND_GAP 4.0
#define TICK_MM 10.5    // "100 %" and some

const char *const figure_names[FIGURE_COUNT] = {
#define FIGURE(id, name, make, shows) #name,
#include "report/figure.def"
#undef FIGURE
};
const char *const figure_shows[FIGURE_COUNT] = {
#define FIGURE(id, name, make, shows) shows,
#include "report/figure.def"
#undef FIGURE
};

bool figure_is_of(enum figure_name f, const struct summary *s)
{
    if (f == FIGURE_WATCH || s->watch)
        return f == FIGURE_WATCH && s->watch;
    if (f == FIGURE_VANTAGES)
        return s->vantages.n > 1;
    return f != FIGURE_CREATORS || s->sample.has;
}

struct fill meaning_fill(enum meaning m)
{
    return (struct fill){ meanings[m].light, meanings[m].hatch };
}

bool figure_is_narrow(const struct canvas *c) { return c->w < 120; }

/* ---- above the drawing ---- */

double figure_title(struct canvas *c, const char *title, const char *below)
{
    const double most = c->w - 2 * CANVAS_EDGE;
    double y = CANVAS_EDGE + 1.8;

    buf_clear(&c->title);
    buf_puts(&c->title, title);
    y = canvas_paragraph(c, CANVAS_EDGE, y, most, LETTER_TITLE, title);
    if (c->note.n)
        y = canvas_paragraph(c, CANVAS_EDGE, y + 0.4, most, LETTER_STRONG, buf_cstr(&c->note));
    if (*below)
        y = canvas_paragraph(c, CANVAS_EDGE, y + 0.4, most, LETTER_SOFT, below);
    buf_printf(&c->alt, "%s.\n%s%s%s%s", title, buf_cstr(&c->note), c->note.n ? "\n" : "", below,
               *below ? "\n" : "");
    return y + 1.2;
}

double figure_legend(struct canvas *c, double x, double y, const struct legend *l, size_t len)
{
    const double from = x;

    for (size_t i = 0; i < len; i++) {
        const double wide = CANVAS_SWATCH + 1.3 + canvas_measure(str_of(l[i].words), LETTER_TEXT) +
                            LEGEND_GAP;

        if (x > from && x + wide - LEGEND_GAP > c->w - CANVAS_EDGE) {
            x = from;
            y += CANVAS_LINE + 0.4;
        }
        canvas_swatch(c, x, y, &l[i].fill);
        canvas_text(c, x + CANVAS_SWATCH + 1.3, y, ALIGN_LEFT, LETTER_TEXT, l[i].words);
        x += wide;
    }
    return y + CANVAS_LINE + 0.8;
}

bool figure_has(const struct canvas *c, enum meaning m)
{
    char cell[32];

    snprintf(cell, sizeof cell, "\t%s\t", meanings[m].word);
    return str_find(buf_view(&c->tsv), str_of(cell), 0) >= 0;
}

double figure_meanings(struct canvas *c, double y, const enum meaning *m, size_t len)
{
    struct legend legend[MEANING_COUNT];
    size_t n = 0;

    for (size_t i = 0; i < len; i++)
        if (figure_has(c, m[i]))
            legend[n++] = (struct legend){ meaning_fill(m[i]), meanings[m[i]].label };
    return figure_legend(c, CANVAS_EDGE, y, legend, n);
}

/* ---- around the drawing ---- */

static double tick_step(double most)
{
    return most > 0.6 ? 0.25 : most > 0.25 ? 0.1 : most > 0.1 ? 0.05 : most > 0.02 ? 0.01 : 0.002;
}

/* Where its k-th tick stands, so far apart that their words find room; no further one: below 0. */
static double tick(const struct axis *a, int k, double *share)
{
    const double wide = a->x1 - a->x0;
    double step = tick_step(a->most);

    while (wide * step / a->most < TICK_MM && step < a->most)
        step *= 2;
    *share = k * step;
    return k == 0 || *share <= a->most + 1e-9 ? a->x0 + wide * *share / a->most : -1;
}

void figure_grid(struct canvas *c, const struct axis *a)
{
    double share, x;

    for (int k = 0; (x = tick(a, k, &share)) >= 0; k++)
        canvas_line(c, x, a->y0, x, a->y1, k ? 0.12 : 0.2, k ? CANVAS_GRID : CANVAS_INK);
}

double figure_share_axis(struct canvas *c, const struct axis *a)
{
    double share, x;
    char text[16];

    canvas_line(c, a->x0, a->y0, a->x0, a->y1, 0.2, CANVAS_INK);
    for (int k = 0; (x = tick(a, k, &share)) >= 0; k++) {
        if (k)
            canvas_line(c, x, a->y1 - 0.9, x, a->y1, 0.12, CANVAS_SOFT);
        snprintf(text, sizeof text, tick_step(a->most) < 0.01 ? "%.1f %%" : "%.0f %%", 100 * share);
        canvas_text(c, x, a->y1 + 2.2, ALIGN_CENTER, LETTER_SOFT, text);
    }
    return a->y1 + 6.2;
}

/* Of the public missing items of a label, or of all (LABEL_COUNT), those of a basis. */
static int64_t of_basis(const struct summary *s, enum label label, enum basis basis)
{
    int64_t n = 0;

    for (size_t i = 0; i < s->rules; i++)
        if (s->rule[i].separation != SEPARATION_ASSOCIATED &&
            (label == LABEL_COUNT || s->rule[i].label == label))
            n += s->rule[i].first_public[basis];
    return n;
}

int figure_parts(const struct summary *s, enum node n, struct part part[PARTS_MAX])
{
    static const struct {
        enum node node;
        enum label label;
    } public[] = {
        { NODE_PUBLIC, LABEL_COUNT },
        { NODE_CANADA, LABEL_CANADA },
        { NODE_AD, LABEL_AD },
        { NODE_TIKTOK_OFFICIAL, LABEL_TIKTOK_OFFICIAL },
        { NODE_EXCLUDED_ACCOUNT, LABEL_EXCLUDED_ACCOUNT },
        { NODE_PUBLIC_UNKNOWN, LABEL_UNKNOWN },
    };
    static const enum basis bases[] = { BASIS_DOCUMENTED, BASIS_DISPUTED };
    int64_t left = s->waterfall.n[n];
    int parts = 0;

    for (size_t i = 0; i < sizeof public / sizeof *public; i++)
        for (size_t b = 0; b < sizeof bases / sizeof *bases && public[i].node == n; b++) {
            int64_t of = of_basis(s, public[i].label, bases[b]);

            of = of < left ? of : left;
            if (of)
                part[parts++] = (struct part){ meaning_of(n, bases[b]), of };
            left -= of;
        }
    if (left)
        part[parts++] = (struct part){ meaning_of(n, BASIS_UNEXPLAINED), left };
    return parts;
}

double figure_nothing(struct canvas *c, double y, const char *why)
{
    y = canvas_paragraph(c, CANVAS_EDGE, y + 3, c->w - 2 * CANVAS_EDGE, LETTER_TEXT, why);
    buf_printf(&c->alt, "%s\n", why);
    return y + 3;
}

/* ---- below the drawing ---- */

/* What may still change. */
static void provisional(const struct summary *s, struct buf *out)
{
    const int64_t *n = s->waterfall.n;
    char open[TEXT_MAX], items[TEXT_MAX];

    if (!s->final)
        buf_printf(out, "Provisional: %s of %s %s undecided.", text_count(n[NODE_OPEN], open),
                   text_count(n[NODE_ITEMS], items), plural(n[NODE_ITEMS], "item is", "items are"));
}

/* Who says so, with what, and of when the answers are; no clock. */
static void credit(struct canvas *c, const struct summary *s)
{
    char first[UTC_TEXT_MAX], newest[UTC_TEXT_MAX];
    struct buf text = { 0 };

    buf_printf(&text, "Audit %.*s, %.*s", STR_ARG(s->audit), STR_ARG(s->tool));
    if (s->newest_answer_at) {
        utc_date(s->first_answer_at / 86400, first);
        utc_date(s->newest_answer_at / 86400, newest);
        buf_printf(&text, "; answers of %s", first);
        if (s->first_answer_at / 86400 != s->newest_answer_at / 86400)
            buf_printf(&text, " to %s", newest);
        buf_puts(&text, " (UTC).");
    } else {
        buf_puts(&text, "; no answer yet.");
    }
    c->h = canvas_paragraph(c, CANVAS_EDGE, c->h + 2, c->w - 2 * CANVAS_EDGE, LETTER_SOFT,
                            buf_cstr(&text)) -
           CANVAS_LINE / 2 + CANVAS_EDGE + 0.3;
    c->h = ceil(10 * c->h) / 10;
    buf_printf(&c->alt, "%s\n", buf_cstr(&text));
    buf_release(&text);
}

void figure_make(struct canvas *c, enum figure_name name, int width, const struct summary *s,
                 const struct look *look)
{
    static figure_fn *const makers[FIGURE_COUNT] = {
#define FIGURE(id, name, make, shows) make,
#include "report/figure.def"
#undef FIGURE
    };

    c->w = width;
    provisional(s, &c->note);
    makers[name](c, s, look);
    credit(c, s);
}
