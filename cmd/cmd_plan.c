/* cmd/cmd_plan.c: what it will cost. */
#include "audit/turn/plan.h"
#include "base/json_out.h"
#include "cmd/cmd.h"
#include "cmd/texts.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};
static const char about[] =
    "Says what `fetch` and `scrape` will cost: windows, batches, requests, days of quota, "
    "pages, hours. For each phase (oEmbed, embed pages, round 1, pages, accounts' embed "
    "pages, confirming rounds, checks by single ids, forensic batches, late checks, validity "
    "check, accounts by name) it says what was sent and what is to come, with a range, and on how "
    "many UTC days; and it shows what each "
    "value of `page.first` would cost.\n\n"
    "The range rests on published studies until the API has answered, and on the answers from "
    "then on. Calls that are repeated after a failure are in no plan. The plan as it stood "
    "before the first request, and as round 1 closed, is kept; `status` and the report show "
    "both beside what was sent.";

static void put_span(struct json_out *o, const char *key, const struct span *s)
{
    json_open(o, key);
    json_put_int(o, "low", s->low);
    json_put_int(o, "expected", s->mid);
    json_put_int(o, "high", s->high);
    json_close(o);
}

static void put_phase(struct json_out *o, const struct plan *p, enum phase phase)
{
    const struct phase_plan *rest = &plan_way(p)->phase[phase];

    json_open(o, NULL);
    json_put_word(o, "phase", phase_name(phase));
    json_put_word(o, "of", phase_is_of_api(phase) ? "api" : "site");
    json_put_int(o, "sent", p->done[phase].calls);
    put_span(o, "requests", &rest->calls);
    put_span(o, "days", &rest->days);
    json_close(o);
}

static void put_way(struct json_out *o, const struct way *w)
{
    json_open(o, NULL);
    json_put_word(o, "page_first", w->first);
    json_put_bool(o, "set", w->set);
    put_span(o, "requests", &w->calls);
    put_span(o, "days", &w->days);
    put_span(o, "pages", &w->phase[PHASE_PAGES].calls);
    put_span(o, "oembed", &w->phase[PHASE_OEMBED].calls);
    put_span(o, "embed", &w->phase[PHASE_EMBED].calls);
    put_span(o, "account_pages", &w->phase[PHASE_ACCOUNT_PAGES].calls);
    json_open(o, "hours");
    json_put_fixed(o, "low", w->hours[0], 2);
    json_put_fixed(o, "expected", w->hours[1], 2);
    json_put_fixed(o, "high", w->hours[2], 2);
    json_close(o);
    json_close(o);
}

static void put_plan(struct json_out *o, const struct plan *p)
{
    json_open(o, NULL);
    json_put_int(o, "items", p->items);
    json_put_int(o, "windows", p->windows);
    json_put_int(o, "batches", p->batches);
    json_put_int(o, "requests", p->requests);
    json_put_int(o, "days", p->days);
    json_put_int(o, "pages", p->pages);
    json_put_fixed(o, "hours", p->hours, 2);
    json_put_int(o, "later_requests", p->later);
    json_put_bool(o, "estimated", p->estimated);
    json_put_int(o, "too_recent", p->too_recent);
    json_put_int(o, "short_links", p->links);
    json_put_int(o, "daily_requests", p->daily);
    if (p->used_today >= 0)
        json_put_int(o, "used_today", p->used_today);
    json_open_list(o, "phases");
    for (int i = 0; i < PHASE_COUNT; i++)
        put_phase(o, p, (enum phase)i);
    json_close(o);
    json_open_list(o, "ways");
    for (int i = 0; i < WAYS; i++)
        put_way(o, &p->way[i]);
    json_close(o);
    json_put_word(o, "rests_on", plan_rests_on(p));
    json_close(o);
}

static int run(struct app *app, struct err *err)
{
    struct json_out o = { .buf = &app->out, .style = JSON_COMPACT };
    struct plan plan;

    if (plan_make(&app->audit, &plan, err))
        return -1;
    if (given.json) {
        put_plan(&o, &plan);
        buf_char(&app->out, '\n');
    } else {
        plan_text(&plan, &app->audit.set, &app->out);
    }
    return 0;
}

const struct action cmd_plan = {
    .options = options, .about = about, .run = run, .series = SERIES_DECIDED
};
