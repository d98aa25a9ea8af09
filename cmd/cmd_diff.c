/* cmd/cmd_diff.c: compares the two sides of every item. */
#include <inttypes.h>
#include "audit/verdict/differ.h"
#include "base/json_out.h"
#include "cmd/cmd.h"
#include "report/numbers.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};
static const char about[] =
    "Compares the two sides of every item that has both, and prints a tally for each field, by "
    "what table of growth counters were judged, and of how many rows of the API no one instant "
    "fits all counters. `differences.csv` of the report has every field that differs.";

static void counters_text(const struct diff_result *r, struct buf *out)
{
    const struct counters_judged c = differ_counters(r);

    buf_printf(out,
               "counters by the table of %.*s, its limits to the power of %.2f from " COUNTED
               " of page readings\n"
               "no instant fits all counters of %" PRId64 " of " COUNTED " of the API\n",
               STR_ARG(c.table), c.lambda, COUNT_OF(c.pairs, "pair", "pairs"), c.no_instant,
               COUNT_OF(c.rows, "row", "rows"));
}

static void print_text(const struct diff_result *r, struct buf *out)
{
    buf_printf(out, COUNTED " both sides\n%-22s %9s %9s %9s %9s %9s %9s\n",
               COUNT_OF(r->pairs, "item has", "items have"),
               "field", "compared", "equal", "within", "differs", "api_only", "page_only");
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_info((enum field)f)->cmp != CMP_NONE) {
            const struct diff_tally *t = &r->count.field[f];

            buf_printf(out,
                       "%-22s %9" PRId64 " %9" PRId64 " %9" PRId64 " %9" PRId64 " %9" PRId64
                       " %9" PRId64 "\n",
                       field_info((enum field)f)->name, t->compared, t->equal, t->within,
                       t->differs, t->api_only, t->page_only);
        }
    counters_text(r, out);
}

static void put_field(struct json_out *o, enum field f, const struct diff_tally *t)
{
    json_open(o, field_info(f)->name);
    json_put_int(o, "compared", t->compared);
    json_put_int(o, "equal", t->equal);
    json_put_int(o, "within", t->within);
    json_put_int(o, "differs", t->differs);
    json_put_int(o, "api_only", t->api_only);
    json_put_int(o, "page_only", t->page_only);
    json_close(o);
}

static void print_json(const struct diff_result *r, struct buf *out)
{
    const struct counters_judged counters = differ_counters(r);
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "pairs", r->pairs);
    json_open(&o, "fields");
    for (int f = 0; f < FIELD_COUNT; f++)
        if (field_info((enum field)f)->cmp != CMP_NONE)
            put_field(&o, (enum field)f, &r->count.field[f]);
    json_close(&o);
    report_put_counters(&o, &counters);
    json_close(&o);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    struct diff_result result;

    if (differ_store(&app->audit, err) ||
        differ_each(&app->audit, NULL, &result, err))
        return -1;
    (given.json ? print_json : print_text)(&result, &app->out);
    return 0;
}

const struct action cmd_diff = {
    .options = options, .about = about, .run = run, .series = SERIES_DECIDED
};
