/* report/html_part.h: what the files of index.html share.
 * A section of the page is a row of one of the tables below and the function
 * that fills it in; its place in the table is its place in the page. */
#ifndef REPORT_HTML_PART_H
#define REPORT_HTML_PART_H
#include "report/datum.h"
#include "report/dom.h"
#include "report/figure.h"
#include "report/report.h"
#include "report/text.h"

struct html_page {
    const struct summary *s;
    struct datum_from from;        // the same, for datum.h
    const char *figure_dir;        // NULL: without pictures
    int rc;                        // -1 when a picture could not be read
    struct err *err;               // why
};
struct html_part {
    const char *id, *name;         // of its anchor; in the list at the head
    const char *title;
    void (*fill)(xmlNode *part, struct html_page *);
};
/* What came in; what was found; the five criteria; how it was found. A row without id ends them. */
extern const struct html_part html_inputs[], html_verdicts[], html_criteria[], html_run[];

/* A picture with links to its files; nothing in a page without pictures. */
void html_figure(xmlNode *part, struct html_page *, enum figure_name, const char *alt);

#define HEADS(a) (a), sizeof (a) / sizeof *(a)

/* What report_story says, as a paragraph; nothing where it says nothing. */
static inline void html_story(xmlNode *part, const struct summary *s, enum story what, size_t i)
{
    struct buf text = {0};

    report_story(&text, s, what, i);
    if (text.n)
        dom_str(dom_add(part, "p"), buf_view(&text));
    buf_release(&text);
}

/* ---- cells of a row ---- */

static inline void html_number(xmlNode *row, int64_t n)
{
    char text[TEXT_MAX];

    dom_number(row, text_count(n, text));
}

static inline void html_percent(xmlNode *row, double share)
{
    char text[TEXT_MAX];

    dom_number(row, text_percent(share, text));
}

static inline void html_probability(xmlNode *row, double p)
{
    char text[TEXT_MAX];

    dom_number(row, text_probability(p, text));
}

static inline void html_instant(xmlNode *row, int64_t at, const char *absent)
{
    char text[TEXT_MAX];

    dom_cell(row, at ? text_instant(at, text) : absent);
}
#endif
