/* tests/soak/soak.c: the strategy of asking, measured: whole audits of made-up
 * worlds on a simulated platform, day by day, under every model of corruption.
 *
 *     build/release/soak                          the set of `make soak`, with its goals
 *     build/release/soak --model any_share:0.5 --items 5000 --daily 60 --seeds 3
 *     build/release/soak --model dead_share:0.3 --items 260000 --daily 1000
 *     build/release/soak --model random_share --pool 30000     seeds until 30,000 are judged
 *     build/release/soak --model random_share --calibrate      seeds until 20 wrong are expected
 *     build/release/soak --scores                  how well counters are judged, alone
 *
 * One line a course. req = queries sent, other = validity checks and questions
 * about accounts; bound = items / 100; publ = requests of the published
 * procedure on the same platform, pwrong = its wrong verdicts; judged = public
 * and called missing; expect = wrong ones by the stated probabilities. The 95 % of
 * a sum is Poisson's, beside it the courses' bootstraps. A course with
 * api.late_check goes on until both late checks are made. Exits 1 where a goal is
 * missed. */
#include <errno.h>
#include <ftw.h>
#include <inttypes.h>
#include <math.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>
#include "base/log.h"
#include "base/opt.h"
#include "tests/soak/course.h"
#include "tests/soak/scores.h"

#define CASES_MAX 4000
#define EXPECTED_LEAST 20.0
#define CALIBRATE_COURSES 5         // items of one course share its estimates: one is no sample
#define CALIBRATE_MOST 40
#define POOL_MOST 100
#define CALIBRATE_SET "api.residual=0.2"

enum goal {
    GOAL_REQUESTS = 1,      // at most .most requests
    GOAL_DAYS = 2,          // and 5 days
    GOAL_NEAR = 4,          // 1.6 x (packed windows + 2 x ceil(public missing / 100))
    GOAL_TENTH = 8,         // a tenth of the published procedure's requests, no more wrong verdicts
};
struct task {
    struct course course;
    unsigned goals; int64_t most;
    bool done, printed;
    struct outcome out;
};
struct wish {                   // the command line
    struct opt_list models, sets, worlds;
    int64_t items, daily, seed, seeds, jobs, pool;
    int64_t kill;
    bool calibrate, quick, tell, scores;
    const char *shares, *dir;
};
struct soak {
    const struct wish *wish;
    struct task *task; size_t tasks;
    size_t started, printed;
    int missed;
};
struct job { pid_t pid; int from; size_t task; size_t got; char dir[200]; };

// ---- lines ----

static void print_head(void)
{
    printf(
        "%-24s %5s %7s %6s %5s %4s %5s %6s %6s %6s %6s %5s %7s %4s %5s %4s %4s %4s %5s %6s %6s\n",
        "model", "seed", "items", "req", "other", "days", "bound", "publ", "pwrong", "miss",
        "judged", "wrong", "expect", "away", "label", "over", "wind", "dead", "open", "sec", "MB");
    fflush(stdout);
}

static int64_t published_total(const struct outcome *o)
{
    return o->published.packed + o->published.again + o->published.single;
}

static void print_task(const struct task *t)
{
    const struct outcome *o = &t->out;
    struct buf name = {0};

    model_print(&t->course.model, &name);
    if (!o->ran) {
        printf("%-24s %5" PRIu64 " %7" PRId64 " did not run: %s\n", buf_cstr(&name), t->course.seed,
               t->course.items, o->why);
    } else {
        printf("%-24s %5" PRIu64 " %7" PRId64 " %6" PRId64 " %5" PRId64 " %3d%c %5" PRId64
               " %6" PRId64 " %6" PRId64 " %6" PRId64 " %6" PRId64 " %5" PRId64 " %7.3f %4" PRId64
               " %5" PRId64 " %4" PRId64 " %4" PRId64 " %4" PRId64 " %5" PRId64
               " %6.1f %6ld%s%s%s%s\n",
               buf_cstr(&name), t->course.seed, t->course.items, o->watch.requests, o->watch.others,
               o->days, o->finished ? ' ' : '+', (t->course.items + 99) / 100, published_total(o),
               o->published.wrong, o->missing, o->judged, o->wrong, o->expected, o->away, o->labels,
               o->watch.over_quota, o->watch.wrong_window, o->watch.dead_beside_open, o->open,
               o->seconds, o->peak_kb / 1024, t->course.extra ? "  " : "",
               t->course.extra ? t->course.extra : "", t->course.extra_world ? "  " : "",
               t->course.extra_world ? t->course.extra_world : "");
    }
    buf_release(&name);
}

