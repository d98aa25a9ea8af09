/* report/html_fields.c: the section of index.html about the fields of a post: whether API and
 * page agree, how far counters stand apart, how often either side fills them. */
#include <math.h>
#include <stdio.h>
#include "report/html_part.h"

static void chart_of(xmlNode *row, const struct html_page *page, enum field f)
{
    const struct summary *s = page->s;
    const double all = (double)s->compared[f];
    const struct chart_piece piece[] = {
        { MEANING_RETURNED,
          all > 0 ? (double)html_drawn(page, s->field[f][VERDICT_EQUAL]) / all : 0 },
        { MEANING_LATE, all > 0 ? (double)html_drawn(page, s->field[f][VERDICT_WITHIN]) / all : 0 },
        { MEANING_UNEXPLAINED,
          all > 0 ? (double)html_drawn(page, s->field[f][VERDICT_DIFFERS]) / all : 0 },
    };

    chart_stack_cell(row, piece, sizeof piece / sizeof *piece);
}

static void filled(xmlNode *row, struct html_page *page, enum side side, const char *field)
{
    xmlNode *td = dom_class(row, "td", "n");
    char name[96];

    snprintf(name, sizeof name, "filled_%s_%s", side_name(side), field);
    if (numbers_find(&page->s->numbers, str_of(name)))
        datum_value(td, page->from, name);
}

static void agreement(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "field",      "#compared",  "#equal",     "#within",
                                         "#differs",   "",           "#agree",     "#API only",
                                         "#page only", "#API fills", "#page fills" };
    const struct summary *s = page->s;
    xmlNode *tbody = dom_table(
        part,
        "Posts by field and verdict. Agree: equal or within. Fills: how many "
        "of the rows, or of the public pages, have a value.",
        HEADS(heads));

    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *name = field_info((enum field)f)->name;
        xmlNode *row;

        if (field_info((enum field)f)->cmp == CMP_NONE)
            continue;
        row = dom_row(tbody, str_of(name));
        html_count(row, page, s->compared[f], "/fields/%s/compared", name);
        html_count(row, page, s->field[f][VERDICT_EQUAL], "/fields/%s/equal", name);
        html_count(row, page, s->field[f][VERDICT_WITHIN], "/fields/%s/within", name);
        html_count(row, page, s->field[f][VERDICT_DIFFERS], "/fields/%s/differs", name);
        chart_of(row, page, (enum field)f);
        html_share(row, page, s->agree[f], s->compared[f], "/fields/%s/share", name);
        html_count(row, page, s->field[f][VERDICT_API_ONLY], "/fields/%s/api_only", name);
        html_count(row, page, s->field[f][VERDICT_PAGE_ONLY], "/fields/%s/page_only", name);
        filled(row, page, SIDE_API, name);
        filled(row, page, SIDE_PAGE, name);
    }
}

/* ---- counters ---- */

/* A logarithm as the factor that it is of: over or under the page's. */
static void ratio(xmlNode *row, double x, const char *field, const char *of)
{
    const double factor = pow(10, fabs(x));
    char text[TEXT_MAX];

    if (factor < 1.005)
        snprintf(text, sizeof text, "=");
    else
        snprintf(text, sizeof text, factor < 10 ? "%s%.2f" : "%s%.0f", x < 0 ? "\u00f7" : "\u00d7",
                 factor);
    datum_at(dom_class(row, "td", "n"), text, x, "/counter_ratios/%s/%s", field, of);
}

static void spread_row(xmlNode *tbody, struct html_page *page, enum field f)
{
    const struct ratio_row *r = &page->s->ratio[f];
    const char *name = field_info(f)->name;
    xmlNode *row = dom_row(tbody, str_of(name));

    html_count(row, page, r->n, "/counter_ratios/%s/n", name);
    if (!r->n) {
        dom_class(row, "td", "bars");
        for (int i = 0; i < 5; i++)
            dom_number(row, "-");
        return;
    }
    chart_spread_cell(row, &(struct chart_spread){ r->p5, r->p25, r->p50, r->p75, r->p95 });
    ratio(row, r->min, name, "min");
    ratio(row, r->p5, name, "p5");
    ratio(row, r->p50, name, "p50");
    ratio(row, r->p95, name, "p95");
    ratio(row, r->max, name, "max");
}

static void axis(xmlNode *table)
{
    static const struct {
        const char *text;
        double at;
    } ticks[] = {
        { "\u00f710", -1 },        { "\u00f72", -0.30103 }, { "\u00f71.1", -0.041393 }, { "=", 0 },
        { "\u00d71.1", 0.041393 }, { "\u00d72", 0.30103 },  { "\u00d710", 1 },
    };
    xmlNode *th = table->children->next->children->children;    // caption, thead, tr
    xmlNode *scale;
    char style[32];

    th = th->next->next;
    scale = dom_class(th, "div", "axis");
    for (size_t i = 0; i < sizeof ticks / sizeof *ticks; i++) {
        xmlNode *tick = dom_add(scale, "code");

        snprintf(style, sizeof style, "left:%.2f%%", chart_on_axis(ticks[i].at));
        dom_attr(tick, "style", style);
        dom_text(tick, ticks[i].text);
    }
}

