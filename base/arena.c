/* base/arena.c: blocks that double in size; one is kept from batch to batch. */
#include <stdalign.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include "base/arena.h"

#define BLOCK_FIRST ((size_t)16 << 10)
#define BLOCK_MAX ((size_t)1 << 20)     // larger ones hold a single large thing and are not kept

struct arena_block {
    struct arena_block *next;
    size_t used, cap;
    alignas(max_align_t) char mem[];
};

static void block_add(struct arena *a, size_t n)
{
    size_t cap = a->head ? 2 * a->head->cap : BLOCK_FIRST;
    struct arena_block *b;

    if (cap > BLOCK_MAX)
        cap = BLOCK_MAX;
    if (cap < n)
        cap = n;
    b = xmalloc(sizeof *b + cap);
    b->used = 0;
    b->cap = cap;
    b->next = a->head;
    a->head = b;
    a->total += cap;
}

void *arena_alloc(struct arena *a, size_t n)
{
    size_t size = n ? n : 1;
    char *p;

    if (size > PTRDIFF_MAX / 2)
        die("out of memory (%zu bytes more)", n);
    size = (size + alignof(max_align_t) - 1) & ~(alignof(max_align_t) - 1);
    if (!a->head || size > a->head->cap - a->head->used)
        block_add(a, size);
    p = a->head->mem + a->head->used;
    a->head->used += size;
    return memset(p, 0, size);
}

struct str arena_str(struct arena *a, const char *p, size_t n)
{
    char *copy;

    if (n >= PTRDIFF_MAX / 2)
        die("out of memory (%zu bytes more)", n);
    copy = arena_alloc(a, n + 1);
    if (n)
        memcpy(copy, p, n);
    return (struct str){ copy, n };
}

struct str arena_dup(struct arena *a, struct str s)
{
    return arena_str(a, s.p, s.n);
}

struct str arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    va_list again;
    char *p;
    int n;

    va_copy(again, ap);
    n = vsnprintf(NULL, 0, fmt, ap);
    if (n < 0)
        die("text cannot be formatted");
    p = arena_alloc(a, (size_t)n + 1);
    vsnprintf(p, (size_t)n + 1, fmt, again);
    va_end(again);
    return (struct str){ p, (size_t)n };
}

struct str arena_printf(struct arena *a, const char *fmt, ...)
{
    struct str text;
    va_list ap;

    va_start(ap, fmt);
    text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

/* Keeps the largest ordinary block. */
void arena_clear(struct arena *a)
{
    struct arena_block *keep = NULL, *next;

    for (struct arena_block *b = a->head; b; b = b->next)
        if (b->cap <= BLOCK_MAX && (!keep || b->cap > keep->cap))
            keep = b;
    for (struct arena_block *b = a->head; b; b = next) {
        next = b->next;
        if (b != keep)
            free(b);
    }
    a->head = keep;
    a->total = keep ? keep->cap : 0;
    if (keep) {
        keep->next = NULL;
        keep->used = 0;
    }
}

void arena_release(struct arena *a)
{
    struct arena_block *next;

    for (struct arena_block *b = a->head; b; b = next) {
        next = b->next;
        free(b);
    }
    *a = (struct arena){0};
}
