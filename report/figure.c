/* report/figure.c: the data and the drawing of each figure, made of numbers and
 * words of our own: no text from outside reaches gnuplot. Colours are from the
 * Okabe-Ito palette, ordered by lightness and hatched, and every bar carries its
 * number, so a print in grey says the same. */
#include <stdio.h>
#include "base/utc.h"
#include "report/figure.h"
#include "report/numbers.h"
#include "report/text.h"

const char *const figure_names[FIGURE_COUNT] = { "breakdown", "fields", "accounts", "timeline",
                                                 "criteria" };

/* ---- breakdown ---- */

enum fill { FILL_RETRIEVED = 1, FILL_NOT_PUBLIC, FILL_PUBLIC, FILL_RESTRICTED, FILL_OPEN };
struct bar { enum node node; const char *name; enum fill fill; };
static const struct bar all_bars[] = {
    { NODE_RETRIEVED, "returned by the API", FILL_RETRIEVED },
    { NODE_PUBLIC, "missing, though public", FILL_PUBLIC },
    { NODE_NOT_PUBLIC, "missing, not public", FILL_NOT_PUBLIC },
    { NODE_RESTRICTED, "missing, restricted here", FILL_RESTRICTED },
    { NODE_OPEN, "open", FILL_OPEN },
};
static const struct bar missing_bars[] = {
    { NODE_CANADA, "canada", FILL_PUBLIC },
    { NODE_AD, "ad", FILL_PUBLIC },
    { NODE_TIKTOK_OFFICIAL, "tiktok_official", FILL_PUBLIC },
    { NODE_EXCLUDED_ACCOUNT, "excluded_account", FILL_PUBLIC },
    { NODE_PUBLIC_UNKNOWN, "unknown (unexplained)", FILL_PUBLIC },
    { NODE_RESTRICTED_UNKNOWN, "unknown (restricted)", FILL_RESTRICTED },
    { NODE_DELETED, "deleted", FILL_NOT_PUBLIC },
    { NODE_PRIVATE, "private", FILL_NOT_PUBLIC },
};
#define BARS(a) (sizeof (a) / sizeof *(a))

/* Adds the rows of one panel; returns its longest bar. */
static double breakdown_rows(struct buf *tsv, const struct summary *s, int panel,
                             const struct bar *bar, size_t len, enum node whole)
{
    const struct waterfall *w = &s->waterfall;
    char count[TEXT_MAX], part[TEXT_MAX], all[TEXT_MAX];
    double longest = 0;

    for (size_t i = 0; i < len; i++) {
        const int64_t n = w->n[bar[i].node];
        const double share = share_of(n, w->n[whole]), of_all = share_of(n, w->n[NODE_ITEMS]);

        longest = share > longest ? share : longest;
        buf_printf(tsv, "%d\t%zu\t%s\t%lld\t%.6f\t%.6f\t%d\t%s (%s", panel, i, bar[i].name,
                   (long long)n, share, of_all, bar[i].fill, text_count(n, count),
                   text_percent(share, part));
        if (whole != NODE_ITEMS)
            buf_printf(tsv, "; %s of all", text_percent(of_all, all));
        buf_puts(tsv, ")\n");
    }
    return longest;
}

