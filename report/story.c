/* report/story.c: what the numbers say, as plain text, for terminals and for the
 * page: one wording in one place. ASCII, so every terminal and every log can
 * hold it. */
#include <stdio.h>
#include <string.h>
#include "base/utc.h"
#include "record/id.h"
#include "report/inputs.h"
#include "report/report.h"
#include "report/text.h"
#include "report/waterfall.h"

#define BAR_WIDTH 30
#define NAME_WIDTH 24              // 2 blanks a level + "tiktok_official", "excluded_account"

static void bar(struct buf *out, double share)
{
    const int full = (int)(share * BAR_WIDTH + 0.5);

    if (share <= 0)
        return;
    buf_puts(out, "  ");
    for (int i = 0; i < full; i++)
        buf_char(out, '#');
    if (full == 0)
        buf_char(out, '.');        // there is something, though less than half a step
}

static void waterfall(struct buf *out, const struct summary *s)
{
    const struct waterfall *w = &s->waterfall;
    char count[TEXT_MAX], percent[TEXT_MAX];
    const int width = (int)strlen(text_count(w->n[NODE_ITEMS], count));

    for (int i = 0; i < NODE_COUNT; i++) {
        const enum node n = (enum node)i;
        const int indent = 2 * node_depth(n);
        const double share = share_of(w->n[n], w->n[NODE_ITEMS]);

        buf_printf(out, "%*s%-*s  %*s  %8s", indent, "", NAME_WIDTH - indent, node_name(n), width,
                   text_count(w->n[n], count), text_percent(share, percent));
        bar(out, share);
        buf_char(out, '\n');
    }
    buf_printf(out, "%-*s  %*s\n", NAME_WIDTH, "residual of the ledger", width,
               text_count(waterfall_residual(w), count));
}

/* An estimate is one where it is printed as "1". */
static const char *estimate_plural(double n, const char *one, const char *many)
{
    char text[TEXT_MAX];

    text_estimate(n, text);
    return plural(strcmp(text, "1") == 0, one, many);
}

static const struct number *of_name(const struct summary *s, const char *name)
{
    return numbers_find(&s->numbers, str_of(name));
}

/* "0.0 % to 15.2 %", or one of them where they read alike. */
static void between(struct buf *out, const struct number *n)
{
    char low[TEXT_MAX], high[TEXT_MAX];

    text_number(n, n->low, low);
    text_number(n, n->high, high);
    buf_printf(out, strcmp(low, high) ? "%s to %s" : "%s", low, high);
}

/* A point is told of a finished audit alone: while absences wait for another day, the share of
 * those that are confirmed is low, and means nothing. */
static void headline(struct buf *out, const struct summary *s)
{
    const struct number *n = of_name(s, "public_not_returned"), *all = of_name(s, "public_posts");
    const int64_t missing = s->waterfall.n[NODE_PUBLIC];
    char a[TEXT_MAX], b[TEXT_MAX], c[TEXT_MAX];

    if (!s->final)
        buf_puts(out, "Provisional: ");
    if (!n->has) {
        buf_printf(out,
                   "%s API did not return %s public %s; what share of the public ones that is "
                   "cannot be said before pages of retrieved items have been read.",
                   s->final ? "The" : "the", text_count(missing, a),
                   plural(missing, "item", "items"));
        return;
    }
    if (!s->final) {
        buf_puts(out, "the API does not return ");
        between(out, n);
        buf_printf(out, " of the public items; %s %s confirmed so far.",
                   text_count(missing, a), plural(missing, "absence is", "absences are"));
        return;
    }
    buf_printf(out, "The API did not return %s of %s%s public %s: %s", text_count(missing, a),
               number_has_range(all) ? "about " : "", text_estimate(all->value, b),
               estimate_plural(all->value, "item", "items"), text_number(n, n->value, c));
    if (number_has_range(n))
        buf_printf(out, ", at least %s and at most %s", text_number(n, n->low, a),
                   text_number(n, n->high, b));
    buf_puts(out, ".");
}

