/* tests/fuzz/fuzz_csv.c: tables. */
#include "import_fuzz.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct collector a = fuzz_collector(), b = fuzz_collector();
    struct csv_plan plan;
    struct err err = { 0 };
    struct reader r;

    if (csv_sniff(text, true, a.opts, &plan, &err) < 0)
        abort();                         // no column was named, so none can be missing
    csv_reader(&r, &a, &plan);
    int rc = fuzz_push(&r, &a, text, n + 1);
    csv_reader(&r, &b, &plan);
    if (rc != fuzz_push(&r, &b, text, 1))
        abort();
    if (!rc)
        fuzz_same(&a, &b);
    collector_release(&a);
    collector_release(&b);
    return 0;
}
