/* record/hits.h: which rules of rules.ini matched an item, by their place in the file.
 * Shape: one bit a rule, for as many as a file may hold. */
#ifndef RECORD_HITS_H
#define RECORD_HITS_H
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define RULES_MAX 256
#define HITS_BITS 64

struct hits {
    uint64_t w[RULES_MAX / HITS_BITS];
};

static inline bool hits_has(const struct hits *h, size_t no)
{
    return no < RULES_MAX && (h->w[no / HITS_BITS] >> (no % HITS_BITS) & 1);
}

static inline void hits_add(struct hits *h, size_t no)
{
    h->w[no / HITS_BITS] |= (uint64_t)1 << (no % HITS_BITS);
}

static inline bool hits_any(const struct hits *h)
{
    for (size_t i = 0; i < RULES_MAX / HITS_BITS; i++)
        if (h->w[i])
            return true;
    return false;
}
#endif
