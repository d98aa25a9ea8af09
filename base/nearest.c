/* base/nearest.c: the edit distance of two short words. */
#include "base/nearest.h"
#include <stdio.h>
#include <string.h>

#define PREFIX_MIN 3    // letters from which on the beginning of a word stands for it

struct nearest nearest_to(struct str word)
{
    return (struct nearest){ .word = word, .distance = word.n / 3 + 1 };
}

static size_t least(size_t a, size_t b) { return a < b ? a : b; }

/* Capitals are not what makes a word another one. */
static bool same_letter(char a, char b)
{
    return str_eq_nocase((struct str){ &a, 1 }, (struct str){ &b, 1 });
}

/* Optimal string alignment (Boytsov 2011): letters put in, left out, exchanged, and two
 * neighbours swapped. */
static size_t distance_of(struct str a, struct str b)
{
    size_t row[3][NEAREST_MAX + 1], *before = row[0], *last = row[1], *now = row[2], *spare;

    for (size_t j = 0; j <= b.n; j++)
        last[j] = j;
    for (size_t i = 1; i <= a.n; i++) {
        now[0] = i;
        for (size_t j = 1; j <= b.n; j++) {
            size_t same = last[j - 1] + !same_letter(a.p[i - 1], b.p[j - 1]);

            now[j] = least(least(last[j], now[j - 1]) + 1, same);
            if (i > 1 && j > 1 && same_letter(a.p[i - 1], b.p[j - 2]) &&
                same_letter(a.p[i - 2], b.p[j - 1]))
                now[j] = least(now[j], before[j - 2] + 1);
        }
        spare = before;
        before = last;
        last = now;
        now = spare;
    }
    return last[b.n];
}

void nearest_offer(struct nearest *n, struct str known)
{
    size_t d;

    if (n->word.n == 0 || n->word.n > NEAREST_MAX || known.n == 0 || known.n > NEAREST_MAX)
        return;
    d = n->word.n >= PREFIX_MIN && str_starts_nocase(known, n->word) ? 1
                                                                     : distance_of(n->word, known);
    if (d >= n->distance)
        return;
    n->distance = d;
    memcpy(n->best, known.p, known.n);
    n->best[known.n] = 0;
}

const char *nearest_hint(struct nearest *n)
{
    n->hint[0] = 0;
    if (n->best[0])
        snprintf(n->hint, sizeof n->hint, "; did you mean %s?", n->best);
    return n->hint;
}
