/* report/figure_breakdown.c: of the items that the first well-formed reply left out, how many
 * came back when they were asked again, how many are public and never came, how many are
 * not public. After the published figure of that kind (AI Forensics 2025, Figure 6), with those
 * that came late, which it leaves out of its whole, and with bounds. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define ROW_MM 4.3
#define INDENT 3.0
#define VALUE_MAX (5 * TEXT_MAX)
#define GAP 1.6    // between a bar and its value

/* Rows from the top; of a group the children are set in. */
static const struct row {
    const char *number;
    enum node node;
    bool child;
} rows[] = {
    { "late", NODE_AFTER_RETRIES, false },
    { "public", NODE_PUBLIC, false },
    { "public_canada", NODE_CANADA, true },
    { "public_ad", NODE_AD, true },
    { "public_tiktok_official", NODE_TIKTOK_OFFICIAL, true },
    { "public_excluded_account", NODE_EXCLUDED_ACCOUNT, true },
    { "public_unknown", NODE_PUBLIC_UNKNOWN, true },
    { "not_public", NODE_NOT_PUBLIC, false },
    { "not_public_deleted", NODE_DELETED, true },
    { "not_public_private", NODE_PRIVATE, true },
    { "restricted", NODE_RESTRICTED, false },
    { "open", NODE_OPEN, false },
};
#define ROWS (int)(sizeof rows / sizeof *rows)

static const char *words_of(const struct row *r)
{
    return r->node == NODE_AFTER_RETRIES ? "Returned when asked again"
           : r->node == NODE_PUBLIC      ? "Public, never returned"
                                         : text_node(r->node);
}

static const struct number *number_of(const struct summary *s, const struct row *r)
{
    char name[64];

    snprintf(name, sizeof name, "not_at_once_%s", r->number);
    return numbers_find(&s->numbers, str_of(name));
}

/* One line of data for each part of the bar; what it says aloud. */
static void put_row(struct canvas *c, const struct summary *s, int row, const struct row *r,
                    const struct number *n)
{
    struct part part[PARTS_MAX] = { { meaning_of(r->node, BASIS_UNEXPLAINED), 0 } };
    int parts = figure_parts(s, r->node, part);
    char count[TEXT_MAX], share[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];
    int64_t from = 0;

    buf_printf(&c->alt, "%s%s: %s, %s", r->child ? "- " : "", words_of(r), text_count(n->n, count),
               text_percent(n->value, share));
    if (number_has_range(n))
        buf_printf(&c->alt, " (%s to %s)", text_percent(n->low, low), text_percent(n->high, high));
    if (r->node == NODE_OPEN)    // without those that are too recent or were never asked
        part[0].n = n->n;
    for (int i = 0; i < (parts ? parts : 1); i++) {
        buf_printf(&c->tsv, "%d\t%s\t%s\t%s\t%lld\t%.6f\t%.6f\t%lld\t%.6f\t%.6f\t%.6f\n", row,
                   n->name.p, words_of(r), part[i].n ? meanings[part[i].meaning].word : "none",
                   (long long)part[i].n, share_of(from, n->of), share_of(from + part[i].n, n->of),
                   (long long)n->n, n->value, n->low, n->high);
        if (parts > 1)
            buf_printf(&c->alt, "; %s: %s", meanings[part[i].meaning].label,
                       text_count(part[i].n, count));
        from += part[i].n;
    }
    buf_puts(&c->alt, ".\n");
}

static double scale(const struct summary *s)
{
    double most = 0.1;

    for (int i = 0; i < ROWS; i++) {
        const struct number *n = number_of(s, &rows[i]);

        most = n && n->high > most ? n->high : most;
    }
    return most;
}

/* "397 (45.2 %)"; while the audit may still move it, its range. */
static const char *value_of(const struct canvas *c, const struct summary *s, const struct number *n,
                            char text[VALUE_MAX])
{
    char count[TEXT_MAX], most[TEXT_MAX], share[TEXT_MAX], high[TEXT_MAX];

    text_count(n->n, count);
    text_count((int64_t)(n->high * (double)n->of + 0.5), most);
    text_percent(n->value, share);
    text_percent(n->high, high);
    if (s->final || !number_has_range(n))
        snprintf(text, VALUE_MAX, "%s (%s)", count, share);
    else if (figure_is_narrow(c))
        snprintf(text, VALUE_MAX, "%s to %s", count, most);
    else
        snprintf(text, VALUE_MAX, "%s to %s (%s to %s)", count, most, share, high);
    return text;
}

