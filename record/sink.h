/* record/sink.h: where an arm hands its answers (borrowed) on.
 * reserve makes a request durable, quota, members and lease included, before
 * a byte is sent (where it is kept on a server, reserved waits for that, of all
 * that were reserved since), and is called again before every further send of the same
 * request (it then charges only, and nothing waits for the server; request.sends is the
 * arm's to count, after reserve); exchange keeps the bytes and says where;
 * put takes one answer; done closes the request: who came back, complete or
 * not (members that did not come back in a complete reply are absent);
 * after commit a killed run resumes here, where it is kept on a server as soon as
 * that has it (what failed there is told by a later call). All return 0 or -1.
 * Errors: reserve gives ERR_QUOTA with retry_at where the day is used up. */
#ifndef RECORD_SINK_H
#define RECORD_SINK_H
#include "base/http.h"
#include "record/answer.h"

#define SINK_COMMIT_MOST 1024    // answers of pages that one commit has: they wait in memory

struct sink {
    int (*reserve)(void *to, struct request *, struct err *);
    int (*exchange)(void *to, const struct request *, const struct http_exchange *,
                    struct evidence *, struct err *);
    int (*put)(void *to, const struct request *, const struct answer *, struct err *);
    int (*done)(void *to, struct request *, struct err *);
    int (*commit)(void *to, struct err *);
    /* Counts something odd from outside: kind "api_key", "status_code",
     * "page_key" ..., and its name; for the drift table. at: of the answer. */
    int (*drift)(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                 struct err *);
    void *to;
    /* Takes what the API said of one account; NULL where nobody wants to know. */
    int (*user)(void *to, const struct request *, const struct user_answer *, struct err *);
    /* Gives each of these items back one try of this witness: the site was to blame,
     * not the posts. NULL where tries are not counted. */
    int (*spare)(void *to, enum witness, const struct ask_member *, size_t n, struct err *);
    /* Was this item's page, at another time, shown in the same words (answer.message) without
     * being an answer? NULL where nobody knows. */
    int (*alike)(void *to, const struct answer *, bool *yes, struct err *);
    /* To be called before a byte of what was reserved is sent. NULL: reserve has seen to it. */
    int (*reserved)(void *to, struct err *);
    /* A request that will be reserved soon is made durable but for its charge: of several that are
     * announced one call of reserved waits for all, and reserve only charges. What is never sent
     * is withdrawn, as if it had not been. NULL, both: nothing is gained by it. */
    int (*announce)(void *to, struct request *, struct err *);
    int (*withdraw)(void *to, struct request *, struct err *);
};
/* What is nearly an answer, and was read alike before, is public: of the post what it lacks
 * stays unknown. item and at are filled in. Whoever puts a page's answer calls it first. */
MUST_CHECK int sink_settle(struct sink *, struct answer *, struct err *);

/* Somebody who looks on while answers go to `inner`: `begin` before inner hears of a
 * request for the first time, `put` once inner took an answer, `done` before inner
 * closes a request; NULL where it does not care.
 * Whatever else an arm hands on reaches inner as it is. */
struct sink_tap {
    struct sink inner;
    void (*begin)(void *by, struct request *);
    int (*put)(void *by, const struct request *, const struct answer *, struct err *);
    void (*done)(void *by, const struct request *);
    void *by;
};
/* The sink to give to the arm: one that hands on to inner, a member that inner
 * leaves out is left out here too. Borrows the tap. */
struct sink sink_through(struct sink_tap *);
#endif
