/* cmd/cmd_status.c: the waterfall so far, today's quota, what is due next. */
#include <inttypes.h>
#include "audit/turn/plan.h"
#include "audit/turn/rounds.h"
#include "audit/verdict/standing.h"
#include "audit/verdict/summarize.h"
#include "base/utc.h"
#include "cmd/cmd.h"
#include "cmd/sentences.h"
#include "report/report.h"
#include "report/summary.h"

static struct { bool json; } given;
static const struct opt options[] = {
    OPT_FLAG("json", &given.json, "print the result as JSON"),
    OPT_END
};

struct state_now {
    struct summary summary; struct outlook outlook; struct plan plan;
    struct buf yield; int64_t yield_at; // what the pages of the last run that read some gave
    double swallow;
    int64_t clean_asks, clean_lost;    // asks of items that came back, with sound mates
};

static int gather(struct audit *audit, struct arena *mem, struct state_now *now, struct err *err)
{
    const struct view *view;
    struct clean_asks clean;

    if (summarize(audit, mem, &now->summary, err) ||
        rounds_outlook(audit, &now->outlook, err) || plan_make(audit, &now->plan, err) ||
        store_last_event(audit->store, "page_yield", &now->yield_at, &now->yield, err) ||
        audit_view_hold(audit, &view, err))
        return -1;
    /* What is due for the API has to wait where the day is used up. */
    if (now->plan.used_today >= now->plan.daily &&
        (now->outlook.not_asked || now->outlook.waiting_day || now->outlook.late_asks) &&
        now->outlook.next_at && now->outlook.next_at < utc_next_midnight(utc_now()))
        now->outlook.next_at = utc_next_midnight(utc_now());
    clean = losses_clean(view_losses(view));
    now->swallow = losses_swallow(view_losses(view));
    now->clean_asks = clean.asks;
    now->clean_lost = clean.lost;
    audit_view_let(audit, view);
    return 0;
}

/* What the pages gave, and what was never seen before: a platform that changes
 * shows it here first. */
static void print_drift(struct state_now *n, struct buf *out)
{
    char at[UTC_TEXT_MAX];
    int64_t odd = 0, kinds = 0;

    if (n->yield_at)
        buf_printf(out, "pages of the last run: %s (%s)\n", buf_cstr(&n->yield),
                   utc_rfc3339(n->yield_at, at));
    for (size_t i = 0; i < n->summary.drifts; i++)
        if (!summary_is_yield(&n->summary.drift[i])) {
            kinds++;
            odd += n->summary.drift[i].count;
        }
    if (kinds)
        buf_printf(out,
                   "drift: " COUNTED " never seen before, or gone, " COUNTED
                   "; the report lists %s\n",
                   COUNT_OF(kinds, "code, key or shape", "codes, keys and shapes"),
                   COUNT_OF(odd, "time", "times"), plural(kinds, "it", "them"));
}