static void goal_line(struct soak *s, bool reached, const char *text)
{
    printf("    %s  %s\n", reached ? "pass" : "MISS", text);
    s->missed += !reached;
}

static void check_requests(struct soak *s, const struct task *t)
{
    const struct outcome *o = &t->out;
    int64_t near = (int64_t)(1.6 * (double)(o->windows + 2 * ((o->public_missing + 99) / 100)));
    char text[200];

    if (t->goals & GOAL_REQUESTS) {
        snprintf(text, sizeof text, "%" PRId64 " requests, at most %" PRId64, o->watch.requests,
                 t->most);
        goal_line(s, o->watch.requests <= t->most, text);
    }
    if (t->goals & GOAL_DAYS) {
        snprintf(text, sizeof text, "%d days, at most 5", o->days);
        goal_line(s, o->days <= 5, text);
    }
    if (t->goals & GOAL_NEAR) {
        snprintf(text, sizeof text,
                 "%" PRId64 " requests, at most %" PRId64 " = 1.6 x (%" PRId64
                 " packed + 2 x %" PRId64 "); the silent alone fill %" PRId64 " batches a round",
                 o->watch.requests, near, o->windows, (o->public_missing + 99) / 100,
                 o->published.silent);
        goal_line(s, o->watch.requests <= near, text);
    }
    if (t->goals & GOAL_TENTH) {
        snprintf(text, sizeof text,
                 "%" PRId64 " requests and %" PRId64 " wrong, at most a tenth of %" PRId64
                 " and %" PRId64,
                 o->watch.requests, o->wrong, published_total(o), o->published.wrong);
        goal_line(s, o->watch.requests * 10 <= published_total(o) && o->wrong <= o->published.wrong,
                  text);
    }
}

/* Killed or not: every send is charged once, and known to the store unless its
 * process died between the two; the same verdicts as without kills. */
static void check_charges(struct soak *s, const struct task *t)
{
    const struct outcome *o = &t->out;
    int64_t sent = o->watch.requests + o->watch.others;
    char text[240];
    bool exact = o->charged - o->recorded <= o->kills && o->charged >= o->recorded &&
                 o->recorded - sent <= o->kills && o->recorded >= sent;

    if (!exact || t->course.kill_every) {
        snprintf(text, sizeof text,
                 "%" PRId64 " kills: %" PRId64 " requests charged, %" PRId64 " stored, %" PRId64
                 " sent; none forgotten or charged twice",
                 o->kills, o->charged, o->recorded, sent);
        goal_line(s, exact, text);
    }
    if (t->course.kill_every) {
        const struct outcome *twin = &(t - 1)->out;     // stands before it
        const struct model *m = &t->course.model;
        bool moves = !models[m->kind].needs_dead || m->kind == MODEL_VANISH ||
                     m->kind == MODEL_INTERMITTENT;
        bool same = o->verdicts == twin->verdicts || (moves && !o->labels && !o->open);

        /* Kills move the hour of what follows, and the company: where verdicts
         * hang on either, each is held to the truth. */
        goal_line(s, twin->ran && same,
                  moves ? "labels as the truth is"
                        : "the same verdicts and labels as without kills");
    }
}

