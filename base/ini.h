/* base/ini.h: settings and rules files, read with libinih, with the line of
 * every pair and every section.
 * libinih joins indented lines, cuts a value at " ;" and stops at 200 bytes
 * without saying where; each of these is an ERR_USAGE here, with file and line.
 * Order is the file's; a key may stand several times in a section. */
#ifndef BASE_INI_H
#define BASE_INI_H
#include <stddef.h>
#include "base/err.h"
#include "base/str.h"

struct ini_pair { const char *section, *key, *value; int line, section_no; };
struct ini_section { const char *name; int line; };       // no. = index
struct ini {
    struct ini_pair *pair; size_t len;
    struct ini_section *section; size_t sections;         // same name twice = two entries
    void *mem;
};
/* Comments are lines that begin with # or ; (after blanks). text is the whole
 * file, name is what errors call it ("rules.ini"). Release with ini_release. */
MUST_CHECK int ini_parse(struct ini *, const char *name, struct str text, struct err *);
void ini_release(struct ini *);
#endif
