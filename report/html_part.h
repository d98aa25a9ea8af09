/* report/html_part.h: what the files of index.html and method.html share.
 *
 * A section of a page is a row of one of the tables below and the function that fills it in;
 * its place in the table is its place in the page. Every number goes through report/datum.h.
 * To add one: copy `html_time` in html_time.c, and put it into the list of its page in html.c. */
#ifndef REPORT_HTML_PART_H
#define REPORT_HTML_PART_H
#include "report/chart.h"
#include "report/datum.h"
#include "report/dom.h"
#include "report/figure.h"
#include "report/report.h"
#include "report/text.h"

struct html_page {
    const struct summary *s;
    const struct look *look;
    struct datum_from from;    // of these two
    bool drawn;                // figures/ has pictures
};
struct html_part {
    const char *id, *name;    // of its anchor; in the list of sections
    const char *title;
    void (*fill)(xmlNode *part, struct html_page *);
    bool (*wanted)(const struct summary *);    // NULL: always
};
/* A row without id ends each. */
extern const struct html_part html_sure[], html_ledger[], html_criteria[], html_fields[],
    html_accounts[], html_time[], html_rules[], html_limits[],
    html_review[], html_sample[], html_vantages[];                                 // index.html
extern const struct html_part html_run[], html_inputs[], html_vantages_read[];   // method.html

/* What was audited and when; the answer in one sentence. */
void html_kick(xmlNode *header, struct html_page *);
void html_answer(xmlNode *h1, struct html_page *);
/* Head and first screen of index.html; returns <main>, where the rest goes. */
xmlNode *html_first(xmlNode *body, struct html_page *);
/* The title of index.html: the answer in one line. */
void html_title(struct buf *out, const struct summary *, const struct look *);

/* A sentence in which numbers stand by name:
 *     {n NAME} {of NAME} {value NAME} {low NAME} {high NAME} {about NAME} (an estimate)
 *     [text](href)   **strong** */
void html_say(xmlNode *parent, struct html_page *, const char *sentence);
/* n of a number, as a link to the list of the items behind it, where there is one. */
void html_listed(xmlNode *parent, struct html_page *, const char *name);
/* Days from the one to the other, "2-4 March 2026", in a <time>; instants. */
void html_days(xmlNode *parent, int64_t from, int64_t to);
void html_day(xmlNode *parent, int64_t at);
void html_days_text(struct buf *out, int64_t from, int64_t to);
/* Which files of a figure lie below figures/; nothing where it was not drawn. */
void html_figure(xmlNode *part, struct html_page *, enum figure_name);
/* "/waterfall/items/children/missing" of a node. */
#define NODE_POINTER_MAX 160
const char *html_node_at(enum node, char pointer[NODE_POINTER_MAX]);
/* What a chart may draw of a count: what is kept back is not to be read off a bar's length. */
static inline int64_t html_drawn(const struct html_page *page, int64_t n)
{
    return look_hides(page->look, n) ? 0 : n;
}
/* How a bucket reads, and what it means. */
const char *html_node_words(enum node);

#define HEADS(a) (a), sizeof(a) / sizeof *(a)

/* ---- cells of a row ---- */

#define html_count(row, page, n, ...) \
    datum_count_at(dom_class((row), "td", "n"), (page)->from, (n), __VA_ARGS__)
#define html_share(row, page, share, n, ...) \
    datum_share_at(dom_class((row), "td", "n"), (page)->from, (share), (n), __VA_ARGS__)
/* A probability; "-" below 0. */
#define html_chance(row, p, ...)                                                          \
    do {                                                                                  \
        char text_of_it[TEXT_MAX];                                                        \
                                                                                          \
        if ((p) < 0)                                                                      \
            dom_number((row), "-");                                                       \
        else                                                                              \
            datum_at(dom_class((row), "td", "n"), text_probability((p), text_of_it), (p), \
                     __VA_ARGS__);                                                        \
    } while (0)

/* An instant as a <time>, to the minute. */
void html_instant(xmlNode *row, int64_t at, const char *absent);

/* Of pages with numbers that stand in no summary.json: a comparison of two audits. */
static inline void html_number(xmlNode *row, int64_t n)
{
    char text[TEXT_MAX];

    dom_number(row, text_count(n, text));
}
#endif
