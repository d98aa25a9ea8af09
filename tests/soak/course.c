/* tests/soak/course.c: opens an audit, moves it day by day, judges it. */
#include "tests/soak/course.h"

#include <fcntl.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "audit/verdict/label.h"
#include "audit/turn/outlook.h"
#include "audit/turn/rounds.h"
#include "audit/verdict/standing.h"
#include "base/file.h"
#include "base/utc.h"

#define DONORS 20
#define LIVES_MAX 4000
#define AGAIN_MAX 6                 // runs of one day where the API asks to come back later

struct lasting {                    // outlives a killed process: shared memory
    struct arms arms;
    struct outcome out;
    int day;
    bool counted;                   // what was hidden when the audit was done
    struct track track[];
};
struct made {                       // what a course holds
    struct world *world;
    struct audit audit;
    struct lasting *last;
    struct opt_list sets;
    char *texts[16]; int texts_n;
    char *folder;
    bool tell;
};

static void set_text(struct made *m, const char *key, const char *value)
{
    struct buf b = {0};

    buf_printf(&b, "%s=%s", key, value);
    m->texts[m->texts_n] = xstrdup(buf_cstr(&b));
    m->sets.v[m->sets.n++] = m->texts[m->texts_n++];
    buf_release(&b);
}

static int make_world(const struct course *c, struct made *m, struct err *err)
{
    struct world_params p;

    world_params_default(&p, c->seed, (uint32_t)c->items);
    if (c->shares == SHARES_PUBLISHED)
        world_params_published(&p);
    model_world(&c->model, &p);
    for (size_t i = 0; i < c->world_sets->n; i++)
        if (world_params_set(&p, c->world_sets->v[i], err))
            return -1;
    if (c->extra_world && world_params_set(&p, c->extra_world, err))
        return -1;
    return world_new(&p, &m->world, err);
}

static void make_sets(const struct course *c, struct made *m)
{
    static const char *const urls[] = { "api.base_url", "page.base_url", "page.short_url" };
    char number[32], *ledger = file_join(m->folder, "quota.db");

    m->sets.v = xcalloc((uint64_t)c->sets->n + 16, sizeof *m->sets.v);
    for (int i = 0; i < 3; i++)
        set_text(m, urls[i],
                 "http://127.0.0.1:9");    // nothing is sent there; the test clock wants loopback
    set_text(m, "api.quota", ledger);
    set_text(m, "evidence.keep", "none");
    snprintf(number, sizeof number, "%" PRId64, c->daily);
    set_text(m, "api.daily_requests", number);
    if (c->extra)
        m->sets.v[m->sets.n++] = c->extra;
    for (size_t i = 0; i < c->sets->n; i++)
        m->sets.v[m->sets.n++] = c->sets->v[i];
    free(ledger);
}

// ---- items in ----

struct donated { unsigned donor; struct new_item item; };

static int by_donor(const void *va, const void *vb)
{
    const struct donated *a = va, *b = vb;

    if (a->donor != b->donor)
        return a->donor < b->donor ? -1 : 1;
    return (a->item.id > b->item.id) - (a->item.id < b->item.id);
}

static int add_source(struct store *store, unsigned donor, const struct donated *v, size_t n,
                      struct err *err)
{
    struct new_item *items = xcalloc(n, sizeof *items);
    char name[16];
    int64_t source;
    struct digest digest;
    struct add_count count = {0};
    int rc;

    snprintf(name, sizeof name, "donor %u", donor);
    digest = digest_sha256(str_of(name));
    for (size_t i = 0; i < n; i++)
        items[i] = v[i].item;
    rc = store_source(store, "donation", &digest, &source, err) ||
         store_add_items(store, source, items, n, &count, err);
    free(items);
    return rc ? -1 : 0;
}

static int add_items(struct made *m, struct err *err)
{
    const struct world *w = m->world;
    struct store *store = m->audit.store;
    struct donated *v = xcalloc(w->items, sizeof *v);
    int rc = 0;

    for (size_t i = 0; i < w->items; i++) {
        char handle[WORLD_HANDLE_MAX];

        v[i].donor = (unsigned)(world_hash(w, w->item[i].id, DRAW_WATCHED) % DONORS);
        v[i].item.id = w->item[i].id;
        snprintf(v[i].item.handle, sizeof v[i].item.handle, "%.*s", HANDLE_MAX,
                 world_link_handle(w, w->item[i].account, handle));
    }
    qsort(v, w->items, sizeof *v, by_donor);
    if (store_begin(store, err)) {
        free(v);
        return -1;
    }
    for (size_t from = 0, to; rc == 0 && from < w->items; from = to) {
        for (to = from; to < w->items && v[to].donor == v[from].donor; to++)
            ;
        rc = add_source(store, v[from].donor, v + from, to - from, err);
    }
    free(v);
    if (rc)
        store_rollback(store);
    return rc ? -1 : store_commit(store, err);
}

