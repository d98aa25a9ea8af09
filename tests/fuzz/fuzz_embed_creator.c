/* tests/fuzz/fuzz_embed_creator.c: outside bytes as a creator's embed page: never a verdict by
 * halves, no post twice, both ways of reading alike where the fast one answers. */
#include <stdlib.h>
#include "scrape/embed_creator.h"

#define NOW 1790000000
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void check(const struct answer *a)
{
    must((a->kind == ANSWER_NO_ANSWER) == (a->why != NO_ANSWER_NONE));
    must((a->kind == ANSWER_NO_ANSWER) == (a->list == NULL));
    if (!a->list)
        return;
    must((a->kind == ANSWER_PUBLIC) == (a->list->standing == CREATOR_PUBLIC));
    must((int64_t)a->list->posts + a->list->dropped <= a->list->rows);
    for (size_t i = 1; i < a->list->posts; i++) {
        must(a->list->post[i].place > a->list->post[i - 1].place);
        for (size_t k = 0; k < i; k++)
            must(a->list->post[i].id != a->list->post[k].id);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str html = { (const char *)data, n };
    struct arena mem = { 0 };
    struct answer fast = { .at = NOW }, both = { .at = NOW };
    bool unknown, unknown_too;

    embed_creator_read_by(html, STR("anna"), false, &mem, &fast, &unknown);
    check(&fast);
    embed_creator_read(html, STR("anna"), &mem, &both, &unknown_too);
    check(&both);
    must(
        fast.kind == ANSWER_NO_ANSWER ||
        (fast.kind == both.kind && fast.list->posts == both.list->posts && unknown == unknown_too));
    arena_release(&mem);
    return 0;
}
