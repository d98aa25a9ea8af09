/* report/html_inputs.c: the section of method.html that says what came in, and what became
 * of all of it. */
#include "report/html_part.h"
#include "report/inputs.h"

#define SOURCES_SHOWN 50
#define GIVEN_UP_SHOWN 20

static void part_row(xmlNode *tbody, struct html_page *page, const char *class, const char *name,
                     int64_t n, const char *key)
{
    xmlNode *row = dom_row(tbody, str_of(name));

    dom_attr(row, "class", class);
    html_count(row, page, n, "/inputs/all/%s", key);
}

static void account(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "", "#links, ids and rows" };
    const struct intake *in = &page->s->inputs.all;
    xmlNode *tbody = dom_table(part, "All that was seen in the sources, by what became of it.",
                               HEADS(heads));
    struct buf key = { 0 };

    dom_attr(tbody->parent, "class", "tree");
    part_row(tbody, page, "d0", "seen", in->seen, "seen");
    part_row(tbody, page, "d1", "new items", in->fresh, "new");
    part_row(tbody, page, "d1", "duplicates", in->duplicates, "duplicates");
    for (size_t i = 0; i < in->kinds; i++) {
        struct buf words = { 0 };

        buf_clear(&key);
        buf_printf(&key, "skipped/%s", in->passed[i].name);
        buf_printf(&words, "skipped: %s", in->passed[i].name);
        part_row(tbody, page, "d1", buf_cstr(&words), in->passed[i].n, buf_cstr(&key));
        buf_release(&words);
    }
    for (int f = 0; f < FATE_COUNT; f++) {
        struct buf words = { 0 };

        if (!in->link[f])
            continue;
        buf_clear(&key);
        buf_printf(&key, "short_links/%s", link_fate_name((enum link_fate)f));
        buf_printf(&words, "short link: %s", link_fate_words((enum link_fate)f));
        part_row(tbody, page, "d1", buf_cstr(&words), in->link[f], buf_cstr(&key));
        buf_release(&words);
    }
    buf_release(&key);
}

static void sources(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "source",     "kind",        "#seen",
                                         "#new items", "#duplicates", "#residual" };
    const struct inputs *in = &page->s->inputs;
    xmlNode *tbody = dom_table(part, "Source by source, in the order they came.", HEADS(heads)), *p;
    char count[TEXT_MAX];

    for (size_t i = 0; i < in->len && i < SOURCES_SHOWN; i++) {
        const struct input_source *s = &in->source[i];
        xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

        dom_attr(th, "scope", "row");
        datum_at(th, text_count(s->n, count), (double)s->n, "/inputs/sources/%zu/source", i);
        dom_str(dom_add(row, "td"), s->kind);
        if (!s->times) {
            for (int k = 0; k < 4; k++)
                dom_number(row, "not counted");
            continue;
        }
        html_count(row, page, s->intake.seen, "/inputs/sources/%zu/seen", i);
        html_count(row, page, s->intake.fresh, "/inputs/sources/%zu/new", i);
        html_count(row, page, s->intake.duplicates, "/inputs/sources/%zu/duplicates", i);
        html_count(row, page, intake_residual(&s->intake), "/inputs/sources/%zu/residual", i);
    }
    if (in->sources <= SOURCES_SHOWN)
        return;
    p = dom_class(part, "p", "soft");
    dom_text(p, "Of ");
    datum_at(p, text_count(in->sources, count), (double)in->sources, "/inputs/count");
    dom_text(p, " sources; more stand in summary.json.");
}

static void given_up(xmlNode *part, struct html_page *page)
{
    const struct inputs *in = &page->s->inputs;
    xmlNode *list, *p;

    if (!in->given_ups)
        return;
    dom_text(dom_add(part, "h3"), "Short links that were given up");
    p = dom_add(part, "p");
    dom_printf(p,
               "For %s nothing says where %s: tried on as many days as page.attempts, and "
               "nothing came back that decides. %s no item of this audit, and not known to be "
               "dead.",
               plural((int64_t)in->given_ups, "this one", "these"),
               plural((int64_t)in->given_ups, "it leads", "they lead"),
               plural((int64_t)in->given_ups, "It is", "They are"));
    list = dom_add(part, "ul");
    for (size_t i = 0; i < in->given_ups && i < GIVEN_UP_SHOWN; i++)
        dom_str(dom_add(dom_add(list, "li"), "code"), in->given_up[i].url);
    if (in->given_ups > GIVEN_UP_SHOWN)
        dom_p(part, "All of them stand in summary.json, inputs.given_up.");
}

static void inputs(xmlNode *part, struct html_page *page)
{
    const struct inputs *in = &page->s->inputs;
    char count[TEXT_MAX];
    xmlNode *p;

    if (!in->sources) {
        dom_p(part, "Nothing came in yet.");
        return;
    }
    account(part, page);
    p = dom_class(part, "p", "soft");
    dom_text(p, "What is left over where the parts are added up: ");
    datum_at(p, text_count(in->residual, count), (double)in->residual, "/inputs/residual");
    dom_text(p, ".");
    if (in->uncounted) {
        p = dom_add(part, "p");
        datum_at(p, text_count(in->uncounted, count), (double)in->uncounted, "/inputs/uncounted");
        dom_printf(p, " %s in before what came in was counted: what %s held is not known.",
                   plural(in->uncounted, "source came", "sources came"),
                   plural(in->uncounted, "it", "they"));
    }
    sources(part, page);
    given_up(part, page);
}

const struct html_part html_inputs[] = {
    { "inputs", "Inputs", "What came in, and what became of it", inputs, NULL },
    { 0 },
};
