/* tests/unit/temp.h: the name of a test's own file or folder. */
#ifndef TESTS_TEMP_H
#define TESTS_TEMP_H
#include <stdio.h>
#include <stdlib.h>

/* For mkstemp or mkdtemp, below TMPDIR; size: at least 64. A test within a folder of a test
 * within that of a run fits; what does not ends the test here, and not where it is missing. */
static inline void temp_name(char *out, size_t size)
{
    const char *tmp = getenv("TMPDIR");

    if (snprintf(out, size, "%s/blindspot-XXXXXX", tmp ? tmp : "/tmp") < (int)size)
        return;
    fprintf(stderr, "TMPDIR is too long for this test: %s\n", tmp ? tmp : "");
    exit(1);
}
#endif
