/* audit/creator_run.h: reads creators' own pages (WITNESS_CREATOR), of a sample's frame or of
 * the accounts of refused posts: each answer goes into the frame (audit/creator_page.h) in its
 * own transaction. One that gives no answer is tried again after 1, 2, 4 ... times
 * page.retry_base_ms, page.attempts times in all; a block is no try.
 *
 * Ownership: v is the caller's (free), and must not move during a run.
 * Errors:    as of scrape_run: ERR_AGAIN with retry_at where the site blocks us, ERR_STOPPED. */
#ifndef AUDIT_CREATOR_RUN_H
#define AUDIT_CREATOR_RUN_H
#include "audit/audit.h"
#include "record/item.h"

struct creator_due {
    int64_t n;    // its row in the frame, which is there
    bool read;    // it answered in this run
    char handle[HANDLE_MAX + 1];
};
struct creator_run {
    struct creator_due *v;
    size_t n, cap;
    /* Of each answer that decides, with its transaction open and `read` as it was before;
     * NULL: nobody. */
    void (*told)(void *to, const struct creator_due *, const struct answer *);
    void *to;
};
void creator_run_add(struct creator_run *, int64_t n, struct str handle);
/* In their order. *sum gets what was sent, also where it fails. */
MUST_CHECK int creator_run(struct creator_run *, struct audit *, struct scrape_result *sum,
                           struct err *);
/* How many of them did not answer. */
size_t creator_run_unread(const struct creator_run *);
#endif