static void print_text(struct state_now *n, struct buf *out)
{
    const struct outlook *o = &n->outlook;
    struct buf checks = {0}, phases = {0};
    char at[UTC_TEXT_MAX];

    report_story(out, &n->summary, STORY_WATERFALL, 0);
    report_story(&checks, &n->summary, STORY_CHECKS, 0);
    if (checks.n)
        buf_printf(out, "\n%s\n", buf_cstr(&checks));
    for (size_t i = 0; i < n->summary.lates; i++) {
        buf_clear(&checks);
        report_story(&checks, &n->summary, STORY_LATE, i);
        buf_printf(out, "\n%s\n", buf_cstr(&checks));
    }
    buf_release(&checks);
    for (size_t i = 0; i < n->summary.outages; i++) {
        report_story(out, &n->summary, STORY_OUTAGE, i);
        buf_char(out, '\n');
    }
    report_story(&phases, &n->summary, STORY_PHASES, 0);
    if (phases.n)
        buf_printf(out, "\n%s", buf_cstr(&phases));
    buf_release(&phases);
    if (n->plan.used_today >= 0)
        buf_printf(out, "\nquota: %" PRId64 " of " COUNTED " used today (UTC)\n",
                   n->plan.used_today, COUNT_OF(n->plan.daily, "request", "requests"));
    else
        buf_printf(out,
                   "\nquota: " COUNTED
                   " a UTC day; none charged yet to the key in the environment\n",
                   COUNT_OF(n->plan.daily, "request", "requests"));
    report_story(out, &n->summary, STORY_BATCHES, 0);
    report_story(&checks, &n->summary, STORY_FORENSIC, 0);
    if (checks.n)
        buf_printf(out, "%s\n", buf_cstr(&checks));
    buf_release(&checks);
    print_drift(n, out);
    if (o->links)
        buf_printf(out, "due: " COUNTED " to resolve\n",
                   COUNT_OF(o->links, "short link", "short links"));
    if (o->not_asked)
        buf_printf(out, "due: " COUNTED " to ask\n", COUNT_OF(o->not_asked, "item", "items"));
    if (o->to_read + o->to_recheck + o->late_pages)
        buf_printf(out, "due: " COUNTED " to read\n",
                   COUNT_OF(o->to_read + o->to_recheck + o->late_pages, "page", "pages"));
    if (o->to_witness)
        buf_printf(out,
                   "due: " COUNTED " to ask the API's other endpoints about\n",
                   COUNT_OF(o->to_witness, "item or account", "items or accounts"));
    if (o->waiting_day)
        buf_printf(out, "waiting: " COUNTED " an absence on another day\n",
                   COUNT_OF(o->waiting_day, "public item needs", "public items need"));
    if (o->no_canary)
        buf_puts(out, SENTENCE_NO_CANARY "\n");
    if (o->given_up)
        buf_printf(out, "given up: " COUNTED " that gave no answer\n",
                   COUNT_OF(o->given_up, "page", "pages"));
    if (o->too_recent)
        buf_printf(out, "too recent: " COUNTED ", the first of age from %s on\n",
                   COUNT_OF(o->too_recent, "item", "items"), utc_rfc3339(o->recent_first_at, at));
    if (o->late_asks + o->late_waiting)
        buf_printf(out, "due: " COUNTED " to ask in the late check\n",
                   COUNT_OF(o->late_asks + o->late_waiting, "item", "items"));
    if (o->late_next_at)
        buf_printf(
            out, "late check: " COUNTED " asked again when the audit is run from %s on\n",
            COUNT_OF(o->late_items, "item is", "items are"), utc_rfc3339(o->late_next_at, at));
    if (o->finished)
        buf_puts(out, "finished: every item is decided or given up\n");
    else
        buf_printf(out, "next: from %s on\n", utc_rfc3339(o->next_at, at));
}

static void print_json(struct state_now *n, struct buf *out)
{
    const struct outlook *o = &n->outlook;
    struct buf summary = {0};
    char at[UTC_TEXT_MAX];

    report_summary_json(&summary, &n->summary);
    buf_puts(out, "{\"summary\":");
    buf_str(out, str_trim(buf_view(&summary)));
    buf_printf(out, ",\"quota\":{\"daily\":%" PRId64 ",\"used_today\":%" PRId64 "}", n->plan.daily,
               n->plan.used_today < 0 ? 0 : n->plan.used_today);
    buf_printf(out,
               ",\"batches\":{\"sound_asks\":%" PRId64 ",\"lost\":%" PRId64 ",\"swallow\":%.6f}",
               n->clean_asks, n->clean_lost, n->swallow);
    buf_printf(out,
               ",\"due\":{\"short_links\":%" PRId64 ",\"items_to_ask\":%" PRId64
               ",\"pages\":%" PRId64 ",\"waiting_day\":%" PRId64 ",\"given_up\":%" PRId64
               ",\"too_recent\":%" PRId64 ",\"other_endpoints\":%" PRId64 ",\"late_check\":%" PRId64
               "},\"finished\":%s",
               o->links, o->not_asked, o->to_read + o->to_recheck + o->late_pages, o->waiting_day,
               o->given_up, o->too_recent, o->to_witness, o->late_asks + o->late_waiting,
               o->finished ? "true" : "false");
    if (n->yield_at)
        buf_printf(out, ",\"last_pages\":{\"at\":\"%s\",\"yield\":\"%s\"}",
                   utc_rfc3339(n->yield_at, at), buf_cstr(&n->yield));
    if (!o->finished)
        buf_printf(out, ",\"next_at\":\"%s\"", utc_rfc3339(o->next_at, at));
    if (o->late_next_at)
        buf_printf(out, ",\"late_check_at\":\"%s\"", utc_rfc3339(o->late_next_at, at));
    buf_puts(out, "}\n");
    buf_release(&summary);
}

static int run(struct app *app, struct err *err)
{
    struct state_now now = {0};
    struct arena mem = {0};
    int rc = gather(&app->audit, &mem, &now, err);

    if (rc == 0)
        (given.json ? print_json : print_text)(&now, &app->out);
    buf_release(&now.yield);
    arena_release(&mem);
    return rc;
}

const struct action cmd_status = { .options = options, .run = run };
