/* cmd/status_text.c: what `status --all` and --batches print. */
#include <inttypes.h>
#include "base/utc.h"
#include "cmd/sentences.h"
#include "cmd/texts.h"
#include "report/report.h"
#include "report/summary.h"

/* What the pages gave, and what was never seen before: a platform that changes
 * shows it here first. */
static void print_drift(struct status *n, struct buf *out)
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

static void print_due(const struct outlook *o, struct buf *out)
{
    char at[UTC_TEXT_MAX];

    if (o->links)
        buf_printf(out, "due: " COUNTED " to resolve\n",
                   COUNT_OF(o->links, "short link", "short links"));
    if (o->links_waiting)
        buf_printf(out, "waiting: " COUNTED " no answer today and %s tried again on another day\n",
                   COUNT_OF(o->links_waiting, "short link gave", "short links gave"),
                   plural(o->links_waiting, "is", "are"));
    if (o->not_asked)
        buf_printf(out, "due: " COUNTED " to ask\n", COUNT_OF(o->not_asked, "item", "items"));
    if (o->to_read + o->to_recheck + o->late_pages)
        buf_printf(out, "due: " COUNTED " to read\n",
                   COUNT_OF(o->to_read + o->to_recheck + o->late_pages, "page", "pages"));
    if (o->blocked_alone)
        buf_printf(out,
                   "due: " COUNTED " again, on another day: nothing but a block while others were "
                   "read\n",
                   COUNT_OF(o->blocked_alone, "page", "pages"));
    if (o->owed_waiting)
        buf_printf(out, "due: " COUNTED " again, on another day: its embed page alone was read\n",
                   COUNT_OF(o->owed_waiting, "page", "pages"));
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
    if (o->link[FATE_GIVEN_UP])
        buf_printf(out, "given up: " COUNTED " that gave no answer; summary.json lists %s\n",
                   COUNT_OF(o->link[FATE_GIVEN_UP], "short link", "short links"),
                   plural(o->link[FATE_GIVEN_UP], "it", "them"));
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
    if (o->by_embed)
        buf_printf(out,
                   "embed page alone: " COUNTED ", of which what only the page says is unknown\n",
                   COUNT_OF(o->by_embed, "item", "items"));
    if (o->finished)
        buf_puts(out, o->items ? "finished: every item is decided or given up\n"
                               : "finished: there is no item\n");
    else
        buf_printf(out, "next: from %s on\n", utc_rfc3339(o->next_at, at));
}

/* One line each: rules that were given up on items. */
static void gave_up(const struct summary *s, struct buf *out)
{
    for (size_t i = 0; i < s->rules; i++) {
        size_t from = out->n;

        report_story(out, s, STORY_GAVE_UP, i);
        buf_puts(out, out->n > from ? "\n" : "");
    }
}

void status_batches(const struct status *n, struct buf *out)
{
    struct buf text = { 0 };

    report_story(out, &n->summary, STORY_BATCHES, 0);
    report_story(&text, &n->summary, STORY_FORENSIC, 0);
    if (text.n)
        buf_printf(out, "%s\n", buf_cstr(&text));
    buf_release(&text);
}

/* A story between blank lines, where it says something. */
static void put_story(const struct status *n, enum story what, size_t i, struct buf *out)
{
    struct buf text = { 0 };

    report_story(&text, &n->summary, what, i);
    if (text.n)
        buf_printf(out, "\n%s%s", buf_cstr(&text), text.p[text.n - 1] == '\n' ? "" : "\n");
    buf_release(&text);
}

static void print_elsewhere(const struct evidence_away *e, struct buf *out)
{
    if (e->files)
        buf_printf(out, "evidence: %lld %s on workers alone (%.*s); `blindspot gather` brings %s\n",
                   (long long)e->files, plural(e->files, "file lies", "files lie"),
                   STR_ARG(buf_view(&e->workers)), plural(e->files, "it", "them"));
    if (e->in_bucket)
        buf_printf(out, "evidence: %lld %s in %.*s; `blindspot gather` brings %s\n",
                   (long long)e->in_bucket, plural(e->in_bucket, "file lies", "files lie"),
                   STR_ARG(buf_view(&e->buckets)), plural(e->in_bucket, "it", "them"));
}

void status_text(struct status *n, struct buf *out)
{
    const struct outlook *o = &n->outlook;

    report_story(out, &n->summary, STORY_WATERFALL, 0);
    put_story(n, STORY_INPUTS, 0, out);
    put_story(n, STORY_CHECKS, 0, out);
    for (size_t i = 0; i < n->summary.lates; i++)
        put_story(n, STORY_LATE, i, out);
    for (size_t i = 0; i < n->summary.outages; i++) {
        report_story(out, &n->summary, STORY_OUTAGE, i);
        buf_char(out, '\n');
    }
    gave_up(&n->summary, out);
    put_story(n, STORY_PHASES, 0, out);
    put_story(n, STORY_WITNESSES, 0, out);
    if (n->plan.used_today >= 0)
        buf_printf(out, "\nquota: %" PRId64 " of " COUNTED " used today (UTC)\n",
                   n->plan.used_today, COUNT_OF(n->plan.daily, "request", "requests"));
    else
        buf_printf(out,
                   "\nquota: " COUNTED
                   " a UTC day; none charged yet to the key in the environment\n",
                   COUNT_OF(n->plan.daily, "request", "requests"));
    print_elsewhere(&n->evidence_away, out);
    status_batches(n, out);
    print_drift(n, out);
    print_due(o, out);
}