static void late_line(const char *of, const struct late_rate *r, const char *hit)
{
    printf("of %" PRId64 " %s %" PRId64 " %s (%.1f %%, 95 %%: %.1f to %.1f)", r->asked, of, r->hits,
           hit, r->asked ? 100 * (double)r->hits / (double)r->asked : 0, 100 * r->interval.low,
           100 * r->interval.high);
}

static void check_late(struct soak *s, const struct task *t)
{
    const struct outcome *o = &t->out;
    char text[200];

    if (!o->lates)
        return;
    printf("    %" PRId64
           " posts that come and go were called missing when the audit was done, %" PRId64
           " of them drawn for the late checks\n",
           o->hidden, o->hidden_drawn);
    for (size_t i = 0; i < o->lates; i++) {
        struct late_check l = o->late[i];

        l.missing.interval = stat_clopper_pearson(l.missing.hits, l.missing.asked, 0.95);
        l.retrieved.interval = stat_clopper_pearson(l.retrieved.hits, l.retrieved.asked, 0.95);
        printf("    after %d days: ", l.days);
        late_line("missing", &l.missing, "came back");
        printf("; ");
        late_line("retrieved", &l.retrieved, "were absent");
        printf("\n");
    }
    snprintf(text, sizeof text,
             "%zu late checks made; called absent though the API held it then: %" PRId64 "%s",
             o->lates, o->late_wrong, models[t->course.model.kind].needs_dead ? ", at most 0" : "");
    goal_line(s,
              o->lates == SUMMARY_LATE &&
                  (o->late_wrong == 0 || !models[t->course.model.kind].needs_dead),
              text);
}

static void check_task(struct soak *s, const struct task *t)
{
    const struct outcome *o = &t->out;
    const struct watch *w = &o->watch;
    char text[200];

    if (!o->ran) {
        goal_line(s, false, "the course runs to its end");
        return;
    }
    check_requests(s, t);
    check_charges(s, t);
    check_late(s, t);
    if (w->over_quota || w->wrong_window || w->dead_beside_open || w->malformed) {
        snprintf(text, sizeof text,
                 "requests over quota %" PRId64 ", asks in a wrong window %" PRId64
                 ", dead ids beside open ones %" PRId64 ", malformed %" PRId64 ": all 0",
                 w->over_quota, w->wrong_window, w->dead_beside_open, w->malformed);
        goal_line(s, false, text);
    }
    if (o->labels || o->open || !o->finished) {
        snprintf(text, sizeof text,
                 "labels wrong %" PRId64 ", items left open %" PRId64 ", finished %s", o->labels,
                 o->open, o->finished ? "yes" : "no");
        goal_line(s, false, text);
    }
}

static void print_ready(struct soak *s)
{
    while (s->printed < s->tasks && s->task[s->printed].done) {
        print_task(&s->task[s->printed]);
        check_task(s, &s->task[s->printed]);
        s->printed++;
        fflush(stdout);
    }
}

// ---- sums over seeds ----

struct sum {
    int64_t judged, wrong, courses;
    double expected, low, high;
};    // low, high: sums of the bootstraps' ends

static bool same_model(const struct model *a, const struct model *b)
{
    return a->kind == b->kind && a->rate == b->rate && a->second == b->second;
}

static struct sum sum_of(const struct soak *s, const struct model *m)
{
    struct sum sum = {0};

    for (size_t i = 0; i < s->tasks; i++) {
        const struct task *t = &s->task[i];

        if (!t->done || !t->out.ran || !same_model(&t->course.model, m))
            continue;
        sum.courses++;
        sum.judged += t->out.judged;
        sum.wrong += t->out.wrong;
        sum.expected += t->out.expected;
        sum.low += t->out.expected_low;
        sum.high += t->out.expected_high;
    }
    return sum;
}

/* The central 95 % of a Poisson count of that mean. */
static void poisson_range(double mean, int64_t *low, int64_t *high)
{
    double p = exp(-mean), sum = p;
    int64_t k = 0;

    while (sum < 0.025 && k < 100000)
        sum += p *= mean / (double)++k;
    *low = k;
    while (sum < 0.975 && k < 100000)
        sum += p *= mean / (double)++k;
    *high = k;
}

