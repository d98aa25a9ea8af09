/* report/html_inputs.c: the section of index.html that says what came in, and what became
 * of all of it. */
#include "report/html_part.h"
#include "report/inputs.h"

#define SOURCES_SHOWN 50
#define GIVEN_UP_SHOWN 20

static xmlNode *part_row(xmlNode *tbody, const char *class, struct str name, int64_t n)
{
    xmlNode *row = dom_row(tbody, name);

    dom_attr(row, "class", class);
    html_number(row, n);
    return row;
}

static void account(xmlNode *part, const struct intake *in)
{
    static const char *const heads[] = { "", "#links, ids and rows" };
    xmlNode *tbody = dom_table(part, "All that was seen in the sources, by what became of it.",
                               HEADS(heads));

    dom_attr(tbody->parent, "class", "tree");
    part_row(tbody, "d0", STR("seen"), in->seen);
    part_row(tbody, "d1", STR("new items"), in->fresh);
    part_row(tbody, "d1", STR("duplicates"), in->duplicates);
    part_row(tbody, "d1", STR("skipped"), intake_passed(in));
    for (size_t i = 0; i < in->kinds; i++)
        part_row(tbody, "d2", str_of(in->passed[i].name), in->passed[i].n);
    part_row(tbody, "d1", STR("short links"), intake_short_links(in));
    for (int f = 0; f < FATE_COUNT; f++)
        if (in->link[f])
            part_row(tbody, "d2", str_of(link_fate_words((enum link_fate)f)), in->link[f]);
}

static void sources(xmlNode *part, const struct inputs *in)
{
    static const char *const heads[] = { "source",   "kind",         "#seen",    "#new items",
                                         "#duplicates", "#skipped", "#short links", "#residual" };
    xmlNode *tbody = dom_table(part, "Source by source, in the order they came.", HEADS(heads));
    char count[TEXT_MAX];

    for (size_t i = 0; i < in->len && i < SOURCES_SHOWN; i++) {
        const struct input_source *s = &in->source[i];
        xmlNode *row = dom_row(tbody, str_of(text_count(s->n, count)));

        dom_str(dom_add(row, "td"), s->kind);
        if (!s->times) {
            for (int k = 0; k < 6; k++)
                dom_number(row, "not counted");
            continue;
        }
        html_number(row, s->intake.seen);
        html_number(row, s->intake.fresh);
        html_number(row, s->intake.duplicates);
        html_number(row, intake_passed(&s->intake));
        html_number(row, intake_short_links(&s->intake));
        html_number(row, intake_residual(&s->intake));
    }
    if (in->sources > SOURCES_SHOWN)
        dom_printf(dom_class(part, "p", "soft"), "Of %s sources; more stand in summary.json.",
                   text_count(in->sources, count));
}

static void given_up(xmlNode *part, const struct inputs *in)
{
    xmlNode *list;
    char count[TEXT_MAX];

    if (!in->given_ups)
        return;
    dom_text(dom_add(part, "h3"), "Short links that were given up");
    dom_printf(dom_add(part, "p"),
               "%s %s where nothing says where %s: tried on as many days as page.attempts, "
               "and nothing came back that decides. %s no item of this audit, and not known to "
               "be dead.",
               text_count((int64_t)in->given_ups, count),
               plural((int64_t)in->given_ups, "short link", "short links"),
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

    if (!in->sources) {
        dom_p(part, "Nothing came in yet.");
        return;
    }
    account(part, &in->all);
    dom_printf(dom_add(part, "p"), "Residual of the inputs: %s.", text_count(in->residual, count));
    if (in->uncounted)
        dom_printf(dom_add(part, "p"),
                   "%s %s in before what came in was counted: what %s held is not known.",
                   text_count(in->uncounted, count),
                   plural(in->uncounted, "source came", "sources came"),
                   plural(in->uncounted, "it", "they"));
    sources(part, in);
    given_up(part, in);
}

const struct html_part html_inputs[] = {
    { "inputs", "Inputs", "Inputs: what came in, and what became of it", inputs },
    { NULL, NULL, NULL, NULL },
};
