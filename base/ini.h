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

struct ini_pair {
    const char *section, *key, *value;
    int line, section_no;
    struct str raw;    // the line, in the text that was parsed: borrowed from it
};
struct ini_section {
    const char *name;
    int line;
    struct str raw;
};    // no. = index
struct ini {
    struct ini_pair *pair; size_t len;
    struct ini_section *section; size_t sections;         // same name twice = two entries
    void *mem;
};
/* Comments are lines that begin with # or ; (after blanks). text is the whole
 * file, name is what errors call it ("rules.ini"). Release with ini_release. */
MUST_CHECK int ini_parse(struct ini *, const char *name, struct str text, struct err *);
void ini_release(struct ini *);

/* An error that was found in a pair: "FILE:LINE: " before its sentence, and the line with the
 * place of its key or value, or of the part of the value that err points to (base/place.h).
 * Returns -1. */
enum ini_part { INI_KEY, INI_VALUE };
int ini_wrong(struct err *, const char *name, const struct ini_pair *, enum ini_part);
int ini_wrong_section(struct err *, const char *name, const struct ini_section *);
#endif