// ---- the days ----

static int one_day(struct made *m, int64_t day_end, struct err *err)
{
    struct progress p;

    for (int i = 0; i < AGAIN_MAX; i++) {
        if (rounds_run(&m->audit, ROUNDS_ASK | ROUNDS_READ, &p, err))
            return -1;
        if (p.why.kind != ERR_AGAIN || p.why.retry_at >= day_end)
            return 0;
        if (p.why.retry_at * 1000 > m->last->arms.now_ms)
            soak_clock(&m->last->arms, p.why.retry_at * 1000);
    }
    return 0;
}

static int64_t acts(const struct arms *a)
{
    return a->watch.requests + a->watch.others + a->watch.read;
}

static int judge(struct made *m, struct outcome *out, struct err *err);

/* Before the late checks find some of them: posts that come and go and were
 * away each time they were asked. */
static int count_hidden(struct made *m, struct outcome *out, struct err *err)
{
    struct outcome now = {0};

    if (m->last->counted)
        return 0;
    if (judge(m, &now, err))
        return -1;
    out->hidden = now.away + now.wrong;
    m->last->counted = true;
    return 0;
}

/* With late checks a course goes on until none is to come. */
static int all_days(const struct course *c, struct made *m, struct outcome *out, struct err *err)
{
    int64_t start = m->world->params.clock;
    struct arms *arms = &m->last->arms;
    struct outlook look;

    for (; m->last->day < SOAK_DAYS_MAX; m->last->day++) {
        int64_t at = (start + (int64_t)m->last->day * UTC_DAY_S) * 1000;
        int64_t sent = acts(arms);

        if (arms->now_ms < at)
            soak_clock(arms, at);
        if (one_day(m, utc_day_start(utc_day(at / 1000) + 1), err) ||
            outlook_make(&m->audit, &look, err))
            return -1;
        if (look.finished != (outlook_left(&look) == 0))
            return err_set(err, ERR_IO, "day %d: %s, with %lld things due", m->last->day + 1,
                           look.finished ? "finished" : "unfinished",
                           (long long)outlook_left(&look));
        if (acts(arms) > sent)
            out->days = m->last->day + 1;
        out->finished = look.finished;
        if (look.finished && m->last->day + 1 >= model_days(&c->model)) {
            if (look.late_items && count_hidden(m, out, err))
                return -1;
            if (!look.late_next_at)
                break;
        }
    }
    return 0;
}

// ---- judgement ----

static bool is_gone(const struct made *m, const struct world_item *it)
{
    return it->vanishes_at <= m->last->arms.now_ms / 1000;
}

static void judge_missing(const struct made *m, const struct world_item *it,
                          const struct label_row *row, struct outcome *out)
{
    const struct track *t = &m->last->arms.track[it - m->world->item];
    bool not_public = row->label == LABEL_DELETED || row->label == LABEL_PRIVATE;
    bool same = row->label == reason_label(it->reason) && row->reason == (enum reason)it->reason;

    out->missing++;
    if (!not_public && row->page == ANSWER_PUBLIC) {
        out->judged++;
        if (t->chance) {
            out->wrong++;
            return;
        }
        if (it->found_from != WORLD_NEVER) {
            out->away++;
            return;
        }
    }
    /* The world calls deleted what goes before the second day's run is over; an
     * audit that confirmed it within that day's first minutes is right as well. */
    if ((it->flags & WORLD_VANISH_EARLY) && row->page == ANSWER_PUBLIC &&
        row->page_at < it->vanishes_at)
        return;
    out->labels += !same && !(is_gone(m, it) && row->label == LABEL_DELETED);
}

