/* diff/text.c: UTF-8 walked in place; sets as sorted hashes of their members. */
#include "diff/text.h"
#include <stdlib.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/utf8.h"
#include "record/record.h"

static bool is_blank(uint32_t c)
{
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0x85 || c == 0xA0 || c == 0x1680 ||
           (c >= 0x2000 && c <= 0x200B) || c == 0x2028 || c == 0x2029 || c == 0x202F ||
           c == 0x205F || c == 0x3000 || c == 0xFEFF;
}

#define TEXT_END UINT32_MAX
struct walk { struct str rest; bool begun; };

/* The next character as text_compare sees it: a run of white space counts as
 * one blank, and only between characters. */
static uint32_t walk_next(struct walk *w)
{
    bool blank = false;

    while (w->rest.n > 0) {
        struct str before = w->rest;
        uint32_t c = utf8_next(&w->rest);

        if (c == 0x2400)
            continue;
        if (is_blank(c)) {
            blank = true;
            continue;
        }
        if (blank && w->begun) {
            w->rest = before;           // the character comes next time
            return ' ';
        }
        w->begun = true;
        return c;
    }
    return TEXT_END;
}

enum text_match text_compare(struct str a, struct str b, size_t min_cut)
{
    struct walk x = { a, false }, y = { b, false };

    // nearly all pairs end here, at the cost of reading them
    if (str_eq(str_trim(a), str_trim(b)))
        return TEXT_SAME;
    for (size_t same = 0; ; same++) {
        uint32_t c = walk_next(&x), d = walk_next(&y);

        if (c == d && c == TEXT_END)
            return TEXT_SAME;
        if (c == d)
            continue;
        return (c == TEXT_END || d == TEXT_END) && same >= min_cut ? TEXT_CUT : TEXT_OTHER;
    }
}

bool text_is_blank(struct str s)
{
    struct walk w = { s, false };

    return walk_next(&w) == TEXT_END;
}

static uint64_t member_hash(struct str s, bool fold)
{
    uint64_t h = 0x9E3779B97F4A7C15u;

    while (s.n > 0) {
        uint32_t c = utf8_next(&s);

        if (c != 0x2400)
            h = (h ^ (fold ? utf8_fold(c) : c)) * 0x9FB21C651E98DF25u;
    }
    return mix64(h);
}

static int by_hash(const void *x, const void *y)
{
    uint64_t a = *(const uint64_t *)x, b = *(const uint64_t *)y;

    return (a > b) - (a < b);
}

/* Posts have five hashtags, not five thousand; qsort is for those that do. */
static void sort_hashes(uint64_t *v, size_t n)
{
    if (n > 16) {
        qsort(v, n, sizeof *v, by_hash);
        return;
    }
    for (size_t i = 1; i < n; i++) {
        uint64_t x = v[i];
        size_t j = i;

        for (; j > 0 && v[j - 1] > x; j--)
            v[j] = v[j - 1];
        v[j] = x;
    }
}

#define SET_ON_STACK 64
struct hashes { uint64_t *v; size_t n; uint64_t few[SET_ON_STACK]; };

static void hashes_of(struct hashes *h, struct str set, bool fold)
{
    size_t most = 1, n = 0;
    struct str rest = set, text;

    for (size_t i = 0; i < set.n; i++)
        most += set.p[i] == '\n';
    h->v = most <= SET_ON_STACK ? h->few : xmalloc(most * sizeof *h->v);
    while (n < most && set_next(&rest, &text))
        if (!text_is_blank(text))
            h->v[n++] = member_hash(str_trim(text), fold);
    sort_hashes(h->v, n);
    h->n = 0;
    for (size_t i = 0; i < n; i++)
        if (h->n == 0 || h->v[h->n - 1] != h->v[i])
            h->v[h->n++] = h->v[i];
}

struct set_match set_compare(struct str a, struct str b, bool fold)
{
    struct hashes x, y;
    struct set_match m = {0};
    size_t i = 0, j = 0;

    if (str_eq(a, b)) {
        m.a_empty = m.b_empty = text_is_blank(a);
        return m;
    }
    hashes_of(&x, a, fold);
    hashes_of(&y, b, fold);
    m.a_empty = x.n == 0;
    m.b_empty = y.n == 0;
    while (i < x.n || j < y.n) {
        if (j == y.n || (i < x.n && x.v[i] < y.v[j])) {
            m.a_only = true;
            i++;
        } else if (i == x.n || y.v[j] < x.v[i]) {
            m.b_only = true;
            j++;
        } else {
            i++;
            j++;
        }
    }
    if (x.v != x.few)
        free(x.v);
    if (y.v != y.few)
        free(y.v);
    return m;
}
