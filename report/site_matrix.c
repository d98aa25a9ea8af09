/* report/site_matrix.c: posts by days. Days alike, one after the other, are one rectangle; where
 * there are too many of them for a page, all of one state become the strokes of one line: the same
 * drawing in a few elements. What a colour says, a pattern says as well. */
#include <stdio.h>
#include <stdlib.h>
#include "base/array.h"
#include "record/id.h"
#include "report/site_part.h"

#define HEAD 18            // px: the months above the rows
#define ROW 16             // px from row to row
#define BAR 12             // px of it that are filled
#define RECTANGLES 500     // beyond, strokes
#define RECTANGLES_OF_ONE 30    // of one post's page, whose table says what they do

struct kind {
    struct watch_day is;
    struct buf strokes;
};
struct drawing {
    const struct site *s;
    const struct matrix_of *of;
    int wide;              // px a day
    struct { struct kind *v; size_t n, cap; } kind;
    size_t runs;
};

/* As many pixels as fit a page that is 860 wide, and no fewer than two. */
static int width_of_day(int64_t days)
{
    return days <= 107 ? 8 : days <= 172 ? 5 : days <= 286 ? 3 : 2;
}

static void attr_number(xmlNode *node, const char *name, int64_t n)
{
    char text[24];

    snprintf(text, sizeof text, "%lld", (long long)n);
    dom_attr(node, name, text);
}

static void place(xmlNode *node, int64_t x, int64_t y, int64_t w, int64_t h)
{
    attr_number(node, "x", x);
    attr_number(node, "y", y);
    attr_number(node, "width", w);
    attr_number(node, "height", h);
}

static struct kind *kind_of(struct drawing *d, struct watch_day is)
{
    for (size_t i = 0; i < d->kind.n; i++)
        if (watch_day_is_like(d->kind.v[i].is, is))
            return &d->kind.v[i];
    ARRAY_ROOM(d->kind.v, d->kind.n, d->kind.cap);
    d->kind.v[d->kind.n] = (struct kind){ .is = is };
    return &d->kind.v[d->kind.n++];
}

/* The part of a run that is drawn; false: none. */
static bool clip(const struct drawing *d, const struct watch_run *run, int64_t *x, int64_t *len)
{
    const int64_t first = run->first > d->of->first_day ? run->first : d->of->first_day;

    *x = first - d->of->first_day;
    *len = run->last - first + 1;
    return *len > 0;
}

static void gather(struct drawing *d)
{
    int64_t x, len;

    for (size_t i = 0; i < d->of->n; i++) {
        const struct watch_post *p = &d->s->h->post[d->of->from + i];

        for (size_t k = 0; k < p->runs; k++) {
            struct kind *kind = kind_of(d, p->run[k].is);

            if (!clip(d, &p->run[k], &x, &len))
                continue;
            d->runs++;
            buf_printf(&kind->strokes, "M%lld %lldh%lld", (long long)x * d->wide,
                       (long long)(HEAD + (int64_t)i * ROW + ROW / 2), (long long)len * d->wide);
        }
    }
}

/* ---- fills ---- */

static void put_pattern(xmlNode *defs, const char *id, const char *class, const char *path)
{
    xmlNode *pattern = dom_add(defs, "pattern"), *rect, *line;

    dom_attr(pattern, "id", id);
    dom_attr(pattern, "width", "6");
    dom_attr(pattern, "height", "6");
    dom_attr(pattern, "patternUnits", "userSpaceOnUse");
    rect = dom_class(pattern, "rect", class);
    dom_attr(rect, "width", "6");
    dom_attr(rect, "height", "6");
    line = dom_class(pattern, "path", "veil");
    dom_attr(line, "d", path);
}

static void put_patterns(xmlNode *svg)
{
    xmlNode *defs = dom_add(svg, "defs");

    put_pattern(defs, "p-absent", "f-absent", "M-1 1L1 -1M0 6L6 0M5 7L7 5");
    put_pattern(defs, "p-not-public", "f-not-public", "M1.5 0V6M4.5 0V6");
    put_pattern(defs, "p-not-measured", "f-hole", "M1.5 1.5h1M4.5 4.5h1");
}