static const char breakdown_script[] =
    "row(p, f) = (column(1) == p && column(7) == f) ? column(2) : NaN\n"
    "set style line 1 lc rgb '#56B4E9'; set style line 2 lc rgb '#BDBDBD'; "
    "set style line 3 lc rgb '#0072B2'\n"
    "set style line 4 lc rgb '#D55E00'; set style line 5 lc rgb '#FFFFFF'\n"
    "unset border; unset key; unset xtics; unset ytics\n"
    "set lmargin at screen 0.27; set rmargin at screen 0.98\n"
    "set multiplot\n"
    "do for [p = 1:2] {\n"
    "  rows = (p == 1) ? 5 : 8\n"
    "  set tmargin at screen (p == 1 ? 0.82 : 0.46); set bmargin at screen (p == 1 ? 0.54 : 0.03)\n"
    "  unset label\n"
    "  if (p == 1) { set label 1 bold(title_text) at screen 0.02, screen 0.965 left font big }\n"
    "  if (p == 1) { set label 2 subtitle_text at screen 0.02, screen 0.915 left }\n"
    "  set label 3 bold(p == 1 ? all_text : missing_text) at screen 0.02, screen "
    "(p == 1 ? 0.855 : 0.495) left\n"
    "  set xrange [0 : (p == 1 ? longest_1 * 1.4 : longest_2 * 1.9)]\n"
    "  set yrange [rows - 0.5 : -0.5]\n"
    "  set arrow 1 from 0, graph 0 to 0, graph 1 nohead lc rgb '#000000'\n"
    "  plot data skip 1 using (0):(row(p, 1)):(0):5:($2-0.36):($2+0.36) "
    "with boxxyerror ls 1 fs solid 1.0 border lc rgb '#000000', \\\n"
    "    data skip 1 using (0):(row(p, 2)):(0):5:($2-0.36):($2+0.36) "
    "with boxxyerror ls 2 fs solid 1.0 border lc rgb '#000000', \\\n"
    "    data skip 1 using (0):(row(p, 3)):(0):5:($2-0.36):($2+0.36) "
    "with boxxyerror ls 3 fs solid 1.0 border lc rgb '#000000', \\\n"
    "    data skip 1 using (0):(row(p, 4)):(0):5:($2-0.36):($2+0.36) "
    "with boxxyerror ls 4 fs pattern 4 border lc rgb '#000000', \\\n"
    "    data skip 1 using (0):(row(p, 5)):(0):5:($2-0.36):($2+0.36) "
    "with boxxyerror ls 5 fs solid 1.0 border lc rgb '#000000', \\\n"
    "    data skip 1 using (column(1) == p ? $5 : NaN):2:8 "
    "with labels left offset char 0.8, 0, \\\n"
    "    data skip 1 using (column(1) == p ? 0 : NaN):2:3 "
    "with labels right offset char -0.8, 0 noenhanced\n"
    "}\n"
    "unset multiplot\n";

static void breakdown(struct figure *f, const struct summary *s)
{
    const struct headline *h = &s->headline;
    char a[TEXT_MAX], b[TEXT_MAX], c[TEXT_MAX];
    double longest[2];

    f->width = 800, f->height = 560;
    buf_puts(&f->tsv, "panel\trow\tname\tcount\tshare\tshare_of_all\tfill\ttext\n");
    longest[0] = breakdown_rows(&f->tsv, s, 1, all_bars, BARS(all_bars), NODE_ITEMS);
    longest[1] = breakdown_rows(&f->tsv, s, 2, missing_bars, BARS(missing_bars), NODE_MISSING);
    buf_printf(&f->head, "title_text = 'What the Research API returned of %s %s'\n",
               text_count(s->waterfall.n[NODE_ITEMS], a),
               plural(s->waterfall.n[NODE_ITEMS], "item", "items"));
    buf_printf(&f->head, "subtitle_text = 'Public, but not returned: %s",
               text_count(s->waterfall.n[NODE_PUBLIC], a));
    if (h->has_share)
        buf_printf(&f->head, " of %s%s, or %s", h->has_interval ? "about " : "",
                   text_estimate((double)s->waterfall.n[NODE_PUBLIC] + h->retrieved_public, b),
                   text_percent(h->share, c));
    if (h->has_interval)
        buf_printf(&f->head, " (95 %% interval %s to %s)", text_percent(h->interval.low, b),
                   text_percent(h->interval.high, c));
    buf_puts(&f->head, "'\n");
    buf_printf(&f->head, "all_text = 'All items (%s = 100 %%)'\n",
               text_count(s->waterfall.n[NODE_ITEMS], a));
    buf_printf(&f->head, "missing_text = 'Missing items by label (%s = 100 %%)'\n",
               text_count(s->waterfall.n[NODE_MISSING], a));
    buf_printf(&f->head, "longest_1 = %.6f\nlongest_2 = %.6f\n", longest[0] > 0 ? longest[0] : 1,
               longest[1] > 0 ? longest[1] : 1);
    f->body = s->waterfall.n[NODE_ITEMS] ? breakdown_script : NULL;
}

