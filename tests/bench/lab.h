/* tests/bench/lab.h: what the benches of reading share: clocks, medians, a
 * program run on one core, a row of the table. */
#ifndef TESTS_BENCH_LAB_H
#define TESTS_BENCH_LAB_H
#include <stddef.h>
#include <stdint.h>
#include <sys/resource.h>
#include <sys/types.h>
#include "base/err.h"

#define LAB_ROUNDS 3

double lab_now(void);                      // seconds, monotonic
double lab_cpu(void);                      // seconds of this process
long lab_peak_kb(void);                    // of this process
/* Of all processes below this one, and of what they waited for: seconds of CPU, and bytes of this
 * machine's memory (PSS). */
double lab_cpu_below(void);
int64_t lab_pss_below(void);
double lab_median(double *v, int n);       // sorts v
_Noreturn void lab_fail(const char *fmt, ...) PRINTF(1, 2);

/* What a client prints in one line when it is done: pages, real seconds and CPU
 * seconds from the first request to the last answer, the sum of what it read
 * (equal sums: the same job was done), and its peak memory. */
struct lab_client { int64_t pages; double seconds, cpu; uint64_t sum; long peak_kb; };
/* Runs argv on one core (where there are several), or on LAB_ANY of them, and
 * reads that line. */
#define LAB_ANY (-1)
struct lab_client lab_run(char *const argv[], int core);
/* Starts argv on that core with its output thrown away. */
pid_t lab_start(char *const argv[], int core);
void lab_stop(pid_t);

/* Runs a command of the shell to its end: its exit code, and what it used unless
 * that is NULL. */
int lab_shell(struct rusage *, const char *fmt, ...) PRINTF(2, 3);

void lab_row(const char *what, const char *ours, const char *other, double ratio, const char *goal);
/* The same with a goal that is met or missed. */
enum lab_goal { LAB_AT_LEAST, LAB_AT_MOST };
void lab_judge(const char *what, const char *ours, const char *other, double ratio, enum lab_goal,
               double goal);
void lab_skip(const char *what, const char *why);
/* Removes the folder that mkdtemp made. */
void lab_remove(const char *dir);
#endif
