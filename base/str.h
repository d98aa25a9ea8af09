/* base/str.h: borrowed slices and a growing buffer.
 * A struct str is borrowed, not NUL-terminated, never freed by who holds it;
 * { NULL, 0 } is the empty slice. Outside text may hold U+0000: carry lengths. */
#ifndef BASE_STR_H
#define BASE_STR_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include "base/err.h"

struct str { const char *p; size_t n; };
#define STR(lit) ((struct str){ (lit), sizeof(lit) - 1 })
#define STR_NONE ((struct str){ NULL, 0 })
/* For printf: "%.*s", STR_ARG(s). */
#define STR_ARG(s) (int)(s).n, (s).p ? (s).p : ""

struct str str_of(const char *nul_terminated);          // NULL gives STR_NONE
bool str_eq(struct str a, struct str b);
bool str_eq_nocase(struct str a, struct str b);         // ASCII letters only
bool str_is_one_of(struct str s, const char *const *words);     // the same; words end with NULL
int str_cmp(struct str a, struct str b);                // bytewise, shorter first
bool str_starts(struct str s, struct str prefix);
bool str_ends(struct str s, struct str suffix);
bool str_starts_nocase(struct str s, struct str prefix);
/* Offset of the first needle at or after from, or -1. */
ptrdiff_t str_find(struct str s, struct str needle, size_t from);
ptrdiff_t str_find_nocase(struct str s, struct str needle, size_t from);
struct str str_trim(struct str s);                      // ASCII white space
struct str str_sub(struct str s, size_t from, size_t n);// clamped
/* Cuts the next piece before sep off *rest; false when *rest is used up. */
bool str_cut(struct str *rest, char sep, struct str *piece);
/* ASCII digits only, no sign, no blanks. false on anything else or overflow. */
bool str_u64(struct str digits, uint64_t *out);
bool str_i64(struct str digits, int64_t *out);          // one leading '-' allowed

/* The word for that many: one where n is 1, else many. In a sentence:
 * printf("read " COUNTED, COUNT_OF(n, "page", "pages")) prints "read 1 page". */
const char *plural(int64_t n, const char *one, const char *many);
#define COUNTED "%lld %s"
#define COUNT_OF(n, one, many) (long long)(n), plural((n), (one), (many))

/* Length of the UTF-8 character at offset at, with its code point, or 0 where
 * there is none: overlong forms, surrogates and codes above U+10FFFF are none. */
size_t str_utf8(struct str s, size_t at, uint32_t *code);

/* Characters that change what a reader believes to see: C1 controls, the bidi
 * marks, embeddings, overrides and isolates, the two line separators, U+FEFF. */
bool str_deceives(uint32_t code);

/* A growing byte buffer. Zero-initialised is empty; buf_release frees it.
 * Growth beyond memory dies; a cap is the caller's to check first. */
struct buf { char *p; size_t n, cap; };
void buf_release(struct buf *);
void buf_clear(struct buf *);                           // keeps the memory
void buf_grow(struct buf *, size_t more);               // room for more bytes
void buf_add(struct buf *, const void *p, size_t n);
void buf_str(struct buf *, struct str);
void buf_puts(struct buf *, const char *);
void buf_char(struct buf *, char);
void buf_printf(struct buf *, const char *fmt, ...) PRINTF(2, 3);
struct str buf_view(const struct buf *);                // borrowed until next change
/* The bytes with a NUL behind them (not counted in n); borrowed. */
const char *buf_cstr(struct buf *);
#endif
