/* tests/fuzz/fuzz_page.c: outside bytes as a page, and, where they are a JSON
 * object, as the state inside of one: then both ways of reading must agree. */
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "scrape/page.h"
#include "tests/unit/fake_page.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool holds)
{
    if (!holds)
        abort();
}

static void must_agree(const struct answer *a, const struct answer *b)
{
    must(a->kind == b->kind && a->why == b->why && a->has_code == b->has_code &&
         a->code == b->code);
    must(str_eq(a->message, b->message) && str_eq(a->region, b->region) &&
         a->generation == b->generation);
    must((a->record != NULL) == (b->record != NULL));
    for (int f = 0; a->record && f < FIELD_COUNT; f++)
        must(value_eq(&a->record->val[f], &b->record->val[f]));
}

/* A script's text that an HTML parser passes on as it is; one with what may be
 * tags is for fuzz_find. */
static bool plain(struct str s)
{
    for (size_t i = 0; i < s.n; i++)
        if ((unsigned char)s.p[i] >= 0x7f || ((unsigned char)s.p[i] < ' ' && s.p[i] != '\n'))
            return false;
    return str_find(s, STR("<"), 0) < 0;
}

static bool is_object(struct str s)
{
    struct json_doc doc = { 0 };
    struct err err = { 0 };
    bool is = json_parse(s, &doc, &err) == 0 && json_kind(doc.root) == JSON_OBJECT;

    json_free(&doc);
    return is;
}

static void compare_ways(struct str state, const char *id, struct arena *mem)
{
    struct buf page = { 0 };
    struct answer a = { 0 }, b = { 0 };
    struct page_notes notes = { 0 };
    struct err err = { 0 };

    buf_printf(&page, "<html><head><script id=\"%s\" type=\"application/json\">", id);
    buf_str(&page, state);
    buf_puts(&page, "</script></head><body></body></html>");
    must(page_read(buf_view(&page), FAKE_ID, mem, &a, &notes, &err) == 0);
    must(page_read_full(buf_view(&page), FAKE_ID, mem, &b, &notes, &err) == 0);
    must_agree(&a, &b);
    buf_release(&page);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
    struct str text = { (const char *)data, n };
    struct arena mem = { 0 };
    struct answer a = { 0 };
    struct page_notes notes = { 0 };
    struct err err = { 0 };

    must(page_read(text, FAKE_ID, &mem, &a, &notes, &err) == 0);
    must(a.kind == ANSWER_PUBLIC || a.kind == ANSWER_REFUSED || a.kind == ANSWER_NO_ANSWER);
    must(a.kind != ANSWER_PUBLIC || (a.record && a.record->id == FAKE_ID));
    must((a.kind == ANSWER_NO_ANSWER) == (a.why != NO_ANSWER_NONE));
    if (plain(text) && is_object(text)) {
        compare_ways(text, "__UNIVERSAL_DATA_FOR_REHYDRATION__", &mem);
        compare_ways(text, "SIGI_STATE", &mem);
        compare_ways(text, "__NEXT_DATA__", &mem);
    }
    arena_release(&mem);
    return 0;
}
