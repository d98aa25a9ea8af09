/* tests/fuzz/fuzz_embed_post.c: outside bytes as a post's embed page: never a verdict by halves,
 * both ways of reading alike where the fast one answers. */
#include <stdlib.h>
#include "scrape/embed_post.h"

#define NOW 1790000000
#define ID UINT64_C(7400000000000003341)
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct answer *a)
{
    must((a->kind == ANSWER_NO_ANSWER) == (a->why != NO_ANSWER_NONE));
    must((a->kind == ANSWER_PUBLIC) == (a->record != NULL));
    must(a->kind == ANSWER_PUBLIC || a->kind == ANSWER_REFUSED || a->kind == ANSWER_NO_ANSWER);
    must(a->id == ID && !a->list);
    must((a->kind == ANSWER_NO_ANSWER) == (a->generation == GENERATION_NONE));
    must(!a->has_code || a->kind == ANSWER_REFUSED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str html = { (const char *)data, n };
    struct arena mem = { 0 };
    struct answer fast = { .at = NOW }, both = { .at = NOW };
    bool unknown, unknown_too;

    embed_post_read_by(html, ID, false, &mem, &fast, &unknown);
    check(&fast);
    embed_post_read(html, ID, &mem, &both, &unknown_too);
    check(&both);
    must(fast.kind == ANSWER_NO_ANSWER || (fast.kind == both.kind && unknown == unknown_too));
    arena_release(&mem);
    return 0;
}
