/* tests/e2e/skew.c: for LD_PRELOAD: the time of day, SKEW_S seconds later than it is. */
#include <dlfcn.h>
#include <stdlib.h>
#include <time.h>

int clock_gettime(clockid_t which, struct timespec *t)
{
    static int (*real)(clockid_t, struct timespec *);
    const char *skew = getenv("SKEW_S");
    int rc;

    if (!real)
        *(void **)&real = dlsym(RTLD_NEXT, "clock_gettime");
    rc = real(which, t);
    if (rc == 0 && which == CLOCK_REALTIME && skew)
        t->tv_sec += atoi(skew);
    return rc;
}
