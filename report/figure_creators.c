/* report/figure_creators.c: the creators of a sample by how many of their drawn posts the API
 * returned: Figure 7 of the published audit. */
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define PANEL_MM 36.0

static enum meaning meaning_at(int available)
{
    return available ? MEANING_RETURNED : MEANING_UNEXPLAINED;
}

static double histogram(struct canvas *c, const struct sample_result *s, const struct look *look,
                        double y)
{
    const int bars = (int)s->draw.posts + 1;
    const double x0 = CANVAS_EDGE, step = (c->w - 2 * CANVAS_EDGE) / bars, base = y + PANEL_MM;
    const int every = step < 4 ? (int)(4 / step) + 1 : 1;
    char text[TEXT_MAX];
    int64_t highest = 1;

    for (int i = 0; i < bars; i++)
        highest = s->counted.n[i] > highest ? s->counted.n[i] : highest;
    buf_printf(&c->functions,
               "X(n) = %.2f + %.3f * (n + 0.5)\nhalf = %.2f\nT(n) = %.2f - %.2f * n / %lld\n", x0,
               step, step * 0.38, base, PANEL_MM - 4, (long long)highest);
    for (int i = 0; i < bars; i++) {
        const int64_t n = s->counted.n[i];
        const double x = x0 + step * (i + 0.5);

        snprintf(text, sizeof text, "%d", i);
        if (i % every == 0 || i == s->draw.posts)
            canvas_text(c, x, base + 2.2, ALIGN_CENTER, LETTER_SOFT, text);
        text_count(n, text);
        if (n && canvas_measure(str_of(text), LETTER_TEXT) < step * every)
            canvas_text(c, x, base - (PANEL_MM - 4) * (double)n / (double)highest - 2, ALIGN_CENTER,
                        LETTER_TEXT, look_hides(look, n) ? "few" : text);
        buf_printf(&c->tsv, "%d\t%s\t%lld\n", i, meanings[meaning_at(i)].word, (long long)n);
        buf_printf(&c->alt, "%s%d: %s", i ? "; " : "Creators by posts available: ", i,
                   look_hides(look, n) ? "few" : text);
    }
    buf_puts(&c->alt, ".\n");
    for (int m = 0; m < MEANING_COUNT; m++) {
        const struct fill fill = meaning_fill((enum meaning)m);
        char where[64];

        if (!figure_has(c, (enum meaning)m))
            continue;
        snprintf(where, sizeof where, "strcol(2) eq '%s' && $3 > 0", meanings[m].word);
        canvas_areas(c, &(struct area){ where, "X($1) - half", "X($1) + half", "T($3)", "T(0)" },
                     &fill);
    }
    canvas_line(c, x0, base, c->w - CANVAS_EDGE, base, 0.2, CANVAS_INK);
    snprintf(text, sizeof text, "of %lld posts, so many returned", (long long)s->draw.posts);
    canvas_text(c, c->w / 2, base + 5.6, ALIGN_CENTER, LETTER_SOFT, text);
    return base + 9.6;
}

static const char *share_words(const struct number *n, const struct look *look,
                               char text[4 * TEXT_MAX])
{
    char count[TEXT_MAX], value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    if (look_hides(look, n->n))
        snprintf(text, 4 * TEXT_MAX, "few");
    else
        snprintf(text, 4 * TEXT_MAX, "%s (%s; %s to %s)", text_count(n->n, count),
                 text_number(n, n->value, value), text_number(n, n->low, low),
                 text_number(n, n->high, high));
    return text;
}

static void below(const struct summary *s, const struct look *look, struct buf *out)
{
    const struct number *all = numbers_find(&s->numbers, STR("sample_all")),
                        *none = numbers_find(&s->numbers, STR("sample_none"));
    char n[TEXT_MAX], text[4 * TEXT_MAX];

    if (!all || !none || !all->has)
        return;
    buf_printf(out, "%s %s, %s. Every post came back of %s,", text_count(all->of, n),
               plural(all->of, "creator", "creators"),
               s->sample.draw.newest ? "the newest posts of each" : "posts drawn by lot",
               share_words(all, look, text));
    buf_printf(out, " none of %s. Bounds: 95\u00a0%%%s.", share_words(none, look, text),
               s->sample.fate[CREATOR_FATE_OPEN] ? ", with what is undecided" : "");
}

/* Those that are in no bar. */
static double apart(struct canvas *c, const struct sample_result *s, const struct look *look,
                    double y)
{
    static const struct {
        enum creator_fate fate;
        const char *words;
    } fates[] = { { CREATOR_FATE_CANADA, "from Canada" },
                  { CREATOR_FATE_OPEN, "undecided" },
                  { CREATOR_FATE_GONE, "with no post public any more" },
                  { CREATOR_FATE_LEFT_OUT, "left out" } };
    struct buf text = { 0 };

    for (size_t i = 0; i < sizeof fates / sizeof *fates; i++) {
        const int64_t n = s->fate[fates[i].fate];
        char count[TEXT_MAX];

        if (n)
            buf_printf(&text, "%s%s %s", text.n ? ", " : "Apart: ",
                       look_hides(look, n) ? "few" : text_count(n, count), fates[i].words);
    }
    if (text.n) {
        buf_char(&text, '.');
        y = canvas_paragraph(c, CANVAS_EDGE, y + 0.6, c->w - 2 * CANVAS_EDGE, LETTER_SOFT,
                             buf_cstr(&text)) +
            0.6;
        buf_printf(&c->alt, "%s\n", buf_cstr(&text));
    }
    buf_release(&text);
    return y;
}

static double keys(struct canvas *c, const struct sample_result *s, double y)
{
    struct legend legend[2];
    size_t len = 0;

    if (s->counted.none)
        legend[len++] = (struct legend){ meaning_fill(MEANING_UNEXPLAINED), "none came back" };
    if (s->counted.none < s->counted.creators)
        legend[len++] = (struct legend){ meaning_fill(MEANING_RETURNED), "some came back" };
    return figure_legend(c, CANVAS_EDGE, y, legend, len);
}

void figure_creators(struct canvas *c, const struct summary *s, const struct look *look)
{
    const struct sample_result *r = &s->sample;
    struct buf words = { 0 };
    double y;

    buf_puts(&c->tsv, "available\tis\tcreators\n");
    if (!r->has || !r->counted.creators) {
        y = figure_title(c, "Creators by how many of their posts the API returned", "");
        c->h = figure_nothing(c, y,
                              r->has ? "There is nothing to show yet: no creator's posts are all "
                                       "decided."
                                     : "There is nothing to show yet: this folder holds no "
                                       "sample of creators.");
        return;
    }
    below(s, look, &words);
    y = figure_title(c, "Creators by how many of their posts the API returned", buf_cstr(&words));
    y = keys(c, r, histogram(c, r, look, y));
    c->h = apart(c, r, look, y);
    buf_release(&words);
}
