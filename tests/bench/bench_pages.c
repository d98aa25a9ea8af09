/* tests/bench/bench_pages.c: the page arm over loopback. nginx serves pages of
 * the stand-in's making, all different, compressed in advance; each client has
 * one core, nginx the other, unless a comment says otherwise. Clients take
 * turns, and the median of the rounds counts. That all did the same job is
 * checked by a sum over what they read. */
#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/inflate.h"
#include "base/log.h"
#include "scrape/page.h"
#include "archive/archive.h"
#include "tests/bench/lab.h"
#include "tests/bench/reader.h"
#include "tests/bench/site.h"

#define PAGES 1000
#define MORE 4    // times as many: as long as the others take, and to see whether memory grows
#define TEXT_OF(n) #n
#define TEXT(n) TEXT_OF(n)
#define SLICE 20
#define SLICES 301
#define CLIENT_CORE 0
#define SERVER_CORE 1
#define PYTHON "/usr/bin/python3"      // Debian's, which has Debian's packages
#define MB(kb) ((double)(kb) / 1024)

static char dir[] = "/tmp/blindspot-bench-XXXXXX";
static char self[512], urls[128];
static struct site site;
static struct lab_client plain;        // the median run of ours, with nothing kept

/* ---- clients ---- */

static char *text(const char *fmt, double v)
{
    static char out[8][64];
    static unsigned turn;
    char *to = out[turn++ % 8];

    snprintf(to, sizeof out[0], fmt, v);
    return to;
}

static struct lab_client ours_on(int core, char *times, char *audit)
{
    char *argv[] = { self, "client", urls, times, READER_CONCURRENCY, audit, NULL };

    return lab_run(argv, core);
}

static struct lab_client ours(char *times, char *audit)
{
    return ours_on(CLIENT_CORE, times, audit);
}

static struct lab_client python(char *script)
{
    char *argv[] = { PYTHON, script, urls, READER_CONCURRENCY, NULL };

    return lab_run(argv, CLIENT_CORE);
}

static bool python_has(const char *module)
{
    return lab_shell(NULL, PYTHON " -c 'import %s' >/dev/null 2>&1", module) == 0;
}

static double rate(const struct lab_client *c)
{
    return (double)c->pages / c->seconds;
}

static double cpu_each(const struct lab_client *c)
{
    return c->cpu / (double)c->pages * 1e6;
}

static void same_job(const char *what, const struct lab_client *c, uint64_t times)
{
    if (c->sum != plain.sum * times || c->pages != plain.pages * (int64_t)times)
        lab_fail("%s read %" PRId64 " pages and the sum %" PRIu64 ", ours %" PRId64 " and %" PRIu64
                 ", %" PRIu64 " times",
                 what, c->pages, c->sum, plain.pages, plain.sum, times);
}

static void against(const char *what, char *script, const char *module, const char *package,
                    double goal)
{
    double ratio[LAB_ROUNDS], cpu[LAB_ROUNDS], mine[LAB_ROUNDS], theirs[LAB_ROUNDS], both;

    if (!python_has(module)) {
        lab_skip(what, package);
        return;
    }
    for (int i = 0; i < LAB_ROUNDS; i++) {
        struct lab_client other = python(script), own = ours(TEXT(MORE), NULL);

        same_job(script, &other, 1);
        same_job("a longer run", &own, MORE);
        mine[i] = rate(&own);
        theirs[i] = rate(&other);
        ratio[i] = mine[i] / theirs[i];
        cpu[i] = cpu_each(&other) / cpu_each(&own);
    }
    both = lab_median(ratio, LAB_ROUNDS);
    lab_judge(what, text("%.0f pages/s", lab_median(mine, LAB_ROUNDS)),
              text("%.0f pages/s", lab_median(theirs, LAB_ROUNDS)), both, LAB_AT_LEAST, goal);
    printf("  in CPU time: %.1f x\n", lab_median(cpu, LAB_ROUNDS));
}

/* ---- the least: libdeflate and the cut parse on the very bytes ---- */

static void inflate_and_read(const struct buf *packed, uint64_t id, struct inflate *z,
                             struct buf *scratch, struct arena *mem)
{
    struct page_notes notes = { 0 };
    struct answer a = { 0 };
    struct err err = { 0 };
    struct str html;

