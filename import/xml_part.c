/* import/xml_part.c: libxml2's reader, fed by libarchive. */
#include "import/xml_part.h"
#include <errno.h>
#include <libxml/xmlreader.h>
#include <stdlib.h>
#include <string.h>
#include "base/stop.h"

struct xml_part {
    struct unzip *zip;
    struct archive *archive;
    xmlTextReader *reader;
    int64_t decoded;
    size_t marks;           // "=" since the last "<"
    const char *refused;    // why no more bytes come
    bool stop;
};

/* libxml2 compares each attribute of a tag with all before it: a tag of a million would take
 * it hours. */
static bool endless_tag(struct xml_part *p, const char *bytes, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (bytes[i] == '<')
            p->marks = 0;
        else if (bytes[i] == '=' && ++p->marks > XML_MARKS_MAX)
            return true;
    }
    return false;
}
static int on_bytes(void *to, char *bytes, int max)
{
    struct xml_part *p = to;
    la_ssize_t n;

    errno = 0;
    n = p->refused ? -1 : archive_read_data(p->archive, bytes, (size_t)max);
    if (n < 0 && !p->refused && !p->zip->from.unread)
        zip_source_memory(p->archive);
    if (n < 0)
        return -1;
    p->decoded += n;
    p->refused = unzip_too_much(p->zip, p->decoded);
    if (!p->refused && endless_tag(p, bytes, (size_t)n))
        p->refused = "has a tag without end";
    return p->refused ? -1 : (int)n;
}
bool xml_part_attribute(struct xml_part *p, const char *name, struct buf *value)
{
    bool found = false;

    buf_clear(value);
    while (!found && xmlTextReaderMoveToNextAttribute(p->reader) == 1) {
        const xmlChar *local = xmlTextReaderConstLocalName(p->reader);

        if (local && !strcmp((const char *)local, name)) {
            const xmlChar *text = xmlTextReaderConstValue(p->reader);

            found = text != NULL;
            if (text)
                buf_puts(value, (const char *)text);
        }
    }
    (void)xmlTextReaderMoveToElement(p->reader);
    return found;
}
void xml_part_stop(struct xml_part *p) { p->stop = true; }
static int on_node(struct xml_part *p, const struct xml_user *user, struct err *err)
{
    const char *name = (const char *)xmlTextReaderConstLocalName(p->reader);
    const char *text;

    switch (xmlTextReaderNodeType(p->reader)) {
    case XML_READER_TYPE_DOCUMENT_TYPE:
        return err_set(err, ERR_INPUT, "has a DTD, which no workbook has");
    case XML_READER_TYPE_ELEMENT: {
        bool empty = xmlTextReaderIsEmptyElement(p->reader) == 1;

        if (user->start(user->to, p, name ? name : "", err))
            return -1;
        return empty ? user->end(user->to, name ? name : "", err) : 0;
    }
    case XML_READER_TYPE_END_ELEMENT: return user->end(user->to, name ? name : "", err);
    case XML_READER_TYPE_TEXT:
    case XML_READER_TYPE_CDATA:
    case XML_READER_TYPE_SIGNIFICANT_WHITESPACE:
        text = (const char *)xmlTextReaderConstValue(p->reader);
        return text ? user->text(user->to, str_of(text), err) : 0;
    default: return 0;
    }
}
static int read_nodes(struct xml_part *p, const struct xml_user *user, struct err *err)
{
    int got = 1;

    while (!p->stop && (got = xmlTextReaderRead(p->reader)) == 1) {
        if (on_node(p, user, err))
            return -1;
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "interrupted");
    }
    if (p->zip->from.unread)
        return zip_source_fail(&p->zip->from, p->archive, "is a damaged ZIP", err);
    if (got >= 0)
        return 0;
    return err_set(err, ERR_INPUT, "line %d: %s",
                   p->reader ? xmlTextReaderGetParserLineNumber(p->reader) : 0,
                   p->refused ? p->refused : "is no XML that can be read");
}
int xml_part_read(struct unzip *zip, size_t at, const struct xml_user *user, struct err *err)
{
    struct xml_part p = { .zip = zip };
    /* Before libxml2 takes any. */
    int memory = xmlMemSetup(free, lib_malloc, lib_realloc, lib_strdup), rc = -1, more = 1;
    struct archive_entry *e;

    if (!(p.archive = unzip_open(zip, err)))
        return -1;
    for (size_t i = 0; i <= at && more > 0; i++)
        more = unzip_next(zip, p.archive, &e, err);
    if (more < 0)
        goto out;
    p.reader = memory || !more ? NULL
                               : xmlReaderForIO(on_bytes, NULL, &p, NULL, NULL,
                                                XML_PARSE_NONET | XML_PARSE_NOERROR |
                                                    XML_PARSE_NOWARNING | XML_PARSE_COMPACT);
    if (!p.reader && zip->from.unread)
        zip_source_fail(&zip->from, p.archive, "is a damaged ZIP", err);
    else if (!p.reader)
        err_set(err, ERR_INPUT, "is no XML that can be read");
    else
        rc = read_nodes(&p, user, err);
out:
    if (p.reader)
        xmlFreeTextReader(p.reader);
    archive_read_free(p.archive);
    return rc;
}
