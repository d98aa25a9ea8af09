/* base/array.c: arrays that grow. */
#include "base/array.h"
#include <stdint.h>
#include "base/err.h"

void *array_larger(void *v, size_t *cap, size_t size)
{
    *cap = *cap ? 2 * *cap : ARRAY_FIRST;
    return xrealloc(v, *cap * size);
}

int array_by_number(const void *a, const void *b)
{
    const int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;

    return (x > y) - (x < y);
}
