/* fetch/saved.h: what others saved of the API: its replies, or bare rows of them, in JSON
 * or JSON Lines.
 * Shape:     documents one behind another; each is a reply, a row or a list of these.
 * Ownership: rows and texts lie in the arena; release frees the lists. */
#ifndef FETCH_SAVED_H
#define FETCH_SAVED_H
#include "fetch/reply.h"
#include "record/ending.h"

struct saved {
    struct record *row;
    size_t n, cap;    // all of them, in their order
    int64_t at;       // the newest time by a log_id, 0 none
    bool partial;     // a reply is an error, or has rows that cannot be read
    int64_t bad_rows;
    char log_id[64];    // of the last reply
    struct str *open;
    size_t open_n, open_cap;    // searches whose last page says that there is more
};
/* Every search came to its end, and nothing in it was unreadable. */
bool saved_is_complete(const struct saved *);

/* A document that carries its own time, where nothing says which ids were asked
 * together: text is its bytes, doc its rows. */
typedef int saved_apart_fn(void *to, struct saved *doc, struct str text, struct err *);
/* Adds to all (zeroed at first) what text holds; documents with rows and a time of
 * their own go to apart instead, unless it is NULL. name is what errors call the
 * text. Errors: ERR_INPUT where it is no such thing; apart's own. */
MUST_CHECK int saved_read(struct str text, const char *name, struct arena *, saved_apart_fn *apart,
                          void *to, struct saved *all, struct err *);
/* Counts the endings of the rows' ids; drops the rows whose id has one of these, and says how
 * many: who keeps replies by way of a program that rounds numbers has other ids in them. */
void saved_count_endings(const struct saved *, struct endings *);
int64_t saved_drop(struct saved *, unsigned endings);
void saved_release(struct saved *);
#endif
