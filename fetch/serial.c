/* fetch/serial.c: send, wait for the reply, and send again where that is of use. */
#include <string.h>
#include "base/utc.h"
#include "fetch/serial.h"

#define LOOK_MS 1000                   // between looks for SIGINT

/* Until a send may go. */
static int wait_turn(struct wire *w, int64_t due_ms, struct err *err)
{
    struct http_exchange x;
    int64_t due, now;

    for (;;) {
        if (wire_ends(w)) {
            *err = w->end;
            return -1;
        }
        if (w->token_flying) {
            if (wire_next(w, LOOK_MS, &x, err) < 0)
                return -1;
            continue;
        }
        due = wire_due(w) > due_ms ? wire_due(w) : due_ms;
        now = utc_tick_ms();
        if (due > now)
            utc_wait_ms(due - now);
        else
            return 0;
    }
}

/* 1 and the reply, 0 where nothing could be sent. */
static int exchange(struct wire *w, struct request *req, struct wire_try *t,
                    const struct wire_call *c, struct http_exchange *x, struct err *err)
{
    int rc = wire_send(w, req, t, c, err);

    while (rc == 1 && w->flying > 0)
        if (wire_next(w, LOOK_MS, x, err) < 0)
            return -1;
    return rc;
}

int serial_ask(struct wire *w, struct request *req, const struct wire_call *c, struct arena *mem,
               struct wire_reply *re, struct err *err)
{
    struct wire_try t = { 0 };
    struct http_exchange x;
    enum wire_step step;
    int rc;

    for (;;) {
        if ((rc = wait_turn(w, t.due_ms, err)) || (rc = exchange(w, req, &t, c, &x, err)) < 0)
            break;
        if (rc == 0)
            continue;                             // a token first, or wait_turn says why
        if ((rc = wire_take(w, req, &t, c->text, &x, mem, re, err)) || re->what == API_OK)
            break;
        if ((step = wire_failed(w, req, &t, &x, re)) == WIRE_GIVE_UP) {
            bool refused = re->what == API_FAIL || re->what == API_FIELD;

            re->what = refused ? API_FAIL : API_RETRY;
            if (!refused)
                wire_give_up(w, req, NULL);
            break;
        }
    }
    return rc < 0 ? -1 : 0;
}

void serial_abandon(struct wire *w, struct request *req, struct err *err)
{
    struct err later = { 0 };

    if (req->n == 0 || req->sends == 0)
        return;
    if (strcmp(req->error_code, "ok") == 0)
        wire_note(req, "cut_short");
    if (wire_done(w, req, false, &later) && err->kind != ERR_IO)
        *err = later;
}
