/* audit/verdict/story_text.c: the story of one item as text. */
#include "audit/verdict/story.h"
#include <inttypes.h>
#include <math.h>
#include "base/log.h"
#include "base/utc.h"
#include "record/id.h"

/* ---- one line of its history ---- */

static void query_text(struct buf *o, const struct history_row *h)
{
    char from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];

    if (h->round)
        buf_printf(o, "API round %d, %s..%s", h->round, utc_date(h->start_day, from),
                   utc_date(h->end_day, to));
    else
        buf_puts(o, "API reply that was loaded");
    buf_printf(o, ", %lld %s%s: %s%s", COUNT_OF(h->members, "id", "ids"),
               h->role == ROLE_CANARY ? ", as a canary"
               : h->role == ROLE_LATE ? ", in a late check"
                                      : "",
               answer_name(h->kind), h->complete ? "" : " (reply incomplete, counts for nothing)");
    if (h->log_id.n) {
        buf_puts(o, ", log ");
        log_escape(o, h->log_id);
    }
}

static void page_text(struct buf *o, const struct history_row *h)
{
    buf_printf(o, "%s: %s",
               h->generation == GENERATION_LISTED ? "row of another tool's list"
                                                  : witness_name(h->witness),
               answer_name(h->kind));
    if (h->kind == ANSWER_NO_ANSWER)
        buf_printf(o, " (%s)", no_answer_name(h->why));
    if (h->has_code)
        buf_printf(o, ", code %" PRId64, h->code);
    if (h->message.n) {
        buf_puts(o, ", \"");
        log_escape(o, h->message);
        buf_puts(o, "\"");
    }
    if (h->region.n) {
        buf_puts(o, ", seen from ");
        log_escape(o, h->region);
    }
    if (h->vantage.n)
        buf_printf(o, ", at vantage %.*s", STR_ARG(h->vantage));
}

int story_text_line(void *story, const struct history_row *h, struct err *err)
{
    char at[UTC_TEXT_MAX], from[UTC_TEXT_MAX], to[UTC_TEXT_MAX];
    struct story *s = story;
    struct buf *o = s->out;

    (void)err;
    buf_printf(o, "  %s  ", utc_rfc3339(h->at, at));
    if (h->witness == WITNESS_QUERY)
        query_text(o, h);
    else if (h->witness == WITNESS_VALIDATION)
        buf_printf(o, "validity check of %lld %s: %s", COUNT_OF(h->members, "id", "ids"),
                   h->kind == ANSWER_FOUND    ? "valid"
                   : h->kind == ANSWER_ABSENT ? "not valid"
                                              : "no answer");
    else if (h->witness == WITNESS_USERNAME)
        buf_printf(o, "API query by username, %s..%s: %s", utc_date(h->start_day, from),
                   utc_date(h->end_day, to), answer_name(h->kind));
    else
        page_text(o, h);
    buf_printf(o, ", request %" PRId64, h->request);
    if (h->evidence.n)
        buf_printf(o, "\n      %s%.*s", str_starts(h->evidence, STR("sha256:")) ? "" : "evidence/",
                   STR_ARG(h->evidence));
    buf_char(o, '\n');
    return 0;
}

/* ---- the rules ---- */

static void value_text_of(struct buf *o, const struct value *v)
{
    if (v->kind == VAL_INT)
        buf_printf(o, "%" PRId64, v->i);
    else if (v->kind == VAL_REAL)
        buf_printf(o, "%.6g", v->real);
    else if (v->kind == VAL_TEXT)
        log_escape(o, str_sub(v->text, 0, 120));
    else
        buf_puts(o, "(absent)");
}

static void rule_text(struct story *s, const struct rule *r, const char *part)
{
    struct buf *o = s->out;

    buf_puts(o, "  [");
    log_escape(o, r->name);
    buf_printf(o, "] line %d: %s, %s, basis %s%s\n", r->line, label_name(r->label),
               reason_name(r->reason), basis_name(r->basis), part);
    for (size_t i = 0; i < r->len; i++) {
        enum fact fact = r->when[i].fact;

        buf_puts(o, "      ");
        log_escape(o, r->when[i].source);
        buf_puts(o, "   [is ");
        value_text_of(o, &s->facts.val[fact]);
        buf_puts(o, "]\n");
    }
    buf_puts(o, "      source: ");
    log_escape(o, r->source);
    buf_char(o, '\n');
}

