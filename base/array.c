/* base/array.c: arrays that grow. */
#include "base/array.h"
#include "base/err.h"

void *array_larger(void *v, size_t *cap, size_t size)
{
    *cap = *cap ? 2 * *cap : ARRAY_FIRST;
    return xrealloc(v, *cap * size);
}
