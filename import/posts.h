/* import/posts.h: posts as other tools of the field list them: rows of a known shape
 * (import/shapes.def) in JSON and JSON Lines, found while the bytes go by.
 * Shape:     a row is found wherever it stands: a line, an element of a list, under a
 *            key of a reply or of a page's state. Of rows within a row the outer counts.
 * Units:     at is UTC seconds; offsets count from the first byte that was fed.
 * Absent:    id 0, author 0, link, handle, owner and id_text "", at 0 where the row does not
 *            say.
 * Memory:    rows that still wait for a time (it may stand behind them) are held, at
 *            most POSTS_HELD_MAX: beyond these they go without it.
 * Source:    the tools' public code, by name in import/shapes.def. */
#ifndef IMPORT_POSTS_H
#define IMPORT_POSTS_H
#include "import/scan.h"
#include "record/item.h"

enum post_shape {
    POST_NONE = 0,
#define SHAPE(id, name, all, any, none, answer) POST_##id,
#include "import/shapes.def"
    POST_FOURCAT,    // 4CAT's CSV
    POST_PYKTOK,     // pyktok's CSV, and traktok's table of the same columns
    POST_SHAPES,
};
const char *post_shape_name(enum post_shape);
enum post_shape post_shape_find(struct str name);    // POST_NONE where unknown

#define POST_LINK_MAX 256
#define POST_ID_TEXT_MAX 32
struct post_found {
    enum post_shape shape;
    bool answer;                       // the site's words, not an id or a link alone
    uint64_t id;                       // as the link says, else as the row does
    char id_text[POST_ID_TEXT_MAX];    // the row's id as it stands there
    char link[POST_LINK_MAX];
    char handle[HANDLE_MAX + 1];
    uint64_t author;    // the account's id
    int64_t at;
    char owner[HANDLE_MAX + 1];    // whose page it was listed on, as the file says
    bool elsewhere;                // it was listed on a page that is no account's: a feed, a search
    bool closed;                   // friends, or its viewer alone, may see it
    bool cut;                      // the list that it stands on goes on
    int64_t reply;                 // which reply of the site it stands in, from 1; 0 none
    int64_t offset, len;           // of the row
};
struct posts_user {
    int (*post)(void *to, const struct post_found *, struct err *);
    /* A document, or an element of a list at the root, in which no post was. */
    int (*empty)(void *to, struct err *);
    int (*broken)(void *to, struct err *);    // with lines: a line that is no JSON
    void *to;
};
struct posts;
/* lines: one document a line; now bounds the times. */
struct posts *posts_new(const struct posts_user *, int64_t now, bool lines);
void posts_free(struct posts *);
MUST_CHECK int posts_feed(struct posts *, struct str piece, struct err *);
MUST_CHECK int posts_end(struct posts *, struct err *);
/* Does the text, the first bytes of a file, show such a row, whole or begun? */
bool posts_json_shape(struct str text, bool lines);
#endif
