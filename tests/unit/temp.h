/* tests/unit/temp.h: the name of a test's own file or folder. */
#ifndef TESTS_TEMP_H
#define TESTS_TEMP_H
#include <stdio.h>
#include <stdlib.h>

/* For mkstemp or mkdtemp, below TMPDIR; size: at least 64. */
static inline void temp_name(char *out, size_t size)
{
    const char *tmp = getenv("TMPDIR");

    snprintf(out, size, "%.40s/blindspot-XXXXXX", tmp ? tmp : "/tmp");
}
#endif
