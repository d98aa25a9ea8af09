/* cmd/cmd_plan.c: what it will cost. */
#include <inttypes.h>
#include "audit/plan.h"
#include "cmd/cmd.h"

static void print_json(const struct plan *p, struct buf *out)
{
    buf_printf(out, "{\"items\":%" PRId64 ",\"windows\":%" PRId64 ",\"batches\":%" PRId64 ",\"requests\":%" PRId64
               ",\"days\":%" PRId64 ",\"pages\":%" PRId64 ",\"hours\":%.2f,\"later_requests\":%" PRId64
               ",\"estimated\":%s,\"too_recent\":%" PRId64 ",\"short_links\":%" PRId64 ",\"daily_requests\":%" PRId64,
               p->items, p->windows, p->batches, p->requests, p->days, p->pages, p->hours, p->later,
               p->estimated ? "true" : "false", p->too_recent, p->links, p->daily);
    if (p->used_today >= 0)
        buf_printf(out, ",\"used_today\":%" PRId64, p->used_today);
    buf_puts(out, "}\n");
}

static void print_text(const struct plan *p, const struct settings *set, struct buf *out)
{
    buf_printf(out, "items to ask for the first time  %10" PRId64 "\n", p->items);
    buf_printf(out, "  windows of 30 days             %10" PRId64 "\n", p->windows);
    buf_printf(out, "  batches of at most %-3" PRId64 "         %10" PRId64 "\n", set->api_batch, p->batches);
    buf_printf(out, "requests due now                 %10" PRId64 "\n", p->requests);
    buf_printf(out, "requests of later rounds         %10" PRId64 "  (estimate)\n", p->later);
    buf_printf(out, "days of quota at %-6" PRId64 "          %10" PRId64 "\n", p->daily, p->days);
    if (p->used_today >= 0)
        buf_printf(out, "  used today                     %10" PRId64 "\n", p->used_today);
    buf_printf(out, "pages to read                    %10" PRId64 "%s\n", p->pages, p->items ? "  (estimate)" : "");
    buf_printf(out, "hours at %g pages a second      %11.1f\n", set->page_requests_per_second, p->hours);
    if (p->links)
        buf_printf(out, "short links to resolve           %10" PRId64 "\n", p->links);
    if (p->too_recent)
        buf_printf(out, "too recent to be asked           %10" PRId64 "\n", p->too_recent);
    if (p->estimated)
        buf_puts(out, "Nothing was asked yet: estimates take the shares of the published audit of 2025\n"
                      "(27 % not returned at first, 63 % of these public).\n");
}

int cmd_plan(struct app *app, int argc, char **argv)
{
    bool json = false;
    struct err err = {0};
    struct buf out = {0};
    struct plan plan;
    int go = app_begin(app, argc, argv, &json, false, &err);

    if (go == 0)
        return app_done(app, 0);
    if (go < 0 || plan_make(&app->audit, &plan, &err))
        return app_fail(app, &err);
    if (json)
        print_json(&plan, &out);
    else
        print_text(&plan, &app->audit.set, &out);
    app_print(&out);
    buf_release(&out);
    return app_done(app, 0);
}
