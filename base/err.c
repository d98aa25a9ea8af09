/* base/err.c: error values, the one way out, allocation that never fails. */
#include <stdarg.h>
#include <stdbool.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"

#define EXIT_MACHINE 5

/* A message that was cut must not end inside a UTF-8 character. */
static void trim_utf8(char *text)
{
    size_t n = strlen(text), back = 0;

    while (back < n && back < 4 && ((unsigned char)text[n - 1 - back] & 0xc0) == 0x80)
        back++;
    if (back < n && (unsigned char)text[n - 1 - back] >= 0xc0)
        text[n - 1 - back] = '\0';
}

int err_set(struct err *err, enum err_kind kind, const char *fmt, ...)
{
    char msg[sizeof err->msg];       // fmt's arguments may point into err itself
    va_list ap;
    int n;

    va_start(ap, fmt);
    n = vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (n < 0)
        msg[0] = '\0';
    if (n >= (int)sizeof msg)
        trim_utf8(msg);
    if (err) {
        err->kind = kind;
        err->retry_at = 0;
        err->place = (struct err_place){ 0 };
        memcpy(err->msg, msg, sizeof msg);
    }
    return -1;
}

int err_wrap(struct err *err, const char *fmt, ...)
{
    char msg[sizeof err->msg];
    va_list ap;
    int n;

    if (!err)
        return -1;
    va_start(ap, fmt);
    n = vsnprintf(msg, sizeof msg, fmt, ap);
    va_end(ap);
    if (n < 0)
        return -1;
    if (n < (int)sizeof msg)
        n += snprintf(msg + n, sizeof msg - (size_t)n, ": %s", err->msg);
    if (n >= (int)sizeof msg)
        trim_utf8(msg);
    memcpy(err->msg, msg, sizeof msg);
    return -1;
}

void err_clear(struct err *err)
{
    *err = (struct err){0};
}

int err_exit_code(const struct err *err)
{
    switch (err->kind) {
    case ERR_NONE:
        return 0;
    case ERR_USAGE:
    case ERR_INPUT:
        return 2;
    case ERR_AGAIN:
    case ERR_QUOTA:
        return 3;
    case ERR_AUTH:
        return 4;
    case ERR_STOPPED:
        return 130;
    case ERR_IO:
        break;
    }
    return EXIT_MACHINE;
}

static bool ours;

void exit_is_ours(void)
{
    ours = true;
}

static void on_exit_of_others(void)
{
    if (ours)
        return;
    fflush(stdout);
    fputs("blindspot: a library could not go on, and says why above\n", stderr);
    _Exit(EXIT_MACHINE);
}

void exit_guard(void)
{
    if (atexit(on_exit_of_others))
        die("out of memory");
}

void die(const char *fmt, ...)
{
    va_list ap;

    ours = true;
    fflush(stdout);
    fputs("blindspot: ", stderr);
    va_start(ap, fmt);
    vfprintf(stderr, fmt, ap);
    va_end(ap);
    fputc('\n', stderr);
    exit(EXIT_MACHINE);
}

void *xmalloc(uint64_t n)
{
    void *p = n <= PTRDIFF_MAX ? malloc(n ? n : 1) : NULL;

    if (!p)
        die("out of memory (%llu bytes more)", (unsigned long long)n);
    return p;
}

void *xcalloc(uint64_t count, uint64_t size)
{
    void *p = count && size ? calloc(count, size) : calloc(1, 1);

    if (!p)
        die("out of memory (%llu times %llu bytes more)", (unsigned long long)count,
            (unsigned long long)size);
    return p;
}

void *xrealloc(void *old, uint64_t n)
{
    void *p = n <= PTRDIFF_MAX ? realloc(old, n ? n : 1) : NULL;

    if (!p)
        die("out of memory (%llu bytes more)", (unsigned long long)n);
    return p;
}

char *xstrdup(const char *s)
{
    size_t n = strlen(s) + 1;

    return memcpy(xmalloc(n), s, n);
}

void *lib_malloc(size_t n)
{
    return xmalloc(n);
}

void *lib_calloc(size_t count, size_t size)
{
    return xcalloc(count, size);
}

void *lib_realloc(void *p, size_t n)
{
    return xrealloc(p, n);
}

char *lib_strdup(const char *s)
{
    return xstrdup(s);
}
