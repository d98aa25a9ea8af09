/* classify/pattern.c: the one file that knows PCRE2. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "classify/pattern.h"
#include <pcre2.h>
#include <stdlib.h>
#include <string.h>
#include "base/place.h"

#define HEAP_LIMIT_KIB 2048

/* Most patterns are words with | between them ("status_deleted|vigo"), asked of
 * messages of twenty bytes; for those a plain search is ten times as fast as
 * PCRE2's entry alone. It serves ASCII texts only, where both say the same. */
#define WORDS_MAX 8
struct word {
    struct str text;
    bool from_start, to_end;
};
struct pattern {
    pcre2_code *code;
    struct word word[WORDS_MAX];
    size_t words;    // 0: not of that kind
    struct patterns *in;
    struct pattern *next;
};
struct patterns {
    pcre2_compile_context *compile;
    pcre2_match_context *match;
    pcre2_match_data *data;
    struct pattern *first;
};

static void *pattern_malloc(size_t n, void *unused)
{
    (void)unused;
    return xmalloc(n);
}

static void pattern_free(void *p, void *unused)
{
    (void)unused;
    free(p);
}

struct patterns *patterns_new(void)
{
    struct patterns *p = xcalloc(1, sizeof *p);
    pcre2_general_context *memory = pcre2_general_context_create(pattern_malloc, pattern_free,
                                                                 NULL);

    p->compile = pcre2_compile_context_create(memory);
    p->match = pcre2_match_context_create(memory);
    p->data = pcre2_match_data_create(1, memory);
    pcre2_general_context_free(memory);    // each context holds a copy
    pcre2_set_parens_nest_limit(p->compile, 50);
    pcre2_set_match_limit(p->match, PATTERN_LIMIT);
    pcre2_set_heap_limit(p->match, HEAP_LIMIT_KIB);
    return p;
}

void patterns_free(struct patterns *p)
{
    if (!p)
        return;
    while (p->first) {
        struct pattern *next = p->first->next;

        pcre2_code_free(p->first->code);
        free(p->first);
        p->first = next;
    }
    pcre2_match_data_free(p->data);
    pcre2_match_context_free(p->match);
    pcre2_compile_context_free(p->compile);
    free(p);
}

static unsigned char lower(unsigned char c)
{
    return c >= 'A' && c <= 'Z' ? (unsigned char)(c + 32) : c;
}

/* Fills in the words where the pattern is nothing else; ^ and $ at their ends. */
static void words_read(struct pattern *r, struct str pattern, struct arena *mem)
{
    struct str rest = pattern, piece;
    size_t n = 0, bars = 0;

    for (size_t i = 0; i < pattern.n; i++)
        bars += pattern.p[i] == '|';
    while (n < WORDS_MAX && str_cut(&rest, '|', &piece)) {
        struct word w = { 0 };
        char *small;

        w.from_start = str_starts(piece, STR("^"));
        piece = str_sub(piece, w.from_start, piece.n);
        w.to_end = str_ends(piece, STR("$"));
        piece = str_sub(piece, 0, piece.n - w.to_end);
        if (piece.n == 0)
            return;
        small = arena_alloc(mem, piece.n);
        for (size_t i = 0; i < piece.n; i++) {
            unsigned char c = (unsigned char)piece.p[i];

            if (c < 0x20 || c > 0x7e || strchr("\\^$.[]|()?*+{}", c))
                return;
            small[i] = (char)lower(c);
        }
        w.text = (struct str){ small, piece.n };
        r->word[n++] = w;
    }
    if (n == bars + 1)
        r->words = n;
}

int pattern_compile(struct patterns *p, struct str pattern, struct arena *mem, struct pattern **out,
                    struct err *err)
{
    const uint32_t options = PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF |
                             PCRE2_NEVER_BACKSLASH_C;
    struct pattern *r;
    PCRE2_SIZE at;
    PCRE2_UCHAR why[128];
    int code;
    pcre2_code *c = pcre2_compile((PCRE2_SPTR)pattern.p, pattern.n, options, &code, &at,
                                  p->compile);

    if (!c) {
        pcre2_get_error_message(code, why, sizeof why);
        err_set(err, ERR_USAGE, "expected a pattern that PCRE2 reads, but at character %zu: %s",
                (size_t)at + 1, (char *)why);
        return place_part(err, pattern, str_sub(pattern, (size_t)at, 1));
    }
    pcre2_jit_compile(c, PCRE2_JIT_COMPLETE);    // where it cannot, the interpreter does the same
    r = xcalloc(1, sizeof *r);
    r->code = c;
    r->in = p;
    r->next = p->first;
    p->first = r;
    words_read(r, pattern, mem);
    *out = r;
    return 0;
}

/* Bytes below 0x80 alone, and no line end behind which $ would not look. */
static bool is_plain(struct str s)
{
    unsigned char any = 0;

    for (size_t i = 0; i < s.n; i++)
        any |= (unsigned char)s.p[i];
    return any < 0x80 && (s.n == 0 || s.p[s.n - 1] != '\n');
}

static bool word_at(const struct word *w, const char *p)
{
    for (size_t i = 0; i < w->text.n; i++)
        if (lower((unsigned char)p[i]) != (unsigned char)w->text.p[i])
            return false;
    return true;
}

static bool word_in(const struct word *w, struct str s)
{
    size_t last;

    if (s.n < w->text.n)
        return false;
    last = s.n - w->text.n;
    if (w->to_end)
        return (!w->from_start || last == 0) && word_at(w, s.p + last);
    for (size_t i = 0; i <= (w->from_start ? 0 : last); i++)
        if (word_at(w, s.p + i))
            return true;
    return false;
}

/* Where the stack of the compiled pattern is too small the interpreter, which has
 * its memory on the heap, decides: what holds does not hang on the machine. */
enum truth pattern_search(const struct pattern *r, struct str s)
{
    int rc;

    if (!s.p)
        s = STR("");
    if (r->words > 0 && is_plain(s)) {
        for (size_t i = 0; i < r->words; i++)
            if (word_in(&r->word[i], s))
                return TRUTH_YES;
        return TRUTH_NO;
    }
    rc = pcre2_match(r->code, (PCRE2_SPTR)s.p, s.n, 0, 0, r->in->data, r->in->match);
    if (rc == PCRE2_ERROR_JIT_STACKLIMIT)
        rc = pcre2_match(r->code, (PCRE2_SPTR)s.p, s.n, 0, PCRE2_NO_JIT, r->in->data, r->in->match);
    return rc >= 0 ? TRUTH_YES : rc == PCRE2_ERROR_NOMATCH ? TRUTH_NO : TRUTH_GAVE_UP;
}

void pattern_library(struct buf *out)
{
    char version[64] = "";
    uint32_t jit = 0;
    struct str number = STR_NONE, rest;

    pcre2_config(PCRE2_CONFIG_VERSION, version);
    pcre2_config(PCRE2_CONFIG_JIT, &jit);
    rest = str_of(version);             // "10.42 2022-12-11"
    if (str_cut(&rest, ' ', &number))
        buf_printf(out, "PCRE2 %.*s%s", STR_ARG(number), jit ? " with JIT" : " without JIT");
}
