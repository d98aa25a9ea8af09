/* audit/work/worker.c: lease, read, commit, again. */
#include "audit/work/worker.h"
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "audit/audit.h"
#include "audit/work/away.h"
#include "audit/work/files.h"
#include "audit/work_line.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "scrape/scrape.h"

#define LOOK_MS 20
#define LOOK_MOST_MS 500
#define BROWSER_IDLE_MS 10000    // then it ends; the next page starts another
#define AWAY_MS 120000

struct worker {
    const struct worker_opts *o;
    struct worker_result *out;
    struct far_work *far;
    struct away away;
    struct work_files files;
    int64_t away_until_ms;    // the network here seems to be down
    struct settings set;    // of the work that is under way
    bool has_set;
    int64_t work;
    struct buf audit;                // its name, in those of the files
    struct arena work_mem;
    struct read_task *control;
    size_t controls, control_at;
    struct buf settings;             // of that work, as they came
    struct browsing browsing;        // goes from work to work of the same settings
};

/* ---- settings ---- */
/* Those of the work, and over them what this machine says. */
static int read_settings(struct worker *w, struct str lines, struct err *err)
{
    struct opt_list all = { 0 };
    struct arena mem = { 0 };
    struct str line;
    int rc;

    while (str_cut(&lines, '\n', &line)) {
        if (line.n == 0)
            continue;
        if (str_starts(line, STR("audit="))) {
            buf_clear(&w->audit);
            buf_str(&w->audit, str_sub(line, 6, line.n));
            continue;
        }
        ARRAY_ROOM(all.v, all.n, all.cap);
        all.v[all.n++] = arena_dup(&mem, line).p;
    }
    for (size_t i = 0; w->o->sets && i < w->o->sets->n; i++) {
        ARRAY_ROOM(all.v, all.n, all.cap);
        all.v[all.n++] = w->o->sets->v[i];
    }
    settings_release(&w->set);
    settings_init(&w->set);
    rc = audit_settings(w->o->dir, &all, &w->set, err);
    if (rc == 0 && !w->has_set)
        rc = audit_use_clock(&w->set, err);
    w->has_set = rc == 0;
    free(all.v);
    arena_release(&mem);
    return rc;
}

/* ---- the source ---- */
static bool may_lease(const struct worker *w)
{
    const struct far_state *s = far_work_state(w->far);

    return s->work == w->work && !s->stopped && s->paused_until <= utc_now() &&
           s->workers == w->away.live && !stop_asked();
}

static int next_task(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct worker *w = from;

    if (away_next(&w->away, task, mem))
        return 1;
    if (!may_lease(w))
        return 0;
    if (work_files_mind(&w->files, err) || away_lease(&w->away, err))
        return -1;
    return away_next(&w->away, task, mem);
}

static int next_control(void *from, struct arena *mem, struct read_task *task, struct err *err)
{
    struct worker *w = from;
    const struct read_task *t;

    (void)err;
    if (!w->controls)
        return 0;
    t = &w->control[w->control_at++ % w->controls];
    *task = *t;
    task->handle = arena_dup(mem, t->handle);
    return 1;
}

/* ---- a run ---- */
double worker_rate(double per_second, const struct far_state *s)
{
    const int64_t halves = s->pauses < 8 ? s->pauses : 8;

    return per_second / (double)((s->workers > 1 ? s->workers : 1) << halves);
}

/* Everybody of the vantage waits with it. */
static void paused(void *to, int64_t ms)
{
    struct worker *w = to;
    struct far_upload u = { .pause_until = utc_now() + (ms + 999) / 1000 };
    struct err e = { 0 };

    if (away_commit(&w->away, &u, &e))
        log_warn("%s", e.msg);
}

/* What is left of the leases goes back; where the site ended the run, all are told. Where it cannot
 * be reached from here alone, others go on, and this one looks again later. */
static int end_run(struct worker *w, const struct scrape_result *r, const struct err *end,
                   struct err *err)
{
    const bool ends = end->kind == ERR_AGAIN;
    const bool leaves = ends && r->unreachable && far_work_state(w->far)->workers > 1;
    struct far_upload u = { .releases = true,
                            .leaves = leaves,
                            .stops = ends && !leaves,
                            .why = end->msg,
                            .retry_at = end->retry_at };

    w->away_until_ms = leaves ? utc_real_ms() + AWAY_MS : 0;
    work_line_run(&w->away.lines, r);
    if (away_commit(&w->away, &u, err))
        return -1;
    away_clear(&w->away);
    return 0;
}

static int read_parcels(struct worker *w, struct err *err)
{
    struct read_source source = { next_task, w, next_control };
    struct sink sink = away_sink(&w->away);
    struct settings set = w->set;    // texts are borrowed
    const struct far_state *s = far_work_state(w->far);
    struct scrape_opts o = { .set = &set,
                             .seed = str_of(w->o->name),
                             .paused = paused,
                             .to = w,
                             .browsing = &w->browsing };
    struct scrape_result r;
    struct err end = { 0 };

    w->away.live = s->workers;
    set.page_requests_per_second = worker_rate(set.page_requests_per_second, s);
    o.expected = (int64_t)w->away.page.n;
    if (scrape_run(&o, &source, &sink, &r, &end) && end.kind != ERR_AGAIN &&
        end.kind != ERR_STOPPED) {
        *err = end;
        return -1;
    }
    w->out->pages = w->away.answers_all;
    if (end_run(w, &r, &end, err))
        return -1;
    if (end.kind == ERR_STOPPED) {
        *err = end;
        return -1;
    }
    if (end.kind == ERR_AGAIN)
        log_warn("%s", end.msg);
    return 0;
}