/* What differs from the truth, for whoever looks for the reason. */
static void tell(const struct made *m, const struct world_item *it, const struct label_row *row)
{
    const struct track *t = &m->last->arms.track[it - m->world->item];
    bool same = row->reason == (enum reason)it->reason ||
                (row->state == STATE_RETRIEVED && t->found);

    if (!same && row->reason != REASON_TOO_RECENT)
        fprintf(stderr,
                "%" PRIu64
                " is %s, called %s %s %s; asked %d on %d days, residual %g, held by the API when "
                "asked: %s\n",
                it->id, reason_name(it->reason), state_name(row->state), label_name(row->label),
                reason_name(row->reason), row->asked, row->days, row->residual,
                t->chance ? "yes" : "no");
}

/* What the late checks said, beside what the platform held at that time. */
static void judge_late(const struct made *m, const struct late *late, struct outcome *out)
{
    out->lates = 0;
    for (int c = 0; c < LATE_CHECKS; c++)
        out->lates += late_sum(late, c, &out->late[out->lates]);
    for (size_t i = 0; i < late->n; i++) {
        const struct late_item *it = &late->v[i];
        const struct world_item *truth = world_find(m->world, it->id);

        out->hidden_drawn += it->missing && truth->found_from != WORLD_NEVER;
        for (int c = 0; c < LATE_CHECKS; c++)
            out->late_wrong += late_outcome(late, it, c) == LATE_AWAY &&
                               platform_has(&m->last->arms.platform, truth, it->check[c].sound_at);
    }
}

static int judge(struct made *m, struct outcome *out, struct err *err)
{
    struct classify_result result;
    struct label_cursor *cursor = NULL;
    struct label_row row;
    struct stat_interval interval;
    struct view *view;
    int got;

    if (labels_make(&m->audit, &result, err) || audit_view_make(&m->audit, &view, err))
        return -1;
    out->expected = view_expected_wrong(view);
    interval = losses_wrong(view_losses(view));
    out->expected_low = interval.low;
    out->expected_high = interval.high;
    judge_late(m, view_late(view), out);
    view_free(view);
    if (store_labels(m->audit.store, &cursor, err))
        return -1;
    while ((got = label_cursor_next(cursor, &row, err)) > 0) {
        const struct world_item *it = world_find(m->world, row.id);

        if (m->tell)
            tell(m, it, &row);
        out->verdicts = mix64(
            out->verdicts ^ mix64(row.id + (uint64_t)row.state) ^
            (row.state == STATE_MISSING ? (uint64_t)row.label * 64 + (uint64_t)row.reason : 0));
        if (row.state == STATE_MISSING)
            judge_missing(m, it, &row, out);
        else if (row.state == STATE_RETRIEVED)
            out->labels += !m->last->arms.track[it - m->world->item].found;
        else
            out->open += row.reason != REASON_TOO_RECENT && it->reason != REASON_UNOBSERVED;
    }
    label_cursor_close(cursor);
    return got;
}

static void truth(const struct made *m, struct outcome *out)
{
    const struct world *w = m->world;

    published_run(&m->last->arms.platform, &out->published);
    out->windows = out->published.packed;
    for (size_t i = 0; i < w->items; i++)
        out->public_missing += w->item[i].found_from == WORLD_NEVER &&
                               world_public(w, &w->item[i], w->params.clock);
}

/* The ledger's charges beside the sends that the store knows of. */
static int count_charges(struct made *m, struct outcome *out, struct err *err)
{
    int64_t first = utc_day(m->world->params.clock);
    struct store_totals totals;
    struct ledger *ledger;
    int rc;

    if (store_totals(m->audit.store, &totals, err) ||
        ledger_open(&ledger, m->audit.set.api_quota, err))
        return -1;
    out->charged = 0;
    out->recorded = totals.sends;
    rc = audit_secrets(&m->audit, err);
    for (int64_t day = first; rc == 0 && day < first + SOAK_DAYS_MAX + 2; day++) {
        int64_t used;
        bool spent;

        rc = ledger_used(ledger, &m->audit.client, day, &used, &spent, err);
        out->charged += rc == 0 ? used : 0;
    }
    ledger_close(ledger);
    return rc;
}

// ---- from beginning to end ----

/* The seed decides what is drawn and shuffled: the same course goes the same way. */
static void fix_seed(const struct course *c, struct made *m)
{
    char text[DIGEST_HEX], name[32];
    struct digest d;

    snprintf(name, sizeof name, "soak %" PRIu64, c->seed);
    d = digest_sha256(str_of(name));
    buf_clear(&m->audit.seed);
    buf_puts(&m->audit.seed, digest_hex(&d, text));
}

