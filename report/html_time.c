/* report/html_time.c: the section of index.html about time: by the age of posts, by the month
 * in which they were made, by the day on which the API was asked. */
#include <stdio.h>
#include "base/utc.h"
#include "report/html_part.h"

static const enum meaning meaning_by[BECAME_COUNT] = {
    [BECAME_AT_ONCE] = MEANING_RETURNED,        [BECAME_LATE] = MEANING_LATE,
    [BECAME_DOCUMENTED] = MEANING_DOCUMENTED,   [BECAME_DISPUTED] = MEANING_DISPUTED,
    [BECAME_UNEXPLAINED] = MEANING_UNEXPLAINED, [BECAME_NOT_PUBLIC] = MEANING_NOT_PUBLIC,
    [BECAME_RESTRICTED] = MEANING_RESTRICTED,   [BECAME_OPEN] = MEANING_UNDECIDED,
};

static bool has(const struct summary *s, enum became b)
{
    for (size_t i = 0; i < s->time.months; i++)
        if (s->time.month[i].n[b])
            return true;
    for (size_t i = 0; i < s->time.ages; i++)
        if (s->time.age[i].n[b])
            return true;
    return false;
}

static void key(xmlNode *part, const struct summary *s)
{
    xmlNode *list = dom_class(part, "ul", "key");

    for (int b = 0; b < BECAME_COUNT; b++)
        if (has(s, (enum became)b))
            chart_key(dom_add(list, "li"), meaning_by[b]);
}

static xmlNode *table(xmlNode *part, const struct summary *s, const char *first,
                      const char *caption)
{
    const char *heads[BECAME_COUNT + 4];
    char names[BECAME_COUNT][48];
    xmlNode *tbody;
    size_t n = 0;

    heads[n++] = first;
    heads[n++] = "#posts";
    for (int b = 0; b < BECAME_COUNT; b++)
        if (has(s, (enum became)b)) {
            snprintf(names[b], sizeof names[b], "#%s", meanings[meaning_by[b]].label);
            heads[n++] = names[b];
        }
    heads[n++] = "";
    heads[n++] = "#not returned of public";
    tbody = dom_table(part, caption, heads, n);
    dom_attr(tbody->parent, "class", "time");
    return tbody;
}

static void put_row(xmlNode *row, struct html_page *page, const struct time_row *t,
                    const char *list, size_t i)
{
    struct chart_piece piece[BECAME_COUNT];

    html_count(row, page, t->items, "/time/%s/%zu/items", list, i);
    for (int b = 0; b < BECAME_COUNT; b++) {
        piece[b] = (struct chart_piece){
            meaning_by[b], t->items ? (double)html_drawn(page, t->n[b]) / (double)t->items : 0
        };
        if (has(page->s, (enum became)b))
            html_count(row, page, t->n[b], "/time/%s/%zu/%s", list, i, became_name((enum became)b));
    }
    chart_stack_cell(row, piece, BECAME_COUNT);
    html_share(row, page, t->not_returned,
               t->n[BECAME_DOCUMENTED] + t->n[BECAME_DISPUTED] + t->n[BECAME_UNEXPLAINED],
               "/time/%s/%zu/not_returned", list, i);
}

static const char *age_words(int from, int to)
{
    static const struct {
        int from;
        const char *words;
    } words[] = {
        { 0, "under 3 days" },   { 3, "3 days to a week" },    { 7, "a week to a month" },
        { 30, "1 to 3 months" }, { 90, "3 months to a year" }, { 365, "1 to 2 years" },
    };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (words[i].from == from && to != AGE_NO_END)
            return words[i].words;
    return "2 years and older";
}

static void by_age(xmlNode *part, struct html_page *page)
{
    const struct over_time *t = &page->s->time;
    xmlNode *tbody, *p;

    dom_text(dom_add(part, "h3"), "By age when first asked");
    tbody = table(part, page->s, "age",
                  "Posts by their age when the API was first asked for them, and the share of the "
                  "public ones that it did not return.");
    for (size_t i = 0; i < t->ages; i++) {
        xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

        dom_attr(th, "scope", "row");
        dom_text(dom_add(th, "time"), age_words(t->age[i].from, t->age[i].to));
        put_row(row, page, &t->age[i], "by_age", i);
    }
    if (!t->unasked)
        return;
    p = dom_class(part, "p", "soft");
    datum_count_at(p, page->from, t->unasked, "/time/never_asked");
    dom_printf(p, " %s never asked for, and %s in no row.",
               plural(t->unasked, "more post was", "more posts were"),
               plural(t->unasked, "stands", "stand"));
}

