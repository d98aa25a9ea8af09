/* audit/work_hand.c: cut, wait, take in. */
#include "audit/work_hand.h"
#include <poll.h>
#include <stdlib.h>
#include <string.h>
#include "audit/work_line.h"
#include "audit/work_whose.h"
#include "base/array.h"
#include "base/log.h"
#include "base/stop.h"
#include "base/utc.h"
#include "scrape/book.h"
#include "store/work.h"

#define UPLOADS_AT_ONCE 16
#define CONTROLS 8
#define PARCELS_AHEAD 32    // fewer left: more are cut
#define TASKS_AT_ONCE 10000
#define PARCELS_A_WORKER 4    // of a small list, so that all have some to the end
#define LOOK_MS 20
#define LOOK_MOST_MS 250
#define SHOWN_MS 60000
#define AGAIN_S 600    // where no worker is there

struct hand {
    struct audit *audit;
    struct str vantage;
    struct sink *sink;    // what they gave goes there
    struct book book;
    struct scrape_result *out;
    struct keeper kept;    // stands in for the audit's own while this runs
    struct keeper own;
    const struct kept_place *place;    // of the exchange that is being taken in
    int64_t work, parcels;
    bool dry;    // the source has no more
};

/* ---- the keeper of what lies with workers ---- */
static int kept_exchange(void *to, const struct http_exchange *x, int64_t at,
                         struct kept_place *place, struct err *err)
{
    struct hand *h = to;

    if (!h->place)
        return h->own.exchange(h->own.to, x, at, place, err);
    *place = *h->place;
    return 0;
}

static int kept_extract(void *to, struct str url, struct str extract, const struct digest *whole,
                        int64_t at, struct kept_place *place, struct err *err)
{
    struct hand *h = to;

    return h->own.extract(h->own.to, url, extract, whole, at, place, err);
}

static int kept_sync(void *to, struct err *err)
{
    struct hand *h = to;

    return h->own.sync(h->own.to, err);
}

static bool kept_sealed(void *to, struct kept_file *file)
{
    struct hand *h = to;

    return h->own.sealed(h->own.to, file);
}

/* Where pages are kept in part the workers have cut them already. */
static void keep_for_workers(struct hand *h)
{
    h->own = h->audit->keeper;
    h->kept = (struct keeper){ .keep = KEEP_PAGES,
                               .exchange = kept_exchange,
                               .extract = kept_extract,
                               .sync = kept_sync,
                               .sealed = kept_sealed,
                               .to = h };
    h->audit->keeper = h->kept;
}

static void hand_release(struct hand *h) { h->audit->keeper = h->own; }

/* ---- in ---- */
static int take_exchanges(struct hand *h, struct work_line *l, struct evidence *last,
                          struct err *err)
{
    const struct http_exchange x = { .url = "",
                                     .sent_at = l->req.sent_at,
                                     .done_at = l->req.done_at };

    for (size_t i = 0; i < l->keeps; i++) {
        int rc;

        h->place = &l->kept[i];
        rc = h->sink->exchange(h->sink->to, &l->req, &x, last, err);
        h->place = NULL;
        if (rc)
            return -1;
    }
    return 0;
}

/* As scrape does it, where the reply came in. */
static int take_answer(struct hand *h, struct work_line *l, struct err *err)
{
    const int64_t reserved_at = l->req.reserved_at, blocks = h->out->blocks.n;
    const int sends = l->req.sends;
    struct evidence last = { 0 };

    if (h->sink->reserve(h->sink->to, &l->req, err))
        return -1;
    l->req.reserved_at = reserved_at;
    l->req.sends = sends;
    l->answer.item = l->member.item;
    l->answer.id = l->member.id;
    l->answer.request = l->req.n;
    l->answer.witness = l->req.witness;
    if (take_exchanges(h, l, &last, err) || sink_settle(h->sink, &l->answer, err) ||
        book_put(&h->book, &l->req, &l->answer, last, err))
        return -1;
    h->out->blocks.n = blocks;    // the worker's own count has it
    h->out->odd = last;
    return 0;
}

