/* cmd/status_screen.c: what `status` prints for people, on one screen. */
#include <string.h>
#include "base/utc.h"
#include "cmd/texts.h"
#include "report/story_screen.h"
#include "report/summary.h"
#include "report/text.h"

static void put_label(struct buf *out, const char *label)
{
    buf_printf(out, "%-*s", SCREEN_LABEL, label);
}

/* What must be known before a number is believed, as far as the line has room. */
static void put_cautions(const struct status *n, size_t line, struct buf *out)
{
    const struct summary *s = &n->summary;
    bool drift = false, rules = false;
    const char *joint = "; see --all: ";

    for (size_t i = 0; i < s->drifts; i++)
        drift = drift || !summary_is_yield(&s->drift[i]);
    for (size_t i = 0; i < s->rules; i++)
        rules = rules || s->rule[i].gave_up;
    const struct { bool is; const char *word; } caution[] = {
        { n->outlook.no_canary, "nothing came back" }, { s->outages > 0, "outages" },
        { drift, "drift" }, { rules, "rules given up" }
    };
    for (size_t i = 0; i < sizeof caution / sizeof *caution; i++)
        if (caution[i].is &&
            out->n - line + strlen(joint) + strlen(caution[i].word) <= SCREEN_COLUMNS) {
            buf_printf(out, "%s%s", joint, caution[i].word);
            joint = ", ";
        }
}

/* What stands in the store is done, and yet: since then items came of age, or a late check. */
static void put_verdict(const struct status *n, struct buf *out)
{
    const struct outlook *o = &n->outlook;
    int64_t open = n->summary.waterfall.n[NODE_OPEN];
    char at[UTC_TEXT_MAX], count[TEXT_MAX], all[TEXT_MAX];
    size_t line = out->n;

    put_label(out, !o->items ? "empty" : o->finished ? "final" : "provisional");
    if (!o->items)
        buf_puts(out, o->finished ? "there is no item" : "there is no item yet");
    else if (o->finished)
        buf_puts(out, "every item is decided or given up");
    else if (n->summary.final)
        buf_printf(out, "more can be asked since %s",
                   utc_rfc3339(n->summary.newest_answer_at, at));
    else if (open)
        buf_printf(out, "%s of %s %s open", text_count(open, count), text_count(o->items, all),
                   plural(o->items, "item is", "items are"));
    else
        buf_puts(out, "every item is decided, and checks of that are left");
    put_cautions(n, line, out);
    buf_char(out, '\n');
}

/* "in 15 h", "in 3 days": of an instant to come. */
static void put_in(struct buf *out, int64_t s)
{
    if (s >= 2 * UTC_DAY_S)
        buf_printf(out, "in %lld days", (long long)(s / UTC_DAY_S));
    else if (s >= 2 * 3600)
        buf_printf(out, "in %lld h", (long long)(s / 3600));
    else
        buf_printf(out, "in %lld min", (long long)(s / 60 + 1));
}

static void put_when(const struct outlook *o, struct buf *out)
{
    int64_t now = utc_now(), at = o->finished ? o->late_next_at : o->next_at;
    char text[UTC_TEXT_MAX];

    put_label(out, "next");
    if (o->finished && !o->items)
        buf_puts(out, "blindspot add FILE takes items in");
    else if (o->finished && !at && o->too_recent)
        buf_printf(out, COUNTED " too recent, the first until %s",
                   COUNT_OF(o->too_recent, "item is", "items are"),
                   utc_rfc3339(o->recent_first_at, text));
    else if (o->finished && !at)
        buf_puts(out, "nothing is left to do");
    else if (at <= now)
        buf_puts(out, "blindspot audit, now");
    else
        buf_printf(out, "blindspot audit, from %s on, ", utc_rfc3339(at, text));
    if (at > now)
        put_in(out, at - now);
    buf_char(out, '\n');
}

struct phrases { struct buf *out; size_t from; bool more; };

/* Joined by semicolons, as many as the line has room for. */
static void phrase(struct phrases *p, int64_t n, const char *one, const char *many)
{
    char count[TEXT_MAX];
    struct buf text = { 0 };

    if (!n || p->more)
        return;
    buf_printf(&text, "%s%s %s", p->out->n > p->from ? "; " : "", text_count(n, count),
               plural(n, one, many));
    p->more = p->out->n - p->from + text.n + sizeof "; ..." > SCREEN_COLUMNS - SCREEN_LABEL;
    buf_puts(p->out, p->more ? "; ..." : buf_cstr(&text));
    buf_release(&text);
}

static void put_left(const struct outlook *o, struct buf *out)
{
    struct phrases p = { .out = out };
    size_t before = out->n;

    put_label(out, "");
    p.from = out->n;
    phrase(&p, o->not_asked, "item to ask", "items to ask");
    phrase(&p, o->to_read + o->to_recheck + o->late_pages, "page to read", "pages to read");
    phrase(&p, o->links, "short link to resolve", "short links to resolve");
    phrase(&p, o->waiting_day, "item waits for an absence on another day",
           "items wait for an absence on another day");
    phrase(&p, o->late_asks + o->late_waiting, "item of the late check", "items of the late check");
    phrase(&p, o->to_witness, "question to other endpoints", "questions to other endpoints");
    phrase(&p, o->blocked_alone + o->owed_waiting, "blocked page another day",
           "blocked pages another day");
    phrase(&p, o->links_waiting, "short link another day", "short links another day");
    if (o->finished)
        phrase(&p, o->late_next_at ? o->late_items : 0, "item in a late check",
               "items in a late check");
    if (out->n == p.from)
        out->n = before;
    else
        buf_char(out, '\n');
}

static void put_quota(const struct status *n, struct buf *out)
{
    char at[UTC_TEXT_MAX], used[TEXT_MAX], daily[TEXT_MAX];

    put_label(out, "quota");
    if (n->plan.used_today >= 0)
        buf_printf(out, "%s of %s used today", text_count(n->plan.used_today, used),
                   text_count(n->plan.daily, daily));
    else
        buf_printf(out, "%s a UTC day, none used", text_count(n->plan.daily, daily));
    if (n->summary.newest_answer_at)
        buf_printf(out, "; newest answer %s",
                   utc_rfc3339(n->summary.newest_answer_at, at));
    buf_char(out, '\n');
}

static void put_elsewhere(const struct status *n, struct buf *out)
{
    const struct evidence_away *e = &n->evidence_away;

    if (e->files) {
        put_label(out, "evidence");
        buf_printf(out, "%lld %s on workers alone: `blindspot gather`\n", (long long)e->files,
                   plural(e->files, "file lies", "files lie"));
    }
    if (e->in_bucket) {
        put_label(out, "evidence");
        buf_printf(out, "%lld %s in a bucket: `blindspot gather`\n", (long long)e->in_bucket,
                   plural(e->in_bucket, "file lies", "files lie"));
    }
}

void status_screen(const struct status *n, struct buf *out)
{
    put_verdict(n, out);
    put_when(&n->outlook, out);
    put_left(&n->outlook, out);
    if (n->outlook.items)
        story_shares(out, &n->summary, n->outlook.finished);
    put_quota(n, out);
    put_elsewhere(n, out);
    if (n->outlook.items)
        story_tree(out, &n->summary);
}
