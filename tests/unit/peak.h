/* tests/unit/peak.h: the most memory that this process ever had, in KiB. */
#ifndef TESTS_UNIT_PEAK_H
#define TESTS_UNIT_PEAK_H
#include <sys/resource.h>

/* A sanitizer keeps what was freed: its memory says nothing. */
#if defined(__SANITIZE_ADDRESS__)
#define PEAK_SAYS_NOTHING 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define PEAK_SAYS_NOTHING 1
#endif
#endif
#ifndef PEAK_SAYS_NOTHING
#define PEAK_SAYS_NOTHING 0
#endif

static inline long peak_kib(void)
{
    struct rusage u;

    getrusage(RUSAGE_SELF, &u);
    return u.ru_maxrss;
}
#endif
