/* audit/sample/list.h: reads each creator's newest posts from the site's page of the creator:
 * politely, kept as evidence, committed as it goes, so that a run that was killed goes on where
 * it was.
 * Units:  counts.
 * Errors: as of scrape_run: ERR_AGAIN with retry_at where the site blocks us, ERR_STOPPED. *r is
 *         filled in every case. */
#ifndef AUDIT_SAMPLE_LIST_H
#define AUDIT_SAMPLE_LIST_H
#include "audit/audit.h"
#include "record/creator.h"

struct list_opts {
    bool again;    // those too that were read, or given up, on an earlier day
};
struct list_result {
    int64_t creators;                        // of the frame
    int64_t due;                             // of these: to be read in this run
    int64_t read[CREATOR_STANDING_COUNT];    // now; UNREAD: no answer, with those that are blocked
    int64_t posts, rows, dropped;            // of the lists
    int64_t blocks;
    /* of the whole frame, as it stands at the end */
    int64_t standing[CREATOR_STANDING_COUNT];
    int64_t listed;      // a list is there, of whoever made it
    int64_t given_up;    // page.attempts readings without an answer; of those unread
    int64_t left;        // still to be read
};
MUST_CHECK int list_creators(struct audit *, const struct list_opts *, struct list_result *r,
                             struct err *);
#endif
