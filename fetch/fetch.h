/* fetch/fetch.h: requests -> answers of the research API: the loop over
 * batches. It opens no file and no database: requests come from a source,
 * answers go to a sink, quota is the sink's.
 *
 * The folder: wire (send, back off, renew the token, name a fault), and on it fetch
 * (many searches under way; call is one of them) and serial (one request after
 * another) with validate and user; search is a body to send; token, row and reply
 * read what comes back; window and batch pack ids. What others saved of the API: saved
 * (documents), on frame (data frames) and kept_row (rows as tools write them). To add a
 * question that is no search by ids copy user.c; a shape that a tool saves, frame.c.
 *
 * Order of one request: sink.reserve before every send, sink.exchange for each
 * reply, sink.put for each row that was asked for, sink.done, sink.commit.
 * A request whose sends all failed is closed with complete = false and its
 * error_code, and the run goes on. Whatever ends a run, what is in flight is
 * finished and committed first. */
#ifndef FETCH_FETCH_H
#define FETCH_FETCH_H
#include "fetch/run.h"
#include "record/sink.h"
#include "record/source.h"

/* 0 when the source has nothing left.
 * Errors: ERR_QUOTA (ledger used up, or the platform says so), ERR_AGAIN (the
 * API is down), both with retry_at; ERR_AUTH (a person must act); ERR_STOPPED
 * (SIGINT); whatever source and sink say. *out is filled in every case. */
MUST_CHECK int fetch_run(const struct fetch_opts *, struct ask_source *, struct sink *,
                         struct fetch_result *out, struct err *);
#endif