/* ---- work after work ---- */
/* What begins next begins as a run does: with plain HTTP, where page.engine = auto. */
static void forget_browsing(struct worker *w)
{
    browsing_end(&w->browsing);
    w->browsing = (struct browsing){ 0 };
}

/* A turn over what gave no answer is a work of its own, of the same site by the same settings. */
static void mind_browsing(struct worker *w, struct str settings)
{
    if (str_eq(settings, buf_view(&w->settings)))
        return;
    buf_clear(&w->settings);
    buf_str(&w->settings, settings);
    forget_browsing(w);
}

static int take_work(struct worker *w, int64_t work, struct err *err)
{
    struct buf lines = { 0 };
    int rc;

    arena_clear(&w->work_mem);
    rc = far_work_read(w->far, work, &lines, &w->work_mem, &w->control, &w->controls, err);
    if (rc == 0 && lines.n)
        mind_browsing(w, buf_view(&lines));
    if (rc == 0 && lines.n)
        rc = read_settings(w, buf_view(&lines), err) ||
                     work_files_open(&w->files, &w->set, buf_cstr(&w->audit), w->o->name, err)
                 ? -1
                 : 0;
    buf_release(&lines);
    w->control_at = 0;
    if (rc == 0)
        w->work = work;
    w->out->works += rc == 0;
    return rc;
}

/* Between two runs over the site: what there is to tell is told, whoever waits for it. */
static int mind_files(struct worker *w, struct err *err)
{
    struct far_upload u = { .releases = false };

    if (work_files_mind(&w->files, err))
        return -1;
    return w->away.lines.n ? away_commit(&w->away, &u, err) : 0;
}

/* 1: something was read; 0: nothing is to be had now; -1. */
static int work_once(struct worker *w, struct err *err)
{
    const struct far_state *s = far_work_state(w->far);

    if (mind_files(w, err))
        return -1;
    if (w->away_until_ms > utc_real_ms())
        return 0;
    if (far_work_look(w->far, err))
        return -1;
    if (!s->work || s->stopped || (w->has_set && s->paused_until > utc_now()))
        return 0;
    if (s->work != w->work && take_work(w, s->work, err))
        return -1;
    if (away_lease(&w->away, err))
        return -1;
    if (!w->away.page.n)
        return 0;
    return read_parcels(w, err) ? -1 : 1;
}

static int work_on(struct worker *w, struct err *err)
{
    int64_t busy_ms = utc_real_ms(), look_ms = LOOK_MS;

    for (;;) {
        const int got = work_once(w, err);

        if (got < 0)
            return -1;
        if (stop_asked())
            return err_set(err, ERR_STOPPED, "interrupted");
        if (got) {
            busy_ms = utc_real_ms();
            look_ms = LOOK_MS;
            continue;
        }
        if (w->o->idle_s >= 0 && utc_real_ms() - busy_ms >= w->o->idle_s * 1000)
            return 0;
        if (utc_real_ms() - busy_ms >= BROWSER_IDLE_MS)
            forget_browsing(w);
        (void)poll(NULL, 0, (int)look_ms);
        look_ms = look_ms * 2 < LOOK_MOST_MS ? look_ms * 2 : LOOK_MOST_MS;
    }
}

/* The name of this process alone: a repeated upload is told by it. */
static void make_name(const char *name, char *to, size_t room)
{
    uint8_t random[DIGEST_BYTES];

    digest_random(random);
    snprintf(to, room, "%.60s-%02x%02x%02x%02x%02x%02x", name, random[0], random[1], random[2],
             random[3], random[4], random[5]);
}

/* By what this machine itself says: before anything is leased. A test clock that it may use rules
 * from here on; whether the settings of the work allow one is asked again with them. */
static int begin_here(struct worker *w, struct err *err)
{
    struct err ignored = { 0 };
    struct settings own;
    int rc;

    settings_init(&own);
    rc = audit_settings(w->o->dir, w->o->sets, &own, err) ||
                 work_files_init(&w->files, &w->away, &own, w->o->dir, err)
             ? -1
             : 0;
    if (rc == 0 && audit_use_clock(&own, &ignored))
        err_clear(&ignored);
    settings_release(&own);
    return rc;
}

int worker_run(const struct worker_opts *o, struct worker_result *out, struct err *err)
{
    struct worker w = { .o = o, .out = out };
    struct err later = { 0 };
    char name[80];
    int rc;

    *out = (struct worker_result){ 0 };
    settings_init(&w.set);
    make_name(o->name, name, sizeof name);
    rc = begin_here(&w, err) ||
                 far_work_open(&w.far, o->address, name, str_of(o->vantage), err)
             ? -1
             : 0;
    w.away.far = w.far;
    if (rc == 0)
        rc = work_on(&w, err);
    if (rc && err->kind != ERR_STOPPED)
        away_drop(&w.away);
    if (w.far && work_files_end(&w.files, rc ? &later : err))
        rc = -1;
    if (work_files_release(&w.files, rc ? &later : err))
        rc = -1;
    far_work_close(w.far);
    browsing_end(&w.browsing);
    away_release(&w.away);
    arena_release(&w.work_mem);
    buf_release(&w.audit);
    buf_release(&w.settings);
    settings_release(&w.set);
    return rc;
}
