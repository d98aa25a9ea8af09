/* report/html_tools.c: what the sections of the pages write with: sentences with numbers in
 * them, days, links to figures, words for buckets. */
#include <stdio.h>
#include <string.h>
#include "base/err.h"
#include "base/utc.h"
#include "report/html_part.h"

/* ---- sentences ---- */

typedef void datum_fn(xmlNode *, struct datum_from, const char *name);
static const struct {
    const char *word;
    datum_fn *put;
} parts[] = {
    { "n", datum_n },     { "of", datum_of },     { "value", datum_value },
    { "low", datum_low }, { "high", datum_high }, { "about", datum_estimate },
};

/* "n missing_public" */
static void put_datum(xmlNode *parent, struct html_page *page, struct str what)
{
    const int64_t blank = str_find(what, STR(" "), 0);
    char name[96];

    for (size_t i = 0; blank > 0 && i < sizeof parts / sizeof *parts; i++)
        if (str_eq(str_sub(what, 0, (size_t)blank), str_of(parts[i].word))) {
            snprintf(name, sizeof name, "%.*s", (int)(what.n - (size_t)blank - 1),
                     what.p + blank + 1);
            parts[i].put(parent, page->from, name);
            return;
        }
    die("no number can be put for {%.*s}", STR_ARG(what));
}

/* Up to the mark, which is passed; a sentence of ours without it is a fault. */
static struct str upto(const char **at, const char *mark)
{
    const char *end = strstr(*at, mark);
    struct str got;

    if (!end)
        die("a sentence lacks its %s: %s", mark, *at);
    got = (struct str){ *at, (size_t)(end - *at) };
    *at = end + strlen(mark);
    return got;
}

static void say(xmlNode *parent, struct html_page *page, struct str sentence);

static void put_link(xmlNode *parent, const char **at)
{
    const struct str text = upto(at, "]("), href = upto(at, ")");
    char to[128];

    snprintf(to, sizeof to, "%.*s", STR_ARG(href));
    dom_link(parent, to, text);
}

static void say(xmlNode *parent, struct html_page *page, struct str sentence)
{
    char text[2048];
    const char *at = text;

    snprintf(text, sizeof text, "%.*s", STR_ARG(sentence));
    while (*at) {
        const size_t plain = strcspn(at, "{[*");

        dom_str(parent, (struct str){ at, plain });
        at += plain;
        if (*at == '{') {
            at++;
            put_datum(parent, page, upto(&at, "}"));
        } else if (*at == '[') {
            at++;
            put_link(parent, &at);
        } else if (*at) {
            at += 2;
            say(dom_add(parent, "strong"), page, upto(&at, "**"));
        }
    }
}

void html_say(xmlNode *parent, struct html_page *page, const char *sentence)
{
    say(parent, page, str_of(sentence));
}

void html_listed(xmlNode *parent, struct html_page *page, const char *name)
{
    const struct number *n = numbers_find(&page->s->numbers, str_of(name));
    char file[160];
    xmlNode *a;

    if (!n || !n->ids.n || look_hides(page->look, n->n)) {
        datum_n(parent, page->from, name);
        return;
    }
    snprintf(file, sizeof file, "%.*s", STR_ARG(n->ids));
    a = dom_class(parent, "a", "list");
    dom_attr(a, "href", file);
    dom_attr(a, "title", "the list of ids");
    datum_n(a, page->from, name);
}

/* ---- days ---- */

static const char *const months[] = { "January",   "February", "March",    "April",
                                      "May",       "June",     "July",     "August",
                                      "September", "October",  "November", "December" };

struct date {
    int year, month, day;
};

static struct date date_of(int64_t at)
{
    char text[UTC_TEXT_MAX];
    struct date d = { 0, 1, 1 };

    utc_date(utc_day(at), text);
    sscanf(text, "%d-%d-%d", &d.year, &d.month, &d.day);
    return d;
}

