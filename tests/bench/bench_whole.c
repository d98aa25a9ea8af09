/* The whole against its parts: `blindspot audit` on a world of 20,000 items
 * with pages of 280 KB as gzip, politeness off, over the days that the
 * confirmation takes; beside it the CPU time of its parts alone on the very
 * bytes that this audit received: inflate, cut parse, reply parse, store
 * inserts, evidence (an audit keeps every page by default), diff, labels. Also
 * its peak memory. */
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "archive/warc.h"
#include "audit/verdict/differ.h"
#include "audit/verdict/label.h"
#include "base/file.h"
#include "base/inflate.h"
#include "base/log.h"
#include "base/utc.h"
#include "fetch/reply.h"
#include "import/urls.h"
#include "scrape/page.h"

#define ITEMS "20000"
#define DAYS_MAX 8

static char dir[] = "/tmp/blindspot-bench-XXXXXX";
static char base[64], clock_path[128], world[128], audit_dir[128];

static void fail(const char *what)
{
    fprintf(stderr, "bench_whole: %s failed\n", what);
    exit(1);
}

static double cpu_now(void)
{
    struct timespec t;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

/* Runs argv to its end with its output thrown away; adds CPU seconds, keeps the
 * larger peak. Gives the exit code. */
static int run(char *const argv[], double *cpu, long *peak_kb)
{
    struct rusage used;
    int status = 0;
    pid_t pid = fork();

    if (pid == 0) {
        int null = open("/dev/null", O_WRONLY);

        dup2(null, 1);
        dup2(null, 2);
        execv(argv[0], argv);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, &used) < 0 || !WIFEXITED(status))
        fail(argv[0]);
    if (cpu)
        *cpu += (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6 +
                (double)used.ru_stime.tv_sec + (double)used.ru_stime.tv_usec / 1e6;
    if (peak_kb && used.ru_maxrss > *peak_kb)
        *peak_kb = used.ru_maxrss;
    return WEXITSTATUS(status);
}

static pid_t start_standin(void)
{
    char port[128], text[16] = "";
    pid_t pid;

    snprintf(port, sizeof port, "%s/port", dir);
    pid = fork();
    if (pid == 0) {
        dup2(open("/dev/null", O_WRONLY), 1);
        execl("build/standin", "standin", world, "--port-file", port, "--clock", clock_path,
              (char *)NULL);
        _exit(127);
    }
    for (int i = 0; i < 600 && !text[0]; i++) {
        struct buf b = {0};
        struct err err = {0};

        usleep(50000);
        if (file_exists(port) && file_read(port, 15, &b, &err) == 0)
            snprintf(text, sizeof text, "%.*s", STR_ARG(str_trim(buf_view(&b))));
        buf_release(&b);
    }
    if (!text[0])
        fail("the stand-in");
    snprintf(base, sizeof base, "http://127.0.0.1:%s", text);
    return pid;
}

static int audit_once(bool first, double *cpu, long *peak)
{
    static char set[6][96];
    char links[160];
    char *argv[24] = { "build/blindspot", "-q", "-C", audit_dir };
    int n = 4;

    snprintf(set[0], sizeof set[0], "api.base_url=%s", base);
    snprintf(set[1], sizeof set[1], "page.base_url=%s", base);
    snprintf(set[2], sizeof set[2], "page.short_url=%s", base);
    snprintf(set[3], sizeof set[3], "api.requests_per_second=100000");
    snprintf(set[4], sizeof set[4], "page.requests_per_second=100000");
    snprintf(set[5], sizeof set[5], "api.quota=%s/quota.db", dir);
    for (int i = 0; i < 6; i++) {
        argv[n++] = "--set";
        argv[n++] = set[i];
    }
    argv[n++] = "audit";
    snprintf(links, sizeof links, "%s/all.txt", world);
    if (first)
        argv[n++] = links;
    return run(argv, cpu, peak);
}

static double whole(long *peak)
{
    char *make_world[] = { "build/world", "11", ITEMS, world, NULL };
    char *next_day[] = { "build/standin", "clock", clock_path, "+86400", NULL };
    double cpu = 0;
    pid_t standin;
    int code = 3;

    if (run(make_world, NULL, NULL))
        fail("build/world");
    standin = start_standin();
    setenv("BLINDSPOT_CLOCK", clock_path, 1);
    setenv("BLINDSPOT_CLIENT_KEY", "test-key", 1);
    setenv("BLINDSPOT_CLIENT_SECRET", "test-secret", 1);
    for (int day = 0; day < DAYS_MAX && code == 3; day++) {
        code = audit_once(day == 0, &cpu, peak);
        if (code == 3)
            run(next_day, NULL, NULL);
    }
    kill(standin, SIGTERM);
    waitpid(standin, NULL, 0);
    if (code != 0)
        fail("blindspot audit");
    return cpu;
}

/* ---- the parts, on the bytes that the audit kept ---- */

struct parts {
    double inflate, page, reply, store, evidence, diff, labels;
    int64_t pages, replies;
};
struct part_run {
    struct parts *p; struct inflate *z; struct buf scratch; struct arena mem;
    struct audit audit; struct sink sink;
};

static int64_t item_of(struct part_run *r, uint64_t id)
{
    struct err err = {0};
    int64_t item = 0;

    return store_item_find(r->audit.store, id, &item, &err) ? 0 : item;
}

static void keep(struct part_run *r, struct request *req, struct str head, struct str body)
{
    struct http_exchange x = { .url = "http://127.0.0.1/", .status = 200, .sent_at = req->sent_at,
                               .done_at = req->done_at, .head = head, .body = body,
                               .request_head = STR("GET / HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n") };
    struct err err = {0};
    double t0 = cpu_now();

    if (r->sink.exchange(r->sink.to, req, &x, &req->evidence, &err))
        fail(err.msg);
    r->p->evidence += cpu_now() - t0;
    r->p->store -= cpu_now() - t0;
}

static void store_page(struct part_run *r, struct answer *a, struct str head, struct str body,
                       int64_t at)
{
    struct ask_member member = { .id = a->id, .item = item_of(r, a->id) };
    struct request req = { .witness = WITNESS_PAGE,
                           .loaded = true,
                           .complete = true,
                           .member = &member,
                           .members = 1,
                           .sent_at = at,
                           .done_at = at };
    struct err err = {0};

    if (!member.item)
        return;
    a->item = member.item;
    a->witness = WITNESS_PAGE;
    a->at = at;
    if (r->sink.reserve(r->sink.to, &req, &err))
        fail(err.msg);
    keep(r, &req, head, body);
    a->request = req.n;
    a->evidence = req.evidence;
    if (r->sink.put(r->sink.to, &req, a, &err) || r->sink.done(r->sink.to, &req, &err))
        fail(err.msg);
}

static void part_page(struct part_run *r, uint64_t id, struct str head, struct str body, int64_t at)
{
    struct http_exchange x = { .head = head };
    struct page_notes notes = {0};
    struct answer a = {0};
    struct err err = {0};
    struct str html;
    double t0 = cpu_now(), t1, t2;

    if (inflate_body(r->z, http_header(&x, "content-encoding"), body, PAGE_MAX, &r->scratch, &html,
                     &err))
        return;
    t1 = cpu_now();
    if (page_read(html, id, &r->mem, &a, &notes, &err))
        fail(err.msg);
    t2 = cpu_now();
    a.id = id;
    store_page(r, &a, head, body, at);
    r->p->inflate += t1 - t0;
    r->p->page += t2 - t1;
    r->p->store += cpu_now() - t2;
    r->p->pages++;
    arena_clear(&r->mem);
}

static void store_reply(struct part_run *r, const struct reply *reply, struct str head,
                        struct str body, int64_t at)
{
    struct ask_member *member = xcalloc(reply->rows + 1, sizeof *member);
    struct request req = { .witness = WITNESS_QUERY,
                           .loaded = true,
                           .complete = true,
                           .member = member,
                           .members = reply->rows,
                           .sent_at = at,
                           .done_at = at };
    struct err err = {0};

    for (size_t i = 0; i < reply->rows; i++)
        member[i] = (struct ask_member){ .id = reply->row[i].id,
                                         .item = item_of(r, reply->row[i].id),
                                         .came_back = true };
    if (r->sink.reserve(r->sink.to, &req, &err))
        fail(err.msg);
    keep(r, &req, head, body);
    for (size_t i = 0; i < reply->rows; i++) {
        struct answer a = { .id = reply->row[i].id,
                            .item = member[i].item,
                            .witness = WITNESS_QUERY,
                            .kind = ANSWER_FOUND,
                            .at = at,
                            .request = req.n,
                            .record = &reply->row[i] };

        if (r->sink.put(r->sink.to, &req, &a, &err))
            fail(err.msg);
    }
    if (r->sink.done(r->sink.to, &req, &err))
        fail(err.msg);
    free(member);
}

static void part_reply(struct part_run *r, struct str head, struct str body, int64_t at)
{
    struct http_exchange x = { .head = head };
    struct reply reply;
    struct err err = {0};
    struct str text;
    double t0 = cpu_now(), t1, t2;

    if (inflate_body(r->z, http_header(&x, "content-encoding"), body, REPLY_MAX, &r->scratch, &text,
                     &err))
        return;
    t1 = cpu_now();
    if (reply_parse(text, &r->mem, &reply, &err) == 0) {
        t2 = cpu_now();
        store_reply(r, &reply, head, body, at);
        r->p->reply += t2 - t1;
        r->p->store += cpu_now() - t2;
        r->p->replies++;
    }
    r->p->inflate += t1 - t0;
    arena_clear(&r->mem);
}

static void part_file(struct part_run *r, const char *path)
{
    struct warc_reader *reader = NULL;
    struct warc_record rec;
    struct err err = {0};
    struct buf hold = {0};
    int64_t at;

    if (warc_open(&reader, path, &err))
        fail(err.msg);
    while (warc_next(reader, &rec, &err) > 0) {
        struct str head, body;
        struct link link;
        int status;

        memset(&link, 0, sizeof link);
        if (!str_eq(rec.type, STR("response")) || utc_parse(rec.date, &at, &err) ||
            warc_http_payload(&rec, &hold, &status, &head, &body, &err) || status != 200)
            continue;
        if (str_find(rec.target_uri, STR("/video/query/"), 0) >= 0) {
            part_reply(r, head, body, at);
        } else if (str_find(rec.target_uri, STR("/video/"), 0) >= 0 &&
                   str_find(rec.target_uri, STR("oembed"), 0) < 0) {
            ptrdiff_t slash = str_find(rec.target_uri, STR("/video/"), 0);
            uint64_t id = 0;

            if (str_u64(str_sub(rec.target_uri, (size_t)slash + 7, rec.target_uri.n), &id))
                part_page(r, id, head, body, at);
        }
    }
    buf_release(&hold);
    warc_close(reader);
}

static struct part_run *walker;

static int each_file(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)at;
    if (kind == FTW_F && strstr(path, ".warc.gz"))
        part_file(walker, path);
    return 0;
}

