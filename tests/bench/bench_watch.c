/* tests/bench/bench_watch.c: a watch list of 500 posts with a round of its own a day for 1,000
 * days (watch.sql: 1.5 million requests): how long its site and its state take, and how large
 * the site is. Each call is measured three times; processor time counts, for the clock on the
 * wall of a shared machine says who else was at work. Run from the root of the checkout. */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include "base/file.h"
#include "tests/bench/lab.h"

#define PROGRAM "build/release/blindspot -q"
#define SECONDS 5.0
#define SITE_MB 20.0
#define INDEX_MB 1.0
#define INDEX_NODES 3000.0

static char dir[96];

static void fill(const char *path)
{
    static const char before[] = "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF; "
                                 "PRAGMA cache_size = -400000; BEGIN;";
    struct buf sql = { 0 };
    struct err err = { 0 };
    sqlite3 *db;

    if (file_read("tests/bench/watch.sql", 1 << 20, &sql, &err))
        lab_fail("%s", err.msg);
    if (sqlite3_open(path, &db) || sqlite3_exec(db, before, NULL, NULL, NULL) ||
        sqlite3_exec(db, buf_cstr(&sql), NULL, NULL, NULL) ||
        sqlite3_exec(db, "COMMIT", NULL, NULL, NULL))
        lab_fail("watch.sql: %s", sqlite3_errmsg(db));
    sqlite3_close(db);
    buf_release(&sql);
}

static double seconds_of(const char *command, const char *to)
{
    double took[LAB_ROUNDS];

    for (int i = 0; i < LAB_ROUNDS; i++) {
        struct rusage used;

        if (lab_shell(&used, PROGRAM " -C '%s/list' %s >'%s/%s'", dir, command, dir, to))
            lab_fail("%s does not run", command);
        took[i] = (double)used.ru_utime.tv_sec + (double)used.ru_utime.tv_usec / 1e6;
    }
    return lab_median(took, LAB_ROUNDS);
}

/* The number that a command of the shell prints. */
static double number_of(const char *command)
{
    char path[128];
    double n = -1;
    FILE *f;

    snprintf(path, sizeof path, "%s/number", dir);
    if (lab_shell(NULL, "cd '%s/site' && %s >'%s'", dir, command, path) ||
        !(f = fopen(path, "r")))
        lab_fail("%s does not run", command);
    if (fscanf(f, "%lf", &n) != 1)
        lab_fail("%s prints no number", command);
    fclose(f);
    return n;
}

static void row(const char *what, double n, double most, const char *format)
{
    char ours[40], goal[40];

    snprintf(ours, sizeof ours, format, n);
    snprintf(goal, sizeof goal, format, most);
    lab_judge(what, ours, goal, n / most, LAB_AT_MOST, 1);
}

int main(void)
{
    char site[128], path[128];

    snprintf(dir, sizeof dir, "%.60s/blindspot-bench-XXXXXX",
             getenv("TMPDIR") ? getenv("TMPDIR") : "/tmp");
    if (!mkdtemp(dir) || lab_shell(NULL, PROGRAM " monitor init '%s/list'", dir))
        lab_fail("no watch list can be made");
    snprintf(path, sizeof path, "%s/list/audit.db", dir);
    fill(path);
    snprintf(site, sizeof site, "monitor site '%s/site'", dir);
    row("monitor site, 500 posts, 1,000 days of own rounds: user CPU", seconds_of(site, "said"),
        SECONDS, "%.1f s");
    row("monitor of the same", seconds_of("monitor", "said"), SECONDS, "%.1f s");
    row("the site", number_of("find . -type f -exec cat {} + | wc -c") / 1e6, SITE_MB, "%.1f MB");
    row("its index.html", number_of("wc -c <index.html") / 1e6, INDEX_MB, "%.2f MB");
    row("nodes of index.html", number_of("grep -o '<[a-zA-Z]' index.html | wc -l"), INDEX_NODES,
        "%.0f");
    lab_remove(dir);
    return 0;
}