static void bins(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "counter",         "#a tenth or less", "#to a half",
                                         "#to nine tenths", "#a little less",   "#equal",
                                         "#a little more",  "#to double",       "#to tenfold",
                                         "#tenfold or more" };
    xmlNode *tbody, *details = dom_add(part, "details");

    dom_text(dom_add(details, "summary"), "The same in counts of posts");
    tbody = dom_table(details,
                      "Posts by the API\u2019s counter against the page\u2019s; equal is within "
                      "one in a hundred, a little within one in ten.",
                      HEADS(heads));
    for (int f = 0; f < FIELD_COUNT; f++) {
        const char *name = field_info((enum field)f)->name;
        xmlNode *row;

        if (field_info((enum field)f)->cmp != CMP_COUNTER)
            continue;
        row = dom_row(tbody, str_of(name));
        for (int b = 0; b < RATIO_BINS; b++)
            html_count(row, page, page->s->ratio[f].bin[b], "/counter_ratios/%s/bins/%s", name,
                       ratio_bin_name(b));
    }
}

static void counters(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "counter",  "#posts",  "",          "#lowest",
                                         "#low end", "#middle", "#high end", "#highest" };
    const struct counters_judged *c = &page->s->counters;
    xmlNode *tbody, *p, *source;
    char text[TEXT_MAX];

    if (c->rows == 0)
        return;
    dom_text(dom_add(part, "h3"), "How far counters stand apart");
    tbody = dom_table(
        part,
        "The API\u2019s counter over the page\u2019s, on a scale that is logarithmic in either "
        "direction from equal; of posts a month old and older that are not small. Nine in ten lie "
        "between the low and the high end (thin), half of them in the thick part.",
        HEADS(heads));
    dom_attr(tbody->parent, "class", "spreads");
    axis(tbody->parent);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_info((enum field)f)->cmp == CMP_COUNTER)
            spread_row(tbody, page, (enum field)f);
    bins(part, page);
    html_figure(part, page, FIGURE_COUNTERS);
    p = dom_class(part, "p", "soft");
    dom_text(p, "The API\u2019s copy may be days old, and a value differs only where no growth of "
                "those days explains it; how much posts grow is the table of ");
    dom_str(dom_add(p, "code"), c->table);
    dom_text(p, " (");
    source = dom_add(p, "span");
    dom_attr(source, "data-at", "/counters/source");
    dom_str(source, c->source);
    dom_text(p, "), its limits to the power of ");
    snprintf(text, sizeof text, "%.2f", c->lambda);
    datum_at(p, text, c->lambda, "/counters/lambda");
    dom_text(p, ", from ");
    datum_count_at(p, page->from, c->pairs, "/counters/pairs");
    dom_printf(p, " %s of readings of this audit\u2019s pages. Of ",
               plural(c->pairs, "pair", "pairs"));
    datum_count_at(p, page->from, c->no_instant, "/counters/no_common_instant");
    dom_printf(p, " of ");
    datum_count_at(p, page->from, c->rows, "/counters/rows");
    dom_printf(p, " %s the counters fit no one instant.", plural(c->rows, "row", "rows"));
}

static void fields(xmlNode *part, struct html_page *page)
{
    xmlNode *key;

    dom_p(part, "Compared are posts that both sides show. Within: not equal, and explained by "
                "rounding or by the time between the two readings. differences.csv has every row.");
    key = dom_class(part, "ul", "key");
    for (int i = 0; i < 3; i++) {
        static const struct {
            enum meaning m;
            const char *text;
        } keys[] = {
            { MEANING_RETURNED, "equal" },
            { MEANING_LATE, "within" },
            { MEANING_UNEXPLAINED, "differs" },
        };
        xmlNode *li = dom_add(key, "li");
        char class[48];

        snprintf(class, sizeof class, "sw m-%s", meanings[keys[i].m].word);
        dom_attr(dom_class(li, "i", class), "aria-hidden", "true");
        dom_text(li, keys[i].text);
    }
    agreement(part, page);
    html_figure(part, page, FIGURE_FIELDS);
    counters(part, page);
}

static bool has_fields(const struct summary *s)
{
    for (int f = 0; f < FIELD_COUNT; f++)
        if (s->compared[f])
            return true;
    return false;
}

const struct html_part html_fields[] = {
    { "fields", "Fields", "Fields: do the API and the page agree?", fields, has_fields },
    { 0 },
};