static void fill(xmlNode *node, const char *attr, enum meaning m)
{
    char text[48];

    if (m == MEANING_RETURNED)
        return;    // plain: by its class
    snprintf(text, sizeof text, "url(#p-%s)", meanings[m].word);
    dom_attr(node, attr, text);
}

/* ---- days ---- */

static xmlNode *put_group(xmlNode *svg, const struct kind *kind, const char *tag)
{
    const enum meaning m = meaning_of_day(kind->is);
    struct buf text = { 0 };
    char class[48];
    xmlNode *g;

    snprintf(class, sizeof class, m == MEANING_RETURNED ? "s f-%s" : "s", meanings[m].word);
    g = dom_class(svg, tag, class);
    site_state(&text, kind->is);
    dom_attr(g, "data-is", buf_cstr(&text));
    buf_release(&text);
    return g;
}

static void put_rectangle(const struct drawing *d, xmlNode *g, size_t row,
                          const struct watch_run *run, const char *is)
{
    char days[SITE_SPAN_MAX];
    xmlNode *rect;
    int64_t x, len;

    if (!clip(d, run, &x, &len))
        return;
    rect = dom_add(g, "rect");
    place(rect, x * d->wide, HEAD + (int64_t)row * ROW + (ROW - BAR) / 2, len * d->wide, BAR);
    dom_printf(dom_add(rect, "title"), "%s: %s", site_span(run->first, run->last, days), is);
}

static void put_rectangles(struct drawing *d, xmlNode *svg)
{
    for (size_t k = 0; k < d->kind.n; k++) {
        xmlNode *g = put_group(svg, &d->kind.v[k], "g");
        struct buf is = { 0 };

        fill(g, "fill", meaning_of_day(d->kind.v[k].is));
        site_state(&is, d->kind.v[k].is);
        for (size_t i = 0; i < d->of->n; i++) {
            const struct watch_post *p = &d->s->h->post[d->of->from + i];

            for (size_t r = 0; r < p->runs; r++)
                if (watch_day_is_like(p->run[r].is, d->kind.v[k].is))
                    put_rectangle(d, g, i, &p->run[r], buf_cstr(&is));
        }
        buf_release(&is);
    }
}

static void put_strokes(struct drawing *d, xmlNode *svg)
{
    for (size_t k = 0; k < d->kind.n; k++) {
        xmlNode *path = put_group(svg, &d->kind.v[k], "path");

        attr_number(path, "stroke-width", BAR);
        fill(path, "stroke", meaning_of_day(d->kind.v[k].is));
        dom_attr(path, "d", buf_cstr(&d->kind.v[k].strokes));
    }
}

/* ---- around them ---- */

static void put_months(const struct drawing *d, xmlNode *svg, int64_t high)
{
    const int64_t between = 56;    // px, at least; a whole date takes more
    int64_t last = -between;
    xmlNode *lines = dom_class(svg, "path", "month");
    struct buf path = { 0 };
    char date[UTC_TEXT_MAX];

    for (int64_t i = 0; i < d->of->days; i++) {
        const int64_t x = i * d->wide;
        xmlNode *node;

        utc_date(d->of->first_day + i, date);
        if ((date[8] != '0' || date[9] != '1') && i > 0)
            continue;
        buf_printf(&path, "M%lld %dV%lld", (long long)x, HEAD - 4, (long long)high);
        if (x - last < between || x + between > d->of->days * d->wide + 12)
            continue;
        last = i ? x : x + 20;
        node = dom_add(svg, "text");
        attr_number(node, "x", x + 2);
        attr_number(node, "y", HEAD - 6);
        dom_printf(node, "%.*s", i ? 7 : 10, date);
    }
    dom_attr(lines, "d", buf_cstr(&path));
    buf_release(&path);
}

static void put_notes(const struct drawing *d, xmlNode *svg, int64_t high)
{
    const struct watch_history *h = d->s->h;

    for (size_t i = 0; i < h->notes; i++) {
        const int64_t x = (h->note[i].day - d->of->first_day) * d->wide + d->wide / 2;
        char line[64], date[SITE_DATE_MAX];
        xmlNode *path, *title;

        if (h->note[i].day < d->of->first_day || h->note[i].day >= d->of->first_day + d->of->days)
            continue;
        snprintf(line, sizeof line, "M%lld %dV%lld", (long long)x, HEAD - 6, (long long)high);
        path = dom_class(svg, "path", "noted");
        dom_attr(path, "d", line);
        title = dom_add(path, "title");
        dom_printf(title, "%s: ", site_date(h->note[i].day, date));
        dom_str(title, h->note[i].text);
    }
}

