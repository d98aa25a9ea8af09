/* tests/bench/lab.c */
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <sched.h>
#include <signal.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>
#include "tests/bench/lab.h"

static double seconds_of(clockid_t id)
{
    struct timespec t;

    clock_gettime(id, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

double lab_now(void)
{
    return seconds_of(CLOCK_MONOTONIC);
}

double lab_cpu(void)
{
    return seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

/* Of this program alone: the kernel's ru_maxrss begins with that of the process
 * which started it. */
long lab_peak_kb(void)
{
    char line[128];
    long kb = 0;
    FILE *f = fopen("/proc/self/status", "r");

    while (f && fgets(line, sizeof line, f))
        if (sscanf(line, "VmHWM: %ld", &kb) == 1)
            break;
    if (f)
        fclose(f);
    return kb;
}

static int by_size(const void *a, const void *b)
{
    double x = *(const double *)a, y = *(const double *)b;

    return (x > y) - (x < y);
}

double lab_median(double *v, int n)
{
    qsort(v, (size_t)n, sizeof *v, by_size);
    return n % 2 ? v[n / 2] : (v[n / 2 - 1] + v[n / 2]) / 2;
}

void lab_fail(const char *fmt, ...)
{
    va_list args;

    va_start(args, fmt);
    fputs("bench: ", stderr);
    vfprintf(stderr, fmt, args);
    fputc('\n', stderr);
    va_end(args);
    exit(1);
}

/* The child ends with this program, however that ends. */
static pid_t start(char *const argv[], int core, int out)
{
    long cores = sysconf(_SC_NPROCESSORS_ONLN);
    pid_t pid = fork();

    if (pid < 0)
        lab_fail("%s cannot be started", argv[0]);
    if (pid > 0)
        return pid;
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (cores > 1 && core != LAB_ANY) {
        cpu_set_t set;

        CPU_ZERO(&set);
        CPU_SET((size_t)(core % cores), &set);
        sched_setaffinity(0, sizeof set, &set);
    }
    dup2(out, 1);
    execvp(argv[0], argv);
    _exit(127);
}

pid_t lab_start(char *const argv[], int core)
{
    int null = open("/dev/null", O_WRONLY | O_CLOEXEC);
    pid_t pid = start(argv, core, null);

    close(null);
    return pid;
}

void lab_stop(pid_t pid)
{
    kill(pid, SIGTERM);
    waitpid(pid, NULL, 0);
}

struct lab_client lab_run(char *const argv[], int core)
{
    struct lab_client c = { 0 };
    int out[2], status, got;
    FILE *f;
    pid_t pid;

    if (pipe2(out, O_CLOEXEC))
        lab_fail("no pipe");
    pid = start(argv, core, out[1]);
    close(out[1]);
    f = fdopen(out[0], "r");
    got = fscanf(f, "%" SCNd64 " %lf %lf %" SCNu64 " %ld", &c.pages, &c.seconds, &c.cpu, &c.sum,
                 &c.peak_kb);
    fclose(f);
    if (waitpid(pid, &status, 0) < 0 || !WIFEXITED(status) || WEXITSTATUS(status) || got != 5)
        lab_fail("%s %s did not end well", argv[0], argv[1]);
    return c;
}

int lab_shell(struct rusage *used, const char *fmt, ...)
{
    char command[2000];
    va_list args;
    int status;
    pid_t pid;

    va_start(args, fmt);
    vsnprintf(command, sizeof command, fmt, args);
    va_end(args);
    if ((pid = fork()) == 0) {
        execl("/bin/sh", "sh", "-c", command, (char *)NULL);
        _exit(127);
    }
    if (pid < 0 || wait4(pid, &status, 0, used) < 0)
        lab_fail("%s", command);
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128;
}

void lab_row(const char *what, const char *ours, const char *other, double ratio, const char *goal)
{
    printf("%-58s | %12s | %12s | %6.2fx | %s\n", what, ours, other, ratio, goal);
    fflush(stdout);
}

void lab_judge(const char *what, const char *ours, const char *other, double ratio,
               enum lab_goal kind, double goal)
{
    bool ok = kind == LAB_AT_LEAST ? ratio >= goal : ratio <= goal;
    char text[64];

    snprintf(text, sizeof text, "%s %g x: %s", kind == LAB_AT_LEAST ? "at least" : "at most", goal,
             ok ? "ok" : "missed");
    lab_row(what, ours, other, ratio, text);
}

void lab_skip(const char *what, const char *why)
{
    printf("%-58s | skipped: %s\n", what, why);
}

static int remove_one(const char *path, const struct stat *st, int kind, struct FTW *at)
{
    (void)st, (void)kind, (void)at;
    return remove(path);
}

void lab_remove(const char *dir)
{
    nftw(dir, remove_one, 16, FTW_DEPTH | FTW_PHYS);
}
