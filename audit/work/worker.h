/* audit/work/worker.h: a worker: reads pages for an audit whose store is on PostgreSQL, and that
 * hands them out (audit/work_hand.h). It has no audit of its own: a folder for the bytes, the
 * settings that came with the work, and those of its own machine over them.
 *
 * Lives in audit/work/: worker (leases, reads, begins anew), away (its sink), files
 * (its bytes, and how they get to others). */
#ifndef AUDIT_WORK_WORKER_H
#define AUDIT_WORK_WORKER_H
#include "base/opt.h"
#include "record/keeper.h"
#include "store/work_far.h"

struct worker_opts {
    const char *address;            // of the store
    const char *dir;                // evidence/ lies in it
    const char *name;               // in the names of its files; a word
    const char *vantage;            // "": the audit's first
    const struct opt_list *sets;    // over the work's
    int64_t idle_s;                 // in real time: nothing to read for so long ends it; -1: never
};
struct worker_result {
    int64_t pages, works;
};
/* The part of the vantage's rate that each of those who work there has; a block halves it. */
double worker_rate(double per_second, const struct far_state *);
/* Errors: ERR_STOPPED, after what was under way is committed; ERR_AUTH, ERR_USAGE, ERR_INPUT as
 * store/work_far.h has them. *out is filled in every case. */
MUST_CHECK int worker_run(const struct worker_opts *, struct worker_result *out, struct err *);
#endif
