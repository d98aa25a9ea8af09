/* record/reading.h: the raw material of a watch list: which posts are watched, in which rounds
 * they were asked for, and what one reply about one of them was. What a reply says, and what a
 * day of them means, is for watch/ to say (watch/reading.h, watch/day.h).
 * Units:  instants UTC seconds, 0 = never; days UTC days since 1970-01-01.
 * Absent: what another witness would have said is 0, "" or the enum's COUNT. */
#ifndef RECORD_READING_H
#define RECORD_READING_H
#include "record/answer.h"

enum watch_role {
    WATCH_POST,      // it should be there: the list is about it
    WATCH_CANARY,    // the API returned it before: sent along, to see whether the API answers
    WATCH_LOADED,    // others measured it (`monitor load`); nobody here asks for it
    WATCH_FRESH,     // a new post, followed until the API returns it: no post-day counts it
    WATCH_ROLE_COUNT
};
const char *watch_role_name(enum watch_role);    // "watch", "canary" ...

struct watched {
    int64_t item;
    uint64_t id;
    struct str handle;    // "" unknown
    enum watch_role role;
    int64_t since_at, until_at;    // until_at 0: watched still
    struct str why;                // its bucket in the audit that it came from, "" none
    int64_t purged_at;             // id is a pseudonym
};

/* How a round ended. What is none of DONE and OPEN left something that was due undone. */
#define ROUND_ENDINGS(X)                                                          \
    X(OPEN, "")           /* it runs now, or was killed */                        \
    X(DONE, "done")       /* all that was due was asked and read */               \
    X(LIMIT, "limit")     /* monitor.limit_min was over */                        \
    X(QUOTA, "quota")     /* the day's calls were used up */                      \
    X(TOKEN, "token")     /* there is no key, or the platform did not take it */  \
    X(DOWN, "down")       /* the API failed, one request after another */         \
    X(SILENT, "silent")   /* the API answered, and returned nothing to anybody */ \
    X(OFFLINE, "offline") /* our own line: no request got through */              \
    X(BLOCKED, "blocked") /* the site blocked the reading of pages */             \
    X(STOPPED, "stopped") /* a person or a signal ended it */                     \
    X(FAILED, "failed")   /* this machine: disk, store */
enum round_ending {
#define X(id, name) ROUND_##id,
    ROUND_ENDINGS(X)
#undef X
        ROUND_ENDING_COUNT
};
const char *round_ending_name(enum round_ending);
enum round_ending round_ending_find(struct str);    // ROUND_ENDING_COUNT where unknown

/* One run of `monitor run` that had something to do; requests bear its number as their round. */
struct watch_round {
    int64_t n;
    int64_t started_at, ended_at;    // ended_at 0: killed, or it runs now
    int64_t due;                     // posts and canaries that something was due of
    enum round_ending ending;
};

/* One reply about one watched post: the API's (WITNESS_QUERY), its page's (_PAGE) or oEmbed's
 * (_OEMBED); or what somebody else measured on a day (source > 0, witness as said there). */
struct reading {
    enum witness witness;
    int64_t at;                   // when the reply was in; of a request that was never answered,
                                  // when it was charged; of another's series, the day's begin
    int64_t round;                // watch_round.n; 0: asked or loaded outside of any round
    int64_t source;               // 0: this list's own; else the series that others measured
    int64_t request, evidence;    // 0 of another's series
    /* FOUND, ABSENT; PUBLIC, REFUSED; NO_ANSWER. ABSENT says only that a complete reply came in
     * without it: whether the API was answering at all is for proof to tell. */
    enum answer_kind kind;
    enum no_answer why;    // of a page; or NONE
    bool has_code;
    int64_t code;          // of a page
    struct str message;    // of a page
    /* of the API */
    bool answered;    // false: the run was killed before the reply
    int http;
    const char *error_code;            // "ok", "timeout", "internal_error" ...; never NULL
    size_t mates, mates_back;          // others in the request; of these came back
    size_t canaries, canaries_back;    // of the mates
    size_t round_canaries;             // asked for in all requests of the round
    size_t round_back;                 // ids that came back in any reply of the round, canaries too
    size_t back_before, back_after;    // ... in its requests before this one, and after it
};
/* Asked with nobody beside it. */
static inline bool reading_is_alone(const struct reading *r)
{
    return r->witness == WITNESS_QUERY && r->mates == 0;
}
/* Some other id came back in the same reply, or before it and after it in the round: the API was
 * answering. One side alone is no proof: an outage may begin or end within a round. */
static inline bool reading_has_proof(const struct reading *r)
{
    return r->mates_back > 0 || (r->back_before > 0 && r->back_after > 0);
}
#endif