    if (inflate_body(z, STR("gzip"), buf_view(packed), PAGE_MAX, scratch, &html, &err) ||
        page_read(html, id, mem, &a, &notes, &err) || a.kind != ANSWER_PUBLIC)
        lab_fail("a page of the bench cannot be read");
    arena_clear(mem);
}

struct share { int from, step, end; };     // of the pages, for one thread

static void *work(void *of)
{
    const struct share *s = of;
    struct inflate *z = inflate_new();
    struct buf scratch = { 0 };
    struct arena mem = { 0 };

    for (int i = s->from; i < s->end; i += s->step)
        inflate_and_read(&site.packed[i], site.id[i], z, &scratch, &mem);
    arena_release(&mem);
    buf_release(&scratch);
    inflate_free(z);
    return NULL;
}

static double alone_each(void)
{
    struct share all = { 0, 1, site.pages };
    double from = lab_cpu();

    work(&all);
    return (lab_cpu() - from) / site.pages * 1e6;
}

static void against_parts(void)
{
    double ratio[LAB_ROUNDS], mine[LAB_ROUNDS], parts[LAB_ROUNDS];

    for (int i = 0; i < LAB_ROUNDS; i++) {
        struct lab_client own = ours("1", NULL);

        parts[i] = alone_each();
        mine[i] = cpu_each(&own);
        ratio[i] = mine[i] / parts[i];
    }
    lab_judge("the same, CPU of a page, libdeflate and cut parse alone",
              text("%.0f us", lab_median(mine, LAB_ROUNDS)),
              text("%.0f us", lab_median(parts, LAB_ROUNDS)), lab_median(ratio, LAB_ROUNDS),
              LAB_AT_MOST, 1.3);
}

/* Seconds that n threads need for the first SLICE pages, and their CPU time. */
static double threads_s(int n, double *cpu)
{
    pthread_t thread[2];
    struct share share[2];
    double from = lab_now(), cpu_from = lab_cpu();

    for (int i = 0; i < n; i++) {
        share[i] = (struct share){ i, n, SLICE };
        if (pthread_create(&thread[i], NULL, work, &share[i]))
            lab_fail("no thread");
    }
    for (int i = 0; i < n; i++)
        pthread_join(thread[i], NULL);
    *cpu = lab_cpu() - cpu_from;
    return lab_now() - from;
}

/* The least of many short rounds counts: other work on the machine only ever
 * adds, and keeps both cores from being free at once for long. */
static void two_cores(void)
{
    const char *what = "inflate and cut parse, two threads, one thread";
    double one = 1e9, two = 1e9, cpu[2], cpu_one[SLICES], cpu_two[SLICES];

    if (sysconf(_SC_NPROCESSORS_ONLN) < 2) {
        lab_skip(what, "one core");
        return;
    }
    for (int i = 0; i < SLICES; i++) {
        double s1 = threads_s(1, &cpu[0]), s2 = threads_s(2, &cpu[1]);

        one = s1 < one ? s1 : one;
        two = s2 < two ? s2 : two;
        cpu_one[i] = cpu[0];
        cpu_two[i] = cpu[1];
    }
    lab_judge(what, text("%.0f pages/s", SLICE / two), text("%.0f pages/s", SLICE / one), one / two,
              LAB_AT_LEAST, 1.7);
    printf("  CPU of a page: %.0f us in one of two threads, %.0f us in one alone\n",
           lab_median(cpu_two, SLICES) / SLICE * 1e6, lab_median(cpu_one, SLICES) / SLICE * 1e6);
}

/* ---- with store and archive ---- */

static void new_audit(const char *audit)
{
    if (lab_shell(
            NULL,
            "{ build/blindspot -q init %s && build/blindspot -q -C %s add %s/links.txt; "
            "} >/dev/null 2>&1",
            audit, audit, dir))
        lab_fail("no audit at %s", audit);
}

/* The command itself, with all that the store does before and after. */
static double replay_s(const char *audit, int threads)
{
    double from = lab_now();

    if (lab_shell(NULL, "build/blindspot -q -C %s scrape --replay --threads %d >/dev/null 2>&1",
                  audit, threads))
        lab_fail("no replay of %s", audit);
    return lab_now() - from;
}