static void put_names(const struct drawing *d, xmlNode *to)
{
    xmlNode *list = dom_class(to, "ol", "names");

    for (size_t i = 0; i < d->of->n; i++) {
        const struct watch_post *p = &d->s->h->post[d->of->from + i];
        char href[SITE_HREF_MAX], path[SITE_HREF_MAX + 8], id[ID_TEXT_MAX];

        snprintf(path, sizeof path, "%s%s", d->of->up, site_href(p->id, href));
        id_text(p->id, id);
        dom_attr(dom_link(dom_add(list, "li"), path, str_of(id)), "title", id);    // may be cut
    }
}

static void put_drawing(struct drawing *d, xmlNode *to)
{
    const int64_t wide = d->of->days * d->wide, high = HEAD + (int64_t)d->of->n * ROW;
    char box[64], first[SITE_DATE_MAX], last[SITE_DATE_MAX], label[160];
    xmlNode *svg = dom_add(to, "svg");

    snprintf(box, sizeof box, "0 0 %lld %lld", (long long)wide, (long long)high);
    dom_attr(svg, "viewBox", box);
    attr_number(svg, "width", wide);
    attr_number(svg, "height", high);
    dom_attr(svg, "role", "img");
    snprintf(label, sizeof label, "%zu %s by %lld days, %s to %s: what the table says in numbers",
             d->of->n, plural((int64_t)d->of->n, "post", "posts"), (long long)d->of->days,
             site_date(d->of->first_day, first),
             site_date(d->of->first_day + d->of->days - 1, last));
    dom_attr(svg, "aria-label", label);
    put_patterns(svg);
    put_months(d, svg, high);
    if (d->runs > (d->of->n == 1 ? RECTANGLES_OF_ONE : RECTANGLES))
        put_strokes(d, svg);
    else
        put_rectangles(d, svg);
    put_notes(d, svg, high);
}

void site_matrix(xmlNode *to, const struct site *s, const struct matrix_of *of)
{
    struct drawing d = { .s = s, .of = of, .wide = width_of_day(of->days) };
    xmlNode *frame = dom_class(to, "div", of->n > 40 ? "matrix tall" : "matrix");

    gather(&d);
    attr_number(frame, "data-day", of->first_day);
    attr_number(frame, "data-days", of->days);
    attr_number(frame, "data-wide", d.wide);
    attr_number(frame, "data-head", HEAD);
    attr_number(frame, "data-row", ROW);
    dom_attr(frame, "tabindex", "0");
    dom_attr(frame, "role", "group");
    dom_attr(frame, "aria-label", "Posts by days; with the arrow keys one day after another");
    if (of->names)
        put_names(&d, frame);
    put_drawing(&d, frame);
    for (size_t i = 0; i < d.kind.n; i++)
        buf_release(&d.kind.v[i].strokes);
    free(d.kind.v);
}

void site_legend(xmlNode *to)
{
    static const enum meaning shown[] = { MEANING_RETURNED, MEANING_ABSENT, MEANING_NOT_PUBLIC,
                                          MEANING_NOT_MEASURED };
    xmlNode *key = dom_class(to, "ul", "key");

    for (size_t i = 0; i < sizeof shown / sizeof *shown; i++) {
        xmlNode *li = dom_add(key, "li"), *svg = dom_class(li, "svg", "sw"), *rect;

        dom_attr(svg, "viewBox", "0 0 12 12");
        dom_attr(svg, "aria-hidden", "true");
        rect = dom_add(svg, "rect");
        place(rect, 0, 0, 12, 12);
        fill(rect, "fill", shown[i]);
        if (shown[i] == MEANING_RETURNED)
            dom_attr(rect, "class", "f-returned");
        dom_text(li, site_fill_words(shown[i]));
    }
}
