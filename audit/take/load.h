/* audit/take/load.h: answers that others collected; from there on they are like our
 * own. Ids that are not in the audit become items.
 * Time: WARC-Date, then log_id, then `at`; without any the file is refused. */
#ifndef AUDIT_TAKE_LOAD_H
#define AUDIT_TAKE_LOAD_H
#include "archive/replies.h"
#include "audit/audit.h"

struct load_opts {
    int64_t at; bool has_at;         // --at
    const char *asked;               // file of the ids that the replies were asked for, or NULL
};
struct load_result {
    int64_t answers, found, is_public, refused, no_answer, strange, items;
    int64_t spoiled;                            // rows whose id was rounded (record/ending.h)
    int64_t unanswered;           // of a list: rows that name a post, and no answer to it
    int64_t empty, unreadable;    // of a list: rows without a post; no rows at all
    int64_t other;                              // of a WARC: replies to other requests
    int64_t skipped[REPLIES_SKIP_COUNT];       // of a WARC: records that hold no reply
};
MUST_CHECK int load_api(struct audit *, const char *path, const struct load_opts *,
                        struct load_result *, struct err *);
MUST_CHECK int load_pages(struct audit *, const char *path, const struct load_opts *,
                          struct load_result *, struct err *);
#endif
