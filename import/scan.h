/* import/scan.h: JSON of any size, pushed in pieces, never held whole: a
 * package's list of a million views is read in the memory of one string.
 * Shape:   several documents in a row are fine. Numbers are text, so ids stay
 *          exact. Strings longer than SCAN_TEXT_MAX keep their beginning.
 *          U+0000 becomes U+2400.
 * Errors:  ERR_INPUT with the line and what was expected. With `lines`, one
 *          document a line, a broken line is told to `broken` and passed over.
 * Limits:  depth SCAN_DEPTH_MAX. */
#ifndef IMPORT_SCAN_H
#define IMPORT_SCAN_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"
#include "base/str.h"

#define SCAN_DEPTH_MAX 512
#define SCAN_TEXT_MAX (64u * 1024)
#define SCAN_KEY_MAX 63
enum scan_type { SCAN_STRING, SCAN_NUMBER, SCAN_TRUE, SCAN_FALSE, SCAN_NULL };
struct scan;
struct scan_user {                     // any of these may be NULL
    /* Is the value at this place to be collected? A string only; others come always. */
    bool (*wants)(void *to, const struct scan *);
    int (*value)(void *to, const struct scan *, enum scan_type, struct str text, struct err *);
    /* An object or array begins at this place; false passes it over whole. */
    bool (*enter)(void *to, const struct scan *, bool object);
    /* It ends; called at the same place, for those that enter took. */
    void (*leave)(void *to, const struct scan *, bool object);
    void (*broken)(void *to);          // of lines
    void *to;
};
/* The place: level 1 is the root's container; a container's key is that of the
 * value that is being read within it ("" in an array). */
struct scan_level { bool object; uint8_t key_len; char key[SCAN_KEY_MAX + 1]; };
struct scan {
    struct scan_user user;
    bool lines;
    int depth;                         // containers that are open; 0 at the root
    int64_t line;                      // from 1
    int64_t documents;                 // complete ones
    int64_t at;                        // offset of the byte being read, from the first fed
    /* below: the scanner's own */
    int state, skip_depth;             // skip_depth: containers at and above are passed over
    bool collect, is_key;
    uint32_t unicode; int hex_digits;
    struct buf text;
    struct scan_level level[SCAN_DEPTH_MAX + 1];
};
void scan_init(struct scan *, const struct scan_user *, bool lines);
MUST_CHECK int scan_feed(struct scan *, struct str piece, struct err *);
MUST_CHECK int scan_end(struct scan *, struct err *);
void scan_release(struct scan *);
/* The innermost key above this place: of the value itself in an object, of the
 * nearest array around it otherwise. up = 1 is the key one step further out. */
struct str scan_key(const struct scan *, int up);
#endif
