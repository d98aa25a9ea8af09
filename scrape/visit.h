/* scrape/visit.h: one task on its way: the URL that it asks for, hop by hop, to
 * the answer that a reply gives.
 * Ownership: the visit's arena holds its URL and its answer; the reader's scratch
 *            holds a decoded body until the next reply is taken. */
#ifndef SCRAPE_VISIT_H
#define SCRAPE_VISIT_H
#include "base/http.h"
#include "base/inflate.h"
#include "record/sink.h"
#include "record/source.h"
#include "scrape/redirect.h"
#include "scrape/run.h"

struct visit {
    struct arena mem;
    struct read_task task;         // filled by the source
    struct str url;                // to be asked for now; "" where there is nothing to ask
    int hops;
    struct request req; struct ask_member member;      // req.member is the member
    struct evidence evidence;      // of the last reply
    enum engine engine;            // that it is asked by
    bool control;                  // asked to see whether the site is to blame (streak.h)
    bool clears;                   // the same, of blocks (wall.h)
    bool code_unknown;             // read, and refused with a code that was never seen before
};
/* What every reply is read with. */
struct reader {
    struct sink *sink;             // borrowed
    struct scrape_result *out;     // borrowed
    struct bases bases;
    bool want_extract;             // evidence.keep is extract
    struct inflate *inflate; struct buf scratch;
};
void reader_init(struct reader *, const struct settings *, struct sink *, struct scrape_result *);
void reader_release(struct reader *);
/* After the source has filled the task. */
void visit_start(struct visit *, const struct reader *);
size_t visit_body_max(const struct visit *);
/* Hands the exchange to the sink alone: a challenge that the browser goes on to solve. */
MUST_CHECK int visit_keep(struct visit *, struct reader *, const struct http_exchange *,
                          struct err *);
/* Hands the exchange to the sink and reads it. 1: *a is filled; 0: the visit moved,
 * url is to be asked for; -1. */
MUST_CHECK int visit_reply(struct visit *, struct reader *, const struct http_exchange *,
                           struct answer *a, struct err *);
#endif