/* Bars between the widest words and the widest value: from x0 on to x1. */
static void columns(const struct canvas *c, const struct summary *s, struct axis *a)
{
    char text[VALUE_MAX];
    double left = 0, right = c->w - CANVAS_EDGE;

    for (int i = 0; i < ROWS; i++)
        left = fmax(left, canvas_measure(str_of(words_of(&rows[i])),
                                         rows[i].child ? LETTER_TEXT : LETTER_STRONG) +
                              (rows[i].child ? INDENT : 0));
    a->x0 = CANVAS_EDGE + left + 2.4;
    a->x1 = right;
    for (int i = 0; i < ROWS; i++) {
        const struct number *n = number_of(s, &rows[i]);
        const double room = right - a->x0 - GAP -
                            canvas_measure(str_of(value_of(c, s, n, text)), LETTER_TEXT);

        if (n->high > 0)
            a->x1 = fmin(a->x1, a->x0 + room * a->most / n->high);
    }
}

/* Every row's words, its bar, its bounds, and what they come to. */
static double draw(struct canvas *c, const struct summary *s, double y)
{
    struct axis a = { .y0 = y, .y1 = y + ROWS * ROW_MM, .most = scale(s) };
    struct area b = { NULL, "X($6)", "X($7)", "Y($1) - 1.35", "Y($1) + 1.35" };
    char text[VALUE_MAX];

    columns(c, s, &a);
    buf_printf(&c->functions, "X(share) = %.2f + %.2f * share / %.6f\nY(row) = %.2f + %.2f * row\n",
               a.x0, a.x1 - a.x0, a.most, y + ROW_MM / 2, ROW_MM);
    for (int i = 0; i < ROWS; i++) {
        const struct number *n = number_of(s, &rows[i]);
        const double at = y + (i + 0.5) * ROW_MM;

        put_row(c, s, i, &rows[i], n);
        canvas_text(c, CANVAS_EDGE + (rows[i].child ? INDENT : 0), at, ALIGN_LEFT,
                    rows[i].child ? LETTER_TEXT : LETTER_STRONG, words_of(&rows[i]));
        canvas_text(c, a.x0 + (a.x1 - a.x0) * n->high / a.most + GAP, at, ALIGN_LEFT, LETTER_TEXT,
                    value_of(c, s, n, text));
    }
    for (int m = 0; m < MEANING_COUNT; m++) {
        const struct fill fill = meaning_fill((enum meaning)m);
        char where[48];

        if (!figure_has(c, (enum meaning)m))
            continue;
        snprintf(where, sizeof where, "strcol(4) eq '%s' && $5 > 0", meanings[m].word);
        b.where = where;
        canvas_areas(c, &b, &fill);
    }
    canvas_whiskers(c, &(struct whisker){ "$11 - $10 > 0.0005", "X($10)", "X($11)", "Y($1)", 0.8 },
                    CANVAS_INK);
    return figure_share_axis(c, &a);
}

void figure_breakdown(struct canvas *c, const struct summary *s, const struct look *look)
{
    static const enum meaning keys[] = { MEANING_LATE,       MEANING_DOCUMENTED,
                                         MEANING_DISPUTED,   MEANING_UNEXPLAINED,
                                         MEANING_NOT_PUBLIC, MEANING_RESTRICTED,
                                         MEANING_UNDECIDED };
    const struct number *all = numbers_find(&s->numbers, STR("not_at_once"));
    char title[160], below[320], n[TEXT_MAX], asked[TEXT_MAX], open[TEXT_MAX];
    const int64_t undecided = s->waterfall.n[NODE_UNOBSERVED] + s->waterfall.n[NODE_UNCONFIRMED];
    double y;

    (void)look;
    snprintf(title, sizeof title, "What became of the %s %s that the API did not return at first",
             text_count(all->n, n), plural(all->n, "item", "items"));
    snprintf(below, sizeof below,
             "100 %% = the %s left out of its first well-formed replies, of %s asked.%s%s%s", n,
             text_count(all->of, asked),
             undecided ? " The line at the end of a bar: none, or all, of the " : "",
             undecided ? text_count(undecided, open) : "",
             undecided ? " undecided fall there." : "");
    buf_puts(&c->tsv, "row\tnumber\twords\tmeaning\tpart\tfrom\tto\tcount\tshare\tlow\thigh\n");
    if (all->n == 0) {
        y = figure_title(c, "What became of the items that the API did not return at first", "");
        c->h = figure_nothing(c, y,
                              "There is nothing to show yet: no item was left out by a "
                              "first reply.");
        return;
    }
    y = draw(c, s, figure_title(c, title, below));
    c->h = figure_meanings(c, y, keys, sizeof keys / sizeof *keys);
}