void html_days_text(struct buf *out, int64_t from, int64_t to)
{
    const struct date a = date_of(from), b = date_of(to);
    const char *dash = "\u2013";

    if (a.year != b.year)
        buf_printf(out, "%d %s %d %s ", a.day, months[a.month - 1], a.year, dash);
    else if (a.month != b.month)
        buf_printf(out, "%d %s %s ", a.day, months[a.month - 1], dash);
    else if (a.day != b.day)
        buf_printf(out, "%d%s", a.day, dash);
    buf_printf(out, "%d %s %d", b.day, months[b.month - 1], b.year);
}

void html_days(xmlNode *parent, int64_t from, int64_t to)
{
    xmlNode *time = dom_add(parent, "time");
    char iso[UTC_TEXT_MAX];
    struct buf text = { 0 };

    html_days_text(&text, from, to);
    dom_attr(time, "datetime", utc_date(utc_day(to), iso));
    dom_str(time, buf_view(&text));
    buf_release(&text);
}

void html_day(xmlNode *parent, int64_t at) { html_days(parent, at, at); }

void html_instant(xmlNode *row, int64_t at, const char *absent)
{
    xmlNode *td = dom_add(row, "td"), *time;
    char text[TEXT_MAX];

    if (!at) {
        dom_text(td, absent);
        return;
    }
    time = dom_class(td, "time", "at");
    dom_attr(time, "datetime", text_instant(at, text));
    text[10] = ' ';
    text[16] = '\0';
    dom_text(time, text);
}

/* ---- figures ---- */

void html_figure(xmlNode *part, struct html_page *page, enum figure_name name)
{
    static const char *const endings[] = { "svg", "pdf", "png", "tsv", "txt" };
    xmlNode *p;
    char file[96];

    if (!page->drawn)
        return;
    p = dom_class(part, "p", "files");
    dom_text(p, "As a figure to print, its data, and in words: ");
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        snprintf(file, sizeof file, "figures/%s.%s", figure_names[name], endings[i]);
        dom_text(p, i ? ", " : "");
        dom_link(p, file, str_of(endings[i]));
    }
}

/* ---- buckets ---- */

const char *html_node_at(enum node n, char pointer[NODE_POINTER_MAX])
{
    char above[NODE_POINTER_MAX];

    if (n == NODE_ITEMS)
        snprintf(pointer, NODE_POINTER_MAX, "/waterfall/items");
    else
        snprintf(pointer, NODE_POINTER_MAX, "%.120s/children/%s",
                 html_node_at(node_parent(n), above), node_name(n));
    return pointer;
}

static const char *const node_words[NODE_COUNT] = {
    [NODE_ITEMS] = "all posts",
    [NODE_RETRIEVED] = "returned",
    [NODE_AT_ONCE] = "at once",
    [NODE_AFTER_RETRIES] = "only after further asks",
    [NODE_MISSING] = "not returned",
    [NODE_NOT_PUBLIC] = "not public",
    [NODE_DELETED] = "deleted",
    [NODE_PRIVATE] = "private",
    [NODE_PUBLIC] = "public",
    [NODE_CANADA] = "from Canada",
    [NODE_AD] = "advertising",
    [NODE_TIKTOK_OFFICIAL] = "the company\u2019s own accounts",
    [NODE_EXCLUDED_ACCOUNT] = "accounts of which no post came",
    [NODE_PUBLIC_UNKNOWN] = "no cause found",
    [NODE_RESTRICTED] = "refused from here",
    [NODE_RESTRICTED_UNKNOWN] = "perhaps public elsewhere",
    [NODE_OPEN] = "undecided",
    [NODE_TOO_RECENT] = "too recent",
    [NODE_UNOBSERVED] = "page gave no answer",
    [NODE_UNCONFIRMED] = "not asked on enough days",
    [NODE_NOT_ASKED] = "never asked",
};

const char *html_node_words(enum node n) { return node_words[n]; }
