/* tests/fuzz/fuzz_work_line.c: outside bytes as a line of a worker's upload: refused, or all that
 * it says is what a reading can say. */
#include <stdlib.h>
#include <string.h>
#include "audit/work_line.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str line = { (const char *)data, n };
    struct arena mem = { 0 };
    struct work_line l;
    struct err err = { 0 };

    if (work_line_read(line, &mem, &l, &err) == 0) {
        must(l.of < WORK_OF_COUNT);
        if (l.of == WORK_ANSWER) {
            must(l.member.item > 0 && l.req.witness >= WITNESS_PAGE);
            must(l.answer.kind >= ANSWER_PUBLIC && l.answer.kind <= ANSWER_RESOLVED);
        }
        for (size_t i = 0; i < l.keeps; i++)
            must(!strchr(l.kept[i].file, '/') && l.kept[i].offset >= 0);
    } else {
        must(err.kind == ERR_INPUT);
    }
    arena_release(&mem);
    return 0;
}
