/* fetch/wire.h: the one way to the API: the token and its renewal, the rate, the
 * charge of every send, the back-off, the name of a fault, and when the API
 * counts as down. Two loops stand on it: fetch.c, with many searches under way, and
 * serial.c, with one request after another.
 *
 * Order of a send: token, sink.reserve, the bytes, sink.exchange; sink.announce, of several on
 * one way, comes before all of it. A failed one goes again within api.attempts; a renewed token
 * costs no attempt. Eight requests given up in a row end the run. Once the run ends (`ending`)
 * nothing more is sent, and `end` says why.
 * Units:     ticks of utc_tick_ms; waits in ms.
 * Ownership: wire_release releases; replies are borrowed from the arena that was
 *            given, and their bodies until the next reply is taken.
 * Errors:    sink and machine; whatever else ends a run stands in `end`. */
#ifndef FETCH_WIRE_H
#define FETCH_WIRE_H
#include "fetch/reply.h"
#include "fetch/run.h"
#include "fetch/token.h"
#include "record/sink.h"

struct wire {
    const struct fetch_opts *opts;
    const struct settings *set;
    struct sink *sink;
    struct fetch_result *sum;
    struct http *http;
    struct inflate *inflate; struct buf decoded, url;
    struct token token; bool token_flying; int token_tries; int64_t token_due_ms;
    int flying;                       // requests under way; the token's own call is not counted
    bool reserved;                    // what is sent next: sink.reserved is to be called before
    double next_send_ms;              // by the rate
    int64_t pause_until_ms;           // the API was asked too fast
    int failed_in_row;
    uint64_t random;
    bool ending; struct err end;
};
/* Where one request stands: since its last good reply, and what its last send went with. */
struct wire_try { int failed, refused_tokens, token_generation; int64_t due_ms; };
struct wire_call {
    const char *path;                 // behind api.base_url, with its query string
    const char *type;                 // Content-Type of the body
    struct str body;
    bool text;                        // a reply of status 200 may be plain text
    void *user;                       // of the exchange that comes back
};
struct wire_reply {
    enum api_error what;              // API_OK, or what it asks of us
    bool is_text;                     // a plain text; then only body is set
    struct str body;                  // decoded
    struct reply env;                 // code, message, log_id; its rows
};

/* *sum is cleared. Errors: those of base/http. */
MUST_CHECK int wire_init(struct wire *, const struct fetch_opts *, struct sink *,
                         struct fetch_result *sum, int requests_max, struct err *);
void wire_release(struct wire *);     // accepts a zeroed one

/* True where nothing more is sent. SIGINT is such an end. */
bool wire_ends(struct wire *);
/* Ends the run; the first reason stays. */
void wire_end(struct wire *, const struct err *why);
/* The tick from which the next send may go; -1 while a token is on its way, and at the end. */
int64_t wire_due(const struct wire *);
/* sink.announce, where the sink has it: 1; 0 as below. */
MUST_CHECK int wire_announce(struct wire *, struct request *, struct err *);
/* 1 sent; 0 not now: a token is asked for, or the run ends. */
MUST_CHECK int wire_send(struct wire *, struct request *, struct wire_try *,
                         const struct wire_call *, struct err *);
/* 1 and the reply to a request, 0 where none has come; a token is taken in on the way. */
MUST_CHECK int wire_next(struct wire *, int64_t wait_ms, struct http_exchange *, struct err *);
/* Hands the exchange to the sink, reads it, and fills http, times, error_code and
 * log_id of the request. */
MUST_CHECK int wire_take(struct wire *, struct request *, struct wire_try *, bool text,
                         const struct http_exchange *, struct arena *, struct wire_reply *,
                         struct err *);
/* After a reply that is none: AGAIN at try.due_ms, GIVE_UP (to be told to
 * wire_give_up), or CLOSE the request: the run ends. */
enum wire_step { WIRE_AGAIN, WIRE_GIVE_UP, WIRE_CLOSE };
enum wire_step wire_failed(struct wire *, const struct request *, struct wire_try *,
                           const struct http_exchange *, const struct wire_reply *);
/* Counts one more request that was given up; too many in a row end the run. Where
 * the API refused it for good, its words are worth a line: they are ours to mend.
 * NULL: the platform failed. */
void wire_give_up(struct wire *, const struct request *, const struct reply *refusal);
void wire_note(struct request *, const char *error_code);
/* Closes a request: sink.done and sink.commit, and the counts of the result. */
MUST_CHECK int wire_done(struct wire *, struct request *, bool complete, struct err *);
#endif
