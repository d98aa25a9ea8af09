/* tests/fuzz/fuzz_json.c: any bytes are refused with a sentence, or read so that
 * printing and reading again changes nothing. */
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "base/json.h"
#include "base/json_out.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void walk(const struct json *j)
{
    struct str s = STR_NONE;
    uint64_t u;
    int64_t i;
    double d;
    bool b;

    if (json_text(j, &s) && (memchr(s.p, 0, s.n) || (s.n && (unsigned char)s.p[0] == 0xff)))
        abort();
    if (json_i64(j, &i) && i > 0 && (!json_u64(j, &u) || u != (uint64_t)i))
        abort();
    json_double(j, &d);
    json_bool(j, &b);
    for (const struct json *c = json_first(j); c; c = json_next(c))
        walk(c);
}

static void round_trip(const struct json_doc *doc)
{
    struct buf once = {0}, twice = {0};
    struct json_doc again;
    struct err err = {0};

    json_print(doc->root, &once);
    if (json_parse(buf_view(&once), &again, &err))
        abort();
    json_print(again.root, &twice);
    if (!str_eq(buf_view(&once), buf_view(&twice)) || again.nul_chars)
        abort();
    json_free(&again);
    buf_release(&once);
    buf_release(&twice);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str rest = { (const char *)data, size };
    struct buf quoted = {0};

    json_quote(&quoted, rest);
    for (;;) {
        struct json_doc doc;
        struct err err = {0};
        size_t used;

        if (json_parse_next(rest, &doc, &used, &err)) {
            // what the strict pass lets through, cJSON must be able to read
            if (err.kind != ERR_INPUT || strstr(err.msg, "cJSON"))
                abort();
            break;
        }
        if (!doc.root)
            break;
        walk(doc.root);
        round_trip(&doc);
        json_free(&doc);
        rest = str_sub(rest, used, rest.n);
    }
    buf_release(&quoted);
    return 0;
}
