/* tests/fuzz/fuzz_creators.c: tables, lists and JSON that name creators, as import_file reads
 * them; and a table of creators whatever it begins with. */
#include "import_fuzz.h"
#include "platform/tiktok.h"

static int check_seen(void *to, const struct creator_seen *s, struct err *err)
{
    char again[HANDLE_MAX + 1];

    (void)to;
    (void)err;
    if (!tiktok_handle_read(str_of(s->handle), again) || strcmp(again, s->handle) != 0 ||
        s->author > INT64_MAX || s->post > INT64_MAX || s->at < 0)
        abort();
    return 0;
}
static struct collector creators_wanted(void)
{
    static const struct import_opts opts = { .now = 1790000000, .source_key = { "k", 1 } };
    static const struct import_sink sink = { .seen = check_seen };
    struct collector in;

    collector_init(&in, &opts, &sink);
    return in;
}
static int push_any(struct str text, size_t piece, struct collector *in)
{
    struct feeder f;
    struct err err = { 0 };
    int rc = 0;

    feeder_init(&f, in, "x");
    for (size_t at = 0; at < text.n && !rc; at += piece)
        rc = feeder_feed(&f, str_sub(text, at, piece), &err);
    if (!rc)
        rc = feeder_end(&f, &err);
    feeder_release(&f);
    if (!rc)
        rc = collect_end(in, &err);
    return rc;
}
static void as_table(struct str text)
{
    struct collector a = creators_wanted(), b = creators_wanted();
    struct creators_plan plan;
    struct err err = { 0 };
    struct reader r;
    int rc;

    if (creators_sniff(text, a.opts, &plan, &err) < 0)
        abort();    // no column was named, so none can be missing
    creators_reader(&r, &a, &plan);
    rc = fuzz_push(&r, &a, text, text.n + 1);
    creators_reader(&r, &b, &plan);
    if (rc != fuzz_push(&r, &b, text, 1))
        abort();
    if (!rc)
        fuzz_same(&a, &b);
    collector_release(&a);
    collector_release(&b);
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct collector a = creators_wanted(), b = creators_wanted();
    int rc = push_any(text, n + 1, &a);

    if (rc != push_any(text, 1, &b))
        abort();
    if (!rc)
        fuzz_same(&a, &b);
    if (a.len || b.len)    // no item is kept
        abort();
    collector_release(&a);
    collector_release(&b);
    as_table(text);
    return 0;
}
