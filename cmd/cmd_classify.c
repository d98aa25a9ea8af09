/* cmd/cmd_classify.c: labels every gap by rules.ini, from stored answers alone. */
#include <inttypes.h>
#include "audit/verdict/label.h"
#include "base/json_out.h"
#include "cmd/cmd.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};
static const char about[] =
    "Labels every gap by `rules.ini`, from stored answers alone; compares first where answers "
    "are newer. New rules relabel old evidence in seconds; how many verdicts changed is "
    "printed. A mistake in the rules is shown with its line and place, before anything is "
    "changed.";

static void print_text(const struct classify_result *r, struct buf *out)
{
    buf_printf(out, COUNTED ", %" PRId64 " with another verdict than before\n",
               COUNT_OF(r->items, "item", "items"), r->moved);
    for (int i = 0; i < STATE_COUNT; i++)
        buf_printf(out, "%-18s %10" PRId64 "\n", state_name((enum state)i), r->state[i]);
    for (int i = 1; i < LABEL_COUNT; i++)
        buf_printf(out, "  %-16s %10" PRId64 "\n", label_name((enum label)i), r->label[i]);
}

static void put_gave_up(struct json_out *o, const struct rules *rules,
                        const struct classify_result *r)
{
    json_open_list(o, "gave_up");
    for (size_t i = 0; i < rules_len(rules); i++)
        if (r->gave_up[i].items) {
            json_open(o, NULL);
            json_put_text(o, "rule", rules_at(rules, i)->name);
            json_put_int(o, "items", r->gave_up[i].items);
            json_put_id(o, "first", r->gave_up[i].first);
            json_close(o);
        }
    json_close(o);
}

static void print_json(const struct rules *rules, const struct classify_result *r, struct buf *out)
{
    struct json_out o = { .buf = out, .style = JSON_COMPACT };

    json_open(&o, NULL);
    json_put_int(&o, "items", r->items);
    json_put_int(&o, "moved", r->moved);
    json_open(&o, "states");
    for (int i = 0; i < STATE_COUNT; i++)
        json_put_int(&o, state_name((enum state)i), r->state[i]);
    json_close(&o);
    json_open(&o, "labels");
    for (int i = 1; i < LABEL_COUNT; i++)
        json_put_int(&o, label_name((enum label)i), r->label[i]);
    json_close(&o);
    put_gave_up(&o, rules, r);
    json_close(&o);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    struct classify_result result;

    if (labels_make(&app->audit, &result, err))
        return -1;
    if (given.json)
        print_json(app->audit.rules, &result, &app->out);
    else
        print_text(&result, &app->out);
    return 0;
}

const struct action cmd_classify = {
    .options = options, .about = about, .run = run, .series = SERIES_DECIDED
};
