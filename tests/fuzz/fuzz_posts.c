/* tests/fuzz/fuzz_posts.c: lists of posts by other tools: as a reader of ids, and row by
 * row as `load` reads them. */
#include "import/posts_file.h"
#include "import_fuzz.h"

static void both_ways(struct str text, bool lines)
{
    struct collector a = fuzz_collector(), b = fuzz_collector();
    struct reader r;

    posts_reader(&r, &a, lines);
    int rc = fuzz_push(&r, &a, text, text.n + 1);
    posts_reader(&r, &b, lines);
    if (rc != fuzz_push(&r, &b, text, 1))
        abort();
    if (!rc)
        fuzz_same(&a, &b);
    collector_release(&a);
    collector_release(&b);
}
static int fuzz_row(void *to, const struct post_found *f, struct str row, struct err *err)
{
    const struct str *text = to;

    (void)err;
    if (f->shape <= POST_NONE || f->shape >= POST_SHAPES)
        abort();
    if (f->len && (f->len != (int64_t)row.n || f->offset + f->len > (int64_t)text->n ||
                   row.p[0] != '{' || row.p[row.n - 1] != '}'))
        abort();
    return 0;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    const struct posts_sink sink = { .post = fuzz_row, .to = &text };
    struct posts_count count = { 0 };
    struct err err = { 0 };

    both_ways(text, false);
    both_ways(text, true);
    if (posts_text_is(text) &&
        posts_text_each(text, "text", 1790000000, &sink, &count, &err) == 0 &&
        (count.empty < 0 || count.unreadable < 0))
        abort();
    return 0;
}