static int open_audit(const struct course *c, struct made *m, struct err *err)
{
    char *clock = file_join(m->folder, "clock"), *dir = file_join(m->folder, "audit");
    char *db = file_join(dir, "audit.db");
    bool fresh = !file_exists(db);
    int rc = -1;

    m->last->arms.clock = open(clock, O_WRONLY | O_CREAT, 0600);
    if (m->last->arms.clock < 0) {
        err_set(err, ERR_IO, "%s cannot be made", clock);
        goto out;
    }
    soak_clock(&m->last->arms, m->last->arms.now_ms);
    setenv("BLINDSPOT_CLOCK", clock, 1);
    setenv("BLINDSPOT_CLIENT_KEY", "soak-key", 1);
    setenv("BLINDSPOT_CLIENT_SECRET", "soak-secret", 1);
    make_sets(c, m);
    if ((fresh && audit_init(dir, err)) || audit_open(&m->audit, dir, &m->sets, true, err))
        goto out;
    fix_seed(c, m);
    m->audit.ask = soak_answerers;
    soak_arms = &m->last->arms;
    rc = fresh ? add_items(m, err) : 0;
out:
    free(db);
    free(dir);
    free(clock);
    return rc;
}

static double seconds_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* One process of a course: from where the one before it ended to the end. */
static void live(const struct course *c, struct made *m)
{
    struct outcome *out = &m->last->out;
    struct err err = {0}, later = {0};

    if (open_audit(c, m, &err) == 0) {
        if (c->kill_every)
            m->last->arms.lives = 1 + (int64_t)(world_hash(m->world, (uint64_t)out->kills, 1) %
                                                (uint64_t)(2 * c->kill_every));
        if (all_days(c, m, out, &err) == 0) {
            m->last->arms.lives = 0;
            out->ran = judge(m, out, &err) == 0 && count_charges(m, out, &err) == 0;
        }
    }
    if (audit_close(&m->audit, &later) && out->ran) {
        out->ran = false;
        err = later;
    }
    snprintf(out->why, sizeof out->why, "%.190s", err.msg);
    if (m->last->arms.clock >= 0)
        close(m->last->arms.clock);
    free(m->sets.v);
    for (int i = 0; i < m->texts_n; i++)
        free(m->texts[i]);
}

/* Process after process until one of them reaches the end. */
static void live_and_die(const struct course *c, struct made *m)
{
    struct outcome *out = &m->last->out;

    while (out->kills < LIVES_MAX) {
        int status = 0;
        pid_t pid = fork();

        if (pid == 0) {
            live(c, m);
            _exit(0);
        }
        if (pid < 0 || waitpid(pid, &status, 0) != pid) {
            snprintf(out->why, sizeof out->why, "no further process");
            return;
        }
        if (!WIFSIGNALED(status) || WTERMSIG(status) != SIGKILL) {
            if (WIFSIGNALED(status) || WEXITSTATUS(status))
                snprintf(out->why, sizeof out->why, "its process ended with status %d", status);
            return;
        }
        out->kills++;
    }
    snprintf(out->why, sizeof out->why, "no end after %d processes", LIVES_MAX);
}

void course_run(const struct course *c, const char *dir, struct outcome *out)
{
    struct made m = { .folder = xstrdup(dir), .tell = c->tell };
    struct err err = {0};
    struct rusage used;
    double began = seconds_now();
    size_t size = sizeof *m.last + (size_t)c->items * sizeof *m.last->track;

    memset(out, 0, sizeof *out);
    m.last = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (m.last == MAP_FAILED)
        die("no memory for a course");
    if (make_world(c, &m, &err) == 0) {
        m.last->arms = (struct arms){ .platform = { m.world, c->model },
                                      .daily = c->daily,
                                      .ask_ms = 200,
                                      .page_ms = 50,
                                      .track = m.last->track,
                                      .now_ms = m.world->params.clock * 1000 };
        if (c->kill_every)
            live_and_die(c, &m);
        else
            live(c, &m);
        *out = m.last->out;
        truth(&m, out);
        out->watch = m.last->arms.watch;
    } else {
        snprintf(out->why, sizeof out->why, "%.190s", err.msg);
    }
    getrusage(c->kill_every ? RUSAGE_CHILDREN : RUSAGE_SELF, &used);
    out->peak_kb = used.ru_maxrss;
    out->seconds = seconds_now() - began;
    munmap(m.last, size);
    world_free(m.world);
    free(m.folder);
}
