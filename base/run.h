/* base/run.h: another program, started without a shell and waited for.
 * Of the environment it gets where programs and a user's keys are, nothing else: no secret of
 * ours, no locale, no time zone. */
#ifndef BASE_RUN_H
#define BASE_RUN_H
#include <stdbool.h>
#include "base/err.h"
#include "base/str.h"

struct run {
    const char *const *argv;    // NULL-terminated; the first is looked for in PATH
    const char *in;             // the file that is its stdin; NULL: an empty one
    bool asks;                  // somebody may have to answer it: its stderr and waits are theirs
};
/* *code is its exit code, 128 and the signal's number where one ended it, 127 where there is no
 * such program. said: the first RUN_SAID_MAX bytes of its stdout, and of its stderr unless it asks.
 * Errors: ERR_IO where nothing can be started, or it does not end within a minute; ERR_STOPPED. */
#define RUN_SAID_MAX 8192
MUST_CHECK int run_program(const struct run *, int *code, struct buf *said, struct err *);
#endif
