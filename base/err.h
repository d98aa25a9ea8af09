/* base/err.h: what went wrong, named by what the caller can do about it.
 * Fallible functions return 0 or -1, take `struct err *` last and change
 * their outputs only on success. Absence is data, never an error.
 *
 * Lives in base/: bytes, memory, time, errors, files, HTTP, JSON, digests,
 * statistics: no word of our field, and no include from above. To add a helper
 * copy utc.h and utc.c: one noun, its verbs, a test in tests/unit. */
#ifndef BASE_ERR_H
#define BASE_ERR_H
#include <stddef.h>
#include <stdint.h>

#define PRINTF(fmt, first) __attribute__((format(printf, fmt, first)))
#define MUST_CHECK __attribute__((warn_unused_result))
#define NORETURN __attribute__((noreturn))

enum err_kind {
    ERR_NONE = 0,
    ERR_USAGE,   // settings or command line: exit 2
    ERR_INPUT,   // these bytes are not what they claim: count, skip, go on
    ERR_AGAIN,   // may work at err.retry_at
    ERR_QUOTA,   // allowance spent: nothing works before err.retry_at
    ERR_AUTH,    // a person must act (key, scope, approval)
    ERR_IO,      // this machine: disk, permissions, database
    ERR_STOPPED, // SIGINT: what was in flight is finished and committed
};
/* Where in a line that a person wrote the error lies (base/place.h); none where n is 0. */
#define ERR_LINE_MAX 208
struct err_place {
    char line[ERR_LINE_MAX];
    int no;
    size_t at, n;
};
struct err {
    enum err_kind kind;
    int64_t retry_at;
    char msg[320];
    struct err_place place;
};

/* Stores a sentence for a person; returns -1, so `return err_set(...)` is one
 * step. err_wrap puts what we were doing in front: "batch 7: not JSON". */
int err_set(struct err *, enum err_kind, const char *fmt, ...) PRINTF(3, 4);
int err_wrap(struct err *, const char *fmt, ...) PRINTF(2, 3);
void err_clear(struct err *);
/* The exit code for this kind: 2, 3, 4, 5 or 130 (README.md, "The commands"). */
int err_exit_code(const struct err *);

/* Out of memory and our own broken promises end here: exit code 5. */
NORETURN void die(const char *fmt, ...) PRINTF(1, 2);
/* A library that calls exit() where memory is short (libarchive does) must not
 * choose our exit code: from exit_guard() on such an end is that of die().
 * exit_is_ours() before main returns. */
void exit_guard(void);
void exit_is_ours(void);
/* Allocation that never fails towards the caller (it dies instead). */
void *xmalloc(uint64_t n);
void *xcalloc(uint64_t count, uint64_t size);
void *xrealloc(void *p, uint64_t n);
char *xstrdup(const char *);
/* The same for libraries that can be handed an allocator, so that they end by
 * die() as well, instead of calling good bytes damaged. */
void *lib_malloc(size_t n);
void *lib_calloc(size_t count, size_t size);
void *lib_realloc(void *p, size_t n);
char *lib_strdup(const char *);
#endif
