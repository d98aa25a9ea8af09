/* tests/e2e/skew.c: for LD_PRELOAD: the time of day, SKEW_S seconds later than it is. */
#include <dlfcn.h>
#include <stdlib.h>
#include <sys/time.h>
#include <time.h>

static int later_s(void)
{
    const char *skew = getenv("SKEW_S");

    return skew ? atoi(skew) : 0;
}

int clock_gettime(clockid_t which, struct timespec *t)
{
    static int (*real)(clockid_t, struct timespec *);
    int rc;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    rc = real(which, t);
    if (rc == 0 && which == CLOCK_REALTIME)
        t->tv_sec += later_s();
    return rc;
}

/* PostgreSQL's. */
int gettimeofday(struct timeval *t, void *zone)
{
    struct timespec now;

    (void)zone;
    if (clock_gettime(CLOCK_REALTIME, &now))
        return -1;
    t->tv_sec = now.tv_sec;
    t->tv_usec = now.tv_nsec / 1000;
    return 0;
}
