/* tests/fuzz/fuzz_listed.c: one row of a list as an answer; the first byte chooses its shape. */
#include <stdlib.h>
#include "audit/listed.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct arena mem = { 0 };
    struct answer a = { .id = 0 };
    struct str row = { (const char *)data + 1, n ? n - 1 : 0 };

    if (!n)
        return 0;
    listed_read((enum post_shape)(1 + data[0] % (POST_SHAPES - 1)), row, 7361448925972155679, &mem,
                &a);
    if ((a.kind == ANSWER_PUBLIC) != (a.record != NULL))
        abort();
    arena_release(&mem);
    return 0;
}
