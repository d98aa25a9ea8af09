/* fetch/fetch.h: requests -> answers of the research API: the loop over
 * batches. It opens no file and no database: requests come from a source,
 * answers go to a sink, quota is the sink's.
 *
 * Order of one request: sink.reserve before every send, sink.exchange for each
 * reply, sink.put for each row that was asked for, sink.done, sink.commit.
 * A request whose sends all failed is closed with complete = false and its
 * error_code, and the run goes on. Whatever ends a run, what is in flight is
 * finished and committed first. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H
#include "base/err.h"
#include "record/settings.h"
#include "record/sink.h"
#include "record/source.h"

struct fetch_opts {
    const struct settings *set;
    const char *client_key, *client_secret;
};
struct fetch_result {
    int64_t requests;             // closed, whether complete or not
    int64_t sends;                // charged: first sends, retries, further pages
    int64_t found, absent;        // members that came back; that did not, in complete replies
    int64_t failed;               // requests given up
    int64_t incomplete;           // of requests: closed without a complete reply (failed ones too)
    int64_t strange_rows;         // rows not asked for, outside the window, twice
    int64_t nul_chars;            // U+0000 replaced
    int64_t token_calls;          // not charged
    int64_t retry_at;             // 0, or when to run again
    bool quota;                   // today's allowance is used up
    bool quota_told;              // ... and the platform itself said so (ledger_spent)
};
/* 0 when the source has nothing left.
 * Errors: ERR_QUOTA (ledger used up, or the platform says so), ERR_AGAIN (the
 * API is down), both with retry_at; ERR_AUTH (a person must act); ERR_STOPPED
 * (SIGINT); whatever source and sink say. *out is filled in every case. */
MUST_CHECK int fetch_run(const struct fetch_opts *, struct ask_source *, struct sink *,
                         struct fetch_result *out, struct err *);
#endif