/* ---- fields ---- */

static const char fields_script[] =
    "down(pixels) = 1 - pixels / height\n"
    "set border 0; set ytics scale 0 nomirror noenhanced\n"
    "set xtics ('0 %%' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '100 %%' 1) scale 0.5 nomirror\n"
    "set lmargin at screen 0.23; set rmargin at screen 0.97; set tmargin at screen down(100); "
    "set bmargin at screen 40 / height\n"
    "set xrange [0 : 1.42]; set yrange [rows - 0.5 : -0.5]\n"
    "set label 1 bold(title_text) at screen 0.02, screen down(24) left font big\n"
    "set label 2 'equal or within' at first 1, screen down(88) left offset char 0.8, 0\n"
    "set key at screen 0.97, screen down(48) right maxrows 1 samplen 1.5 width -1\n"
    "low(k) = (k > 4 ? column(4) : 0) + (k > 5 ? column(5) : 0) + (k > 6 ? column(6) : 0) + "
    "(k > 7 ? column(7) : 0)\n"
    "plot data skip 1 using (0):1:(low(4)/$3):((low(4)+$4)/$3):($1-0.36):($1+0.36):ytic(2) "
    "with boxxyerror lc rgb '#0072B2' fs solid 1.0 border lc rgb '#000000' title 'equal', \\\n"
    "  data skip 1 using (0):1:(low(5)/$3):((low(5)+$5)/$3):($1-0.36):($1+0.36) "
    "with boxxyerror lc rgb '#56B4E9' fs solid 1.0 border lc rgb '#000000' title 'within', \\\n"
    "  data skip 1 using (0):1:(low(6)/$3):((low(6)+$6)/$3):($1-0.36):($1+0.36) "
    "with boxxyerror lc rgb '#D55E00' fs pattern 4 border lc rgb '#000000' title 'differs', \\\n"
    "  data skip 1 using (0):1:(low(7)/$3):((low(7)+$7)/$3):($1-0.36):($1+0.36) "
    "with boxxyerror lc rgb '#BDBDBD' fs solid 1.0 border lc rgb '#000000' title 'API only', \\\n"
    "  data skip 1 using (0):1:(low(8)/$3):((low(8)+$8)/$3):($1-0.36):($1+0.36) "
    "with boxxyerror lc rgb '#FFFFFF' fs solid 1.0 border lc rgb '#000000' title 'page only', \\\n"
    "  data skip 1 using (1):1:9 with labels left offset char 0.8, 0 notitle\n";

static void fields(struct figure *f, const struct summary *s)
{
    char count[TEXT_MAX], percent[TEXT_MAX];
    int rows = 0;

    buf_puts(&f->tsv, "row\tfield\titems\tequal\twithin\tdiffers\tapi_only\tpage_only\ttext\n");
    for (int i = 0; i < FIELD_COUNT; i++) {
        const int64_t *n = s->field[i];
        const int64_t shown = s->compared[i] + n[VERDICT_API_ONLY] + n[VERDICT_PAGE_ONLY];

        if (field_info((enum field)i)->cmp == CMP_NONE || shown == 0)
            continue;
        buf_printf(&f->tsv, "%d\t%s\t%lld\t%lld\t%lld\t%lld\t%lld\t%lld\t%s of %s\n", rows++,
                   field_info((enum field)i)->name, (long long)shown, (long long)n[VERDICT_EQUAL],
                   (long long)n[VERDICT_WITHIN], (long long)n[VERDICT_DIFFERS],
                   (long long)n[VERDICT_API_ONLY], (long long)n[VERDICT_PAGE_ONLY],
                   text_percent(s->agree[i], percent), text_count(s->compared[i], count));
    }
    f->width = 800, f->height = 140 + 26 * (rows ? rows : 8);
    buf_printf(&f->head,
               "title_text = 'Do the API and the public page agree, field by field?'\nrows = "
               "%d\nheight = %d.0\n",
               rows, f->height);
    f->body = rows ? fields_script : NULL;
}