static void check_sums(struct soak *s)
{
    bool goals = s->wish->models.n == 0 || s->wish->pool || s->wish->calibrate;

    for (size_t i = 0; i < s->tasks; i++) {
        const struct model *m = &s->task[i].course.model;
        struct sum sum = sum_of(s, m);
        struct buf name = {0};
        char text[240];
        int64_t low, high;
        bool seen = false;

        for (size_t k = 0; k < i; k++)
            seen = seen || same_model(&s->task[k].course.model, m);
        if (seen || !goals)
            continue;
        model_print(m, &name);
        poisson_range(sum.expected, &low, &high);
        snprintf(text, sizeof text,
                 "%-24s %" PRId64 " wrong of %" PRId64 " judged in %" PRId64
                 " courses: %s; %.2f expected"
                 " (95 %%: %" PRId64 " to %" PRId64 "; by bootstrap %.1f to %.1f)",
                 buf_cstr(&name), sum.wrong, sum.judged, sum.courses,
                 s->wish->calibrate           ? "within the 95 %"
                 : models[m->kind].needs_dead ? "0"
                                              : "under 1 in 1,000",
                 sum.expected, low, high, sum.low, sum.high);
        if (s->wish->calibrate)
            goal_line(s, sum.wrong >= low && sum.wrong <= high, text);
        else
            goal_line(s,
                      sum.judged > 0 && (sum.wrong == 0 || (!models[m->kind].needs_dead &&
                                                            sum.wrong * 1000 < sum.judged)),
                      text);
        buf_release(&name);
    }
}

// ---- what is run ----

static struct task *add_task(struct soak *s, const struct model *m, uint64_t seed, int64_t items,
                             int64_t daily)
{
    struct task *t;

    if (s->tasks == CASES_MAX)
        die("more than %d courses", CASES_MAX);
    t = &s->task[s->tasks++];
    t->course = (struct course){
        .model = *m, .seed = seed, .items = items, .daily = daily,
        .shares = strcmp(s->wish->shares, "fixture") == 0 ? SHARES_FIXTURE : SHARES_PUBLISHED,
        .sets = &s->wish->sets, .world_sets = &s->wish->worlds,
        .tell = s->wish->tell, .extra = s->wish->calibrate ? CALIBRATE_SET : NULL,
    };
    return t;
}

static const struct {
    const char *model;
    unsigned goals;
    int64_t most;
    const char *extra;
} big[] = {
    { "dead_share:0.06", GOAL_REQUESTS | GOAL_DAYS, 3750, NULL },
    { "dead_share:0.3", GOAL_REQUESTS, 4250, NULL },
    { "dead_share:0.06", GOAL_REQUESTS, 3300, "page.first=oembed" },
    { "dead_share:0.5", GOAL_REQUESTS, 3300, "page.first=oembed" },
    { "any_share:0.5", GOAL_TENTH, 0, "api.residual=0.00001" },
};
/* Worlds of 300 days fill their windows. In 1,200 days they hold some 15 silent
 * items each, and a round costs a request a window whatever is done: no goal. Nor
 * where round 1 is lost whole, for all of it must be asked again. */
