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
/* The page as HTML 5, UTF-8; the tree is freed. */
void dom_write(xmlDoc *, struct buf *out);

xmlNode *dom_add(xmlNode *parent, const char *tag);
xmlNode *dom_class(xmlNode *parent, const char *tag, const char *class);
void dom_attr(xmlNode *, const char *name, const char *value);
void dom_str(xmlNode *parent, struct str text);          // text from anywhere
void dom_text(xmlNode *parent, const char *text);
void dom_printf(xmlNode *parent, const char *fmt, ...) PRINTF(2, 3);
xmlNode *dom_p(xmlNode *parent, const char *text);       // <p>text</p>
xmlNode *dom_link(xmlNode *parent, const char *href, struct str text);

/* Tables: a caption and a head; heads that begin with '#' are numbers. */
xmlNode *dom_table(xmlNode *parent, const char *caption, const char *const *heads, size_t len);
xmlNode *dom_row(xmlNode *tbody, struct str name);       // <tr><th scope=row>name</th>
xmlNode *dom_cell(xmlNode *row, const char *text);       // <td>
void dom_number(xmlNode *row, const char *text);         // <td class=n>
#endif