static void take_run(struct hand *h, const struct scrape_result *r)
{
    h->out->sends += r->sends;
    h->out->redirects += r->redirects;
    h->out->retries += r->retries;
    h->out->pauses += r->pauses;
    h->out->controls += r->controls;
    h->out->turned += r->turned;
    h->out->whole += r->whole;
    counted_join(&h->out->blocks, &r->blocks);
    counted_join(&h->out->challenges, &r->challenges);
}

/* Kept with whose it is, so that what its instants are worth can be looked up. */
static int take_clock(struct hand *h, struct str worker, const struct work_line *l,
                      struct err *err)
{
    struct buf text = { 0 };
    int rc;

    buf_printf(&text, "worker %.*s: corrected by %lld ms, right to %lld ms", STR_ARG(worker),
               (long long)l->ahead_ms, (long long)l->bound_ms);
    rc = store_clock_bound_raise(h->audit->store, l->bound_ms, err) ||
                 store_event(h->audit->store, "clock", 0, buf_view(&text), err)
             ? -1
             : 0;
    buf_release(&text);
    return rc;
}

static int take_line(struct hand *h, struct str worker, struct work_line *l, struct err *err)
{
    switch (l->of) {
    case WORK_ANSWER: return take_answer(h, l, err);
    case WORK_SPARE: return book_spare(&h->book, l->witness, l->spare, l->spares, err);
    case WORK_DRIFT: {
        struct buf kind = { 0 };
        int rc;

        buf_str(&kind, l->kind);
        rc = h->sink->drift(h->sink->to, buf_cstr(&kind), l->name, l->count, l->at, err);
        buf_release(&kind);
        return rc;
    }
    case WORK_FILE:
        if (l->bucket.n)
            return store_evidence_lies(h->audit->store, &l->file, l->bucket, err);
        return store_evidence_file_set(h->audit->store, l->file.name, l->file.size, &l->file.digest,
                                       err);
    case WORK_RUN: take_run(h, &l->run); return 0;
    case WORK_CLOCK: return take_clock(h, worker, l, err);
    case WORK_OF_COUNT: break;    // check_members left it out
    }
    return 0;
}

/* The lines of an upload; bad says what is wrong with the first that is none. */
struct lines {
    struct work_line *v;
    size_t n, cap;
};
static int read_lines(struct lines *lines, struct str body, struct arena *mem, struct err *bad)
{
    struct str rest = body, line;

    while (str_cut(&rest, '\n', &line)) {
        if (line.n == 0)
            continue;
        ARRAY_ROOM(lines->v, lines->n, lines->cap);
        if (work_line_read(line, mem, &lines->v[lines->n], bad))
            return -1;
        lines->n++;
    }
    for (size_t i = 0; i < lines->n; i++)    // the array has its place now
        lines->v[i].req.member = &lines->v[i].member;
    return 0;
}

/* ---- whose they are ---- */
static bool is_of_post(enum witness w)
{
    return w == WITNESS_PAGE || w == WITNESS_OEMBED || w == WITNESS_EMBED;
}

/* The posts that lines are about, one after the other: of a line, from its first on. */
struct members {
    struct ask_member *v;
    enum member_is *is;
    size_t n, cap;
};

static void gather_members(const struct lines *lines, struct members *all)
{
    for (size_t i = 0; i < lines->n; i++) {
        const struct work_line *l = &lines->v[i];
        const bool answers = l->of == WORK_ANSWER && is_of_post(l->req.witness),
                   spares = l->of == WORK_SPARE && is_of_post(l->witness);
        const size_t n = answers ? 1 : spares ? l->spares : 0;

        for (size_t k = 0; k < n; k++) {
            ARRAY_ROOM(all->v, all->n, all->cap);
            all->v[all->n++] = answers ? l->member : l->spare[k];
        }
    }
}

/* A worker that mixes up two audits, or a line that was spoiled on its way, has a post under a
 * number that is another's here: bad says so. What was read of a post that was purged meanwhile is
 * left out alone. */
