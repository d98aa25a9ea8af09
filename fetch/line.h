/* fetch/line.h: requests to the API one after another, for the few that are no
 * search: the validity check and the questions about accounts. Each send goes
 * through the same order as in fetch_run: token, sink.reserve, send,
 * sink.exchange; what fails is sent again after a back-off, within
 * api.attempts and the rate.
 * Ownership: line_close releases; a reply is borrowed until the next line_ask. */
#ifndef FETCH_LINE_H
#define FETCH_LINE_H
#include "fetch/fetch.h"
#include "fetch/reply.h"
#include "fetch/token.h"

struct line {
    const struct fetch_opts *opts;
    struct sink *sink;
    struct fetch_result *sum;
    struct http *http; struct inflate *inflate;
    struct buf decoded, url;
    struct arena mem;                 // of the last reply
    struct token token;
    int token_tries, failed_in_row;
    double next_send_ms;
    uint64_t random;
};
/* Errors: those of base/http. *sum is cleared. */
MUST_CHECK int line_open(struct line *, const struct fetch_opts *, struct sink *,
                         struct fetch_result *sum, struct err *);
void line_close(struct line *);       // accepts a zeroed one

struct line_call {
    const char *path;                 // behind api.base_url, with its query string
    const char *type;                 // Content-Type of the body
    struct str body;
    bool text;                        // a reply of status 200 may be plain text
};
struct line_reply {
    enum api_error what;              // API_OK; else what was left when it was given up
    bool is_text;                     // a plain text; then only body is set
    struct str body;                  // decoded
    struct reply env;                 // code, message, log_id; its rows
};
/* Sends until there is an answer, good or bad, and fills http, error_code and
 * log_id of the request. what is API_OK, API_RETRY (given up) or API_FAIL.
 * Errors: ERR_QUOTA, ERR_AUTH, ERR_AGAIN, ERR_STOPPED, those of the sink. A
 * request with n > 0 is then still to be closed (line_done). */
MUST_CHECK int line_ask(struct line *, struct request *, const struct line_call *,
                        struct line_reply *, struct err *);
/* sink.done and sink.commit, and the counts of *sum. */
MUST_CHECK int line_done(struct line *, struct request *, bool complete, struct err *);
/* The same after a failure: what went wrong stays in *err. */
void line_abandon(struct line *, struct request *, struct err *);
#endif
