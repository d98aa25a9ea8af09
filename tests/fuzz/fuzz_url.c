/* tests/fuzz/fuzz_url.c: links in any bytes: only good ids, handles and short
 * links may come out. */
#include <stdlib.h>
#include <string.h>
#include "import/cell.h"

int LLVMFuzzerTestOneInput(const uint8_t *, size_t);
static void must(bool ok)
{
    if (!ok)
        abort();
}
static void check(const struct link *l)
{
    size_t n = strnlen(l->item.handle, sizeof l->item.handle);

    if (l->what == LINK_ITEM) {
        must(l->item.id >= 10000000000000000u && l->item.id < (uint64_t)1 << 63 && n <= HANDLE_MAX);
        for (size_t i = 0; i < n; i++)
            must(strchr("abcdefghijklmnopqrstuvwxyz0123456789_.-", l->item.handle[i]) != NULL);
    }
    if (l->what == LINK_SHORT)
        must(!strncmp(l->url, "https://v", 9) || !strncmp(l->url, "https://www.tiktok.com/t/", 25));
    if (l->what == LINK_SKIPPED)
        must(l->skip < SKIP_NO_LINK);
}
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n }, rest = text;
    struct link l;
    size_t left = n + 1;

    while (link_next(&rest, 1790000000, &l)) {
        check(&l);
        must(rest.n < left);
        left = rest.n;
    }
    link_parse(text, 1790000000, &l);
    check(&l);
    (void)link_is_whole(text);
    (void)cell_is_placeholder(text);
    (void)cell_is_number(text);
    return 0;
}
