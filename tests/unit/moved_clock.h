/* tests/unit/moved_clock.h: clocks of this machine that a test moves: the program asks here before
 * it asks libc. Included once by a test. */
#ifndef TESTS_UNIT_MOVED_CLOCK_H
#define TESTS_UNIT_MOVED_CLOCK_H
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static int day_later_s;     // the time of day, as if somebody had set it
static int hour_later_s;    // what waits are measured by

int clock_gettime(clockid_t which, struct timespec *t)
{
    const long rc = syscall(SYS_clock_gettime, which, t);

    t->tv_sec += which == CLOCK_REALTIME ? day_later_s : 0;
    t->tv_sec += which == CLOCK_MONOTONIC ? hour_later_s : 0;
    return (int)rc;
}
#endif
