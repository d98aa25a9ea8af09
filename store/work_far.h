/* store/work_far.h: the same pages as a worker sees them: it leases parcels of an audit on
 * PostgreSQL, and commits what came of them, one round trip each.
 *
 * Leases:    FOR UPDATE SKIP LOCKED over parcels that were cut beforehand, so no two have one. A
 * lease ends WORK_LEASE_S after the last commit; who is next takes only pages without an answer.
 * One whose reply was lost is taken again at once, by the same worker.
 * Again:     an upload has a number; where its COMMIT was unclear it is sent again and changes
 * nothing if it stood. A server that restarts, or a link that is cut, is waited for as long as a
 *            lease lasts, then the call fails.
 * Clock:     instants are by the database's clock (base/utc.h, utc_correct): measured when a
 *            connection is made, and hourly.
 * Errors:    ERR_AUTH where a person must act, ERR_INPUT for another schema, ERR_STOPPED. */
#ifndef STORE_WORK_FAR_H
#define STORE_WORK_FAR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "record/source.h"
#include "store/work.h"

struct far_work;
/* name: of this process, given to no other. */
MUST_CHECK int far_work_open(struct far_work **, const char *url, const char *name,
                             struct str vantage, struct err *);
void far_work_close(struct far_work *);    // accepts NULL

/* Where the vantage stands, as of the last round trip. */
struct far_state {
    int64_t work;    // 0: nothing is handed out
    bool stopped;    // its site ended it
    int64_t paused_until;
    int64_t pauses;     // each halves the rate
    int64_t workers;    // with this one
};
const struct far_state *far_work_state(const struct far_work *);
MUST_CHECK int far_work_look(struct far_work *, struct err *);
/* Of a work: its settings, and the posts that should be readable. */
MUST_CHECK int far_work_read(struct far_work *, int64_t work, struct buf *settings, struct arena *,
                             struct read_task **control, size_t *controls, struct err *);

struct far_page {
    int64_t parcel, place;
    struct read_task task;
};
/* The next parcel: its pages without an answer, in order; 0 of them where none is to be had. */
MUST_CHECK int far_work_lease(struct far_work *, struct arena *, struct far_page **, size_t *n,
                              struct err *);
struct far_upload {
    struct str body;                    // "" only renews the leases
    const struct far_page *answered;    // task is not looked at
    size_t answers;
    const int64_t *done;    // parcels of which nothing is left
    size_t dones;
    bool stops;    // the site ended the run: with retry_at and why
    int64_t retry_at;
    const char *why;
    int64_t pause_until;    // a block; 0 none
    bool releases;          // whatever is leased goes back
    bool leaves;            // and it counts as gone until it looks again
};
MUST_CHECK int far_work_upload(struct far_work *, const struct far_upload *, struct err *);
#endif