static void replayed(const char *audit, int pages)
{
    double ratio[LAB_ROUNDS], one[LAB_ROUNDS], two[LAB_ROUNDS];

    for (int i = 0; i < LAB_ROUNDS; i++) {
        one[i] = replay_s(audit, 1);
        two[i] = replay_s(audit, 2);
        ratio[i] = one[i] / two[i];
    }
    lab_row("scrape --replay with store, two threads, one",
            text("%.0f pages/s", pages / lab_median(two, LAB_ROUNDS)),
            text("%.0f pages/s", pages / lab_median(one, LAB_ROUNDS)),
            lab_median(ratio, LAB_ROUNDS), "printed");
}

/* Evidence is written by a second thread: both runs have both cores, of which
 * nginx takes its part. What one core for all of it gives stands below. */
static void with_store(void)
{
    double ratio[LAB_ROUNDS], mine[LAB_ROUNDS], bare[LAB_ROUNDS], cpu[LAB_ROUNDS],
        narrow[LAB_ROUNDS];
    long peak = 0, peak_more;
    char audit[160];

    for (int i = 0; i < LAB_ROUNDS; i++) {
        struct lab_client with, without, with_one, without_one;

        snprintf(audit, sizeof audit, "%s/audit%d", dir, i);
        new_audit(audit);
        without = ours_on(LAB_ANY, TEXT(MORE), NULL);
        with = ours_on(LAB_ANY, TEXT(MORE), audit);
        without_one = ours(TEXT(MORE), NULL);
        with_one = ours("1", audit);
        same_job("with store", &with, MORE);
        same_job("with store on one core", &with_one, 1);
        narrow[i] = rate(&with_one) / rate(&without_one);
        mine[i] = rate(&with);
        bare[i] = rate(&without);
        ratio[i] = mine[i] / bare[i];
        cpu[i] = cpu_each(&with) / cpu_each(&without);
        peak = with.peak_kb > peak ? with.peak_kb : peak;
    }
    lab_judge("the same with store and evidence.keep = pages, without",
              text("%.0f pages/s", lab_median(mine, LAB_ROUNDS)),
              text("%.0f pages/s", lab_median(bare, LAB_ROUNDS)), lab_median(ratio, LAB_ROUNDS),
              LAB_AT_LEAST, 0.6);
    printf("  in CPU time: %.2f x as much for a page; pages/s on one core: %.2f x\n",
           lab_median(cpu, LAB_ROUNDS), lab_median(narrow, LAB_ROUNDS));
    peak_more = ours(TEXT(MORE), audit).peak_kb;
    lab_judge("its peak memory at 64 transfers, 64 MB", text("%.1f MB", MB(peak_more)), "64.0 MB",
              MB(peak_more) / 64, LAB_AT_MOST, 1);
    printf("  %d pages: %.1f MB; %d more: %.1f MB\n", MORE * PAGES, MB(peak), MORE * PAGES,
           MB(peak_more));
    replayed(audit, (2 * MORE + 1) * PAGES);
}

static void find_self(void)
{
    ssize_t n = readlink("/proc/self/exe", self, sizeof self - 1);

    if (n <= 0)
        lab_fail("this program has no path");
    self[n] = 0;
}

int main(int argc, char **argv)
{
    if (argc > 1 && !strcmp(argv[1], "client"))
        return reader_main(argc - 2, argv + 2);
    log_setup(true, LOG_PROGRESS_NEVER);
    if (!site_possible()) {
        lab_skip("pages over loopback", "nginx is not installed");
        return 0;
    }
    find_self();
    if (!mkdtemp(dir))
        lab_fail("no folder in /tmp");
    snprintf(urls, sizeof urls, "%s/urls.txt", dir);
    site_make(&site, dir, PAGES);
    site_serve(&site, SERVER_CORE);
    printf(
        "  %d different pages of %.0f KB, %.0f KB as gzip, from nginx on one core to a client on "
        "another\n",
        PAGES, site.raw_bytes / PAGES / 1000, site.packed_bytes / PAGES / 1000);
    plain = ours("1", NULL);
    against("pages over loopback to record, Scrapy", "tests/bench/fetch_scrapy.py", "scrapy",
            "python3-scrapy is not installed", 20);
    against("pages over loopback to record, aiohttp, find, json", "tests/bench/fetch_aiohttp.py",
            "aiohttp", "python3-aiohttp is not installed", 5);
    against_parts();
    with_store();
    two_cores();
    site_end(&site);
    lab_remove(dir);
    return 0;
}
