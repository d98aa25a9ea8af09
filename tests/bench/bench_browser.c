/* tests/bench/bench_browser.c: pages by a browser beside the same pages by libcurl, decoded on both
 * sides, in turns: libcurl before and after each browser, for the machine is shared. nginx serves
 * pages of the stand-in's making, each client in a process of its own; one run of the browser is
 * long enough to see that its memory is held. The browser and all its processes count, those that
 * ended on the way too.
 *   BENCH_PAGES=N       pages by each (2000)
 *   BENCH_BROWSER=PATH  this browser too; one whose name has "headless" is held to its goal */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include <curl/curl.h>
#include "base/file.h"
#include "scrape/chromium.h"
#include "tests/bench/lab.h"
#include "tests/bench/site.h"

#define PAGES 200              // different ones
#define ASKED 2000             // of these, again and again
#define PAGE_MAX_BYTES ((size_t)8 << 20)
#define LOOK_EVERY 5    // looking at all processes takes longer than a page
#define CHROMIUM_GOAL 180
#define HEADLESS_GOAL 120
#define PSS_GOAL_MB 600.0
#define MB ((double)(1 << 20))

static char dir[] = "/tmp/blindspot-bench-XXXXXX";
static struct site site;

struct list { char **url; size_t urls; };

static void list_read(struct list *l, const char *path)
{
    struct buf text = { 0 };
    struct err err = { 0 };
    struct str rest, line;

    if (file_read(path, (size_t)1 << 20, &text, &err))
        lab_fail("%s", err.msg);
    l->url = xcalloc(PAGES, sizeof *l->url);
    for (rest = buf_view(&text); l->urls < PAGES && str_cut(&rest, '\n', &line);)
        if (asprintf(&l->url[l->urls++], "%.*s", STR_ARG(line)) < 0)
            lab_fail("no memory");
    if (!l->urls)
        lab_fail("%s: names no page", path);
    buf_release(&text);
}

static void list_release(struct list *l)
{
    for (size_t i = 0; i < l->urls; i++)
        free(l->url[i]);
    free(l->url);
}

/* ---- libcurl, which decodes by itself ---- */

static size_t on_body(char *bytes, size_t size, size_t n, void *to)
{
    (void)bytes;
    *(uint64_t *)to += size * n;
    return size * n;
}

static int plain_main(const char *urls, int64_t pages)
{
    struct list l = { 0 };
    CURL *curl = curl_easy_init();
    uint64_t sum = 0;
    double from, cpu;

    list_read(&l, urls);
    if (!curl)
        lab_fail("no libcurl");
    curl_easy_setopt(curl, CURLOPT_ACCEPT_ENCODING, "gzip");
    curl_easy_setopt(curl, CURLOPT_WRITEFUNCTION, on_body);
    curl_easy_setopt(curl, CURLOPT_WRITEDATA, &sum);
    from = lab_now();
    cpu = lab_cpu();
    for (int64_t n = 0; n < pages; n++) {
        curl_easy_setopt(curl, CURLOPT_URL, l.url[(size_t)n % l.urls]);
        if (curl_easy_perform(curl) != CURLE_OK)
            lab_fail("%s: not read by libcurl", l.url[(size_t)n % l.urls]);
    }
    printf("%" PRId64 " %.6f %.6f %" PRIu64 " %ld\n", pages, lab_now() - from, lab_cpu() - cpu, sum,
           lab_peak_kb());
    curl_easy_cleanup(curl);
    list_release(&l);
    return 0;
}

/* ---- a browser ---- */

static uint64_t browser_page(struct chromium *c, const char *url)
{
    struct http_exchange x;
    struct err err = { 0 };
    bool more;
    int got;

    chromium_submit(c, &(struct http_request){ .url = url, .body_max = PAGE_MAX_BYTES });
    while ((got = chromium_next(c, 1000, &x, &more, &err)) == 0)
        ;
    if (got < 0 || x.fault || x.status != 200)
        lab_fail("%s: not read by the browser: %s%s", url, got < 0 ? "" : x.fault_text, err.msg);
    if (x.by->wire < 0)
        fprintf(stderr, "bench: %s: its end was not heard in time\n", url);
    return x.body.n;
}

/* A start counts as well. What a browser used that was ended to start another is what it had at
 * the page before. */
struct used { double before, now; int64_t pss; };

static void used_look(struct used *u)
{
    const double cpu = lab_cpu_below();
    const int64_t pss = lab_pss_below();

    u->before += cpu < u->now ? u->now : 0;
    u->now = cpu;
    u->pss = pss > u->pss ? pss : u->pss;
}

