/* report/figure_waterfall.c: the ledger. Every bucket begins where the one before it ends, so the
 * whole is seen to be made of its parts, and nothing is left over. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define ROW_MM 3.9
#define INDENT 2.6

/* Where a node's items begin: those of all leaves before it in the tree. */
static int64_t begins(const struct waterfall *w, enum node n)
{
    int64_t before = 0;

    for (int i = 0; i < (int)n; i++)
        if (node_is_leaf((enum node)i))
            before += w->n[i];
    return before;
}

/* Groups always, leaves where there is something in them; "unknown" below restricted says no
 * more than its parent. */
static bool is_shown(const struct waterfall *w, enum node n)
{
    return n != NODE_RESTRICTED_UNKNOWN && (w->n[n] > 0 || (!node_is_leaf(n) && node_depth(n) < 2));
}

static bool is_bar(enum node n) { return node_is_leaf(n) || n == NODE_RESTRICTED; }

static void put_part(struct canvas *c, const struct waterfall *w, int row, enum node n,
                     const char *meaning, int64_t from, int64_t to)
{
    buf_printf(&c->tsv, "%d\t%s\t%s\t%s\t%lld\t%lld\t%lld\t%.6f\n", row, node_path(n), text_node(n),
               meaning, (long long)from, (long long)to, (long long)w->n[n],
               share_of(w->n[n], w->n[NODE_ITEMS]));
}

static void put_rows(struct canvas *c, const struct summary *s, int row, enum node n)
{
    const struct waterfall *w = &s->waterfall;
    struct part part[PARTS_MAX];
    int64_t from = begins(w, n);
    int parts;

    if (!is_bar(n)) {
        put_part(c, w, row, n, "group", from, from + w->n[n]);
        return;
    }
    parts = figure_parts(s, n, part);
    for (int i = 0; i < parts; i++) {
        put_part(c, w, row, n, meanings[part[i].meaning].word, from, from + part[i].n);
        from += part[i].n;
    }
}

/* Words, count and share of a row; what it says aloud. */
static void put_words(struct canvas *c, const struct summary *s, double y, double right,
                      enum node n)
{
    const double in = INDENT * node_depth(n);
    const enum letter letter = is_bar(n) ? LETTER_TEXT : LETTER_STRONG;
    const struct waterfall *w = &s->waterfall;
    char count[TEXT_MAX], share[TEXT_MAX];

    text_count(w->n[n], count);
    text_percent(share_of(w->n[n], w->n[NODE_ITEMS]), share);
    canvas_text(c, CANVAS_EDGE + in, y, ALIGN_LEFT, letter, text_node(n));
    canvas_text(c, right, y, ALIGN_RIGHT, letter, share);
    canvas_text(c, right - 13.0, y, ALIGN_RIGHT, letter, count);
    for (int i = 0; i < node_depth(n); i++)
        buf_puts(&c->alt, "- ");
    buf_printf(&c->alt, "%s: %s (%s).\n", text_node(n), count, share);
}

static double draw(struct canvas *c, const struct summary *s, double y)
{
    const struct waterfall *w = &s->waterfall;
    const double right = c->w - CANVAS_EDGE;
    char count[TEXT_MAX];
    double left = 0, x1;
    struct area b = { NULL, "X($5)", "E($5, $6)", "Y($1) - 1.3", "Y($1) + 1.3" };
    int row = 0;

    for (int n = 0; n < NODE_COUNT; n++)
        if (is_shown(w, (enum node)n))
            left = fmax(left,
                        INDENT * node_depth((enum node)n) +
                            canvas_measure(str_of(text_node((enum node)n)),
                                           is_bar((enum node)n) ? LETTER_TEXT : LETTER_STRONG));
    left += CANVAS_EDGE + 2;
    x1 = right - 15.0 - canvas_measure(str_of(text_count(w->n[NODE_ITEMS], count)), LETTER_STRONG);
    for (int n = 0; n < NODE_COUNT; n++) {
        if (!is_shown(w, (enum node)n))
            continue;
        put_rows(c, s, row, (enum node)n);
        put_words(c, s, y + (row + 0.5) * ROW_MM, right, (enum node)n);
        row++;
    }
    buf_printf(&c->functions,
               "X(items) = %.2f + %.2f * items / %lld\n"
               "E(from, to) = X(to) - X(from) < 0.4 ? X(from) + 0.4 : X(to)\n"
               "Y(row) = %.2f + %.2f * row\n",
               left, x1 - left, (long long)w->n[NODE_ITEMS], y + ROW_MM / 2, ROW_MM);
    for (int m = 0; m < MEANING_COUNT; m++) {
        const struct fill fill = meaning_fill((enum meaning)m);
        char where[48];

        if (!figure_has(c, (enum meaning)m))
            continue;
        snprintf(where, sizeof where, "strcol(4) eq '%s'", meanings[m].word);
        b.where = where;
        canvas_areas(c, &b, &fill);
    }
    canvas_whiskers(
        c,
        &(struct whisker){ "strcol(4) eq 'group' && $7 > 0", "X($5)", "E($5, $6)", "Y($1)", 0.9 },
        CANVAS_INK);
    return y + row * ROW_MM + 2.6;
}

void figure_waterfall(struct canvas *c, const struct summary *s, const struct look *look)
{
    static const enum meaning keys[] = { MEANING_RETURNED,   MEANING_LATE,     MEANING_NOT_PUBLIC,
                                         MEANING_DOCUMENTED, MEANING_DISPUTED, MEANING_UNEXPLAINED,
                                         MEANING_RESTRICTED, MEANING_UNDECIDED };
    const int64_t items = s->waterfall.n[NODE_ITEMS];
    char title[120], n[TEXT_MAX];
    double y;

    (void)look;
    buf_puts(&c->tsv, "row\tbucket\twords\tmeaning\tfrom\tto\tcount\tshare\n");
    if (items == 0) {
        y = figure_title(c, "Where every item went", "");
        c->h = figure_nothing(c, y, "There is nothing to show yet: no item came in.");
        return;
    }
    snprintf(title, sizeof title, "Where %s%s %s went", items == 1 ? "the " : "all ",
             text_count(items, n), plural(items, "item", "items"));
    y = figure_title(c, title,
                     "Every part begins where the one before it ends: at each level they add up to "
                     "the whole. Shares are of all items.");
    c->h = figure_meanings(c, draw(c, s, y), keys, sizeof keys / sizeof *keys);
}
