/* report/figure_accounts.c: accounts by the share of their items that came back, and, one by one,
 * those of which nothing did: called excluded, or near it. */
#include <math.h>
#include <stdio.h>
#include "report/figure.h"
#include "report/text.h"

#define PANEL_MM 30.0
#define ROW_MM 3.8
#define LISTED 12
#define NEAR 0.2    // a silence that is likelier than this says nothing

/* "1,234", or "1.2M" where that is wider than `most`. */
static const char *short_count(int64_t n, double most, char text[TEXT_MAX])
{
    static const struct {
        double least;
        const char *unit;
    } units[] = { { 1e9, "G" }, { 1e6, "M" }, { 1e3, "k" } };

    text_count(n, text);
    for (size_t i = 0; canvas_measure(str_of(text), LETTER_TEXT) > most && i < 3; i++)
        if ((double)n >= units[i].least) {
            snprintf(text, TEXT_MAX, (double)n < 10 * units[i].least ? "%.1f%s" : "%.0f%s",
                     (double)n / units[i].least, units[i].unit);
            break;
        }
    return text;
}

static void bin_tick(int bin, char text[TEXT_MAX])
{
    if (bin == 0 || bin == ACCOUNT_BINS - 1)
        snprintf(text, TEXT_MAX, "%s", account_bin_name(bin));
    else
        snprintf(text, TEXT_MAX, bin < 10 ? "\xe2\x89\xa4%d" : "<%d", 10 * bin);    // U+2264
}

static void put_bins(struct canvas *c, const struct accounts *a)
{
    for (int i = 0; i < ACCOUNT_BINS; i++) {
        const int64_t excluded = i == 0 ? a->verdict[ACCOUNT_EXCLUDED] : 0;
        const struct {
            enum meaning meaning;
            int64_t n;
        } part[] = {
            { MEANING_UNEXPLAINED, excluded },
            { i == 0 ? MEANING_UNDECIDED : MEANING_RETURNED, a->bin[i] - excluded },
        };
        int64_t from = 0;

        for (int k = 0; k < 2; k++) {
            if (part[k].n)
                buf_printf(&c->tsv, "bin\t%d\t%s\t%s\t%lld\t%lld\t\t\n", i, account_bin_name(i),
                           meanings[part[k].meaning].word, (long long)from,
                           (long long)(from + part[k].n));
            from += part[k].n;
        }
    }
}

/* Upright bars, each with its number. */
static double histogram(struct canvas *c, const struct accounts *a, const struct look *look,
                        double y)
{
    const double x0 = CANVAS_EDGE, step = (c->w - 2 * CANVAS_EDGE) / ACCOUNT_BINS,
                 base = y + PANEL_MM;
    char text[TEXT_MAX];
    int64_t highest = 1;

    for (int i = 0; i < ACCOUNT_BINS; i++)
        highest = a->bin[i] > highest ? a->bin[i] : highest;
    buf_printf(&c->functions,
               "X(bin) = %.2f + %.3f * (bin + 0.5)\nhalf = %.2f\nT(n) = %.2f - %.2f * n / %lld\n",
               x0, step, step * 0.38, base, PANEL_MM - 4, (long long)highest);
    for (int i = 0; i < ACCOUNT_BINS; i++) {
        const double x = x0 + step * (i + 0.5);

        bin_tick(i, text);
        canvas_text(c, x, base + 2.2, ALIGN_CENTER, LETTER_SOFT, text);
        canvas_text(c, x, base - (PANEL_MM - 4) * (double)a->bin[i] / (double)highest - 2,
                    ALIGN_CENTER, LETTER_TEXT,
                    look_hides(look, a->bin[i]) ? "few" : short_count(a->bin[i], step - 0.5, text));
        buf_printf(&c->alt, "%s%s: %s", i ? "; " : "Accounts by the share that came back: ",
                   i == 0                  ? "none"
                   : i == ACCOUNT_BINS - 1 ? "all"
                                           : (bin_tick(i, text), text),
                   text_count(a->bin[i], (char[TEXT_MAX]){ 0 }));
    }
    buf_puts(&c->alt, ".\n");
    put_bins(c, a);
    for (int m = 0; m < MEANING_COUNT; m++) {
        const struct fill fill = meaning_fill((enum meaning)m);
        char where[64];

        if (!figure_has(c, (enum meaning)m))
            continue;
        snprintf(where, sizeof where, "strcol(1) eq 'bin' && strcol(4) eq '%s'", meanings[m].word);
        canvas_areas(c, &(struct area){ where, "X($2) - half", "X($2) + half", "T($6)", "T($5)" },
                     &fill);
    }
    canvas_line(c, x0, base, c->w - CANVAS_EDGE, base, 0.2, CANVAS_INK);
    canvas_text(c, c->w / 2, base + 5.6, ALIGN_CENTER, LETTER_SOFT,
                "share of the account's items that the API returned, in percent");
    return base + 9.6;
}

static bool is_listed(const struct account_row *r)
{
    return r->retrieved == 0 &&
           (r->verdict == ACCOUNT_EXCLUDED ||
            (r->verdict == ACCOUNT_CHANCE && r->chance >= 0 && r->chance < NEAR));
}

