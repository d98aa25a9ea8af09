/* report/dom.c: small words for building a page with libxml2. */
#include <libxml/HTMLtree.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/log.h"
#include "report/dom.h"
#include "report/style.h"

static void *need(void *p)
{
    if (!p)
        die("out of memory");
    return p;
}

xmlNode *dom_add(xmlNode *parent, const char *tag)
{
    return need(xmlNewChild(parent, NULL, BAD_CAST tag, NULL));
}

void dom_attr(xmlNode *node, const char *name, const char *value)
{
    need(xmlNewProp(node, BAD_CAST name, BAD_CAST value));
}

void dom_str(xmlNode *parent, struct str text)
{
    struct buf safe = {0};

    log_escape(&safe, text);
    if (safe.n)
        xmlAddChild(parent, need(xmlNewTextLen(BAD_CAST safe.p, (int)safe.n)));
    buf_release(&safe);
}

void dom_printf(xmlNode *parent, const char *fmt, ...)
{
    char *text = NULL;
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vasprintf(&text, fmt, ap);
    va_end(ap);
    if (n < 0)
        die("out of memory");
    dom_text(parent, text);
    free(text);
}

xmlNode *dom_table(xmlNode *parent, const char *caption, const char *const *heads, size_t len)
{
    xmlNode *table = dom_add(dom_class(parent, "div", "scroll"), "table"), *row;

    dom_text(dom_add(table, "caption"), caption);
    row = dom_add(dom_add(table, "thead"), "tr");
    for (size_t i = 0; i < len; i++) {
        const bool number = heads[i][0] == '#';
        xmlNode *th = number ? dom_class(row, "th", "n") : dom_add(row, "th");

        dom_attr(th, "scope", "col");
        dom_text(th, heads[i] + number);
    }
    return dom_add(table, "tbody");
}

xmlNode *dom_row(xmlNode *tbody, struct str name)
{
    xmlNode *row = dom_add(tbody, "tr"), *th = dom_add(row, "th");

    dom_attr(th, "scope", "row");
    dom_str(th, name);
    return row;
}

static void meta(xmlNode *head, const char *kind, const char *name, const char *content)
{
    xmlNode *m = dom_add(head, "meta");

    dom_attr(m, kind, name);
    if (content)
        dom_attr(m, "content", content);
}

xmlDoc *dom_page(const char *title, xmlNode **body)
{
    /* Before libxml2 takes any. */
    int memory = xmlMemSetup(free, lib_malloc, lib_realloc, lib_strdup);
    xmlDoc *doc = need(memory ? NULL : htmlNewDocNoDtD(NULL, NULL));
    xmlNode *html = need(xmlNewDocNode(doc, NULL, BAD_CAST "html", NULL)), *head;

    need(xmlCreateIntSubset(doc, BAD_CAST "html", NULL, NULL));
    xmlDocSetRootElement(doc, html);
    dom_attr(html, "lang", "en");
    head = dom_add(html, "head");
    meta(head, "charset", "utf-8", NULL);
    meta(head, "http-equiv", "Content-Security-Policy",
         "default-src 'none'; img-src data:; style-src 'unsafe-inline'; base-uri 'none'; "
         "form-action 'none'");
    meta(head, "name", "viewport", "width=device-width, initial-scale=1");
    meta(head, "name", "referrer", "no-referrer");
    dom_text(dom_add(head, "title"), title);
    xmlAddChild(dom_add(head, "style"), need(xmlNewText(BAD_CAST report_css)));
    *body = dom_add(html, "body");
    return doc;
}

void dom_write(xmlDoc *doc, struct buf *out)
{
    xmlOutputBuffer *to = need(xmlAllocOutputBuffer(NULL));

    htmlDocContentDumpFormatOutput(to, doc, "UTF-8", 0);
    buf_add(out, xmlOutputBufferGetContent(to), xmlOutputBufferGetSize(to));
    xmlOutputBufferClose(to);
    xmlFreeDoc(doc);
}