/* How the lower end comes about. */
static void at_least(struct buf *out, const struct summary *s)
{
    const struct headline *h = &s->headline;
    char a[TEXT_MAX], b[TEXT_MAX], c[TEXT_MAX];

    if (h->wrong_most <= 0)
        return;
    buf_printf(out, "At least, if %s of the %s %s wrong, ", text_estimate(h->wrong_most, a),
               text_count(s->waterfall.n[NODE_PUBLIC], b),
               plural(s->waterfall.n[NODE_PUBLIC], "verdict were", "verdicts were"));
    if (h->wrong_most > h->wrong_expected)
        buf_printf(out,
                   "as many as the check by single ids does not rule out (%s of %s came back)",
                   text_count(s->checks.spot_back, b), text_count(s->checks.spot_asked, c));
    else
        buf_puts(out, "as many as are expected to be by the stated probabilities");
}

/* How the upper end does. */
static void at_most(struct buf *out, const struct summary *s)
{
    static const struct {
        enum node node;
        const char *one, *many;
    } open[] = {
        { NODE_RESTRICTED, "item that is refused from here", "items that are refused from here" },
        { NODE_UNOBSERVED, "item without a page answer", "items without a page answer" },
        { NODE_UNCONFIRMED, "item with too few absences", "items with too few absences" },
    };
    char a[TEXT_MAX];
    int told = 0;

    for (size_t i = 0; i < sizeof open / sizeof *open; i++) {
        const int64_t n = s->waterfall.n[open[i].node];

        if (n == 0)
            continue;
        if (told == 0)
            buf_printf(out, "%st most, if the ", out->n ? "; a" : "A");
        buf_printf(out, "%s%s %s", told ? " and the " : "", text_count(n, a),
                   plural(n, open[i].one, open[i].many));
        told++;
    }
    if (told)
        buf_puts(out, " were public and missing");
}

static void headline_range(struct buf *out, const struct summary *s)
{
    const struct headline *h = &s->headline;
    struct buf text = {0};
    char a[TEXT_MAX];

    if (!h->has_share)
        return;
    at_least(&text, s);
    at_most(&text, s);
    if (h->has_interval && (h->retrieved_high - h->retrieved_low) >= 0.5)
        buf_printf(&text, "%show many returned items are public is known from a sample of %s, at "
                          "its 95 %% limits",
                   text.n ? "; " : "", text_count(h->sampled, a));
    if (text.n)
        buf_char(&text, '.');
    buf_str(out, buf_view(&text));
    buf_release(&text);
}

static void open_items(struct buf *out, const struct summary *s)
{
    char a[TEXT_MAX], why[TEXT_MAX], at[UTC_TEXT_MAX];

    for (size_t i = 0; i < s->dues; i++) {
        const struct due_row *d = &s->due[i];

        buf_printf(out, "%s%s %s", i ? "; " : "Open: ", text_count(d->count, a),
                   text_words(str_of(reason_name(d->reason)), why));
        if (d->first_at && d->reason == REASON_TOO_RECENT)
            buf_printf(out, " (of age from %s)", utc_rfc3339(d->first_at, at));
        else if (d->first_at)
            buf_printf(out, " (asked again from %s)", utc_date(utc_day(d->first_at), at));
    }
    if (s->dues)
        buf_char(out, '.');
}

static void forensic(struct buf *out, const struct summary *s)
{
    char a[TEXT_MAX], b[TEXT_MAX];

    for (int i = 0; i < 2; i++) {
        const struct forensic_row *f = &s->batches.forensic[i];

        if (f->batches)
            buf_printf(out, "%sOf %s %s sent beside ids that are %s, %s %s lost.",
                       out->n ? " " : "", text_count(f->canaries, a),
                       plural(f->canaries, "canary", "canaries"),
                       strcmp(f->beside, "not_public") == 0 ? "not public"
                                                            : "public and never returned",
                       text_count(f->lost, b), plural(f->lost, "was", "were"));
    }
    if (s->batches.bad)
        buf_printf(out,
                   "%sOn %s of %s %s (a window on a UTC day) canaries were lost more often than "
                   "chance explains.",
                   out->n ? " " : "", text_count((int64_t)s->batches.bad, a),
                   text_count(s->batches.window_days, b),
                   plural(s->batches.window_days, "window-day", "window-days"));
}

