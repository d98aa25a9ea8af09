/* base/array.h: arrays that grow: three members of a struct, v, n and cap.
 *
 *     struct { struct thing *v; size_t n, cap; } list = {0};
 *     ARRAY_ROOM(list.v, list.n, list.cap);      // room for one more
 *     list.v[list.n++] = (struct thing){ ... };
 *     free(list.v);
 *
 * Memory: doubles; out of memory ends the program (base/err.h). */
#ifndef BASE_ARRAY_H
#define BASE_ARRAY_H
#include <stddef.h>

#define ARRAY_FIRST 16          // elements of the first allocation
#define ARRAY_ROOM(v, n, cap)                                                                     \
    do {                                                                                          \
        if ((n) == (cap))                                                                         \
            (v) = array_larger((v), &(cap), sizeof *(v));                                         \
    } while (0)
/* v with twice the room, *cap elements of that size. */
void *array_larger(void *v, size_t *cap, size_t size);
/* For qsort and bsearch, of int64_t: the smaller one first. */
int array_by_number(const void *a, const void *b);
#endif
