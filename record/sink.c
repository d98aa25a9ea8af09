/* record/sink.c: a sink that hands on what it is given, and lets somebody look. */
#include "record/sink.h"

static int tap_reserve(void *to, struct request *req, struct err *err)
{
    struct sink_tap *tap = to;

    if (tap->begin && !req->n)
        tap->begin(tap->by, req);
    return tap->inner.reserve(tap->inner.to, req, err);
}

static int tap_exchange(void *to, const struct request *req, const struct http_exchange *x,
                        struct evidence *evidence, struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.exchange(tap->inner.to, req, x, evidence, err);
}

static int tap_put(void *to, const struct request *req, const struct answer *a, struct err *err)
{
    struct sink_tap *tap = to;

    if (tap->inner.put(tap->inner.to, req, a, err))
        return -1;
    return tap->put ? tap->put(tap->by, req, a, err) : 0;
}

static int tap_done(void *to, struct request *req, struct err *err)
{
    struct sink_tap *tap = to;

    if (tap->done)
        tap->done(tap->by, req);
    return tap->inner.done(tap->inner.to, req, err);
}

static int tap_commit(void *to, struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.commit(tap->inner.to, err);
}

static int tap_drift(void *to, const char *kind, struct str name, int64_t count, int64_t at,
                     struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.drift(tap->inner.to, kind, name, count, at, err);
}

static int tap_user(void *to, const struct request *req, const struct user_answer *u,
                    struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.user(tap->inner.to, req, u, err);
}

static int tap_spare(void *to, enum witness w, const struct ask_member *m, size_t n,
                     struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.spare(tap->inner.to, w, m, n, err);
}

static int tap_alike(void *to, const struct answer *a, bool *yes, struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.alike(tap->inner.to, a, yes, err);
}

static int tap_reserved(void *to, struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.reserved(tap->inner.to, err);
}

static int tap_announce(void *to, struct request *req, struct err *err)
{
    struct sink_tap *tap = to;

    if (tap->begin)
        tap->begin(tap->by, req);
    return tap->inner.announce(tap->inner.to, req, err);
}

static int tap_withdraw(void *to, struct request *req, struct err *err)
{
    struct sink_tap *tap = to;

    return tap->inner.withdraw(tap->inner.to, req, err);
}

int sink_settle(struct sink *sink, struct answer *a, struct err *err)
{
    bool yes = false;

    if (!a->nearly || !sink->alike)
        return 0;
    if (sink->alike(sink->to, a, &yes, err))
        return -1;
    if (yes) {
        a->kind = ANSWER_PUBLIC;
        a->why = NO_ANSWER_NONE;
        a->message = STR_NONE;
        a->nearly = false;
    }
    return 0;
}

struct sink sink_through(struct sink_tap *tap)
{
    return (struct sink){
        .reserve = tap_reserve,
        .exchange = tap_exchange,
        .put = tap_put,
        .done = tap_done,
        .commit = tap_commit,
        .drift = tap_drift,
        .to = tap,
        .user = tap->inner.user ? tap_user : NULL,
        .spare = tap->inner.spare ? tap_spare : NULL,
        .alike = tap->inner.alike ? tap_alike : NULL,
        .reserved = tap->inner.reserved ? tap_reserved : NULL,
        .announce = tap->inner.announce ? tap_announce : NULL,
        .withdraw = tap->inner.withdraw ? tap_withdraw : NULL,
    };
}