#define FILLED "span_days=300"
/* Where a wrong verdict in two courses is likely, the rate needs more: some 9,000 judged. */
#define ENOUGH 13
static const struct { const char *model; unsigned goals; const char *world; int64_t more_seeds;
} small[] = {
    { "none", GOAL_NEAR, FILLED, 0 },
    { "dead_share:0.06", GOAL_NEAR, FILLED, 0 },
    { "dead_share:0.3", GOAL_NEAR, FILLED, 0 },
    { "favoured", GOAL_NEAR, FILLED, 0 },
    { "dead_all", 0, FILLED, 0 },
    { "any_share:0.5", 0, FILLED, 0 },
    { "none", 0, NULL, 0 },
    { "dead_share:0.06", 0, NULL, 0 },
    { "dead_share:0.3", 0, NULL, 0 },
    { "dead_all", 0, NULL, 0 },
    { "favoured", 0, NULL, 0 },
    { "any_share:0.06", 0, NULL, 0 },
    { "any_share:0.5", 0, NULL, ENOUGH },
    { "batch_sticky:0.3", 0, NULL, 0 },
    { "random_share:0.02", 0, NULL, 0 },
    { "random_share:0.1", 0, NULL, 0 },
    { "random_share:0.3", 0, NULL, 0 },
    { "windows", 0, NULL, 0 },
    { "outage:0", 0, NULL, 0 },
    { "outage:1", 0, NULL, 0 },
    { "late", 0, NULL, 0 },
    { "intermittent", 0, NULL, 0 },
    { "vanish", 0, NULL, 0 },
    { "delay", 0, NULL, 0 },
    { "handles", 0, NULL, 0 },
};
static const struct { const char *model, *extra; } late[] = {
    { "intermittent", "api.late_check=300" }, { "intermittent:0.05", "api.late_check=300" },
};
static const char *const killed[] = { "dead_share:0.3", "late", "windows" };
#define KILL_EVERY 200
#define COUNT(a) (sizeof(a) / sizeof *(a))

static int default_set(struct soak *s, struct err *err)
{
    struct model m;

    for (size_t i = 0; i < COUNT(big) && !s->wish->quick; i++) {
        struct task *t;

        if (model_parse(&m, big[i].model, err))
            return -1;
        t = add_task(s, &m, (uint64_t)s->wish->seed, 260000, 1000);
        t->goals = big[i].goals;
        t->most = big[i].most;
        t->course.extra = big[i].extra;
    }
    for (size_t i = 0; i < COUNT(small); i++)
        for (int64_t k = 0; k < s->wish->seeds + small[i].more_seeds; k++) {
            struct task *t;

            if (model_parse(&m, small[i].model, err))
                return -1;
            t = add_task(s, &m, (uint64_t)(s->wish->seed + k), s->wish->items, s->wish->daily);
            t->goals = small[i].goals;
            t->course.extra_world = small[i].world;
        }
    for (size_t i = 0; i < COUNT(late); i++) {
        if (model_parse(&m, late[i].model, err))
            return -1;
        add_task(s, &m, (uint64_t)s->wish->seed, s->wish->items, s->wish->daily)->course.extra =
            late[i].extra;
    }
    for (size_t i = 0; i < COUNT(killed); i++)
        for (int64_t every = 0; every <= KILL_EVERY; every += KILL_EVERY) {
            if (model_parse(&m, killed[i], err))
                return -1;
            add_task(s, &m, (uint64_t)s->wish->seed, s->wish->items, s->wish->daily)
                ->course.kill_every = every;
        }
    return 0;
}

static int wished_set(struct soak *s, struct err *err)
{
    struct model m;

    for (size_t i = 0; i < s->wish->models.n; i++)
        for (int64_t k = 0; k < s->wish->seeds; k++) {
            if (model_parse(&m, s->wish->models.v[i], err))
                return -1;
            add_task(s, &m, (uint64_t)(s->wish->seed + k), s->wish->items, s->wish->daily);
            if (s->wish->kill)
                add_task(s, &m, (uint64_t)(s->wish->seed + k), s->wish->items, s->wish->daily)
                    ->course.kill_every = s->wish->kill;
        }
    return 0;
}

/* Another seed of a model whose sum is not large enough yet; courses under way
 * count as an average one. */
