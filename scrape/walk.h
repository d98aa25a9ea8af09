/* scrape/walk.h: a walk over the members of one JSON object that reads keys
 * and passes over values without parsing them.
 * A page is some 280 KB of JSON of which 270 KB are translations and test
 * switches; only the few kilobytes about the post are worth a parser.
 * Shape:  text is JSON text; a slice points into it.
 * Errors: -1 where the text cannot be walked: not an object, cut off, or a key
 *         with an escape in it (whoever meets one asks the whole-document
 *         reader). What lies inside a passed value is not checked. */
#ifndef SCRAPE_WALK_H
#define SCRAPE_WALK_H
#include "base/str.h"

struct walk { const char *p, *end; bool first; };
/* text begins (after white space) with the object; what follows it is ignored. */
MUST_CHECK int walk_open(struct walk *, struct str text);
/* 1 and the next key, 0 at the object's end, -1. The walk then stands before
 * the value: walk_value passes over it, walk_rest looks at it without. */
MUST_CHECK int walk_next(struct walk *, struct str *key);
MUST_CHECK int walk_value(struct walk *, struct str *value);
/* From the value's first byte to the end of the text: to go down one level
 * without first finding where that level ends. */
struct str walk_rest(const struct walk *);
/* The one value at the start of text (after white space), as a slice. */
MUST_CHECK int walk_one(struct str text, struct str *value);
/* The same by the loop that no processor extension is needed for; for tests. */
MUST_CHECK int walk_one_portable(struct str text, struct str *value);
#endif
