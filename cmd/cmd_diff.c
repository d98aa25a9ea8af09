/* cmd/cmd_diff.c: compares the two sides of every item. */
#include <inttypes.h>
#include "audit/verdict/relabel.h"
#include "base/json.h"
#include "cmd/cmd.h"

static void print_text(const struct diff_result *r, struct buf *out)
{
    buf_printf(out, "%" PRId64 " items have both sides\n%-22s %9s %9s %9s %9s %9s %9s\n", r->pairs,
               "field", "compared", "equal", "within", "differs", "api_only", "page_only");
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_info((enum field)f)->cmp != CMP_NONE) {
            const struct diff_tally *t = &r->field[f];

            buf_printf(out,
                       "%-22s %9" PRId64 " %9" PRId64 " %9" PRId64 " %9" PRId64 " %9" PRId64
                       " %9" PRId64 "\n",
                       field_info((enum field)f)->name, t->compared, t->equal, t->within,
                       t->differs, t->api_only, t->page_only);
        }
}

static void print_json(const struct diff_result *r, struct buf *out)
{
    int n = 0;

    buf_printf(out, "{\"pairs\":%" PRId64 ",\"fields\":{", r->pairs);
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_info((enum field)f)->cmp != CMP_NONE) {
            const struct diff_tally *t = &r->field[f];

            buf_printf(out,
                       "%s\"%s\":{\"compared\":%" PRId64 ",\"equal\":%" PRId64
                       ",\"within\":%" PRId64 ",\"differs\":%" PRId64 ",\"api_only\":%" PRId64
                       ",\"page_only\":%" PRId64 "}",
                       n++ ? "," : "", field_info((enum field)f)->name, t->compared, t->equal,
                       t->within, t->differs, t->api_only, t->page_only);
        }
    buf_puts(out, "}}\n");
}

int cmd_diff(struct app *app, int argc, char **argv)
{
    bool json = false;
    struct diff_result result;
    struct err err = {0};
    struct buf out = {0};
    int go = app_begin(app, argc, argv, &json, true, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || relabel_diff(&app->audit, &err) ||
        relabel_diff_each(&app->audit, false, NULL, NULL, &result, &err))
        return app_fail(app, &err);
    (json ? print_json : print_text)(&result, &out);
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
