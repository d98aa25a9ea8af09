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

static void print_text(const struct classify_result *r, struct buf *out)
{
    buf_printf(out, COUNTED ", %" PRId64 " with another verdict than before\n",
               COUNT_OF(r->items, "item", "items"), r->moved);
    for (int i = 0; i < STATE_COUNT; i++)
        buf_printf(out, "%-18s %10" PRId64 "\n", state_name((enum state)i), r->state[i]);
    for (int i = 1; i < LABEL_COUNT; i++)
        buf_printf(out, "  %-16s %10" PRId64 "\n", label_name((enum label)i), r->label[i]);
}

static void print_json(const struct classify_result *r, struct buf *out)
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
    json_close(&o);
    buf_char(out, '\n');
}

static int run(struct app *app, struct err *err)
{
    struct classify_result result;

    if (labels_make(&app->audit, &result, err))
        return -1;
    (given.json ? print_json : print_text)(&result, &app->out);
    return 0;
}

const struct action cmd_classify = { .options = options, .run = run };