static void rules_text(struct story *s)
{
    const struct label_row *l = &s->label;
    int shown = 0;

    buf_puts(s->out, "\nRules that match\n");
    for (size_t i = 0; i < rules_len(s->audit->rules); i++) {
        const struct rule *r = rules_at(s->audit->rules, i);

        if (hits_has(&s->hits, i))
            rule_text(s, r, shown++ == 0 && l->state == STATE_MISSING ? "  <- decided"
                                                                      : "  (also matches)");
        else if (hits_has(&s->gave_up, i))
            rule_text(s, r, l->reason == REASON_RULE_GAVE_UP && str_eq(r->name, l->rule)
                                ? "  <- given up: nobody can tell whether it matches"
                                : "  (given up)");
    }
    if (!shown && !hits_any(&s->gave_up))
        buf_puts(s->out, "  none\n");
}

static void overturn_text(struct story *s)
{
    struct buf *o = s->out;

    buf_puts(o, "\nWhat would overturn it\n");
    switch (s->label.state) {
    case STATE_RETRIEVED:
        buf_puts(o, "  nothing in this series: the API returned it once\n");
        break;
    case STATE_OPEN:
        buf_printf(o, "  it is open (%s): %s\n", reason_name(s->label.reason),
                   s->label.reason == REASON_TOO_RECENT   ? "it is asked when it is old enough"
                   : s->label.reason == REASON_UNOBSERVED ? "a page answer would decide it"
                   : s->label.reason == REASON_RULE_GAVE_UP
                       ? "a pattern of that rule with fewer ways to match would decide it"
                   : s->label.reason == REASON_NOT_ASKED
                       ? "the API was not asked yet"
                       : "sound absences on further days, or one answer with it, would decide it");
        break;
    default:
        buf_puts(o, "  one reply of the API that holds it makes it retrieved\n");
        if (s->label.page == ANSWER_PUBLIC)
            buf_puts(
                o,
                "  a batch-mate found not public at one of the days that count takes that day "
                "away\n"
                "  a page reading that refuses it is reported beside the label\n");
        else
            buf_puts(o, "  a later public page opens it again\n");
    }
}

void story_text_begin(struct story *s)
{
    const struct label_row *l = &s->label;
    struct buf *o = s->out;
    char at[UTC_TEXT_MAX];

    buf_printf(o, "Item %" PRIu64 "\n", l->id);
    buf_puts(o, "  handle     ");
    log_escape(o, l->handle);
    buf_printf(o, "\n  uploaded   %s by its id", utc_rfc3339(id_time(l->id), at));
    buf_printf(o, "\n  created    %s\n", utc_rfc3339(l->created_at, at));
    buf_printf(o, "  verdict    %s", state_name(l->state));
    if (l->label)
        buf_printf(o, ", %s", label_name(l->label));
    buf_printf(o, ", %s", reason_name(l->reason));
    if (l->state == STATE_MISSING)
        buf_printf(o, ", basis %s", basis_name(l->basis));
    buf_printf(o, "\n  asked      " COUNTED " on " COUNTED "\n",
               COUNT_OF(l->asked, "time", "times"), COUNT_OF(l->days, "day", "days"));
    if (l->state != STATE_RETRIEVED && l->sound_days)
        buf_printf(o, "  absences that count, on these days: %.*s\n",
                   STR_ARG(l->sound_list));
    if (l->validation)
        buf_printf(o, "  validity   %s, says the platform's own check\n",
                   l->validation == VALIDATION_VALID ? "valid" : "not valid");
    if (l->residual >= 0)
        buf_printf(o, "  probability that batches or windows lost it: %.2g\n", l->residual);
    if (l->later_refused_at)
        buf_printf(o, "  refused after its confirmation, at %s\n",
                   utc_rfc3339(l->later_refused_at, at));
    buf_puts(o, "\nWhat was asked and answered, in order of time\n");
}