static void add_seed(struct soak *s, const struct task *last)
{
    const struct model m = last->course.model;
    struct sum sum = sum_of(s, &m);
    int64_t all = 0, next = s->wish->seed;
    double share;

    if ((!s->wish->pool && !s->wish->calibrate) || sum.courses == 0 || !last->out.ran ||
        s->tasks == CASES_MAX)
        return;
    for (size_t i = 0; i < s->tasks; i++)
        if (same_model(&s->task[i].course.model, &m)) {
            all++;
            next = (int64_t)s->task[i].course.seed >= next ? (int64_t)s->task[i].course.seed + 1
                                                           : next;
        }
    if (s->wish->calibrate && all < CALIBRATE_COURSES) {
        add_task(s, &m, (uint64_t)next, last->course.items, last->course.daily);
        return;
    }
    share = s->wish->calibrate ? sum.expected / EXPECTED_LEAST
                               : (double)sum.judged / (double)s->wish->pool;
    if (sum.courses < (s->wish->calibrate ? CALIBRATE_MOST : POOL_MOST) && share < 1 &&
        share * (double)all / (double)sum.courses < 1)
        add_task(s, &m, (uint64_t)next, last->course.items, last->course.daily);
}

// ---- jobs ----

static int drop(const char *path, const struct stat *st, int kind, struct FTW *walk)
{
    (void)st, (void)kind, (void)walk;
    return remove(path);
}

static void job_start(struct soak *s, struct job *j)
{
    int ends[2];

    j->task = s->started++;
    j->got = 0;
    snprintf(j->dir, sizeof j->dir, "%.160s/blindspot-soak-XXXXXX", s->wish->dir);
    if (!mkdtemp(j->dir) || pipe(ends))
        die("no folder or pipe for a course in %s", s->wish->dir);
    fflush(stdout);
    if ((j->pid = fork()) == 0) {
        struct outcome *out = xcalloc(1, sizeof *out);
        ssize_t n;

        close(ends[0]);
        course_run(&s->task[j->task].course, j->dir, out);
        n = write(ends[1], out, sizeof *out);           // less than a pipe holds
        _exit(n == (ssize_t)sizeof *out ? 0 : 5);
    }
    if (j->pid < 0)
        die("no process for a course");
    close(ends[1]);
    j->from = ends[0];
}

static void job_end(struct soak *s, struct job *j)
{
    struct task *t = &s->task[j->task];
    int status;

    close(j->from);
    waitpid(j->pid, &status, 0);
    if (j->got != sizeof t->out) {
        memset(&t->out, 0, sizeof t->out);
        snprintf(t->out.why, sizeof t->out.why, "its process ended with status %d", status);
    }
    nftw(j->dir, drop, 16, FTW_DEPTH | FTW_PHYS);
    t->done = true;
    j->pid = 0;
    add_seed(s, t);
    print_ready(s);
}

static void run_all(struct soak *s)
{
    size_t jobs = (size_t)s->wish->jobs;
    struct job *job = xcalloc(jobs, sizeof *job);
    struct pollfd *wait = xcalloc(jobs, sizeof *wait);

    for (;;) {
        size_t flying = 0;

        for (size_t i = 0; i < jobs; i++) {
            if (!job[i].pid && s->started < s->tasks)
                job_start(s, &job[i]);
            wait[i] = (struct pollfd){ .fd = job[i].pid ? job[i].from : -1, .events = POLLIN };
            flying += job[i].pid != 0;
        }
        if (!flying)
            break;
        if (poll(wait, jobs, -1) < 0 && errno != EINTR)
            die("waiting for courses failed");
        for (size_t i = 0; i < jobs; i++) {
            struct outcome *out = &s->task[job[i].task].out;
            ssize_t n;

            if (!job[i].pid || !wait[i].revents)
                continue;
            n = read(job[i].from, (char *)out + job[i].got, sizeof *out - job[i].got);
            job[i].got += n > 0 ? (size_t)n : 0;
            if (n <= 0 || job[i].got == sizeof *out)
                job_end(s, &job[i]);
        }
    }
    free(wait);
    free(job);
}