static void batches(struct buf *out, const struct summary *s)
{
    static const struct {
        const char *size, *text;
    } sizes[] = { { "alone", "one id" }, { "few", "to 20 ids" }, { "full", "over 20 ids" } };
    char a[TEXT_MAX], b[TEXT_MAX], c[TEXT_MAX], d[TEXT_MAX];

    for (size_t i = 0; i < s->batches.len; i++) {
        const struct batch_row *r = &s->batches.row[i];
        const char *size = sizes[0].text;

        for (int k = 1; k < 3; k++)
            if (strcmp(r->size, sizes[k].size) == 0)
                size = sizes[k].text;
        buf_printf(out,
                   "batches with %s%s, %s: %s of %s %s lost; a loss has probability %s (95 %%: to "
                   "%s)\n",
                   text_mates(r->mates), r->never ? ", other ids never returned" : "", size,
                   text_estimate(r->lost, a), text_estimate(r->lost + r->kept, b),
                   estimate_plural(r->lost + r->kept, "ask", "asks"),
                   text_percent(r->loss, c), text_percent(r->interval.high, d));
    }
}

static void checks(struct buf *out, const struct summary *s)
{
    const struct checks *c = &s->checks;
    char a[TEXT_MAX], b[TEXT_MAX], d[TEXT_MAX];

    if (c->spot_asked)
        buf_printf(out,
                   "Check by single ids: %s of %s confirmed %s asked alone came back: under %s, "
                   "95 %%.",
                   text_count(c->spot_back, a), text_count(c->spot_asked, b),
                   plural(c->spot_asked, "item", "items"), text_percent(c->spot_upper, d));
    if (c->left >= 0) {
        buf_printf(out,
                   "%sCheck by rounds: %s %s came back at %s first further ask and %s at "
                   "%s second; such rounds leave %s over",
                   out->n ? " " : "", text_count(c->n2, a), plural(c->n2, "item", "items"),
                   plural(c->n2, "its", "their"), text_count(c->n3, b),
                   plural(c->n3, "its", "their"),
                   text_estimate(c->left, d));
        if (c->left_upper >= 0)
            buf_printf(out, ", at most %s (95 %%)", text_estimate(c->left_upper, a));
        buf_char(out, '.');
    }
}

/* of, hit: what is said of one, and of more. */
static void late_rate(struct buf *out, const struct late_rate *r, const char *const of[2],
                      const char *const hit[2])
{
    char a[TEXT_MAX], b[TEXT_MAX], c[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    buf_printf(out, "of %s %s %s %s", text_count(r->asked, a), plural(r->asked, of[0], of[1]),
               text_count(r->hits, b), plural(r->hits, hit[0], hit[1]));
    if (r->asked)
        buf_printf(out, " (%s, 95 %% interval %s to %s)",
                   text_percent(share_of(r->hits, r->asked), c), text_percent(r->interval.low, low),
                   text_percent(r->interval.high, high));
}

static void late(struct buf *out, const struct summary *s, size_t i)
{
    static const char *const missing[] = { "confirmed missing item", "confirmed missing items" };
    static const char *const back[] = { "came back and counts as retrieved now",
                                        "came back and count as retrieved now" };
    static const char *const retrieved[] = { "retrieved one", "retrieved ones" };
    static const char *const absent[] = { "was absent though its page was still public",
                                          "were absent though their pages were still public" };
    const struct late_check *l = &s->late[i];
    char first[UTC_TEXT_MAX], last[UTC_TEXT_MAX], a[TEXT_MAX];
    int64_t refused, undecided;

    if (i >= s->lates)
        return;
    refused = l->missing.refused + l->retrieved.refused;
    undecided = l->missing.undecided + l->retrieved.undecided;
    buf_printf(out, "Late check after " COUNTED " (%s", COUNT_OF(l->days, "day", "days"),
               utc_date(l->first_day, first));
    if (l->last_day > l->first_day)
        buf_printf(out, " to %s", utc_date(l->last_day, last));
    buf_puts(out, "): ");
    late_rate(out, &l->missing, missing, back);
    buf_puts(out, "; ");
    late_rate(out, &l->retrieved, retrieved, absent);
    buf_char(out, '.');
    if (refused)
        buf_printf(out, " %s of %s more %s refused since.",
                   plural(refused, "The page", "Pages"), text_count(refused, a),
                   plural(refused, "was", "were"));
    if (undecided)
        buf_printf(out, " %s %s undecided.", text_count(undecided, a),
                   plural(undecided, "is", "are"));
}

static void outage(struct buf *out, const struct summary *s, size_t i)
{
    const struct outage_row *o = &s->outage[i];
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];

    buf_printf(out,
               "The API answered nothing to anybody from %s to %s (" COUNTED ")%s: these replies "
               "are kept and count for nothing.",
               utc_rfc3339(o->from, from), utc_rfc3339(o->to, to),
               COUNT_OF(o->requests, "request", "requests"),
               o->open ? ", and has not answered since" : "");
}