/* ---- accounts ---- */

static const char accounts_script[] =
    "set border 1; unset ytics; set xtics scale 0 nomirror\n"
    "set lmargin at screen 0.03; set rmargin at screen 0.97; set tmargin at screen 0.76; "
    "set bmargin at screen 0.17\n"
    "set xrange [-0.6 : 11.6]; set yrange [0 : highest * 1.12]\n"
    "set label 1 bold(title_text) at screen 0.02, screen 0.945 left font big\n"
    "set label 2 subtitle_text at screen 0.02, screen 0.885 left\n"
    "set xlabel 'share of the account''s items that the API returned'\n"
    "set key at screen 0.97, screen 0.83 right maxrows 1 samplen 1.5\n"
    "plot data skip 1 using 1:(0):($1-0.4):($1+0.4):(0):4 "
    "with boxxyerror lc rgb '#0072B2' fs solid 1.0 border lc rgb '#000000' "
    "title 'none, excluded', \\\n"
    "  data skip 1 using 1:(0):($1-0.4):($1+0.4):4:($4+$5) "
    "with boxxyerror lc rgb '#D55E00' fs pattern 4 border lc rgb '#000000' "
    "title 'none, perhaps by chance', \\\n"
    "  data skip 1 using 1:(0):($1-0.4):($1+0.4):(0):6:xtic(2) "
    "with boxxyerror lc rgb '#56B4E9' fs solid 1.0 border lc rgb '#000000' "
    "title 'some returned', \\\n"
    "  data skip 1 using 1:3:7 with labels center offset 0, char 0.7 notitle\n";

static void bin_tick(struct buf *tsv, int bin)
{
    if (bin == 0 || bin == ACCOUNT_BINS - 1)
        buf_puts(tsv, account_bin_name(bin));
    else
        buf_printf(tsv, bin < 10 ? "\xe2\x89\xa4%d %%" : "<%d %%", 10 * bin);    // U+2264
}

static void accounts(struct figure *f, const struct summary *s)
{
    const struct accounts *a = &s->accounts;
    char count[TEXT_MAX], more[TEXT_MAX];
    int64_t highest = 0, all = 0;

    f->width = 800, f->height = 420;
    buf_puts(&f->tsv, "bin\tshare_returned\taccounts\texcluded\tchance\treturned\ttext\n");
    for (int i = 0; i < ACCOUNT_BINS; i++) {
        const int64_t excluded = i == 0 ? a->verdict[ACCOUNT_EXCLUDED] : 0;
        const int64_t chance = i == 0 ? a->bin[0] - excluded : 0;

        buf_printf(&f->tsv, "%d\t", i);
        bin_tick(&f->tsv, i);
        buf_printf(&f->tsv, "\t%lld\t%lld\t%lld\t%lld\t%s\n", (long long)a->bin[i],
                   (long long)excluded, (long long)chance,
                   (long long)(a->bin[i] - excluded - chance), text_count(a->bin[i], count));
        highest = a->bin[i] > highest ? a->bin[i] : highest;
        all += a->bin[i];
    }
    buf_printf(&f->head, "title_text = '%s %s with at least " COUNTED " on trial'\n",
               text_count(all, count), plural(all, "account", "accounts"),
               COUNT_OF(a->min_items, "item", "items"));
    buf_printf(&f->head,
               "subtitle_text = '%s %s called excluded: no item came back, and not by chance'\n",
               text_count(a->verdict[ACCOUNT_EXCLUDED], more),
               plural(a->verdict[ACCOUNT_EXCLUDED], "is", "are"));
    buf_printf(&f->head, "highest = %lld\n", (long long)highest);
    f->body = all ? accounts_script : NULL;
}

/* ---- timeline ---- */