static int check_members(struct hand *h, struct lines *lines, struct err *bad, struct err *err)
{
    struct members all = { 0 };
    size_t at = 0;
    int rc;

    gather_members(lines, &all);
    all.is = xcalloc(all.n ? all.n : 1, sizeof *all.is);
    rc = store_members(h->audit->store, all.v, all.n, all.is, err);
    for (size_t i = 0; rc == 0 && i < all.n && bad->kind == ERR_NONE; i++)
        if (all.is[i] == MEMBER_STRANGE)
            (void)err_set(bad, ERR_INPUT, "item %lld of this audit is not the post %llu",
                          (long long)all.v[i].item, (unsigned long long)all.v[i].id);
    for (size_t i = 0; rc == 0 && i < lines->n; i++) {
        struct work_line *l = &lines->v[i];

        if (l->of == WORK_SPARE && is_of_post(l->witness))
            at += l->spares;
        else if (l->of == WORK_ANSWER && is_of_post(l->req.witness) &&
                 all.is[at++] == MEMBER_PURGED)
            l->of = WORK_OF_COUNT;
    }
    free(all.v);
    free(all.is);
    return rc;
}

/* What no worker of ours sends is left out whole, and everybody is told. */
static int refuse_upload(struct hand *h, const struct upload *u, const struct err *bad,
                         struct err *err)
{
    struct buf text = { 0 };
    int rc;

    buf_printf(&text, "an upload of the worker %.*s was left out: %s", STR_ARG(u->worker),
               bad->msg);
    log_warn("%s", buf_cstr(&text));
    rc = store_event(h->audit->store, "upload_refused", 0, buf_view(&text), err) ||
                 store_upload_taken(h->audit->store, u, err)
             ? -1
             : 0;
    buf_release(&text);
    return rc;
}

/* All of it in one transaction, with the mark that it is taken. */
static int take_upload(struct hand *h, const struct upload *u, struct err *err)
{
    struct lines lines = { 0 };
    struct arena mem = { 0 };
    struct err bad = { 0 };
    int rc = 0;

    if (read_lines(&lines, u->body, &mem, &bad) == 0)
        rc = check_members(h, &lines, &bad, err);
    if (rc == 0 && bad.kind == ERR_NONE)
        rc = work_whose(h->audit, u->worker, lines.v, lines.n, &bad, err);
    if (rc == 0 && bad.kind != ERR_NONE) {
        rc = refuse_upload(h, u, &bad, err);
        goto out;
    }
    for (size_t i = 0; i < lines.n && rc == 0; i++)
        rc = take_line(h, u->worker, &lines.v[i], err);
    if (rc == 0)
        rc = store_upload_taken(h->audit->store, u, err) || h->sink->commit(h->sink->to, err) ? -1
                                                                                              : 0;
out:
    arena_release(&mem);
    free(lines.v);
    return rc;
}

/* *took: some were there. */
static int take_uploads(struct hand *h, bool *took, struct err *err)
{
    struct upload u[UPLOADS_AT_ONCE];
    struct arena mem = { 0 };
    size_t n = 0;
    int rc = 0;

    *took = false;
    do {
        arena_clear(&mem);
        rc = store_uploads(h->audit->store, h->vantage, u, UPLOADS_AT_ONCE, &n, &mem, err);
        for (size_t i = 0; rc == 0 && i < n; i++)
            rc = take_upload(h, &u[i], err);
        *took |= n > 0;
    } while (rc == 0 && n == UPLOADS_AT_ONCE);
    arena_release(&mem);
    return rc;
}

/* The sink's own commits come between two uploads, and never within one. */
static int no_commit(void *to, struct err *err)
{
    (void)to;
    (void)err;
    return 0;
}

/* ---- out ---- */
/* What a worker has to know to read as we would; what is a machine's own stays there. */
static void put_setting(void *to, const char *name, const char *value)
{
    static const char *const own[] = { "page.proxy",   "page.browser",        "page.vantage",
                                       "page.read_by", "page.workers_wait_s", NULL };
    const bool goes = strncmp(name, "page.", 5) == 0 || !strcmp(name, "net.timeout_s") ||
                      !strcmp(name, "evidence.keep") || !strcmp(name, "api.base_url");

    if (goes && !str_is_one_of(str_of(name), own))
        buf_printf(to, "%s=%s\n", name, value);
}

static int begin_work(struct hand *h, const struct scrape_opts *o, struct read_source *source,
                      struct err *err)
{
    struct read_task control[CONTROLS];
    struct buf settings = { 0 };
    struct work_new w = { .vantage = h->vantage, .control = control };
    struct arena mem = { 0 };
    int got = 1, rc = -1;