static int browser_main(const char *urls, int64_t pages, const char *path)
{
    static const char *const host[] = { "127.0.0.1", NULL };
    struct chromium_opts opts = { .path = path, .timeout_s = 60, .tabs = 1, .host = host };
    struct list l = { 0 };
    struct used used = { 0 };
    struct chromium *c;
    struct err err = { 0 };
    uint64_t sum = 0;
    double from = lab_now(), own = 0, began;

    list_read(&l, urls);
    if (chromium_new(&c, &opts, &err))
        lab_fail("%s", err.msg);
    for (int64_t n = 0; n < pages; n++) {
        began = lab_cpu();
        sum += browser_page(c, l.url[(size_t)n % l.urls]);
        own += lab_cpu() - began;
        if (n % LOOK_EVERY == 0 || n + 1 == pages)
            used_look(&used);
    }
    printf("%" PRId64 " %.6f %.6f %" PRIu64 " %ld\n", pages, lab_now() - from,
           used.before + used.now + own, sum, (long)(used.pss >> 10));
    chromium_free(c);
    list_release(&l);
    return 0;
}

/* ---- the rows ---- */

static char self[512], urls[128], times[24];

static char *text(const char *fmt, double v)
{
    static char out[8][64];
    static unsigned turn;
    char *to = out[turn++ % 8];

    snprintf(to, sizeof out[0], fmt, v);
    return to;
}

static double cpu_ms(const struct lab_client *c) { return c->cpu / (double)c->pages * 1e3; }

static void against_plain(const char *name, char *path, double goal)
{
    char *plain_argv[] = { self, "plain", urls, times, NULL };
    char *argv[] = { self, "browser", urls, times, path, NULL };
    const struct lab_client before = lab_run(plain_argv, LAB_ANY), ours = lab_run(argv, LAB_ANY),
                            after = lab_run(plain_argv, LAB_ANY),
                            plain = { .pages = before.pages + after.pages,
                                      .seconds = before.seconds + after.seconds,
                                      .cpu = before.cpu + after.cpu,
                                      .sum = before.sum };
    const double mb = (double)ours.peak_kb / 1024;
    char what[96];

    if (plain.sum != ours.sum)
        lab_fail("%s read %" PRIu64 " bytes, libcurl %" PRIu64, name, ours.sum, plain.sum);
    snprintf(what, sizeof what, "CPU of a decoded page, %s, libcurl", name);
    lab_judge(what, text("%.0f ms", cpu_ms(&ours)), text("%.2f ms", cpu_ms(&plain)),
              cpu_ms(&ours) / cpu_ms(&plain), LAB_AT_MOST, goal);
    printf("  %.1f pages/s in one tab, by libcurl %.0f; pages of %.0f KB\n",
           (double)ours.pages / ours.seconds, (double)plain.pages / plain.seconds,
           site.raw_bytes / site.pages / 1000);
    snprintf(what, sizeof what, "memory (PSS) of %s over %" PRId64 " pages", name, ours.pages);
    lab_judge(what, text("%.0f MB", mb), text("%.0f MB", PSS_GOAL_MB), mb / PSS_GOAL_MB,
              LAB_AT_MOST, 1);
}

static void further(char *path)
{
    if (path)
        against_plain(path, path, strstr(path, "headless") ? HEADLESS_GOAL : CHROMIUM_GOAL);
}

static void rows(void)
{
    static const struct {
        char *path, *name;
        double goal;
    } browsers[] = {
        { "/usr/lib/chromium/chromium", "chromium", CHROMIUM_GOAL },
        { "/usr/lib/chromium/chromium-headless-shell", "headless-shell", HEADLESS_GOAL },
    };
    const char *asked = getenv("BENCH_PAGES");

    if (!site_possible()) {
        lab_skip("pages by a browser", "nginx");
        return;
    }
    if (!mkdtemp(dir))
        lab_fail("no folder");
    snprintf(urls, sizeof urls, "%s/urls.txt", dir);
    snprintf(times, sizeof times, "%lld",
             asked && atoll(asked) > 0 ? atoll(asked) : (long long)ASKED);
    site_make(&site, dir, PAGES);
    site_serve(&site, LAB_ANY);
    for (size_t i = 0; i < sizeof browsers / sizeof *browsers; i++)
        if (chromium_find(browsers[i].path))
            against_plain(browsers[i].name, browsers[i].path, browsers[i].goal);
        else
            lab_skip(browsers[i].name, "not installed");
    further(getenv("BENCH_BROWSER"));
    site_end(&site);
    lab_remove(dir);
}

int main(int argc, char **argv)
{
    if (argc == 4 && !strcmp(argv[1], "plain"))
        return plain_main(argv[2], atoll(argv[3]));
    if (argc == 5 && !strcmp(argv[1], "browser"))
        return browser_main(argv[2], atoll(argv[3]), argv[4]);
    snprintf(self, sizeof self, "%s", argv[0]);
    rows();
    return 0;
}
