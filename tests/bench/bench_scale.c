/* tests/bench/bench_scale.c: plan and round 1 of a large audit, through the
 * audit's own source, sink and ledger, with an API that answers at once. Each
 * step is a process of its own: plan; round 1, killed half way in the middle of
 * a request; round 1 taken up again and closed; the view that later rounds
 * start from.
 * Against: 1 % of the time that the network takes at 5 requests a second, which
 * is 2 ms a request, for all that is not the network; 500 MB of memory at ten
 * million ids; three times the work for three times the ids.
 * SCALE_IDS=10000000 measures that size (some 12 GB of disk); without it one
 * and three million, and the memory of ten million follows from the two.
 * SCALE_STORE=postgresql://... : the audit's store is on that server; time, the server's
 * included, of add, plan, round 1, view and labels for SCALE_SMALL of the ids (a third) and
 * all of them, and memory beside that of an audit of as many in a file. What each step took
 * is said on standard error when it ends: at ten million they take an hour. */
#include <ftw.h>
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
#include "audit/turn/plan.h"
#include "audit/turn/rounds.h"
#include "audit/verdict/label.h"
#include "audit/verdict/standing.h"
#include "base/log.h"
#include "base/utc.h"
#include "import/collect.h"
#include "record/id.h"

#define IDS 3000000
#define IDS_GOAL 10000000
#define MEMORY_GOAL_MB 500.0
#define REQUEST_GOAL_MS 2.0             // 1 % of the time between two requests at 5 a second
#define LINEAR 1.25                     // deeper trees are allowed for, a factor of the ids is not
#define PERIOD_DAYS 1096
#define RETURNED_OF_100 73    // of the published audit's items 27 % did not come back at first

struct times { double compose, reserve, evidence, store, api; int64_t requests; };
static struct shared {                  // outlives a killed process
    struct times t;
    int64_t die_at;                     // requests until this process kills itself; 0 = never
    int64_t plan_requests, found, silent;
} *shared;

struct step {
    double cpu, peak_mb, wall;
};
struct size {
    int64_t ids;
    const char *server;    // NULL: its store is a file
    struct step add, plan, first_half, second_half, view, label;
    struct times t;
};

static char dir[96];
static int64_t ids;
static bool says_steps;
static struct audit audit;

static void must(bool ok, const char *what)
{
    if (!ok)
        die("bench_scale: %s", what);
}

static double cpu_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* ---- the API ---- */

static const struct record *made_record(uint64_t id, struct arena *mem)
{
    struct record *r = arena_alloc(mem, sizeof *r);
    uint64_t h = mix64(id);

    r->id = id;
    r->val[FIELD_CREATED] = value_int(id_time(id));
    r->val[FIELD_AUTHOR] = value_text(arena_printf(mem, "maker_%u", (unsigned)(h >> 44)));
    r->val[FIELD_CAPTION] = value_text(
        arena_printf(mem, "a day in the life of number %" PRIu64 " #made #up", h));
    r->val[FIELD_VIEWS] = value_int((int64_t)(h % 100000));
    r->val[FIELD_LIKES] = value_int((int64_t)(h % 10000));
    r->val[FIELD_COMMENTS] = value_int((int64_t)(h % 1000));
    r->val[FIELD_SHARES] = value_int((int64_t)(h % 100));
    return r;
}

static void reply_row(struct buf *body, const struct record *r)
{
    buf_printf(body,
               "{\"id\":%" PRIu64 ",\"create_time\":%" PRId64 ",\"username\":\"%.*s\","
               "\"video_description\":\"%.*s\",\"view_count\":%" PRId64 ",\"like_count\":%" PRId64
               ",\"comment_count\":%" PRId64 ",\"share_count\":%" PRId64
               ",\"region_code\":\"DE\",\"hashtag_names\":[\"made\",\"up\"]},",
               r->id, r->val[FIELD_CREATED].i, STR_ARG(r->val[FIELD_AUTHOR].text),
               STR_ARG(r->val[FIELD_CAPTION].text), r->val[FIELD_VIEWS].i, r->val[FIELD_LIKES].i,
               r->val[FIELD_COMMENTS].i, r->val[FIELD_SHARES].i);
}

