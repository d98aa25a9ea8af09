/* silence/sample.c: the lowest ranks of a stream. */
#include <stdlib.h>
#include "silence/sample.h"
#include "base/err.h"

static int by_drawn(const void *a, const void *b)
{
    const struct drawn *x = a, *y = b;

    return x->rank != y->rank ? (x->rank < y->rank ? -1 : 1)
                              : (x->item > y->item) - (x->item < y->item);
}

void sample_init(struct sample *d, size_t want)
{
    *d = (struct sample){ .v = xcalloc(want ? 2 * want : 1, sizeof *d->v), .want = want };
}

/* The buffer is cut when it is twice as long as the sample. */
void sample_put(struct sample *d, uint64_t rank, int64_t item)
{
    if (!d->want)
        return;
    d->v[d->n++] = (struct drawn){ rank, item };
    if (d->n == 2 * d->want)
        sample_end(d);
}

void sample_end(struct sample *d)
{
    qsort(d->v, d->n, sizeof *d->v, by_drawn);
    d->n = d->n < d->want ? d->n : d->want;
}

void sample_release(struct sample *d)
{
    free(d->v);
    *d = (struct sample){ 0 };
}
