/* audit/work_line.h: what a worker's reading gave, as lines of JSON: one call of the sink a line
 * (record/sink.h), in their order, so that whoever takes them in does what the sink of one machine
 * would have done.
 *
 * Shape:     {"of":"answer", ...}, "spare", "drift", "file" (of evidence, closed; with the bucket
 *            that it lies in as well, if it does), "run" (counts), "clock" (by how
 *            much a worker's is corrected, and how wrong that may be).
 * Source:    a worker, which may be any program that has the right to write there: each line is
 *            checked, and one that says what no reading says is an error.
 * Ownership: what is read is borrowed from the arena. */
#ifndef AUDIT_WORK_LINE_H
#define AUDIT_WORK_LINE_H
#include "base/arena.h"
#include "record/keeper.h"
#include "record/sink.h"
#include "scrape/run.h"

#define WORK_LINE_MAX (4 << 20)    // bytes
#define WORK_KEPT_MOST 64          // exchanges of one reading: redirects, challenges, a retry

enum work_of {
    WORK_ANSWER,
    WORK_SPARE,
    WORK_DRIFT,
    WORK_FILE,
    WORK_RUN,
    WORK_CLOCK,
    WORK_OF_COUNT
};
struct work_line {
    enum work_of of;
    struct request req;    // its member is `member`
    struct ask_member member;
    struct answer answer;
    struct kept_place *kept;    // in the order they came
    size_t keeps;
    enum witness witness;    // of spare
    struct ask_member *spare;
    size_t spares;
    struct str kind, name;    // of drift
    int64_t count, at;
    struct kept_file file;
    struct str bucket;       // URL of the bucket where the file lies as well; "" none
    int64_t ahead_ms, bound_ms;    // of clock: base/utc.h
    struct scrape_result run;    // what the answers do not say: sends, pauses, controls ...
};
/* Each appends a line. */
void work_line_answer(struct buf *, const struct request *, const struct answer *,
                      const struct kept_place *, size_t n);
void work_line_spare(struct buf *, enum witness, const struct ask_member *, size_t n);
void work_line_drift(struct buf *, const char *kind, struct str name, int64_t count, int64_t at);
void work_line_file(struct buf *, const struct kept_file *, struct str bucket);
void work_line_clock(struct buf *, int64_t ahead_ms, int64_t bound_ms);
void work_line_run(struct buf *, const struct scrape_result *);
/* Errors: ERR_INPUT, what is wrong with it. */
MUST_CHECK int work_line_read(struct str line, struct arena *, struct work_line *, struct err *);
#endif
