/* tests/fuzz/fuzz_claims.c: bytes as a claims file, then asked of a few facts. What is told in
 * an error must name a line; what is read must be whole, and its verdicts within their bounds. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/check.h"
#include "audit/verdict/check_items.h"

#define INPUT_MAX (64u << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int load(void *from, const char *name, struct buf *out, struct err *err)
{
    (void)from, (void)err;
    if (strchr(name, '/') || name[0] == '.')
        abort();    // such a name must never get here
    buf_puts(out, "tiktok\n# comment\n\n ada.example \n");
    return 0;
}

static void ask(const struct claim *c, struct facts *facts)
{
    for (int u = 0; u < 8; u++) {
        struct check_item item = { .facts = facts,
                                   .of_field = VERDICT_WITHIN,
                                   .unsettled = { u & 1, u & 2, u & 4 },
                                   .unsampled = u == 5 };

        if ((c->measure == CLAIM_THAT && check_stand_that(c, &item) > STAND_OPEN) ||
            (c->measure == CLAIM_FIELD && check_stand_field(c, &item) > STAND_OPEN))
            abort();
    }
}

static void look_at(const struct claims *cs, const struct claim *c)
{
    static struct facts facts;
    struct check_row row = { .claim = c };
    struct check check = { .row = &row, .rows = 1 };
    struct buf text = { 0 };

    if (!c->claim.n || !c->source.n || !(c->confidence >= 0.5 && c->confidence < 1))
        abort();
    if ((c->untestable.n > 0) != (c->measure == CLAIM_MEASURES))
        abort();
    check_ids_file(&check, 0, CHECK_OPEN, &text);
    if (memchr(text.p, '/', text.n) || text.p[0] == '.')
        abort();
    row.verdict = c->untestable.n ? CHECK_VERDICTS : CHECK_FAIL;
    buf_clear(&text);
    check_junit(&check, claims_name(cs), &text);
    check_json(&check, "ids", &text);
    check_text(&check, &text);
    buf_release(&text);
    memset(&facts, 0, sizeof facts);
    ask(c, &facts);
    for (int i = 0; i < FACT_COUNT; i++)
        facts.val[i] = i % 3 == 0   ? value_int(i - 9)
                       : i % 3 == 1 ? value_text(STR("33\nca\xFF\npublic"))
                                    : value_real(0.04);
    ask(c, &facts);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rules_loader loader = { load, NULL };
    struct claims *cs = NULL;
    struct err err = { 0 };

    if (size > INPUT_MAX)
        return 0;
    if (claims_parse(&cs, "c.ini", (struct str){ (const char *)data, size }, &loader, &err)) {
        if (err.kind != ERR_USAGE || strncmp(err.msg, "c.ini", 5) != 0 || cs)
            abort();
        return 0;
    }
    for (size_t i = 0; i < claims_len(cs); i++)
        look_at(cs, claims_at(cs, i));
    claims_free(cs);
    return 0;
}