    buf_printf(&settings, "audit=%s\n", buf_cstr(&h->audit->name));
    settings_each(o->set, put_setting, &settings);
    w.settings = buf_view(&settings);
    while (source->control && w.controls < CONTROLS && got == 1) {
        struct read_task *t = &control[w.controls];

        memset(t, 0, sizeof *t);
        if ((got = source->control(source->from, &mem, t, err)) < 0)
            goto out;
        for (size_t i = 0; got == 1 && i < w.controls; i++)    // it begins again
            got = control[i].item == t->item ? 0 : 1;
        w.controls += got == 1;
    }
    rc = store_work_begin(h->audit->store, &w, &h->work, err);
out:
    buf_release(&settings);
    arena_release(&mem);
    return rc;
}

static int64_t each_of(const struct scrape_opts *o, int64_t workers)
{
    const int64_t each = o->expected / (PARCELS_A_WORKER * (workers > 0 ? workers : 1));

    return each < 1 ? 1 : each > WORK_PARCEL_MOST ? WORK_PARCEL_MOST : each;
}

static int cut_more(struct hand *h, const struct scrape_opts *o, struct read_source *source,
                    int64_t workers, struct err *err)
{
    struct {
        struct read_task *v;
        size_t n, cap;
    } list = { 0 };
    struct arena mem = { 0 };
    int got = 0;

    while (list.n < TASKS_AT_ONCE) {
        struct read_task t = { .item = 0 };

        if ((got = source->next(source->from, &mem, &t, err)) <= 0)
            break;
        ARRAY_ROOM(list.v, list.n, list.cap);
        list.v[list.n++] = t;
    }
    h->dry = got == 0;
    if (got >= 0 && list.n)
        got = store_work_add(h->audit->store, h->work, list.v, list.n, (size_t)each_of(o, workers),
                             &h->parcels, err);
    free(list.v);
    arena_release(&mem);
    return got < 0 ? -1 : 0;
}

/* ---- waiting ---- */
struct waiting {
    int64_t seen_at, shown_at, look_ms;
    bool told;
};

/* Nobody works at this vantage: for how long is that borne? */
static int mind_nobody(struct hand *h, struct waiting *w, const struct work_state *s,
                       struct err *err)
{
    const int64_t now = utc_real_ms();
    const char *where = h->vantage.n ? " at this vantage" : "";

    if (s->workers > 0 || !w->seen_at)
        w->seen_at = now;
    if (s->workers > 0)
        return 0;
    if (!w->told)
        log_info("no worker is there%s: waiting for `blindspot work`", where);
    w->told = true;
    if (now - w->seen_at < h->audit->set.page_workers_wait_s * 1000)
        return 0;
    err_set(err, ERR_AGAIN,
            "no worker reads pages%s: start `blindspot work` with the address of this audit, and "
            "run this again",
            where);
    err->retry_at = utc_now() + AGAIN_S;
    return -1;
}

/* An empty commit shows that whoever waits is there. */
static int show_up(struct hand *h, struct waiting *w, struct err *err)
{
    const int64_t now = utc_real_ms();

    if (w->shown_at && now - w->shown_at < SHOWN_MS)
        return 0;
    w->shown_at = now;
    if (store_begin(h->audit->store, err) == 0 && store_commit(h->audit->store, err) == 0)
        return 0;
    store_rollback(h->audit->store);
    return -1;
}

/* 1: all is read; 0: go on; -1. */
static int step(struct hand *h, const struct scrape_opts *o, struct read_source *source,
                struct waiting *w, struct err *err)
{
    struct work_state s;
    bool took = false;

