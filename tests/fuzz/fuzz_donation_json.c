/* tests/fuzz/fuzz_donation_json.c: packages and datasets in JSON. */
#include "import_fuzz.h"

static void both_ways(struct str text, void (*make)(struct reader *, struct collector *, bool),
                      bool lines)
{
    struct collector a = fuzz_collector(), b = fuzz_collector();
    struct reader r;

    make(&r, &a, lines);
    int rc = fuzz_push(&r, &a, text, text.n + 1);
    make(&r, &b, lines);
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

    (void)donation_json_shape(text);
    both_ways(text, donation_json_reader, false);
    both_ways(text, donation_json_reader, true);
    both_ways(text, dataset_reader, false);
    both_ways(text, dataset_reader, true);
    return 0;
}
