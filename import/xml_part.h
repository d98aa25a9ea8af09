/* import/xml_part.h: XML in a member of a ZIP, element by element, never held whole.
 * Names:   local ones, without their prefix: writers choose prefixes as they like.
 * Limits:  those of unzip.h; no DTD, so no entity grows; a tag of at most XML_MARKS_MAX "=".
 * Errors:  ERR_INPUT for what is no XML; ERR_IO; what the user's functions return. */
#ifndef IMPORT_XML_PART_H
#define IMPORT_XML_PART_H
#include "base/str.h"
#include "import/unzip.h"

#define XML_MARKS_MAX 40000
struct xml_part;
struct xml_user {    // each returns 0 or -1 with err set
    int (*start)(void *to, struct xml_part *, const char *name, struct err *);
    int (*end)(void *to, const char *name, struct err *);
    int (*text)(void *to, struct str text, struct err *);
    void *to;
};
/* at: the member's place in the archive, from 0. */
MUST_CHECK int xml_part_read(struct unzip *, size_t at, const struct xml_user *, struct err *);
/* An attribute of the element that starts; false, and *value empty, where it has none. */
bool xml_part_attribute(struct xml_part *, const char *name, struct buf *value);
/* Nothing behind this element is needed. */
void xml_part_stop(struct xml_part *);
#endif
