/* report/html_vantages.c: where posts are public and where refused: the section of index.html, and
 * that of method.html which says what was read where. */
#include <stdio.h>
#include "report/html_part.h"

static bool has_vantages(const struct summary *s) { return s->vantages.n > 1; }

/* ---- what was found ---- */

static void answer(xmlNode *part, struct html_page *page)
{
    const struct number *all = numbers_find(&page->s->numbers, STR("public_here_refused_there")),
                        *open = numbers_find(&page->s->numbers, STR("vantages_undecided"));
    xmlNode *p = dom_add(part, "p");

    html_say(p, page, "Of {of public_here_refused_there} ");
    dom_printf(p, "%s whose pages decided at two vantages, ", plural(all->of, "post", "posts"));
    html_listed(dom_add(p, "strong"), page, "public_here_refused_there");
    dom_printf(p, " %s public at one and %s refused at another while %s still there",
               plural(all->n, "is", "are"), plural(all->n, "was", "were"),
               plural(all->n, "it was", "they were"));
    html_say(p, page,
             all->has ? " ({value public_here_refused_there}; {low public_here_refused_there} to "
                        "{high public_here_refused_there})."
                      : ".");
    if (!open->n)
        return;
    dom_text(p, " Of ");
    html_listed(p, page, "vantages_undecided");
    dom_text(p, " more this is not decided: nobody saw them since they were refused, so they may "
                "have been deleted in between.");
}

/* The bounds lean on what is undecided, so a count that is kept back keeps them back. */
static void row_of(xmlNode *tbody, struct html_page *page, const char *words, struct str name,
                   int64_t open, const char *pointer)
{
    char number[NODE_NAME_MAX];
    xmlNode *row = dom_row(tbody, str_of(words));
    const struct number *n = numbers_find(&page->s->numbers, name);

    snprintf(number, sizeof number, "%.*s", STR_ARG(name));
    html_listed(dom_class(row, "td", "n"), page, number);
    datum_of(dom_class(row, "td", "n"), page->from, number);
    datum_value(dom_class(row, "td", "n"), page->from, number);
    if (n->has) {
        datum_low(dom_class(row, "td", "n"), page->from, number);
        datum_high(dom_class(row, "td", "n"), page->from, number);
    } else {
        dom_number(row, "-");
        dom_number(row, "-");
    }
    html_count(row, page, open, "%s", pointer);
}

static void pairs(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "", "#posts", "#of", "#share", "#from", "#to",
                                         "#undecided" };
    const struct vantages *v = &page->s->vantages;
    xmlNode *tbody = dom_table(part,
                               "Pair by pair. Of: posts that are public (or refused) at the "
                               "vantage that is named first, and whose page decided at the other "
                               "too.",
                               HEADS(heads));

    for (size_t i = 0; i < v->pairs; i++) {
        const struct vantage_pair *p = &v->pair[i];
        const struct str a = v->v[p->a].name, b = v->v[p->b].name;
        char words[200], pointer[96];

        snprintf(words, sizeof words, "public at %.*s, refused at %.*s", STR_ARG(a), STR_ARG(b));
        snprintf(pointer, sizeof pointer, "/vantages/pairs/%zu/public_refused_undecided", i);
        row_of(tbody, page, words, p->refused_there, p->n[BESIDE_PUBLIC_REFUSED_OPEN], pointer);
        snprintf(words, sizeof words, "refused at %.*s, public at %.*s", STR_ARG(a), STR_ARG(b));
        snprintf(pointer, sizeof pointer, "/vantages/pairs/%zu/refused_public_undecided", i);
        row_of(tbody, page, words, p->public_there, p->n[BESIDE_REFUSED_PUBLIC_OPEN], pointer);
    }
}

static void here_and_there(xmlNode *part, struct html_page *page)
{
    answer(part, page);
    pairs(part, page);
    html_figure(part, page, FIGURE_VANTAGES);
    html_say(dom_class(part, "p", "soft"), page,
             "Ranges are 95 % intervals (Wilson), widened by what is undecided as if it fell all "
             "one way, then all the other. They hold for other posts only where the posts were "
             "drawn by lot; [what each vantage read](method.html#vantages) and when a difference "
             "counts is said in the method. Which post is public where stands in public_at and "
             "refused_at of labels.csv.");
}

const struct html_part html_vantages[] = {
    { "vantages", "Here and there", "Public here, refused there", here_and_there, has_vantages },
    { 0 },
};

/* ---- how it was read ---- */

static const char *const asked_words[][2] = {
    { "ambiguous", "refusals that another place may overturn" },
    { "refused", "every post that was refused at the first" },
    { "all", "whatever was read at the first" },
};

static void asked(xmlNode *row, struct str asked, bool first)
{
    xmlNode *td = dom_add(row, "td");

    if (!asked.n) {
        dom_text(td, first ? "what the audit needs" : "pages that came in from files");
        return;
    }
    dom_str(dom_add(td, "code"), asked);
    for (size_t i = 0; i < sizeof asked_words / sizeof *asked_words; i++)
        if (str_eq(asked, str_of(asked_words[i][0])))
            dom_printf(td, ": %s", asked_words[i][1]);
    if (str_starts(asked, STR("sample:")))
        dom_text(td, ": the ambiguous ones, and so many of the posts that are public at the first, "
                     "drawn by the seed");
}

static void read_where(xmlNode *part, struct html_page *page)
{
    static const char *const heads[] = { "vantage",  "country that pages named",
                                         "reads",    "#public",
                                         "#refused", "#no answer" };
    const struct vantages *v = &page->s->vantages;
    xmlNode *tbody = dom_table(part, "What the pages of posts last said, vantage by vantage.",
                               HEADS(heads));

    for (size_t i = 0; i < v->n; i++) {
        xmlNode *row = dom_row(tbody, v->v[i].name);

        dom_cell(row, v->v[i].region.n ? v->v[i].region.p : "-");
        asked(row, v->v[i].asked, i == 0);
        html_count(row, page, v->v[i].is_public, "/vantages/seen/%zu/public", i);
        html_count(row, page, v->v[i].refused, "/vantages/seen/%zu/refused", i);
        html_count(row, page, v->v[i].unread, "/vantages/seen/%zu/no_answer", i);
    }
    dom_p(part, "Two vantages read a post at different times, and in between it may have been "
                "deleted. So one that is refused at the one counts as public at the other only if "
                "it was there still: seen public, at whichever vantage, at or after the refusal; "
                "where the first vantage is the one that shows it, before the refusal as well. The "
                "first vantage reads again what was refused elsewhere, and a further vantage what "
                "was refused at the first since. Where neither has happened yet the post is "
                "undecided, and in no share. What rests on the embed page alone is not read there: "
                "the embed page is another witness.");
}

const struct html_part html_vantages_read[] = {
    { "vantages", "Vantages", "Where pages were read", read_where, has_vantages },
    { 0 },
};