static const char timeline_script[] =
    "set xdata time; set timefmt '%Y-%m-%d'; unset mxtics\n"
    "set xrange [first : last]; set border 1; unset ytics; set xtics scale 0.5 nomirror\n"
    "if (days <= 10) { set xtics 86400 }\n"
    "set lmargin at screen 0.05; set rmargin at screen 0.95\n"
    "set multiplot\n"
    "set label 1 bold(title_text) at screen 0.02, screen 0.955 left font big\n"
    "do for [p = 1:3] {\n"
    "  set tmargin at screen (1.09 - 0.28 * p); set bmargin at screen (0.93 - 0.28 * p)\n"
    "  set format x (p == 3 ? \"%d %b\\n%Y\" : '')\n"
    "  top = (p == 1) ? top_1 : (p == 2) ? top_2 : top_3\n"
    "  set yrange [0 : top * 1.25]\n"
    "  set label 3 bold(p == 1 ? name_1 : p == 2 ? name_2 : name_3) at graph 0, graph 1.2 left\n"
    "  if (p == 2) { set key at graph 1, graph 1.32 right maxrows 1 samplen 1.5 } "
    "else { unset key }\n"
    "  first_col = (p == 1) ? 2 : (p == 2) ? 3 : 5\n"
    "  text_col = 5 + p\n"
    "  show(c) = days <= 20 ? strcol(c) : ''\n"
    "  if (days > 60) { set style fill solid 1.0 noborder } "
    "else { set style fill solid 1.0 border lc rgb '#000000' }\n"
    "  plot data skip 1 using 1:first_col:(69120) with boxes lc rgb '#56B4E9' "
    "title 'asked', \\\n"
    "    data skip 1 using 1:(p == 2 ? $4 : NaN):(69120) with boxes lc rgb '#0072B2' "
    "title 'came back', \\\n"
    "    data skip 1 using 1:first_col:(show(text_col)) "
    "with labels center offset 0, char 0.7 notitle\n"
    "}\n"
    "unset multiplot\n";

static void timeline(struct figure *f, const struct summary *s)
{
    int64_t top[3] = { 1, 1, 1 };
    char day[UTC_TEXT_MAX], last[UTC_TEXT_MAX], text[3][TEXT_MAX];

    f->width = 800, f->height = 520;
    buf_puts(&f->tsv,
             "day\trequests\tasked\tfound\tpages\trequests_text\tasked_text\tpages_text\n");
    for (size_t i = 0; i < s->days; i++) {
        const struct timeline_day *d = &s->day[i];
        const int64_t n[3] = { d->requests, d->asked, d->pages };

        buf_printf(&f->tsv, "%s\t%lld\t%lld\t%lld\t%lld\t%s\t%s\t%s\n", utc_date(d->day, day),
                   (long long)d->requests, (long long)d->asked, (long long)d->found,
                   (long long)d->pages, text_count(d->requests, text[0]),
                   text_count(d->asked, text[1]), text_count(d->pages, text[2]));
        for (int k = 0; k < 3; k++)
            top[k] = n[k] > top[k] ? n[k] : top[k];
    }
    if (s->days) {
        utc_date(s->day[0].day - 1, day);
        utc_date(s->day[s->days - 1].day + 1, last);
        buf_printf(&f->head, "first = '%s'\nlast = '%s'\ndays = %lld\n", day, last,
                   (long long)(s->day[s->days - 1].day - s->day[0].day + 1));
    }
    buf_printf(&f->head,
               "title_text = 'What was asked and read, by UTC day'\n"
               "top_1 = %lld\ntop_2 = %lld\ntop_3 = %lld\n",
               (long long)top[0], (long long)top[1], (long long)top[2]);
    buf_printf(&f->head,
               "name_1 = 'API requests, at most %s a day'\nname_2 = 'Items asked of the API, at "
               "most %s a day'\n"
               "name_3 = 'Pages read, at most %s a day'\n",
               text_count(top[0], text[0]), text_count(top[1], text[1]),
               text_count(top[2], text[2]));
    f->body = s->days ? timeline_script : NULL;
}

/* ---- criteria ---- */

