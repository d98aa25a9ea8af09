/* tests/bench/bench_start.c: how long it takes until main has run, beside `curl --version`, which
 * loads the same TLS and many of the same libraries. Both are started in turn, and each pair gives
 * a ratio: of the processor time that the kernel counted, since on a shared machine the clock on
 * the wall says who else was at work. Run from the root of the checkout. */
#include <fcntl.h>
#include <spawn.h>
#include <stdio.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>
#include "tests/bench/lab.h"

#define PAIRS 60
#define GOAL 1.3

extern char **environ;

struct start {
    double cpu, wall;    // milliseconds
};

static double milliseconds(struct timeval t)
{
    return (double)t.tv_sec * 1e3 + (double)t.tv_usec / 1e3;
}

static struct start start(const char *program)
{
    char *const argv[] = { (char *)(uintptr_t)program, (char *)(uintptr_t)"--version", NULL };
    const double begun = lab_now();
    posix_spawn_file_actions_t files;
    struct start s = { 0 };
    struct rusage used;
    int status;
    pid_t pid;

    posix_spawn_file_actions_init(&files);
    posix_spawn_file_actions_addopen(&files, STDOUT_FILENO, "/dev/null", O_WRONLY, 0);
    if (posix_spawnp(&pid, program, &files, NULL, argv, environ) ||
        wait4(pid, &status, 0, &used) != pid || status)
        lab_fail("%s --version does not run", program);
    posix_spawn_file_actions_destroy(&files);
    s.wall = (lab_now() - begun) * 1e3;
    s.cpu = milliseconds(used.ru_utime) + milliseconds(used.ru_stime);
    return s;
}

int main(void)
{
    double ours[PAIRS], other[PAIRS], ratio[PAIRS], wall[PAIRS];
    char text[2][40];

    if (access("/usr/bin/curl", X_OK)) {
        lab_skip("a start (--version)", "curl is not installed");
        return 0;
    }
    for (int i = -2; i < PAIRS; i++) {    // two pairs fill the caches
        const struct start a = start("build/release/blindspot"), b = start("curl");

        if (i < 0)
            continue;
        ours[i] = a.cpu;
        other[i] = b.cpu;
        ratio[i] = a.cpu / b.cpu;
        wall[i] = a.wall / b.wall;
    }
    snprintf(text[0], sizeof text[0], "%.1f ms", lab_median(ours, PAIRS));
    snprintf(text[1], sizeof text[1], "%.1f ms", lab_median(other, PAIRS));
    lab_judge("a start (--version), processor time, and curl's", text[0], text[1],
              lab_median(ratio, PAIRS), LAB_AT_MOST, GOAL);
    snprintf(text[0], sizeof text[0], "%d pairs", PAIRS);
    lab_row("the same by the clock on the wall", text[0], "", lab_median(wall, PAIRS), "(shared)");
    return 0;
}
