/* audit/monitor/run.c: due, round, due again. */
#include "audit/monitor/run.h"
#include <errno.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/monitor/told.h"
#include "base/array.h"
#include "base/stop.h"
#include "base/utc.h"

#define GRACE_S 120    // for what is in flight when the time is over

/* ---- no round hangs ---- */

static volatile sig_atomic_t rang;

static void on_alarm(int sig)
{
    (void)sig;
    rang = 1;
    stop_ask();
}

/* Whatever it waits for, a round ends as on Ctrl-C: nothing new is begun, and what is in flight
 * has net.timeout_s at the most. Waits that a test's clock makes short need no watch. */
static void watch_clock(int64_t limit_s)
{
    struct sigaction sa = { .sa_handler = on_alarm };

    if (utc_is_test())
        return;
    sigemptyset(&sa.sa_mask);
    if (sigaction(SIGALRM, &sa, NULL))
        die("a handler of the alarm cannot be set: %s", strerror(errno));
    alarm((unsigned)(limit_s + GRACE_S));
}

/* ---- what is new ---- */

/* By confirmation: an event of yesterday may have been confirmed just now. */
static int by_confirmed(const void *a, const void *b)
{
    const struct watch_event *x = a, *y = b;

    if (x->confirmed_at != y->confirmed_at)
        return x->confirmed_at < y->confirmed_at ? -1 : 1;
    return (x->at > y->at) - (x->at < y->at);
}

static void find_fresh(struct run_result *out)
{
    const struct watch_event *e = out->event;
    size_t n = 0, cap = 0;

    for (size_t i = 0; i < out->events_n; i++) {
        const int64_t known = e[i].kind == WATCH_EVENT_OUTAGE ? e[i].at : e[i].confirmed_at;

        if (!out->round.n || known < out->round.started_at)
            continue;
        ARRAY_ROOM(out->fresh_event, n, cap);
        out->fresh_event[n++] = e[i];
    }
    if (n)
        qsort(out->fresh_event, n, sizeof *out->fresh_event, by_confirmed);
    out->fresh = n;
}

int monitor_run(struct audit *audit, int64_t limit_min, struct run_result *out, struct err *err)
{
    const int64_t limit_s = (limit_min ? limit_min : audit->set.monitor_limit_min) * 60;
    struct due_list before;
    int rc = -1;

    *out = (struct run_result){ 0 };
    if (due_make(audit, utc_now(), &before, err))
        goto out;
    if (before.n == (size_t)before.canaries) {
        err_set(err, ERR_USAGE,
                "nobody is on the list: `blindspot monitor add ID...` puts posts on it");
        goto out;
    }
    watch_clock(limit_s);
    rc = round_run(audit, &before, limit_s, &out->round, err);
    alarm(0);
    if (rc && err->kind == ERR_STOPPED && rang) {
        err_clear(err);
        out->round.ending = ROUND_LIMIT;
        err_set(&out->round.why, ERR_AGAIN, "the round took too long and was ended");
        rc = store_round_end(audit->store, out->round.n, ROUND_LIMIT, err);
    }
    if (rc || due_make_with_events(audit, utc_now(), 0, &out->after, &out->events, err)) {
        rc = -1;
        goto out;
    }
    out->event = watch_events_end(out->events, &out->events_n);
    find_fresh(out);
out:
    due_release(&before);
    return rc;
}

void run_release(struct run_result *r)
{
    free(r->fresh_event);
    watch_events_free(r->events);
    due_release(&r->after);
    *r = (struct run_result){ 0 };
}