static char *month_text(const struct time_row *t, char text[16])
{
    snprintf(text, 16, "%04d-%02d", (t->from - 1) / 12, (t->from - 1) % 12 + 1);
    return text;
}

/* Ends of the axis below the columns. */
static void month_axis(xmlNode *part, const struct over_time *t)
{
    xmlNode *axis = dom_class(part, "div", "ends");
    char text[16];

    dom_attr(axis, "aria-hidden", "true");
    dom_text(dom_add(axis, "time"), month_text(&t->month[0], text));
    dom_text(dom_add(axis, "time"), month_text(&t->month[t->months - 1], text));
}

static void by_month(xmlNode *part, struct html_page *page)
{
    const struct over_time *t = &page->s->time;
    struct chart_column *column = arena_alloc(page->s->mem, t->months * sizeof *column);
    xmlNode *tbody, *details;
    char text[16];

    for (size_t i = 0; i < t->months; i++) {
        int64_t *drawn = arena_alloc(page->s->mem, BECAME_COUNT * sizeof *drawn);

        for (int b = 0; b < BECAME_COUNT; b++)
            drawn[b] = html_drawn(page, t->month[i].n[b]);
        column[i].n = drawn;
    }
    dom_text(dom_add(part, "h3"), "By month made");
    chart_columns(part,
                  "Posts by the month in which they were made and by what became of them; "
                  "the same counts as in the table below.",
                  meaning_by, BECAME_COUNT, column, t->months);
    month_axis(part, t);
    details = dom_add(part, "details");
    dom_text(dom_add(details, "summary"), "Month by month");
    tbody = table(
        details, page->s, "made in",
        "Posts by the UTC month in which they were made, and the share of the public ones "
        "that the API did not return.");
    for (size_t i = 0; i < t->months; i++) {
        xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

        dom_attr(th, "scope", "row");
        dom_text(dom_add(th, "time"), month_text(&t->month[i], text));
        put_row(row, page, &t->month[i], "by_month", i);
    }
}

static void by_day(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "day (UTC)",  "#calls", "#posts asked for",
                                         "#came back", "",       "#pages read" };
    const struct summary *s = page->s;
    xmlNode *tbody;
    int64_t most = 1;

    for (size_t i = 0; i < s->days; i++)
        most = s->day[i].asked > most ? s->day[i].asked : most;
    dom_text(dom_add(part, "h3"), "By day asked");
    tbody = dom_table(
        part,
        "What was asked of the API day by day, canaries and repeats included; what "
        "came back once is not asked again, so later days ask for what is hard to get.",
        HEADS(heads));
    for (size_t i = 0; i < s->days; i++) {
        const struct timeline_day *d = &s->day[i];
        const struct chart_piece piece[] = {
            { MEANING_RETURNED, (double)d->found / (double)most },
            { MEANING_UNDECIDED, (double)(d->asked - d->found) / (double)most },
        };
        xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

        dom_attr(th, "scope", "row");
        html_day(th, utc_day_start(d->day));
        html_count(row, page, d->requests, "/days/%zu/requests", i);
        html_count(row, page, d->asked, "/days/%zu/asked", i);
        html_count(row, page, d->found, "/days/%zu/found", i);
        chart_stack_cell(row, piece, sizeof piece / sizeof *piece);
        html_count(row, page, d->pages, "/days/%zu/pages", i);
    }
    html_figure(part, page, FIGURE_TIMELINE);
}

static void time_part(xmlNode *part, struct html_page *page)
{
    key(part, page->s);
    if (page->s->time.ages)
        by_age(part, page);
    if (page->s->time.months)
        by_month(part, page);
    if (page->s->days)
        by_day(part, page);
}

static bool has_time(const struct summary *s) { return s->time.ages || s->days; }

const struct html_part html_time[] = {
    { "time", "Time", "Time", time_part, has_time },
    { 0 },
};
