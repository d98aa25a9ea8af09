/* The validity check's list: whatever the bytes, only members come back, each
 * counted once. */
#include <stdlib.h>
#include "fetch/validate.h"

#define MEMBERS 8

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct ask_member member[MEMBERS] = {{ 0 }};
    struct request q = { .member = member, .members = MEMBERS };
    struct str text = { (const char *)data, size };
    int strange = 0, back = 0;

    for (int i = 0; i < MEMBERS; i++)
        member[i].id = 7300000000000000000u + (uint64_t)(i * i);
    (void)!validate_read(text, &q, &strange);
    for (int i = 0; i < MEMBERS; i++)
        back += member[i].came_back;
    if (back != q.rows || strange < 0 || (size_t)(strange + back) > size)
        abort();
    return 0;
}
