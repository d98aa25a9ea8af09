/* audit/monitor/round_state.h: a round that runs: what its parts share. */
#ifndef AUDIT_MONITOR_ROUND_STATE_H
#define AUDIT_MONITOR_ROUND_STATE_H
#include "audit/monitor/due.h"

struct round_result {
    int64_t n;    // its number; 0: nothing was due
    int64_t started_at;
    int64_t due, confirms;      // posts and canaries of which something was; of these: changes
    struct fetch_result api;    // all of its requests
    struct scrape_result site;
    enum round_ending ending;
    struct err why;    // what ended it early; ERR_NONE where nothing did
};
struct round {    // one that runs
    struct audit *audit;
    const struct due_list *due;
    struct round_result *out;
    int64_t limit_s, deadline;
};
/* The time is over: then the round ends by it. */
bool round_is_late(struct round *);
/* What ended it early: the first reason is kept, and what is left of the round goes on. */
void round_end_by(struct round *, enum round_ending, const struct err *why);
#endif