static void account_text(struct story *s)
{
    const struct account_stat *a = account_table_find(s->accounts, s->label.account);

    if (!a)
        return;
    buf_printf(s->out,
               "\nAccount: " COUNTED ", %" PRId64 " asked, %" PRId64 " retrieved, " COUNTED,
               COUNT_OF(a->items, "item", "items"), a->asked, a->retrieved,
               COUNT_OF(a->trials, "trial", "trials"));
    if (!isnan(a->chance))
        buf_printf(s->out, ", chance that none comes back %.2g", a->chance);
    if (!isnan(a->q))
        buf_printf(s->out, ", q %.2g", a->q);
    buf_char(s->out, '\n');
    if (a->query_ok && a->query_rows == 0)
        buf_puts(
            s->out,
            "  a query by its username returned no post in the window that holds most of its "
            "items\n");
    else if (a->query_ok)
        buf_printf(s->out, "  a query by its username returned " COUNTED " in one window\n",
                   COUNT_OF(a->query_rows, "post", "posts"));
    if (a->info == USER_INFO_KNOWN && a->has_videos)
        buf_printf(s->out, "  the API knows the account (user/info): " COUNTED "\n",
                   COUNT_OF(a->videos, "post", "posts"));
    else if (a->info != USER_INFO_NONE)
        buf_printf(s->out, "  %s\n",
                   a->info == USER_INFO_KNOWN ? "the API knows the account (user/info)"
                   : a->info == USER_INFO_DENIED
                       ? "the API denies the account: it cannot return this user's information"
                       : "the API denies the account: it cannot find the user");
}

static void records_text(struct story *s)
{
    struct buf *o = s->out;

    if (!s->rec[SIDE_API] && !s->rec[SIDE_PAGE])
        return;
    buf_printf(o, "\n%-22s %-40s %s\n", "Field", "API", "Page");
    for (int f = 0; f < FIELD_COUNT; f++) {
        struct value none = { 0 };
        const struct value *a = s->rec[SIDE_API] ? &s->rec[SIDE_API]->val[f] : &none;
        const struct value *p = s->rec[SIDE_PAGE] ? &s->rec[SIDE_PAGE]->val[f] : &none;
        size_t from = o->n;

        if (a->kind == VAL_NONE && p->kind == VAL_NONE)
            continue;
        buf_printf(o, "  %-20s ", field_info((enum field)f)->name);
        if (a->kind != VAL_NONE)
            value_text_of(o, a);
        while (o->n - from < 63)
            buf_char(o, ' ');
        buf_char(o, ' ');
        if (p->kind != VAL_NONE)
            value_text_of(o, p);
        buf_char(o, '\n');
    }
}

/* What is forgiven is told where somebody would ask why. */
static void renamed_text(struct story *s)
{
    for (size_t i = 0; i < s->gaps; i++) {
        if (s->gap[i].why.rule != GAP_RULE_RENAMED)
            continue;
        buf_printf(s->out, "\nNo contradiction: %s, ", field_info(s->gap[i].field)->name);
        story_gap_says(s->out, &s->gap[i]);
        buf_puts(s->out, ".\n");
    }
}

static void gaps_text(struct story *s)
{
    struct buf *o = s->out;
    bool any = false;

    for (size_t i = 0; i < s->gaps; i++) {
        const struct gap *g = &s->gap[i];

        if (g->verdict != VERDICT_DIFFERS)
            continue;
        if (!any)
            buf_puts(o, "\nWhere the two sides contradict each other\n");
        any = true;
        buf_printf(o, "  %s", field_info(g->field)->name);
        if (g->why.rule != GAP_RULE_NONE) {
            buf_printf(o, " (%s): ", gap_rule_name(g->why.rule));
            story_gap_says(o, g);
        }
        buf_char(o, '\n');
    }
    if (s->label.snapshot == SNAPSHOT_NO)
        buf_puts(o, "\nNo one instant of the ten days before the API's reply fits all counters "
                    "of its row.\n");
}

void story_text_end(struct story *s)
{
    rules_text(s);
    overturn_text(s);
    account_text(s);
    records_text(s);
    gaps_text(s);
    renamed_text(s);
}