/* The rows of one reply, and its bytes for the evidence. */
static void api_answers(struct request *req, struct arena *mem, const struct record **row,
                        struct buf *body)
{
    buf_clear(body);
    buf_puts(body, "{\"data\":{\"videos\":[");
    for (size_t i = 0; i < req->members; i++) {
        struct ask_member *m = &req->member[i];

        row[i] = NULL;
        m->came_back = mix64(m->id ^ 73) % 100 < RETURNED_OF_100;
        if (!m->came_back)
            continue;
        row[i] = made_record(m->id, mem);
        reply_row(body, row[i]);
        req->rows++;
    }
    buf_puts(body, "],\"has_more\":false},\"error\":{\"code\":\"ok\"}}");
    req->sends++;
    req->sent_at = req->done_at = utc_now();
    req->http = 200;
    req->complete = true;
    snprintf(req->error_code, sizeof req->error_code, "ok");
}

static int put_rows(const struct request *req, const struct record *const *row,
                    const struct sink *sink, struct err *err)
{
    for (size_t i = 0; i < req->members; i++) {
        struct answer answer = { .id = req->member[i].id,
                                 .item = req->member[i].item,
                                 .kind = ANSWER_FOUND,
                                 .at = req->done_at,
                                 .request = req->n,
                                 .generation = GENERATION_API,
                                 .record = row[i] };

        if (row[i] && sink->put(sink->to, req, &answer, err))
            return -1;
    }
    return 0;
}

static int ask_one(struct request *req, struct arena *mem, const struct sink *sink,
                   struct buf *body, struct err *err)
{
    const struct record *row[100] = { NULL };
    struct http_exchange x = { .url = "https://open.tiktokapis.com/v2/research/video/query/",
                               .status = 200,
                               .head = STR("HTTP/1.1 200 OK\r\n\r\n"),
                               .request_head = STR("POST / HTTP/1.1\r\n\r\n") };
    struct times *t = &shared->t;
    double from = cpu_now(), reserved, answered, kept;

    must(req->members <= 100, "a request of more than 100 ids");
    if (sink->reserve(sink->to, req, err))
        return -1;
    reserved = cpu_now();
    api_answers(req, mem, row, body);
    x.sent_at = x.done_at = req->done_at;
    x.body = buf_view(body);
    answered = cpu_now();
    if (sink->exchange(sink->to, req, &x, &req->evidence, err))
        return -1;
    kept = cpu_now();
    if (put_rows(req, row, sink, err))
        return -1;
    if (shared->die_at && t->requests + 1 >= shared->die_at)
        raise(SIGKILL);
    if (sink->done(sink->to, req, err) || sink->commit(sink->to, err))
        return -1;
    t->reserve += reserved - from;
    t->api += answered - reserved;
    t->evidence += kept - answered;
    t->store += cpu_now() - kept;
    t->requests++;
    return 0;
}

static int bench_fetch(const struct fetch_opts *opts, struct ask_source *source, struct sink *sink,
                       struct fetch_result *out, struct err *err)
{
    struct arena mem = {0};
    struct buf body = {0};
    int got = 1, rc = 0;

    (void)opts;
    memset(out, 0, sizeof *out);
    while (rc == 0 && got > 0) {
        struct request req = {0};
        double from = cpu_now();

        arena_clear(&mem);
        got = source->next(source->from, &mem, &req, err);
        shared->t.compose += cpu_now() - from;
        rc = got < 0 ? -1 : got > 0 ? ask_one(&req, &mem, sink, &body, err) : 0;
        out->requests += got > 0;
    }
    arena_release(&mem);
    buf_release(&body);
    return rc;
}

/* ---- the steps, each in a process of its own ---- */

static void open_audit(void)
{
    static char quota[128];
    static const char *sets[] = { quota, "api.daily_requests=1000000", "api.user_check=no",
                                  "api.spot_check=0" };
    const struct opt_list list = { .v = sets, .n = 4 };
    struct err err = {0};

    snprintf(quota, sizeof quota, "api.quota=%s/quota.db", dir);
    must(audit_open(&audit, dir, &list, true, &err) == 0, err.msg);
    audit.ask = (struct answerers){ .fetch = bench_fetch, .scrape = scrape_run };
}

