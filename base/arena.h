/* base/arena.h: the memory of one batch: zeroed, max-aligned, never NULL, all
 * freed at once. A zero-initialised arena is empty and ready. */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H
#include <stdarg.h>
#include <stddef.h>
#include "base/str.h"

struct arena_block;
struct arena { struct arena_block *head; size_t total; };

void *arena_alloc(struct arena *, size_t n);
struct str arena_str(struct arena *, const char *p, size_t n);   // copies; NUL behind
struct str arena_dup(struct arena *, struct str);                // the same of a slice
struct str arena_printf(struct arena *, const char *fmt, ...) PRINTF(2, 3);
struct str arena_vprintf(struct arena *, const char *fmt, va_list) PRINTF(2, 0);
void arena_clear(struct arena *);      // keeps one block for the next batch
void arena_release(struct arena *);    // frees everything
#endif
