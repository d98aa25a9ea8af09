/* audit/monitor/list.h: who is on the watch list.
 *
 * Lives in audit/monitor/: a list of posts that are asked for daily. list and init say who is
 * on it, due what is to be asked of them now, round sends it, told gives all readings to what
 * judges them (watch/), alert tells somebody of events; load takes in what others measured, lag
 * looks at counters, history makes the site's. To add something that is read of each post copy
 * due.h and due.c; a further use of the readings, alert.c.
 *
 * Shape: words are ids or links of posts, each as it was typed. */
#ifndef AUDIT_MONITOR_LIST_H
#define AUDIT_MONITOR_LIST_H
#include "audit/audit.h"
#include "record/reading.h"

struct list_change {
    enum watch_role role;
    bool ends;                       // they are taken off the list
    struct str why;                  // of those that come on it; "" none
};
struct list_counts {
    int64_t fresh;                   // watched from now on, or no longer
    int64_t already;                 // were on it, or not on it, before
    int64_t posts, canaries;         // watched now
    int64_t turned[WATCH_ROLE_COUNT];    // those of another role until now, by that role
};
/* All of it or nothing. Errors: ERR_USAGE where a word names no post, or one to be taken off was
 * never on the list. */
MUST_CHECK int list_change(struct audit *, char **word, int n, const struct list_change *,
                           struct list_counts *, struct err *);
/* One word: the post that it names. Errors: ERR_USAGE. */
MUST_CHECK int list_word(const char *word, struct new_item *, struct err *);
MUST_CHECK int list_count(struct audit *, int64_t *posts, int64_t *canaries, struct err *);
/* Items of these ids, made where they are new; item[i] is that of it[i]. */
MUST_CHECK int list_items(struct audit *, const struct new_item *it, size_t n, int64_t *item,
                          struct err *);
#endif
