/* audit/monitor/init.h: a new watch list, of what an audit found missing.
 *
 * The posts: public when their page was read last, missing and confirmed, those with the most
 *     views on their page first. Labels take turns, so that a large one does not crowd out the
 *     others; among equal views the audit's seed decides. The same audit gives the same list.
 * Canaries: of the posts that the audit retrieved and whose page was not refused: for each post
 *     one whose creation lies in the same window of the API, then any, drawn by the seed.
 * The log: an event "watch_chosen" of each, with bucket, views and rank. */
#ifndef AUDIT_MONITOR_INIT_H
#define AUDIT_MONITOR_INIT_H
#include "audit/audit.h"

#define INIT_CANARIES 5              // at least so many, where the audit retrieved so many
struct init_opts {
    const char *address;             // of its store (audit_init_at), NULL: in the folder
    const char *from;                // folder or bundle of an audit; NULL: an empty list
    int64_t top;
    const struct opt_list *sets;    // --set, for the new folder's settings; NULL: none
    enum label label;                // of this one alone; LABEL_NONE: of all
};
struct init_result {
    int64_t posts, canaries;
    int64_t label[LABEL_COUNT];      // of posts, by label
    int64_t candidates;              // public missing posts that there were to choose from
    int64_t unattended;              // posts without a canary in their window
};
/* Errors: ERR_USAGE where DIR holds something already, or there is nothing to choose from; then
 * nothing is made. */
MUST_CHECK int monitor_init(const char *dir, const struct init_opts *, struct init_result *,
                            struct err *);
#endif
