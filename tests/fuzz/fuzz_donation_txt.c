/* tests/fuzz/fuzz_donation_txt.c: TXT sections, lists, and whatever else the
 * first bytes of a file may look like. */
#include "import_fuzz.h"

static int feed(struct collector *in, struct str text, size_t piece)
{
    struct feeder f;
    struct err err = { 0 };
    int rc = 0;

    feeder_init(&f, in, "input");
    for (size_t at = 0; at < text.n && !rc; at += piece)
        rc = feeder_feed(&f, str_sub(text, at, piece), &err);
    if (!rc)
        rc = feeder_end(&f, &err);
    if (!rc)
        rc = collect_end(in, &err);
    feeder_release(&f);
    return rc;
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct collector a = fuzz_collector(), b = fuzz_collector(), c = fuzz_collector();
    struct reader r;
    int rc = feed(&a, text, n + 1);

    if (rc != feed(&b, text, 1))
        abort();
    if (!rc)
        fuzz_same(&a, &b);
    donation_txt_reader(&r, &c);
    if (fuzz_push(&r, &c, text, 7))
        abort();
    collector_release(&a);
    collector_release(&b);
    collector_release(&c);
    return 0;
}