static void phases(struct buf *out, const struct summary *s)
{
    const struct phases *all = &s->phases;
    char before[SPAN_MAX], after[SPAN_MAX], sent[TEXT_MAX];

    if (!all->before.known && !all->after.known)
        return;
    buf_printf(out, "%-22s %-24s %-24s %10s\n", "calls by phase", "planned before",
               "planned after round 1", "sent");
    for (int p = 0; p < PHASE_COUNT; p++)
        if (phases_has(all, (enum phase)p))
            buf_printf(out, "%-22s %-24s %-24s %10s\n", phase_words((enum phase)p),
                       all->before.known ? text_span(&all->before.phase[p].calls, before) : "-",
                       all->after.known ? text_span(&all->after.phase[p].calls, after) : "-",
                       text_count(all->done[p].calls, sent));
}

static void disagree(struct buf *out, const struct number *n)
{
    char shown[TEXT_MAX];

    if (n && n->of)
        buf_printf(out,
                   "Witnesses that disagree: of " COUNTED " and whose embed page answered since, "
                   "it shows %s.\n",
                   COUNT_OF(n->of, "post that its page refused", "posts that their page refused"),
                   text_count(n->n, shown));
}

static void witnesses(struct buf *out, const struct summary *s)
{
    char asked[TEXT_MAX], shown[TEXT_MAX], refused[TEXT_MAX], blocked[TEXT_MAX], none[TEXT_MAX];
    size_t from = out->n;

    for (int w = 0; w < WITNESS_COUNT; w++) {
        const struct witness_said *said = &s->said[w];

        if (!said->asked)
            continue;
        if (out->n == from)
            buf_printf(out, "%-12s %13s %13s %13s %13s %13s\n", "the site by", "asked", "public",
                       "refused", "blocked", "no answer");
        buf_printf(out, "%-12s %13s %13s %13s %13s %13s\n", witness_name((enum witness)w),
                   text_count(said->asked, asked), text_count(said->is_public, shown),
                   text_count(said->refused, refused), text_count(said->blocked, blocked),
                   text_count(said->no_answer, none));
    }
    disagree(out, numbers_find(&s->numbers, STR("witnesses_disagree")));
}

static void gave_up(struct buf *out, const struct rule_row *r)
{
    char id[ID_TEXT_MAX];

    if (r->gave_up)
        buf_printf(out,
                   "Rule %.*s was given up on " COUNTED ", the first %s: a pattern of it needs too "
                   "many steps, so nobody can tell whether it matches, and %s open (%s).",
                   STR_ARG(r->name), COUNT_OF(r->gave_up, "item", "items"),
                   id_text(r->gave_up_first, id), plural(r->gave_up, "it stays", "they stay"),
                   reason_name(REASON_RULE_GAVE_UP));
}

void report_story(struct buf *out, const struct summary *s, enum story what, size_t i)
{
    switch (what) {
    case STORY_INPUTS:    report_inputs_text(out, &s->inputs); break;
    case STORY_WATERFALL: waterfall(out, s); break;
    case STORY_HEADLINE:  headline(out, s); break;
    case STORY_RANGE:     headline_range(out, s); break;
    case STORY_OPEN:      open_items(out, s); break;
    case STORY_CHECKS:    checks(out, s); break;
    case STORY_LATE:      late(out, s, i); break;
    case STORY_OUTAGE:    outage(out, s, i); break;
    case STORY_BATCHES:   batches(out, s); break;
    case STORY_FORENSIC:  forensic(out, s); break;
    case STORY_PHASES:    phases(out, s); break;
    case STORY_WITNESSES: witnesses(out, s); break;
    case STORY_GAVE_UP:   gave_up(out, &s->rule[i]); break;
    }
}