static int check_wish(const struct wish *w, int operands, struct err *err)
{
    if (operands)
        return err_set(err, ERR_USAGE, "soak takes options alone");
    if (w->items < 1 || w->items > WORLD_ITEMS_MAX || w->daily < 1 || w->seeds < 1 || w->jobs < 1 ||
        w->jobs > 64 || w->seed < 0 || w->pool < 0 || w->kill < 0 ||
        (w->kill && (w->pool || w->calibrate)))
        return err_set(err, ERR_USAGE,
                       "items, daily, seeds and jobs are numbers from 1 up; --kill stands without "
                       "--pool and --calibrate");
    if (strcmp(w->shares, "published") != 0 && strcmp(w->shares, "fixture") != 0)
        return err_set(err, ERR_USAGE, "--shares is published or fixture, not '%s'", w->shares);
    return 0;
}

static void print_models(void)
{
    printf("\nmodels (RATE and SECOND where none are given):\n");
    for (int i = 0; i < MODEL_COUNT; i++)
        printf("  %-14s %s (%g, %g)\n", models[i].name, models[i].help, models[i].rate,
               models[i].second);
}

int main(int argc, char **argv)
{
    struct wish w = { .items = 5000,
                      .daily = 60,
                      .seed = 1,
                      .seeds = 1,
                      .jobs = 2,
                      .shares = "published",
                      .dir = access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp" };
    const struct opt opts[] = {
        OPT_LIST("model", &w.models, "NAME[:RATE[:SECOND]]",
                 "a model of corruption; without any, the whole set with its goals"),
        OPT_INT("items", &w.items, "N", "items of a world (5000)"),
        OPT_INT("daily", &w.daily, "N", "requests a day (60)"),
        OPT_INT("seed", &w.seed, "N", "the first seed (1)"),
        OPT_INT("seeds", &w.seeds, "N", "seeds of each model (1)"),
        OPT_INT("pool", &w.pool, "N", "more seeds until N missing items of each model are judged"),
        OPT_FLAG("calibrate", &w.calibrate,
                 "with " CALIBRATE_SET ", seeds until 20 wrong verdicts are expected"),
        OPT_INT(
            "kill", &w.kill, "N",
            "each course once more, its process killed after 1 to 2 x N instants again and again"),
        OPT_FLAG("quick", &w.quick, "the set without its worlds of 260,000 items"),
        OPT_FLAG("scores", &w.scores, "the table of how well counters are judged, and no course"),
        OPT_FLAG("tell", &w.tell, "each verdict that is not the truth, on stderr"),
        OPT_TEXT("shares", &w.shares, "WHICH",
                 "published (the published audit's) or fixture: what a world consists of"),
        OPT_LIST("world", &w.worlds, "NAME=VALUE", "a parameter of the world"),
        OPT_LIST("set", &w.sets, "SECTION.KEY=VALUE", "a setting of the audit"),
        OPT_INT("jobs", &w.jobs, "N", "courses at once (2)"),
        OPT_TEXT("dir", &w.dir, "DIR", "where audits lie while they run (/dev/shm)"),
        OPT_END
    };
    struct soak s = { .wish = &w };
    struct err err = {0};
    char **operands;
    int count;
    bool help = false;

    if (opt_parse(opts, argc, argv, &operands, &count, &help, &err))
        return log_error("%s", err.msg), 2;
    if (help)
        return opt_print(opts), print_models(), 0;
    log_setup(true, LOG_PROGRESS_NEVER);
    s.task = xcalloc(CASES_MAX, sizeof *s.task);
    if (check_wish(&w, count, &err) ||
        (w.models.n ? wished_set(&s, &err) : default_set(&s, &err))) {
        free(s.task);
        return log_error("%s", err.msg), 2;
    }
    if (!w.scores) {
        print_head();
        run_all(&s);
        check_sums(&s);
    }
    if (w.scores || (w.models.n == 0 && !w.calibrate))
        s.missed += scores_table(&(struct score_wish){ { 300, 3000, 30000 }, 60000, true }, stdout);
    free(s.task);
    opt_list_release(&w.models);
    opt_list_release(&w.worlds);
    opt_list_release(&w.sets);
    return s.missed ? 1 : 0;
}