static void list_row(struct canvas *c, const struct account_row *r, const struct look *look, int i,
                     double y)
{
    const double right = c->w - CANVAS_EDGE;
    char alias[ALIAS_MAX], chance[TEXT_MAX], trials[TEXT_MAX], text[2 * TEXT_MAX];
    struct buf name = { 0 };

    canvas_visible(&name, alias_of(&look->alias, r->handle, alias));
    if (!name.n)
        buf_puts(&name, "(no handle)");
    text_probability(r->chance, chance);
    canvas_fit(c, CANVAS_EDGE, y, right - CANVAS_EDGE - (figure_is_narrow(c) ? 43 : 62), ALIGN_LEFT,
               LETTER_TEXT, buf_cstr(&name));
    snprintf(text, sizeof text, "0 of %s", text_count(r->trials, trials));
    canvas_text(c, right - (figure_is_narrow(c) ? 30 : 42), y, ALIGN_RIGHT, LETTER_TEXT, text);
    canvas_text(c, right - (figure_is_narrow(c) ? 15 : 20), y, ALIGN_RIGHT, LETTER_TEXT, chance);
    canvas_text(c, right, y, ALIGN_RIGHT,
                r->verdict == ACCOUNT_EXCLUDED ? LETTER_STRONG : LETTER_SOFT,
                r->verdict == ACCOUNT_EXCLUDED ? "excluded" : "perhaps");
    buf_printf(&c->tsv, "account\t%d\t%s\t%s\t0\t%lld\t%.6g\t%.6g\n", i, buf_cstr(&name),
               account_verdict_name(r->verdict), (long long)r->trials, r->chance, r->q);
    buf_printf(&c->alt, "- %s: none of %s came back, chance %s, %s.\n", buf_cstr(&name), trials,
               chance, r->verdict == ACCOUNT_EXCLUDED ? "called excluded" : "perhaps by chance");
    buf_release(&name);
}

/* Those of which nothing came back, the least likely first. */
static double list(struct canvas *c, const struct accounts *a, const struct look *look, double y)
{
    const double right = c->w - CANVAS_EDGE;
    const bool narrow = figure_is_narrow(c);
    char text[2 * TEXT_MAX];
    int64_t all = 0;
    int shown = 0;

    for (size_t i = 0; i < a->len; i++)
        all += is_listed(&a->row[i]);
    if (all == 0)
        return y;
    canvas_text(c, CANVAS_EDGE, y, ALIGN_LEFT, LETTER_STRONG,
                narrow ? "Account" : "Accounts of which nothing came back");
    canvas_text(c, right - (narrow ? 30 : 42), y, ALIGN_RIGHT, LETTER_STRONG, "returned");
    canvas_text(c, right - (narrow ? 15 : 20), y, ALIGN_RIGHT, LETTER_STRONG, "chance");
    y += ROW_MM;
    for (size_t i = 0; i < a->len && shown < LISTED; i++)
        if (is_listed(&a->row[i])) {
            list_row(c, &a->row[i], look, shown++, y);
            y += ROW_MM;
        }
    if (all > shown) {
        snprintf(text, sizeof text, "and %lld more, of summary.json", (long long)(all - shown));
        canvas_text(c, CANVAS_EDGE, y, ALIGN_LEFT, LETTER_SOFT, text);
        y += ROW_MM;
    }
    return canvas_paragraph(c, CANVAS_EDGE, y + 0.6, right - CANVAS_EDGE, LETTER_SOFT,
                            "Chance: that none of so many items comes back, were the account like "
                            "those of which some did.") +
           0.6;
}

/* Of the bars that there are. */
static double keys(struct canvas *c, const struct accounts *a, int64_t all, double y)
{
    const struct {
        enum meaning meaning;
        const char *words;
        int64_t n;
    } key[] = {
        { MEANING_UNEXPLAINED, "none came back: called excluded", a->verdict[ACCOUNT_EXCLUDED] },
        { MEANING_UNDECIDED, "none, perhaps by chance", a->bin[0] - a->verdict[ACCOUNT_EXCLUDED] },
        { MEANING_RETURNED, "some came back", all - a->bin[0] },
    };
    struct legend legend[3];
    size_t len = 0;

    for (size_t i = 0; i < sizeof key / sizeof *key; i++)
        if (key[i].n > 0)
            legend[len++] = (struct legend){ meaning_fill(key[i].meaning), key[i].words };
    return figure_legend(c, CANVAS_EDGE, y, legend, len);
}

void figure_accounts(struct canvas *c, const struct summary *s, const struct look *look)
{
    static const char nothing[] = "There is nothing to show yet: no account has enough items that "
                                  "are decided.";
    const struct accounts *a = &s->accounts;
    char title[160], below[200], n[TEXT_MAX], more[TEXT_MAX];
    int64_t all = 0;
    double y;

    for (int i = 0; i < ACCOUNT_BINS; i++)
        all += a->bin[i];
    buf_puts(&c->tsv, "kind\tplace\tname\tis\tfrom\tto\tchance\tq\n");
    if (all == 0) {
        y = figure_title(c, "Accounts by the share of their items that came back", "");
        c->h = figure_nothing(c, y, nothing);
        return;
    }
    snprintf(title, sizeof title, "Accounts by the share of their items that the API returned");
    snprintf(
        below, sizeof below,
        "%s %s with at least " COUNTED " on trial; %s of them %s called excluded: nothing came "
        "back, and not by chance.",
        text_count(all, n), plural(all, "account", "accounts"),
        COUNT_OF(a->min_items, "item", "items"), text_count(a->verdict[ACCOUNT_EXCLUDED], more),
        plural(a->verdict[ACCOUNT_EXCLUDED], "is", "are"));
    y = histogram(c, a, look, figure_title(c, title, below));
    c->h = list(c, a, look, keys(c, a, all, y) + 0.6);
}