static void close_audit(void)
{
    struct err err = {0};

    must(audit_close(&audit, &err) == 0, err.msg);
}

static int by_id(const void *a, const void *b)
{
    const struct new_item *x = a, *y = b;

    return (x->id > y->id) - (x->id < y->id);
}

struct taker { int64_t source; struct add_count added; };

static int take_items(void *to, const struct new_item *it, size_t n, struct err *err)
{
    struct taker *t = to;

    return store_add_items(audit.store, t->source, it, n, &t->added, err);
}

/* Ids in no order, spread over three years, that end a month before now. As
 * import hands them on. */
static void step_add(void)
{
    struct new_item *it = xcalloc(COLLECT_CHUNK, sizeof *it),
                    *room = xcalloc(COLLECT_CHUNK, sizeof *room);
    struct taker t = {0};
    struct import_sink sink = { .items = take_items, .to = &t };
    struct runs runs = {0};
    struct digest digest = {{ 1 }};
    struct err err = {0};
    int64_t end = utc_day_start(utc_day(utc_now()) - 30), seconds = PERIOD_DAYS * UTC_DAY_S,
            items = 0;

    open_audit();
    must(store_begin(audit.store, &err) == 0 &&
             store_source(audit.store, "list", &digest, &t.source, &err) == 0,
         err.msg);
    for (int64_t i = 0; i < ids;) {
        size_t n = 0;

        for (; n < COLLECT_CHUNK && i < ids; n++, i++)
            it[n].id =
                ((uint64_t)(end - seconds + (int64_t)(mix64((uint64_t)i) % (uint64_t)seconds))
                 << 32) +
                ((uint64_t)i << 12 & 0xfffff000) + 0xd00;
        qsort(it, n, sizeof *it, by_id);
        must(runs_add(&runs, it, n, &err) == 0, err.msg);
    }
    must(runs_merge(&runs, room, COLLECT_CHUNK, it, COLLECT_CHUNK, &sink, &items, &err) == 0,
         err.msg);
    must(store_commit(audit.store, &err) == 0, err.msg);
    must(t.added.duplicates == 0 && items == ids, "an id was made twice");
    runs_release(&runs);
    free(it);
    free(room);
    close_audit();
}

static void step_plan(void)
{
    struct err err = {0};
    struct plan plan;

    open_audit();
    must(plan_make(&audit, &plan, &err) == 0, err.msg);
    must(plan.items == ids, "plan lost an item");
    shared->plan_requests = plan.requests;
    close_audit();
}

static void step_round(void)
{
    struct progress progress;
    struct err err = {0};

    open_audit();
    must(rounds_run(&audit, ROUNDS_ASK, &progress, &err) == 0, err.msg);
    close_audit();
}

static void step_view(void)
{
    struct err err = {0};
    struct view *view;
    struct buf closed = {0};

    open_audit();
    must(store_meta_get(audit.store, META_ROUND_1_CLOSED_AT, &closed, &err) == 0 && closed.n,
         "round 1 was not closed");
    must(audit_view_make(&audit, &view, &err) == 0, err.msg);
    shared->found = view_found(view);
    shared->silent = view_touched(view) - view_found(view);
    view_free(view);
    buf_release(&closed);
    close_audit();
}

static void step_label(void)
{
    struct classify_result labels;
    struct err err = { 0 };

    open_audit();
    must(labels_make(&audit, &labels, &err) == 0, err.msg);
    must(labels.items == ids, "an item has no label");
    close_audit();
}