static const char criteria_script[] =
    "down(pixels) = 1 - pixels / height\n"
    "set border 1; set ytics scale 0 nomirror noenhanced; set grid xtics lt 1 lc rgb '#CCCCCC'\n"
    "set xtics ('0 %%' 0, '25 %%' 0.25, '50 %%' 0.5, '75 %%' 0.75, '100 %%' 1) scale 0.5 nomirror\n"
    "set lmargin at screen 0.3; set rmargin at screen 0.97; set tmargin at screen down(90); "
    "set bmargin at screen 40 / height\n"
    "set xrange [-0.01 : 1.75]; set yrange [rows - 0.5 : -0.5]\n"
    "set label 1 bold(title_text) at screen 0.02, screen down(24) left font big\n"
    "set label 2 'shares of the five criteria, with their bounds' at screen 0.02, "
    "screen down(46) left\n"
    "set key at screen 0.97, screen down(64) right maxrows 1 samplen 1.5 width -1\n"
    "of(c) = strcol(2) eq c ? $4 : NaN\n"
    "plot data skip 1 using (of('accuracy')):1:5:6:ytic(3) with xerrorbars pt 5 lc rgb '#0072B2' "
    "title 'accuracy', \\\n"
    "  data skip 1 using (of('completeness')):1:5:6 with xerrorbars pt 7 lc rgb '#D55E00' "
    "title 'completeness', \\\n"
    "  data skip 1 using (of('timeliness')):1:5:6 with xerrorbars pt 9 lc rgb '#009E73' "
    "title 'timeliness', \\\n"
    "  data skip 1 using (of('consistency')):1:5:6 with xerrorbars pt 11 lc rgb '#56B4E9' "
    "title 'consistency', \\\n"
    "  data skip 1 using (of('validity')):1:5:6 with xerrorbars pt 13 lc rgb '#000000' "
    "title 'validity', \\\n"
    "  data skip 1 using (1.02):1:9 with labels left offset char 0.8, 0 notitle\n";

/* Leading shares that have a value. */
static bool is_shown(const struct number *n)
{
    return n->criterion != CRITERION_NONE && n->unit == UNIT_SHARE && n->has && number_leads(n);
}

static void criteria_row(struct buf *tsv, const struct number *n, int row)
{
    char words[TEXT_MAX], value[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    buf_printf(tsv, "%d\t%s\t%s\t%.6f\t%.6f\t%.6f\t%lld\t%lld\t%s", row,
               criterion_name(n->criterion), text_words(n->name, words), n->value, n->low, n->high,
               (long long)n->n, (long long)n->of, text_number(n, n->value, value));
    if (number_has_range(n))
        buf_printf(tsv, " (%s to %s)", text_number(n, n->low, low), text_number(n, n->high, high));
    buf_char(tsv, '\n');
}

static void criteria(struct figure *f, const struct summary *s)
{
    int rows = 0;

    buf_puts(&f->tsv, "row\tcriterion\tnumber\tvalue\tlow\thigh\tn\tof\ttext\n");
    for (int c = CRITERION_NONE + 1; c < CRITERION_COUNT; c++)
        for (const struct number *n = s->numbers.first; n; n = n->next)
            if (n->criterion == (enum criterion)c && is_shown(n))
                criteria_row(&f->tsv, n, rows++);
    f->width = 800, f->height = 130 + 24 * (rows ? rows : 8);
    buf_printf(&f->head,
               "title_text = 'What this access is worth, by five criteria'\nrows = "
               "%d\nheight = %d.0\n",
               rows, f->height);
    f->body = rows ? criteria_script : NULL;
}

/* ---- scripts ---- */

static const char empty_script[] =
    "unset border; unset tics; unset key\n"
    "set label 1 bold(title_text) at screen 0.02, screen 0.94 left font big\n"
    "set label 2 'There is nothing to show yet.' at screen 0.5, screen 0.5 center\n"
    "set xrange [0 : 1]; set yrange [0 : 1]\n"
    "plot NaN\n";

void figure_make(struct figure *f, enum figure_name name, const struct summary *s)
{
    static void (*const make[FIGURE_COUNT])(struct figure *, const struct summary *) = {
        breakdown, fields, accounts, timeline, criteria,
    };

    make[name](f, s);
    if (!f->body)
        f->body = empty_script;
}
