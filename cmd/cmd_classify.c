/* cmd/cmd_classify.c: labels every gap by rules.ini, from stored answers alone. */
#include <inttypes.h>
#include "audit/verdict/label.h"
#include "cmd/cmd.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};

static void print_result(const struct classify_result *r, bool json, struct buf *out)
{
    int n = 0;

    if (json)
        buf_printf(out, "{\"items\":%" PRId64 ",\"moved\":%" PRId64 ",\"states\":{", r->items,
                   r->moved);
    else
        buf_printf(out, COUNTED ", %" PRId64 " with another verdict than before\n",
                   COUNT_OF(r->items, "item", "items"), r->moved);
    for (int i = 0; i < STATE_COUNT; i++)
        buf_printf(out, json ? "%s\"%s\":%" PRId64 : "%s%-18s %10" PRId64 "\n",
                   json && n++ ? "," : "", state_name((enum state)i), r->state[i]);
    if (json)
        buf_puts(out, "},\"labels\":{");
    n = 0;
    for (int i = 1; i < LABEL_COUNT; i++)
        buf_printf(out, json ? "%s\"%s\":%" PRId64 : "%s  %-16s %10" PRId64 "\n",
                   json && n++ ? "," : "", label_name((enum label)i), r->label[i]);
    if (json)
        buf_puts(out, "}}\n");
}

static int run(struct app *app, struct err *err)
{
    struct classify_result result;

    if (labels_make(&app->audit, &result, err))
        return -1;
    print_result(&result, given.json, &app->out);
    return 0;
}

const struct action cmd_classify = { .options = options, .run = run };
