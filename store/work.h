/* store/work.h: pages that others read for an audit, as its one writer sees them: it cuts what is
 * due into parcels, and takes in what came back. Who reads is in store/work_far.h.
 *
 * A work is one run over the site from one vantage. Its number is given once, so that whoever
 * comes late marks nothing of a later one.
 * Absent:    vantage "" is the audit's first.
 * Units:     instants are UTC seconds. */
#ifndef STORE_WORK_H
#define STORE_WORK_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/arena.h"
#include "base/err.h"
#include "record/sink.h"
#include "record/source.h"

#define WORK_LEASE_S 600        // without a commit for so long a lease ends
#define WORK_PARCEL_MOST 100    // pages
#define WORK_PARCEL_BITS 24     // of a parcel's number: which one of its work; 0 holds the controls

struct store;
/* Of a vantage what is left of earlier works goes. The controls are posts that should be readable.
 * settings: "audit=NAME" and
 * "section.key=value" lines. */
struct work_new {
    struct str vantage, settings;
    const struct read_task *control;
    size_t controls;
};
MUST_CHECK int store_work_begin(struct store *, const struct work_new *, int64_t *work,
                                struct err *);
/* More pages, in their order, so many a parcel at most. *parcels: those of this work so far. */
MUST_CHECK int store_work_add(struct store *, int64_t work, const struct read_task *, size_t n,
                              size_t each, int64_t *parcels, struct err *);
struct work_state {
    bool gone;                       // another took the audit over: nothing else is filled
    int64_t stopped_at, retry_at;    // by the site; why is then said
    int64_t left;                    // parcels that are not done
    int64_t workers;                 // of its vantage, as far as is known
    char why[200];
};
MUST_CHECK int store_work_state(struct store *, int64_t work, struct str vantage,
                                struct work_state *, struct err *);
/* How many work at a vantage now. */
MUST_CHECK int store_workers(struct store *, struct str vantage, int64_t *n, struct err *);
MUST_CHECK int store_work_end(struct store *, struct str vantage, struct err *);

/* What a worker committed and nobody took yet: at most `most` of them, by worker and number.
 * Texts are copied to the arena. */
struct upload {
    struct str worker, body;
    int64_t n;
};
MUST_CHECK int store_uploads(struct store *, struct str vantage, struct upload *, size_t most,
                             size_t *n, struct arena *, struct err *);
/* Items are numbered by each audit: is this number here the post with this id? */
enum member_is { MEMBER_STRANGE, MEMBER_KNOWN, MEMBER_PURGED /* it is to leave nothing */ };
MUST_CHECK int store_members(struct store *, const struct ask_member *, size_t n,
                             enum member_is *, struct err *);
/* It is taken: in the transaction that is open, so that it is taken once. */
MUST_CHECK int store_upload_taken(struct store *, const struct upload *, struct err *);
/* Vantages of which uploads lie there. */
MUST_CHECK int store_upload_vantages(struct store *,
                                     int (*each)(void *to, struct str vantage, struct err *),
                                     void *to, struct err *);
#endif
