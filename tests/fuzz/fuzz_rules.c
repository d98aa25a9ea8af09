/* tests/fuzz/fuzz_rules.c: bytes as a rules file, then asked of a few facts.
 * What is told in an error must name a line; what is read must answer alike
 * whichever way it is asked. */
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include "classify/rule.h"

#define INPUT_MAX (64u << 10)

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int load(void *from, const char *name, struct buf *out, struct err *err)
{
    (void)from;
    if (strchr(name, '/') || name[0] == '.')
        abort();                        // such a name must never get here
    if (name[0] == 'x')
        return err_set(err, ERR_IO, "no file %s", name);
    buf_puts(out, "tiktok\n# comment\n\n ada.example \n");
    return 0;
}

/* Condition by condition, in the order of the file or any other. */
static enum truth rule_holds(const struct rule *r, const struct facts *g)
{
    enum truth all = TRUTH_YES;

    for (size_t i = 0; i < r->len; i++) {
        enum truth one = expr_holds(&r->when[i], g);

        if (one == TRUTH_NO)
            return one;
        if (one == TRUTH_GAVE_UP)
            all = one;
    }
    return all;
}

static void ask(const struct rules *rs, const struct facts *g)
{
    const struct rule *gave_up, *first = rules_match(rs, g, rules_len(rs), &gave_up);
    struct hits open, hits = rules_hits(rs, g, &open);
    enum truth truth;

    for (size_t i = 0; i < rules_len(rs); i++) {
        const struct rule *r = rules_at(rs, i);

        truth = rule_holds(r, g);
        if (hits_has(&hits, i) != (truth == TRUTH_YES) ||
            hits_has(&open, i) != (truth == TRUTH_GAVE_UP))
            abort();
        if (hits_has(&hits, i) && !(gave_up && gave_up->no < i) && (!first || i < first->no))
            abort();
        if (r->label == LABEL_NONE || r->len == 0 || rule_basis(r, 20000) == BASIS_NONE)
            abort();
    }
    if ((first && (gave_up || !hits_has(&hits, first->no))) ||
        (gave_up && !hits_has(&open, gave_up->no)))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    const struct rules_loader loader = { load, NULL };
    struct rules *rs = NULL;
    struct err err = {0};
    static struct facts g;

    if (size > INPUT_MAX)
        return 0;
    if (rules_parse(&rs, "rules.ini", (struct str){ (const char *)data, size }, &loader, &err)) {
        bool list_missing = err.kind == ERR_IO &&
                            strstr(err.msg, ": no file x");    // as load() said

        if ((err.kind != ERR_USAGE && !list_missing) || strncmp(err.msg, "rules.ini", 9) != 0 || rs)
            abort();
        return 0;
    }
    memset(&g, 0, sizeof g);
    ask(rs, &g);
    for (int i = 0; i < FACT_COUNT; i++)
        g.val[i] = i % 3 == 0 ? value_int(i - 9)
                 : i % 3 == 1 ? value_text(STR("33\nca\xFF\npublic")) : value_real(0.04);
    ask(rs, &g);
    g.val[FACT_PAGE_OUTCOME] = value_text(STR("public"));
    g.val[FACT_PAGE(FIELD_AUTHOR)] = value_text(STR("TikTok"));
    ask(rs, &g);
    rules_free(rs);
    return 0;
}
