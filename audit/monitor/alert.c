/* audit/monitor/alert.c: who was told of what, and tells the rest. */
#include "audit/monitor/alert.h"
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "audit/monitor/told.h"
#include "base/array.h"
#include "base/file.h"
#include "base/log.h"
#include "base/run.h"
#include "base/stop.h"
#include "base/utc.h"

struct known {
    char name[TOLD_NAME_MAX];
    int64_t done_at;
};    // done_at ALERT_BEGUN: outcome unknown
struct teller {
    struct audit *audit;
    const struct alert_opts *opts;
    struct alert_result *out;
    struct {
        struct known *v;
        size_t n, cap;
    } known;    // by name
};

static int keep_known(void *to, const struct alert_row *a, struct err *err)
{
    struct teller *t = to;
    struct known *k;

    (void)err;
    ARRAY_ROOM(t->known.v, t->known.n, t->known.cap);
    k = &t->known.v[t->known.n++];
    *k = (struct known){ .done_at = a->done_at };
    memcpy(k->name, a->event.p, a->event.n < sizeof k->name ? a->event.n : sizeof k->name - 1);
    return 0;
}

static const struct known *find(const struct teller *t, const char *name)
{
    for (size_t i = 0; i < t->known.n; i++)
        if (!strcmp(t->known.v[i].name, name))
            return &t->known.v[i];
    return NULL;
}

/* ---- one event ---- */

/* 0 and *code. The event lies in a file for as long: whoever reads slowly holds nobody up. */
static int run(struct teller *t, const struct watch_event *e, int *code, struct buf *said,
               struct err *err)
{
    const char *const argv[] = { "sh", "-c", t->opts->exec, NULL };
    char *path = file_join(t->audit->dir, "event.json");
    const struct run r = { .argv = argv, .in = path };
    struct buf json = { 0 };
    int rc;

    t->opts->put(&json, e);
    rc = file_write(path, buf_view(&json), err) || run_program(&r, code, said, err) ? -1 : 0;
    unlink(path);
    buf_release(&json);
    free(path);
    return rc;
}

/* What it said, in one line. */
static void keep_why(struct alert_result *out, int code, const struct buf *said)
{
    struct str text = str_trim(buf_view(said));

    snprintf(out->why, sizeof out->why, "exit code %d%s%.*s", code, text.n ? ": " : "",
             (int)(text.n < 150 ? text.n : 150), text.n ? text.p : "");
    for (char *p = out->why; *p; p++)
        if ((unsigned char)*p < ' ')
            *p = ' ';
}

static int tell(struct teller *t, const struct watch_event *e, const char *name, struct err *err)
{
    struct err later = { 0 };
    struct buf said = { 0 };
    int code = 0, rc;

    if (store_alert_begun(t->audit->store, str_of(name), err))
        return -1;
    rc = run(t, e, &code, &said, err);
    if (store_alert_ended(t->audit->store, str_of(name), rc == 0 && code == 0, rc ? &later : err))
        rc = -1;
    if (rc == 0 && code == 0)
        t->out->told++;
    else if (rc == 0) {
        t->out->failed++;
        keep_why(t->out, code, &said);
    }
    buf_release(&said);
    return rc;
}

/* An outage and a silence are known when they begin. */
static int64_t known_at(const struct watch_event *e) { return e->item ? e->confirmed_at : e->at; }

static int look_at(struct teller *t, const struct watch_event *e, struct err *err)
{
    char name[TOLD_NAME_MAX];
    const struct known *k = find(t, told_event_name(e, name));

    if (e->loaded)
        return 0;
    if (k && k->done_at == ALERT_BEGUN) {
        log_warn("%s: a run was killed while it told of this event; whether it was taken is not "
                 "known, and it is not told again",
                 name);
        t->out->unknown++;
        t->out->before++;
        return store_alert_ended(t->audit->store, str_of(name), true, err);
    }
    if (k && k->done_at) {
        t->out->before++;
        return 0;
    }
    if (known_at(e) < t->opts->since) {
        t->out->passed++;
        return 0;
    }
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "stopped; what was told stays told");
    return tell(t, e, name, err);
}

int monitor_alert(struct audit *audit, const struct alert_opts *opts, struct alert_result *out,
                  struct err *err)
{
    struct teller t = { .audit = audit, .opts = opts, .out = out };
    struct watch_events *events = NULL;
    const struct watch_event *e;
    size_t n = 0;
    int rc = -1;

    *out = (struct alert_result){ 0 };
    if (store_alerts(audit->store, keep_known, &t, err) ||
        told_events(audit, utc_now(), &events, err))
        goto out;
    e = watch_events_end(events, &n);
    for (size_t i = 0; i < n; i++)
        if (look_at(&t, &e[i], err))
            goto out;
    rc = 0;
out:
    watch_events_free(events);
    free(t.known.v);
    return rc;
}
