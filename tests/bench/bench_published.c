/* tests/bench/bench_published.c: as many pages as the published audit of the
 * research API read, 70,239, over loopback by `blindspot scrape` with everything
 * on: store, evidence of every page, sample of all that the API returned. The
 * stand-in serves them, each made for its post. No goal for the time: beside it
 * stands what one page a second costs, which is what an audit of the real site
 * takes. The goal for the memory of the whole command is that of 64 transfers. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>
#include "base/file.h"
#include "base/str.h"
#include "tests/bench/lab.h"

#define PAGES "70239"
#define WITH_ALL "--set page.retrieved_sample=all --set page.concurrency=64"

static char dir[] = "/tmp/blindspot-bench-XXXXXX";
static char base[64];

/* blindspot on the audit of this bench: API and site are the stand-in. */
static struct rusage blindspot(const char *words)
{
    char options[900];
    struct rusage used;

    snprintf(
        options, sizeof options,
        "-C %s/audit --progress=never --set api.base_url=%s --set page.base_url=%s"
        " --set page.short_url=%s --set api.requests_per_second=100000 --set "
        "page.requests_per_second=100000"
        " --set api.quota=%s/quota.db " WITH_ALL,
        dir, base, base, base, dir);
    if (lab_shell(&used, "exec build/blindspot %s %s", options, words) > 3)
        lab_fail("blindspot %s", words);
    return used;
}

static pid_t start_standin(void)
{
    char world[128], port[128], clock_path[128], text[16] = "";
    char *argv[] = { "build/standin", world, "--port-file", port, "--clock", clock_path, NULL };
    pid_t pid;

    snprintf(world, sizeof world, "%s/world", dir);
    snprintf(port, sizeof port, "%s/port", dir);
    snprintf(clock_path, sizeof clock_path, "%s/clock", dir);
    pid = lab_start(argv, 1);
    for (int i = 0; i < 1200 && !text[0]; i++) {
        struct buf b = { 0 };
        struct err err = { 0 };

        usleep(50000);
        if (file_exists(port) && file_read(port, 15, &b, &err) == 0)
            snprintf(text, sizeof text, "%.*s", STR_ARG(str_trim(buf_view(&b))));
        buf_release(&b);
    }
    if (!text[0])
        lab_fail("the stand-in does not start");
    snprintf(base, sizeof base, "http://127.0.0.1:%s", text);
    setenv("BLINDSPOT_CLOCK", clock_path, 1);
    setenv("BLINDSPOT_CLIENT_KEY", "test-key", 1);
    setenv("BLINDSPOT_CLIENT_SECRET", "test-secret", 1);
    return pid;
}

/* The number in "pages: N read" of what scrape said. */
static double pages_read(const char *said)
{
    struct buf b = { 0 };
    struct err err = { 0 };
    long pages = 0;
    ptrdiff_t at;

    if (file_read(said, 1 << 20, &b, &err))
        lab_fail("%s", err.msg);
    at = str_find(buf_view(&b), STR("pages: "), 0);
    if (at >= 0)
        pages = strtol(buf_cstr(&b) + at + 7, NULL, 10);
    if (pages <= 0)
        lab_fail("scrape read no page: %s", buf_cstr(&b));
    buf_release(&b);
    return (double)pages;
}

int main(void)
{
    char words[200], said[128];
    struct rusage used;
    double seconds, pages;
    pid_t standin;

    if (!mkdtemp(dir))
        lab_fail("no folder in /tmp");
    snprintf(said, sizeof said, "%s/said", dir);
    if (lab_shell(NULL, "build/world 70 " PAGES " %s/world >/dev/null", dir))
        lab_fail("no world");
    standin = start_standin();
    if (lab_shell(NULL, "build/blindspot -q init %s/audit", dir))
        lab_fail("no audit");
    snprintf(words, sizeof words, "-q add %s/world/all.txt >/dev/null 2>&1", dir);
    blindspot(words);
    blindspot("-q fetch >/dev/null 2>&1");
    snprintf(words, sizeof words, "scrape >%s 2>&1", said);
    seconds = lab_now();
    used = blindspot(words);
    seconds = lab_now() - seconds;
    lab_stop(standin);
    pages = pages_read(said);
    snprintf(words, sizeof words, "%.0f pages, store and evidence; at one a second", pages);
    snprintf(said, sizeof said, "%.1f s", seconds);
    snprintf(base, sizeof base, "%.1f h", pages / 3600);
    lab_row(words, said, base, pages / seconds, "printed");
    printf("  CPU %.1f s\n", (double)(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
           (double)(used.ru_utime.tv_usec + used.ru_stime.tv_usec) / 1e6);
    snprintf(said, sizeof said, "%.1f MB", (double)used.ru_maxrss / 1024);
    lab_judge("peak memory of that command, 64 MB", said, "64.0 MB",
              (double)used.ru_maxrss / 1024 / 64, LAB_AT_MOST, 1);
    lab_remove(dir);
    return 0;
}
