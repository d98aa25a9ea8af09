/* audit/work/away.h: the sink of a worker: what scrape hands on becomes lines (audit/work_line.h),
 * and goes to the audit's database every few seconds with the mark of what was read. The bytes lie
 * in files of the worker's own, on the disk before what refers to them is committed.
 * Ownership: away_release frees; connection and keeper are borrowed. */
#ifndef AUDIT_WORK_AWAY_H
#define AUDIT_WORK_AWAY_H
#include "record/keeper.h"
#include "record/sink.h"
#include "scrape/run.h"
#include "store/work_far.h"

/* A page that is leased: out of the list of what is to be read, and into an answer. */
struct away_page {
    struct far_page page;
    bool given, answered;
};
struct away_parcel {
    int64_t n;
    size_t left;
};
/* An exchange that is kept, and the request that it is of. */
struct away_kept {
    int64_t request;
    struct kept_place place;
};
struct away {
    struct far_work *far;
    const struct keeper *keeper;
    struct {
        struct away_page *v;
        size_t n, cap;
    } page;
    struct {
        struct away_parcel *v;
        size_t n, cap;
    } parcel;
    struct {
        struct away_kept *v;
        size_t n, cap;
    } kept;
    struct {
        struct far_page *v;
        size_t n, cap;
    } answered;    // and not committed yet
    struct {
        int64_t *v;
        size_t n, cap;
    } done;
    struct buf lines;
    size_t answers;
    int64_t committed_ms, requests;
    struct arena mem;    // texts of the pages
    int64_t live;        // workers, when the run began
    int64_t answers_all;
    int64_t commits;    // of uploads, so far
    /* A file was closed, and the audit is about to be told; or NULL. */
    void (*closed)(void *to, const struct kept_file *);
    void *to;
    int64_t told_bound_ms;    // of this machine's clock
};
struct sink away_sink(struct away *);
/* More to read, if there is any to be had. */
MUST_CHECK int away_lease(struct away *, struct err *);
/* The next page that is leased and was not given yet: 1, 0. */
int away_next(struct away *, struct read_task *, struct arena *);
/* Commits what there is. The rest of *u is the caller's. */
MUST_CHECK int away_commit(struct away *, struct far_upload *u, struct err *);
/* Nothing is leased any more. */
void away_clear(struct away *);
/* What was not committed was not read: of an archive that failed nobody knows how much is there. */
void away_drop(struct away *);
void away_release(struct away *);
#endif
