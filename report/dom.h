/* report/dom.h: pages as libxml2 trees, so every text is escaped by the one
 * who writes it out. All texts are added through these functions; control and
 * bidirectional characters of outside text appear as \x1b, \u202e. */
#ifndef REPORT_DOM_H
#define REPORT_DOM_H
#include <libxml/tree.h>
#include "base/str.h"

/* A page with its head: title, style, and a policy that forbids scripts and
 * every load but embedded pictures. *body is where content goes. */
xmlDoc *dom_page(const char *title, xmlNode **body);
/* The same for a page with a script: the policy allows that one, by its digest. It stands in
 * the head, so it waits for DOMContentLoaded itself. */
xmlDoc *dom_page_scripted(const char *title, struct str script, xmlNode **body);
/* The same; its script may load others of the page's own folder: 'self', which holds from file://
 * too (tried with Chromium and Firefox). */
xmlDoc *dom_page_loading(const char *title, struct str script, xmlNode **body);
/* A page of a site: style sheet and script (NULL: none) are files of its own origin, which every
 * page of it shares. */
xmlDoc *dom_page_beside(const char *title, const char *css, const char *script, xmlNode **body);
/* The head of a page: for links of its own. */
xmlNode *dom_head(xmlDoc *);
/* Bytes that a script reads and no browser runs: <script type=TYPE id=ID>. A "</script" in
 * them would end it, and is a fault of ours: die(). */
void dom_data(xmlNode *parent, const char *type, const char *id, struct str bytes);
/* A further style sheet of this page. */
void dom_style(xmlDoc *, struct str css);
/* The page as HTML 5, UTF-8; the tree is freed. */
void dom_write(xmlDoc *, struct buf *out);

xmlNode *dom_add(xmlNode *parent, const char *tag);
void dom_attr(xmlNode *, const char *name, const char *value);
void dom_str(xmlNode *parent, struct str text);          // text from anywhere
void dom_printf(xmlNode *parent, const char *fmt, ...) PRINTF(2, 3);

/* Tables: a caption and a head; heads that begin with '#' are numbers. */
xmlNode *dom_table(xmlNode *parent, const char *caption, const char *const *heads, size_t len);
xmlNode *dom_row(xmlNode *tbody, struct str name);       // <tr><th scope=row>name</th>

/* ---- made of these ---- */

static inline void dom_text(xmlNode *parent, const char *text)
{
    dom_str(parent, str_of(text));
}

static inline xmlNode *dom_class(xmlNode *parent, const char *tag, const char *class)
{
    xmlNode *node = dom_add(parent, tag);

    dom_attr(node, "class", class);
    return node;
}

static inline void dom_p(xmlNode *parent, const char *text)
{
    dom_text(dom_add(parent, "p"), text);
}

static inline xmlNode *dom_link(xmlNode *parent, const char *href, struct str text)
{
    xmlNode *a = dom_add(parent, "a");

    dom_attr(a, "href", href);
    dom_str(a, text);
    return a;
}

static inline void dom_cell(xmlNode *row, const char *text)          // <td>
{
    dom_text(dom_add(row, "td"), text);
}

static inline void dom_number(xmlNode *row, const char *text)        // <td class=n>
{
    dom_text(dom_class(row, "td", "n"), text);
}
#endif