/* The items are taken into a second audit; the answers are put into it again. */
static void parts(struct parts *p)
{
    static char second[128], evidence[160], links[160], quota[96];
    char *add[] = { "build/blindspot", "-q", "-C", second, "--set", quota, "add", links, NULL };
    char *init[] = { "build/blindspot", "-q", "init", second, NULL };
    struct part_run r = { .p = p, .z = inflate_new() };
    struct classify_result labels;
    struct err err = {0};
    double t0, t1;

    unsetenv("BLINDSPOT_CLOCK");
    snprintf(second, sizeof second, "%s/second", dir);
    snprintf(evidence, sizeof evidence, "%s/evidence", audit_dir);
    snprintf(links, sizeof links, "%s/all.txt", world);
    snprintf(quota, sizeof quota, "api.quota=%s/quota.db", dir);
    if (run(init, NULL, NULL) || run(add, NULL, NULL) ||
        audit_open(&r.audit, second, NULL, true, &err))
        fail(err.msg[0] ? err.msg : "the second audit");
    if (audit_sink(&r.audit, false, &r.sink, &err))
        fail(err.msg);
    walker = &r;
    nftw(evidence, each_file, 8, FTW_PHYS);
    t0 = cpu_now();
    if (r.sink.commit(r.sink.to, &err))
        fail(err.msg);
    p->store += cpu_now() - t0;
    store_sink_release(&r.sink);
    t0 = cpu_now();
    if (differ_store(&r.audit, &err))
        fail(err.msg);
    t1 = cpu_now();
    if (labels_make(&r.audit, &labels, &err))
        fail(err.msg);
    p->diff = t1 - t0;
    p->labels = cpu_now() - t1;
    if (audit_close(&r.audit, &err))
        fail(err.msg);
    inflate_free(r.z);
    buf_release(&r.scratch);
    arena_release(&r.mem);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

int main(void)
{
    struct parts p = {0};
    long peak = 0;
    double cpu, sum;

    log_setup(true, LOG_PROGRESS_NEVER);
    if (!mkdtemp(dir))
        fail("mkdtemp");
    snprintf(world, sizeof world, "%s/world", dir);
    snprintf(audit_dir, sizeof audit_dir, "%s/audit", dir);
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    cpu = whole(&peak);
    parts(&p);
    sum = p.inflate + p.page + p.reply + p.store + p.evidence + p.diff + p.labels;
    printf("%-58s | %10.2f s | %10.2f s | %6.2fx | at most 2x\n",
           "audit of " ITEMS " items, CPU, against the sum of its parts", cpu, sum, cpu / sum);
    printf(
        "  parts: inflate %.2f, cut parse %.2f, reply parse %.2f, store %.2f, evidence %.2f,"
        " diff %.2f, labels %.2f s;"
        " %" PRId64 " pages, %" PRId64 " replies\n",
        p.inflate, p.page, p.reply, p.store, p.evidence, p.diff, p.labels, p.pages, p.replies);
    printf("%-58s | %9.1f MB | %9.1f MB | %6.2fx | at most 1x\n",
           "  its peak memory, against 100 MB", (double)peak / 1024, 100.0,
           (double)peak / 1024 / 100);
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    return 0;
}
