/* report/dom.c: small words for building a page with libxml2. */
#include <libxml/HTMLtree.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/base64.h"
#include "base/digest.h"
#include "base/log.h"
#include "report/dom.h"
#include "report/meaning.h"
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
    xmlNode *frame = dom_class(parent, "div", "scroll"), *table, *row;

    /* Wider than the screen, it is scrolled in its frame, which keys must reach. */
    dom_attr(frame, "tabindex", "0");
    dom_attr(frame, "role", "region");
    dom_attr(frame, "aria-label", *caption ? caption : "table");
    table = dom_add(frame, "table");
    if (*caption)
        dom_text(dom_add(table, "caption"), caption);
    row = dom_add(dom_add(table, "thead"), "tr");
    for (size_t i = 0; i < len; i++) {
        const bool number = heads[i][0] == '#';
        xmlNode *th = !*heads[i] ? dom_add(row, "td")    // of a chart, which nobody reads out
                      : number   ? dom_class(row, "th", "n")
                                 : dom_add(row, "th");

        if (!*heads[i])
            continue;
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

/* The writer escapes nothing in a style or a script. */
static void raw(xmlNode *node, struct str bytes)
{
    xmlAddChild(node, need(xmlNewTextLen(BAD_CAST bytes.p, (int)bytes.n)));
}

/* Forbids every load but embedded pictures, and every script but the one given, if any; loading:
 * and those beside it. */
static void policy(xmlNode *head, struct str script, bool loading)
{
    struct digest digest = digest_sha256(script);
    struct buf text = {0};

    buf_puts(&text, "default-src 'none'; img-src data:; style-src 'unsafe-inline'; ");
    if (script.n) {
        buf_puts(&text, "script-src 'sha256-");
        base64_put(&text, (struct str){ (const char *)digest.b, DIGEST_BYTES });
        buf_printf(&text, "'%s; ", loading ? " 'self'" : "");
    }
    buf_puts(&text, "base-uri 'none'; form-action 'none'");
    meta(head, "http-equiv", "Content-Security-Policy", buf_cstr(&text));
    buf_release(&text);
}

static xmlDoc *document(xmlNode **head)
{
    /* Before libxml2 takes any. */
    int memory = xmlMemSetup(free, lib_malloc, lib_realloc, lib_strdup);
    xmlDoc *doc = need(memory ? NULL : htmlNewDocNoDtD(NULL, NULL));
    xmlNode *html = need(xmlNewDocNode(doc, NULL, BAD_CAST "html", NULL));

    need(xmlCreateIntSubset(doc, BAD_CAST "html", NULL, NULL));
    xmlDocSetRootElement(doc, html);
    dom_attr(html, "lang", "en");
    *head = dom_add(html, "head");
    meta(*head, "charset", "utf-8", NULL);
    return doc;
}

static void title_of(xmlNode *head, const char *title)
{
    meta(head, "name", "viewport", "width=device-width, initial-scale=1");
    meta(head, "name", "referrer", "no-referrer");
    dom_text(dom_add(head, "title"), title);
}

static xmlDoc *page(const char *title, struct str script, bool loading, xmlNode **body)
{
    xmlNode *head;
    xmlDoc *doc = document(&head);
    struct buf css = {0};

    policy(head, script, loading);
    title_of(head, title);
    meaning_css(&css);
    buf_puts(&css, report_css);
    raw(dom_add(head, "style"), buf_view(&css));
    buf_release(&css);
    if (script.n)
        raw(dom_add(head, "script"), script);
    *body = dom_add(head->parent, "body");
    return doc;
}

xmlDoc *dom_page_beside(const char *title, const char *css, const char *script, xmlNode **body)
{
    xmlNode *head, *node;
    xmlDoc *doc = document(&head);

    meta(head, "http-equiv", "Content-Security-Policy",
         "default-src 'none'; img-src 'self' data:; style-src 'self'; script-src 'self'; "
         "base-uri 'none'; form-action 'none'");
    title_of(head, title);
    node = dom_add(head, "link");
    dom_attr(node, "rel", "stylesheet");
    dom_attr(node, "href", css);
    if (script) {
        node = dom_add(head, "script");
        dom_attr(node, "src", script);
        dom_attr(node, "defer", "defer");
    }
    *body = dom_add(head->parent, "body");
    return doc;
}

xmlNode *dom_head(xmlDoc *doc)
{
    return xmlDocGetRootElement(doc)->children;
}

xmlDoc *dom_page(const char *title, xmlNode **body)
{
    return page(title, STR_NONE, false, body);
}

xmlDoc *dom_page_scripted(const char *title, struct str script, xmlNode **body)
{
    return page(title, script, false, body);
}

xmlDoc *dom_page_loading(const char *title, struct str script, xmlNode **body)
{
    return page(title, script, true, body);
}

void dom_style(xmlDoc *doc, struct str css)
{
    raw(dom_add(xmlDocGetRootElement(doc)->children, "style"), css);
}

void dom_data(xmlNode *parent, const char *type, const char *id, struct str bytes)
{
    xmlNode *script = dom_add(parent, "script");

    if (str_find_nocase(bytes, STR("</script"), 0) >= 0)
        die("data of a page would end its own element");
    dom_attr(script, "type", type);
    dom_attr(script, "id", id);
    raw(script, bytes);
}

void dom_write(xmlDoc *doc, struct buf *out)
{
    xmlOutputBuffer *to = need(xmlAllocOutputBuffer(NULL));

    htmlDocContentDumpFormatOutput(to, doc, "UTF-8", 0);
    buf_add(out, xmlOutputBufferGetContent(to), xmlOutputBufferGetSize(to));
    xmlOutputBufferClose(to);
    xmlFreeDoc(doc);
}