    /* What is done stood in the store before it was asked how much is left. */
    if (store_work_state(h->audit->store, h->work, h->vantage, &s, err) ||
        take_uploads(h, &took, err))
        return -1;
    if (s.gone) {
        w->shown_at = 0;
        return show_up(h, w, err) ? -1
                                  : err_set(err, ERR_AGAIN, "what was handed out to workers is "
                                                            "not there any more: run it again");
    }
    if (s.stopped_at) {
        err_set(err, ERR_AGAIN, "%s", s.why);
        h->out->retry_at = err->retry_at = s.retry_at;
        return -1;
    }
    if (stop_asked())
        return err_set(err, ERR_STOPPED, "interrupted");
    if (!h->dry && s.left < PARCELS_AHEAD)
        return cut_more(h, o, source, s.workers, err);
    if (s.left == 0)
        return 1;
    if (mind_nobody(h, w, &s, err) || show_up(h, w, err))
        return -1;
    w->look_ms = took ? LOOK_MS : w->look_ms < LOOK_MOST_MS ? w->look_ms * 2 : LOOK_MOST_MS;
    (void)poll(NULL, 0, (int)w->look_ms);
    return 0;
}

static int run(struct hand *h, const struct scrape_opts *o, struct read_source *source,
               struct err *err)
{
    struct waiting w = { .look_ms = LOOK_MS };
    struct err ignored = { 0 };
    int64_t workers = 0;
    int rc;

    if (store_workers(h->audit->store, h->vantage, &workers, err) ||
        begin_work(h, o, source, err) || cut_more(h, o, source, workers, err))
        return -1;
    while ((rc = step(h, o, source, &w, err)) == 0)
        ;
    log_progress_done();
    if (store_work_end(h->audit->store, h->vantage, rc < 0 ? &ignored : err))
        rc = -1;
    return rc < 0 ? -1 : 0;
}

/* ---- the two ways in ---- */
static bool hands_out(const struct settings *set)
{
    return strcmp(set->page_read_by, "workers") == 0;
}

static void hand_init(struct hand *h, struct audit *a, struct str vantage, struct sink *to,
                      struct sink *quiet, struct scrape_result *out)
{
    *h = (struct hand){ .audit = a, .vantage = vantage, .sink = to, .out = out };
    *quiet = *to;
    quiet->commit = no_commit;
    h->book = (struct book){ .sink = quiet, .out = out };
    keep_for_workers(h);
}

int hand_scrape(struct audit *a, const struct scrape_opts *o, struct read_source *source,
                struct sink *sink, struct scrape_result *out, struct err *err)
{
    struct sink quiet;
    struct hand h;
    int rc;

    if (!hands_out(&a->set) || a->ask.scrape != answerers_of_platform.scrape)
        return a->ask.scrape(o, source, sink, out, err);
    *out = (struct scrape_result){ 0 };
    if (!store_is_far(a->store))
        return err_set(err, ERR_USAGE,
                       "page.read_by = workers is for an audit on PostgreSQL "
                       "(`blindspot init postgresql://... DIR`): this one lies in "
                       "its folder, where no other machine comes");
    if (!a->archive)
        return err_set(err, ERR_USAGE,
                       "page.read_by = workers needs evidence.keep to be pages "
                       "or extract: what they kept is gathered by it");
    hand_init(&h, a, str_of(a->set.page_vantage), sink, &quiet, out);
    h.book.expected = o->expected;
    rc = run(&h, o, source, err);
    hand_release(&h);
    return rc;
}

struct late {
    struct audit *audit;
    struct sink_tap tap;
};

static int late_of(void *to, struct str vantage, struct err *err)
{
    struct late *l = to;
    struct scrape_result out = { 0 };
    struct sink sink, quiet;
    struct buf name = { 0 };
    struct hand h;
    char *own = l->audit->set.page_vantage;
    bool took;
    int rc;

    buf_str(&name, vantage);
    l->audit->set.page_vantage = (char *)(uintptr_t)buf_cstr(&name);
    rc = audit_sink(l->audit, false, &l->tap.inner, err);
    if (rc == 0) {
        sink = sink_through(&l->tap);
        hand_init(&h, l->audit, vantage, &sink, &quiet, &out);
        rc = take_uploads(&h, &took, err);
        hand_release(&h);
        store_sink_release(&l->tap.inner);
    }
    l->audit->set.page_vantage = own;
    buf_release(&name);
    return rc;
}

int hand_late(struct audit *a,
              int (*put)(void *by, const struct request *, const struct answer *, struct err *),
              void *by, struct err *err)
{
    struct late l = { .audit = a, .tap = { .put = put, .by = by } };

    return hands_out(&a->set) ? store_upload_vantages(a->store, late_of, &l, err) : 0;
}