static double wall_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static struct step run(const struct size *s, const char *what, void (*step)(void), bool dies)
{
    const double from = wall_now();
    struct rusage used;
    struct step took;
    int status;
    pid_t pid = fork();

    if (pid == 0) {
        step();
        _exit(0);
    }
    must(pid > 0 && wait4(pid, &status, 0, &used) == pid, "a step cannot be run");
    must(dies ? WIFSIGNALED(status) && WTERMSIG(status) == SIGKILL : status == 0, "a step failed");
    took = (struct step){ (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 +
                              (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6,
                          (double)used.ru_maxrss / 1024, wall_now() - from };
    if (says_steps)
        fprintf(stderr, "%" PRId64 " ids %s, %s: %.1f s, %.1f s of them CPU here, %.0f MB\n",
                s->ids, s->server ? "on PostgreSQL" : "in a file", what, took.wall, took.cpu,
                took.peak_mb);
    return took;
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

static void measure(struct size *s)
{
    const char *tmp = getenv("TMPDIR");
    char place[256];
    struct err err = {0};

    ids = s->ids;
    snprintf(place, sizeof place, "%s?schema=scale_%d_%" PRId64, s->server ? s->server : "",
             (int)getpid(), ids);
    memset(shared, 0, sizeof *shared);
    snprintf(dir, sizeof dir, "%.60s/bench_scale-XXXXXX", tmp ? tmp : "/tmp");
    must(mkdtemp(dir) != NULL && audit_init_at(dir, "", s->server ? place : NULL, &err) == 0,
         "cannot make an audit");
    s->add = run(s, "add", step_add, false);
    s->plan = run(s, "plan", step_plan, false);
    shared->die_at = shared->plan_requests / 2;
    s->first_half = run(s, "round 1 until it is killed", step_round, true);
    shared->die_at = 0;
    s->second_half = run(s, "the rest of round 1", step_round, false);
    s->view = run(s, "the view", step_view, false);
    s->label = run(s, "labels", step_label, false);
    s->t = shared->t;
    must(shared->found + shared->silent == ids, "round 1 lost an item");
    must(s->t.requests >= shared->plan_requests && s->t.requests <= shared->plan_requests + 2,
         "round 1 took other requests than planned");
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}

/* ---- what came of it ---- */

static double cpu_of_round(const struct size *s)
{
    return s->first_half.cpu + s->second_half.cpu - s->t.api;
}

static double peak_of_round(const struct size *s)
{
    return s->first_half.peak_mb > s->second_half.peak_mb ? s->first_half.peak_mb
                                                          : s->second_half.peak_mb;
}

static bool line(const char *what, double ours, double other, const char *unit, double most)
{
    printf("%-58s | %9.2f %-2s | %9.2f %-2s | %5.2f x | at most %g x\n", what, ours, unit, other,
           unit, ours / other, most);
    return ours <= most * other;
}

/* Of ten million ids, measured or as it follows from the two sizes. */
static bool line_memory(const char *what, double small, double large, int64_t at)
{
    char text[80];
    double slope = (large - small) / ((double)at - (double)at / 3);

    snprintf(text, sizeof text, "peak memory of %s, 10,000,000 ids%s / 500 MB", what,
             at < IDS_GOAL ? " (extrapolated)" : "");
    return line(text, at < IDS_GOAL ? large + slope * (double)(IDS_GOAL - at) : large,
                MEMORY_GOAL_MB, "MB", 1);
}

static void tell_more(const struct size *one, const struct size *three, double per)
{
    printf(
        "  CPU ms a request: packing %.3f, reserving %.3f, evidence %.3f, storing %.3f,"
        " views and closing %.3f;"
        " %" PRId64 " requests\n",
        three->t.compose * per, three->t.reserve * per, three->t.evidence * per,
        three->t.store * per,
        (cpu_of_round(three) - three->t.compose - three->t.reserve - three->t.evidence -
         three->t.store) *
            per,
        three->t.requests);
    printf("  MB at %" PRId64 " / %" PRId64
           " ids: plan %.0f / %.0f, asking %.0f / %.0f, taken up again and closed"
           " %.0f / %.0f, the view alone %.0f / %.0f\n",
           one->ids, three->ids, one->plan.peak_mb, three->plan.peak_mb, one->first_half.peak_mb,
           three->first_half.peak_mb, one->second_half.peak_mb, three->second_half.peak_mb,
           one->view.peak_mb, three->view.peak_mb);
    printf("  CPU s at %" PRId64 " / %" PRId64
           " ids: plan %.1f / %.1f, round 1 %.1f / %.1f, the view alone"
           " %.1f / %.1f\n",
           one->ids, three->ids, one->plan.cpu, three->plan.cpu, cpu_of_round(one),
           cpu_of_round(three), one->view.cpu, three->view.cpu);
}

static bool tell(const struct size *one, const struct size *three)
{
    double per = 1000 / (double)three->t.requests;
    bool ok = line("round 1: CPU a request but for the API / 1 % of 200 ms",
                   cpu_of_round(three) * per, REQUEST_GOAL_MS, "ms", 1);

    ok &= line("round 1: CPU of three times the ids / three times the CPU", cpu_of_round(three),
               3 * cpu_of_round(one), "s", LINEAR);
    ok &= line("plan: CPU of three times the ids / three times the CPU", three->plan.cpu,
               3 * one->plan.cpu, "s", LINEAR);
    ok &= line_memory("plan", one->plan.peak_mb, three->plan.peak_mb, three->ids);
    ok &= line_memory("round 1", peak_of_round(one), peak_of_round(three), three->ids);
    tell_more(one, three, per);
    return ok;
}

/* ---- on a server ---- */

static double time_of_round(const struct size *s)
{
    return s->first_half.wall + s->second_half.wall;
}

static void row(const char *what, double ours, double other, const char *unit, const char *of)
{
    char text[96];

    snprintf(text, sizeof text, "on PostgreSQL, %s", what);
    printf("%-58s | %9.2f %-2s | %9.2f %-2s | %5.2f x | %s\n", text, ours, unit, other, unit,
           ours / other, of);
}

static void tell_far(const struct size *one, const struct size *three, const struct size *file)
{
    static const char linear[] = "of so many times the time of fewer: printed",
                      memory[] = "of a file's: printed";
    const double more = (double)three->ids / (double)one->ids;

    printf("%" PRId64 " ids on PostgreSQL, and %" PRId64 "\n", three->ids, one->ids);
    row("add: time", three->add.wall, more * one->add.wall, "s", linear);
    row("plan: time", three->plan.wall, more * one->plan.wall, "s", linear);
    row("round 1: time", time_of_round(three), more * time_of_round(one), "s", linear);
    row("the view: time", three->view.wall, more * one->view.wall, "s", linear);
    row("labels: time", three->label.wall, more * one->label.wall, "s", linear);
    row("add: peak memory", three->add.peak_mb, file->add.peak_mb, "MB", memory);
    row("plan: peak memory", three->plan.peak_mb, file->plan.peak_mb, "MB", memory);
    row("round 1: peak memory", peak_of_round(three), peak_of_round(file), "MB", memory);
    row("the view: peak memory", three->view.peak_mb, file->view.peak_mb, "MB", memory);
    row("labels: peak memory", three->label.peak_mb, file->label.peak_mb, "MB", memory);
    row("add: time beside a file", three->add.wall, file->add.wall, "s", "printed");
    row("plan: time beside a file", three->plan.wall, file->plan.wall, "s", "printed");
    row("round 1: time beside a file", time_of_round(three), time_of_round(file), "s", "printed");
    row("the view: time beside a file", three->view.wall, file->view.wall, "s", "printed");
    row("labels: time beside a file", three->label.wall, file->label.wall, "s", "printed");
}

static uint64_t ids_of(const char *name, uint64_t otherwise, uint64_t least, uint64_t most)
{
    const char *text = getenv(name);
    uint64_t n = otherwise;

    must(!text || (str_u64(str_of(text), &n) && n >= least && n <= most), name);
    return n;
}

int main(void)
{
    const char *server = getenv("SCALE_STORE");
    const uint64_t n = ids_of("SCALE_IDS", IDS, 3000, 4 * (uint64_t)IDS_GOAL);
    struct size one = { 0 }, three = { 0 }, file = { 0 };

    says_steps = server != NULL;
    log_setup(true, LOG_PROGRESS_NEVER);
    setenv("BLINDSPOT_CLIENT_KEY", "bench-key", 1);
    setenv("BLINDSPOT_CLIENT_SECRET", "bench-secret", 1);
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    must(shared != MAP_FAILED, "no shared memory");
    three.ids = (int64_t)n;
    one.ids = server ? (int64_t)ids_of("SCALE_SMALL", n / 3, 1000, n / 2) : three.ids / 3;
    one.server = three.server = server;
    if (server) {
        measure(&three);    // what takes hours is begun first
        measure(&one);
        file.ids = three.ids;
        measure(&file);
        tell_far(&one, &three, &file);
        return 0;
    }
    measure(&one);
    measure(&three);
    return !tell(&one, &three);
}
