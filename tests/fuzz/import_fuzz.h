/* tests/fuzz/import_fuzz.h: bytes through a reader of import. Bytes that come
 * one by one must give what they give at once. */
#ifndef TESTS_FUZZ_IMPORT_FUZZ_H
#define TESTS_FUZZ_IMPORT_FUZZ_H
#include <stdlib.h>
#include <string.h>
#include "import/readers.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
static inline int fuzz_items(void *to, const struct new_item *item, size_t len, struct err *err)
{
    (void)err;
    (void)to;
    for (size_t i = 1; i < len; i++)
        if (item[i - 1].id >= item[i].id)
            abort();
    return 0;
}
static inline int fuzz_link(void *to, struct str url, struct err *err)
{
    (void)to;
    (void)err;
    if (!str_starts(url, STR("https://")))
        abort();
    return 0;
}
static inline struct collector fuzz_collector(void)
{
    static const struct import_opts opts = { .now = 1790000000, .source_key = { "k", 1 } };
    static const struct import_sink sink = { .items = fuzz_items, .link = fuzz_link };
    struct collector in;

    collector_init(&in, &opts, &sink);
    return in;
}
static inline int fuzz_push(struct reader *r, struct collector *in, struct str text, size_t piece)
{
    struct err err = { 0 };
    int rc = 0;

    for (size_t at = 0; at < text.n && !rc; at += piece)
        rc = r->feed(r->self, str_sub(text, at, piece), &err);
    if (!rc)
        rc = r->end(r->self, &err);
    if (!rc)
        rc = collect_end(in, &err);
    r->free(r->self);
    return rc;
}
static inline void fuzz_same(const struct collector *a, const struct collector *b)
{
    if (a->count.links != b->count.links || a->count.taken != b->count.taken ||
        memcmp(a->count.skipped, b->count.skipped, sizeof a->count.skipped) != 0)
        abort();
}
#endif
