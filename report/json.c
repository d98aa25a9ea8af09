/* report/json.c: summary.json, schema 1. Keys come in a fixed order, shares
 * with six decimals, ids as strings; a reader can diff two of them. Later
 * versions append keys and rename none. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include "base/json.h"
#include "base/utc.h"
#include "platform/tiktok.h"
#include "record/id.h"
#include "report/report.h"
#include "report/text.h"

/* Where we are in the value that is being written. */
struct out { struct buf *buf; int depth; bool filled; };

static void next_line(struct out *o)
{
    if (o->filled)
        buf_char(o->buf, ',');
    if (o->buf->n)
        buf_char(o->buf, '\n');
    for (int i = 0; i < o->depth; i++)
        buf_puts(o->buf, "  ");
    o->filled = true;
}

/* key NULL: an element of an array, or the root. */
static void put_key(struct out *o, struct str key)
{
    next_line(o);
    if (!key.p)
        return;
    json_quote(o->buf, key);
    buf_puts(o->buf, ": ");
}

static void open_in(struct out *o, const char *key, char bracket)
{
    put_key(o, str_of(key));
    buf_char(o->buf, bracket);
    o->depth++;
    o->filled = false;
}

static void close_in(struct out *o, char bracket)
{
    const bool filled = o->filled;

    o->depth--;
    o->filled = false;
    if (filled)
        next_line(o);
    o->filled = true;
    buf_char(o->buf, bracket);
}

static void put_int(struct out *o, const char *key, int64_t n)
{
    put_key(o, str_of(key));
    buf_printf(o->buf, "%" PRId64, n);
}

static void put_share(struct out *o, const char *key, double share)
{
    put_key(o, str_of(key));
    if (share < 0)
        buf_puts(o->buf, "null");
    else
        buf_printf(o->buf, "%.6f", share);
}

/* Probabilities can be far below the six decimals of a share. */
static void put_probability(struct out *o, const char *key, double p)
{
    put_key(o, str_of(key));
    if (p < 0)
        buf_puts(o->buf, "null");
    else
        buf_printf(o->buf, "%.6g", p);
}

static void put_text(struct out *o, const char *key, struct str text)
{
    put_key(o, str_of(key));
    json_quote(o->buf, text.p ? text : STR(""));
}

static void put_word(struct out *o, const char *key, const char *word)
{
    put_text(o, key, str_of(word));
}

static void put_instant(struct out *o, const char *key, int64_t at)
{
    char text[TEXT_MAX];

    if (at) {
        put_word(o, key, text_instant(at, text));
        return;
    }
    put_key(o, str_of(key));
    buf_puts(o->buf, "null");
}

static void put_interval(struct out *o, const char *key, bool has, struct stat_interval i)
{
    put_key(o, str_of(key));
    if (has)
        buf_printf(o->buf, "[%.6f, %.6f]", i.low, i.high);
    else
        buf_puts(o->buf, "null");
}

static void put_node(struct out *o, const struct waterfall *w, enum node n)
{
    open_in(o, node_name(n), '{');
    put_int(o, "count", w->n[n]);
    put_share(o, "share", share_of(w->n[n], w->n[NODE_ITEMS]));
    if (!node_is_leaf(n)) {
        open_in(o, "children", '{');
        for (int i = 0; i < NODE_COUNT; i++)
            if (node_parent((enum node)i) == n)
                put_node(o, w, (enum node)i);
        close_in(o, '}');
    }
    close_in(o, '}');
}

static void put_batches(struct out *o, const struct batches *b)
{
    char day[UTC_TEXT_MAX];

    open_in(o, "batches", '{');
    open_in(o, "make_ups", '[');
    for (size_t i = 0; i < b->len; i++) {
        const struct batch_row *r = &b->row[i];

        open_in(o, NULL, '{');
        put_word(o, "company", r->company);
        put_int(o, "never_returned", r->never);
        put_word(o, "size", r->size);
        put_share(o, "lost", r->lost);
        put_share(o, "kept", r->kept);
        put_share(o, "loss", r->loss);
        put_interval(o, "loss_95", true, r->interval);
        close_in(o, '}');
    }
    close_in(o, ']');
    open_in(o, "forensic", '[');
    for (int i = 0; i < 2; i++) {
        const struct forensic_row *f = &b->forensic[i];

        open_in(o, NULL, '{');
        put_word(o, "beside", f->beside);
        put_int(o, "batches", f->batches);
        put_int(o, "canaries", f->canaries);
        put_int(o, "lost", f->lost);
        put_int(o, "recovered", f->recovered);
        put_int(o, "recovered_lost", f->recovered_lost);
        close_in(o, '}');
    }
    close_in(o, ']');
    put_int(o, "windows_by_day", b->window_days);
    open_in(o, "bad_windows", '[');
    for (size_t i = 0; i < b->bad; i++) {
        open_in(o, NULL, '{');
        put_word(o, "day", utc_date(b->window_day[i].day, day));
        put_word(o, "window_start", utc_date(b->window_day[i].start_day, day));
        put_share(o, "lost", b->window_day[i].lost);
        put_share(o, "kept", b->window_day[i].kept);
        close_in(o, '}');
    }
    close_in(o, ']');
    close_in(o, '}');
}

static void put_late_rate(struct out *o, const char *key, const struct late_rate *r,
                          const char *hits)
{
    open_in(o, key, '{');
    put_int(o, "asked", r->asked);
    put_int(o, hits, r->hits);
    put_share(o, "share", r->asked ? share_of(r->hits, r->asked) : -1);
    put_interval(o, "interval_95", r->asked > 0, r->interval);
    put_int(o, "refused_since", r->refused);
    put_int(o, "undecided", r->undecided);
    close_in(o, '}');
}

static void put_late(struct out *o, const struct summary *s)
{
    char text[UTC_TEXT_MAX];

    if (!s->late_drawn_at)
        return;
    open_in(o, "late_checks", '{');
    put_word(o, "drawn_at", utc_rfc3339(s->late_drawn_at, text));
    open_in(o, "checks", '[');
    for (size_t i = 0; i < s->lates; i++) {
        const struct late_check *l = &s->late[i];

        open_in(o, NULL, '{');
        put_int(o, "days", l->days);
        put_word(o, "first_day", utc_date(l->first_day, text));
        put_word(o, "last_day", utc_date(l->last_day, text));
        put_late_rate(o, "missing", &l->missing, "came_back");
        put_late_rate(o, "retrieved", &l->retrieved, "absent");
        close_in(o, '}');
    }
    close_in(o, ']');
    close_in(o, '}');
}

static void put_headline(struct out *o, const struct summary *s)
{
    const struct headline *h = &s->headline;

    open_in(o, "headline", '{');
    put_int(o, "public_missing", s->waterfall.n[NODE_PUBLIC]);
    put_share(o, "retrieved_public", h->has_share ? h->retrieved_public : -1);
    put_share(o, "share", h->has_share ? h->share : -1);
    put_interval(o, "interval_95", h->has_interval, h->interval);
    put_interval(o, "range", h->has_share, h->range);
    put_share(o, "share_of_items", h->share_of_items);
    put_share(o, "wrong_expected", h->wrong_expected);
    put_interval(o, "wrong_expected_95", true, h->wrong_interval);
    put_share(o, "wrong_left_out", h->wrong_most);
    put_int(o, "retrieved", s->waterfall.n[NODE_RETRIEVED]);
    put_int(o, "sampled", h->sampled);
    put_int(o, "sampled_public", h->sampled_public);
    put_int(o, "sampled_unread", h->sampled_unread);
    put_int(o, "later_refused", s->later_refused);
    close_in(o, '}');
    open_in(o, "checks", '{');
    put_int(o, "spot_asked", s->checks.spot_asked);
    put_int(o, "spot_back", s->checks.spot_back);
    put_share(o, "spot_upper_95", s->checks.spot_asked ? s->checks.spot_upper : -1);
    put_int(o, "first_found_round_1", s->checks.n2);
    put_int(o, "first_found_round_2", s->checks.n3);
    put_share(o, "left_over", s->checks.left);
    put_share(o, "left_over_upper_95", s->checks.left_upper);
    close_in(o, '}');
    put_batches(o, &s->batches);
    put_late(o, s);
    if (!s->donors.has)
        return;
    open_in(o, "donors", '{');
    put_int(o, "donors", s->donors.donors);
    put_share(o, "mean_share", s->donors.mean);
    put_interval(o, "interval_95", true, s->donors.interval);
    close_in(o, '}');
}

static void put_examples(struct out *o, const struct summary *s, enum label label)
{
    char id[ID_TEXT_MAX];
    struct buf url = {0};

    open_in(o, "examples", '[');
    for (size_t i = 0; i < s->examples[label]; i++) {
        const struct example *e = &s->example[label][i];

        buf_clear(&url);
        tiktok_post_url(&url, e->id, e->handle);
        open_in(o, NULL, '{');
        put_word(o, "id", id_text(e->id, id));
        put_text(o, "url", buf_view(&url));
        put_word(o, "reason", reason_name(e->reason));
        close_in(o, '}');
    }
    close_in(o, ']');
    buf_release(&url);
}

static void put_labels(struct out *o, const struct summary *s)
{
    const int64_t missing = s->waterfall.n[NODE_MISSING];

    open_in(o, "labels", '{');
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        open_in(o, label_name((enum label)l), '{');
        put_int(o, "count", s->label[l]);
        put_share(o, "share_of_missing", share_of(s->label[l], missing));
        open_in(o, "reasons", '{');
        for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
            if (reason_label((enum reason)r) == (enum label)l)
                put_int(o, reason_name((enum reason)r), s->reason[r]);
        close_in(o, '}');
        put_examples(o, s, (enum label)l);
        close_in(o, '}');
    }
    close_in(o, '}');
    open_in(o, "reasons", '{');
    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
        put_int(o, reason_name((enum reason)r), s->reason[r]);
    close_in(o, '}');
}

static void put_basis(struct out *o, const struct summary *s)
{
    open_in(o, "basis", '{');
    for (int b = BASIS_NONE + 1; b < BASIS_COUNT; b++) {
        open_in(o, basis_name((enum basis)b), '{');
        put_int(o, "count", s->split[b]);
        put_share(o, "share_of_missing", share_of(s->split[b], s->waterfall.n[NODE_MISSING]));
        put_int(o, "by_rules", s->basis[b]);
        close_in(o, '}');
    }
    open_in(o, "unexplained_bounds", '{');
    put_int(o, "lower", s->unexplained_low);
    put_int(o, "upper", s->unexplained_high);
    close_in(o, '}');
    close_in(o, '}');
}

static void put_rules(struct out *o, const struct summary *s)
{
    open_in(o, "rules", '[');
    for (size_t i = 0; i < s->rules; i++) {
        const struct rule_row *r = &s->rule[i];

        open_in(o, NULL, '{');
        put_text(o, "name", r->name);
        put_word(o, "label", label_name(r->label));
        put_word(o, "reason", reason_name(r->reason));
        put_word(o, "basis", basis_name(r->basis));
        put_text(o, "source", r->source);
        put_text(o, "since", r->since);
        put_text(o, "until", r->until);
        put_int(o, "first", r->first);
        put_int(o, "all", r->all);
        put_int(o, "shared", r->shared);
        put_int(o, "missing_with", r->missing_with);
        put_int(o, "missing_without", r->missing_without);
        put_int(o, "sampled_with", r->sampled_with);
        put_int(o, "sampled_without", r->sampled_without);
        put_share(o, "p_missing_with", r->p_with);
        put_share(o, "p_missing_without", r->p_without);
        put_probability(o, "fisher_p", r->p_value);
        put_word(o, "separation", separation_name(r->separation));
        close_in(o, '}');
    }
    close_in(o, ']');
    open_in(o, "overlaps", '{');
    for (int a = LABEL_NONE + 1; a < LABEL_COUNT; a++) {
        open_in(o, label_name((enum label)a), '{');
        for (int b = LABEL_NONE + 1; b < LABEL_COUNT; b++)
            put_int(o, label_name((enum label)b), s->overlap[a][b]);
        close_in(o, '}');
    }
    close_in(o, '}');
}

static void put_fields(struct out *o, const struct summary *s)
{
    static const enum verdict verdicts[] = {
        VERDICT_EQUAL, VERDICT_WITHIN, VERDICT_DIFFERS, VERDICT_API_ONLY, VERDICT_PAGE_ONLY,
    };

    open_in(o, "fields", '{');
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (field_info((enum field)f)->cmp == CMP_NONE)
            continue;
        open_in(o, field_info((enum field)f)->name, '{');
        put_int(o, "compared", summary_compared(s, (enum field)f));
        for (size_t v = 0; v < sizeof verdicts / sizeof *verdicts; v++)
            put_int(o, verdict_name(verdicts[v]), s->field[f][verdicts[v]]);
        put_share(o, "share", summary_agreement(s, (enum field)f));
        close_in(o, '}');
    }
    close_in(o, '}');
}

static void put_account_rows(struct out *o, const struct accounts *a)
{
    open_in(o, "listed", '[');
    for (size_t i = 0; i < a->len; i++) {
        const struct account_row *r = &a->row[i];

        open_in(o, NULL, '{');
        put_text(o, "handle", r->handle);
        put_int(o, "items", r->items);
        put_int(o, "asked", r->asked);
        put_int(o, "retrieved", r->retrieved);
        put_int(o, "trials", r->trials);
        put_share(o, "canada", r->canada);
        put_probability(o, "chance", r->chance);
        put_probability(o, "q", r->q);
        put_word(o, "verdict", account_verdict_name(r->verdict));
        put_word(o, "user_info", user_info_name(r->info));
        if (r->query_ok)
            put_int(o, "username_rows", r->query_rows);
        close_in(o, '}');
    }
    close_in(o, ']');
}

static void put_accounts(struct out *o, const struct accounts *a)
{
    open_in(o, "accounts", '{');
    put_int(o, "count", a->accounts);
    put_int(o, "items", a->with_key_items);
    put_int(o, "min_items", a->min_items);
    put_share(o, "rate", a->rate);
    put_share(o, "rho", a->rho);
    open_in(o, "verdicts", '{');
    for (int v = 0; v < ACCOUNT_VERDICT_COUNT; v++)
        put_int(o, account_verdict_name((enum account_verdict)v), a->verdict[v]);
    close_in(o, '}');
    open_in(o, "excluded_by_user_info", '{');
    put_int(o, "not_asked", a->info[ACCOUNT_EXCLUDED][USER_INFO_NONE]);
    for (int i = USER_INFO_NONE + 1; i < USER_INFO_COUNT; i++)
        put_int(o, user_info_name((enum user_info)i), a->info[ACCOUNT_EXCLUDED][i]);
    put_int(o, "queried_by_username", a->queried);
    put_int(o, "queried_without_a_row", a->queried_none);
    close_in(o, '}');
    open_in(o, "by_share_retrieved", '{');
    for (int b = 0; b < ACCOUNT_BINS; b++)
        put_int(o, account_bin_name(b), a->bin[b]);
    close_in(o, '}');
    open_in(o, "published_way", '{');
    put_int(o, "accounts", a->published_accounts);
    put_int(o, "none_retrieved", a->published_none);
    put_int(o, "of_which_canada", a->published_none_canada);
    close_in(o, '}');
    put_account_rows(o, a);
    close_in(o, '}');
}

static void put_validation(struct out *o, const struct summary *s)
{
    open_in(o, "validation", '{');
    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++) {
        const int64_t *n = s->validation[summary_validation_nodes[i]];

        open_in(o, node_name(summary_validation_nodes[i]), '{');
        put_int(o, "valid", n[VALIDATION_VALID]);
        put_int(o, "not_valid", n[VALIDATION_NOT_VALID]);
        put_int(o, "not_asked", n[VALIDATION_NONE]);
        close_in(o, '}');
    }
    put_int(o, "against_query", s->validation_against_query);
    close_in(o, '}');
}

static void put_requests(struct out *o, const struct summary *s)
{
    char day[UTC_TEXT_MAX];

    open_in(o, "requests", '{');
    for (int w = 0; w < WITNESS_COUNT; w++) {
        open_in(o, witness_name((enum witness)w), '{');
        put_int(o, "requests", s->request[w].requests);
        put_int(o, "sends", s->request[w].sends);
        put_int(o, "failed", s->request[w].failed);
        close_in(o, '}');
    }
    close_in(o, '}');
    open_in(o, "days", '[');
    for (size_t i = 0; i < s->days; i++) {
        open_in(o, NULL, '{');
        put_word(o, "day", utc_date(s->day[i].day, day));
        put_int(o, "requests", s->day[i].requests);
        put_int(o, "asked", s->day[i].asked);
        put_int(o, "found", s->day[i].found);
        put_int(o, "pages", s->day[i].pages);
        close_in(o, '}');
    }
    close_in(o, ']');
    open_in(o, "stretches", '[');
    for (size_t i = 0; i < s->outages; i++) {
        open_in(o, NULL, '{');
        put_instant(o, "from", s->outage[i].from);
        put_instant(o, "to", s->outage[i].to);
        put_int(o, "requests", s->outage[i].requests);
        close_in(o, '}');
    }
    close_in(o, ']');
}

static void put_span(struct out *o, const char *key, const struct span *s)
{
    open_in(o, key, '{');
    put_int(o, "low", s->low);
    put_int(o, "expected", s->mid);
    put_int(o, "high", s->high);
    close_in(o, '}');
}

static void put_planned(struct out *o, const char *key, const struct plan_kept *kept, enum phase p)
{
    if (!kept->known)
        return;
    open_in(o, key, '{');
    put_span(o, "requests", &kept->phase[p].calls);
    put_span(o, "days", &kept->phase[p].days);
    close_in(o, '}');
}

/* Plan and actual, side by side. */
static void put_plan(struct out *o, const struct phases *all)
{
    open_in(o, "plan", '{');
    if (all->before.known)
        put_int(o, "items_before", all->before.items);
    open_in(o, "phases", '[');
    for (int p = 0; p < PHASE_COUNT; p++) {
        open_in(o, NULL, '{');
        put_word(o, "phase", phase_name((enum phase)p));
        put_word(o, "of", phase_is_of_api((enum phase)p) ? "api" : "site");
        put_planned(o, "before", &all->before, (enum phase)p);
        put_planned(o, "after_round_1", &all->after, (enum phase)p);
        open_in(o, "actual", '{');
        put_int(o, "requests", all->done[p].calls);
        put_int(o, "days", all->done[p].days);
        close_in(o, '}');
        close_in(o, '}');
    }
    close_in(o, ']');
    close_in(o, '}');
}

static void put_open(struct out *o, const struct summary *s)
{
    open_in(o, "open", '[');
    for (size_t i = 0; i < s->dues; i++) {
        open_in(o, NULL, '{');
        put_word(o, "reason", reason_name(s->due[i].reason));
        put_int(o, "count", s->due[i].count);
        put_instant(o, "due_first_at", s->due[i].first_at);
        put_instant(o, "due_last_at", s->due[i].last_at);
        close_in(o, '}');
    }
    close_in(o, ']');
    open_in(o, "drift", '[');
    for (size_t i = 0; i < s->drifts; i++) {
        open_in(o, NULL, '{');
        put_text(o, "kind", s->drift[i].kind);
        put_text(o, "name", s->drift[i].name);
        put_int(o, "count", s->drift[i].count);
        put_instant(o, "first_at", s->drift[i].first_at);
        put_instant(o, "last_at", s->drift[i].last_at);
        close_in(o, '}');
    }
    close_in(o, ']');
}

static void put_settings(struct out *o, const struct summary *s)
{
    open_in(o, "settings", '{');
    for (size_t i = 0; i < s->settings; i++) {
        put_key(o, s->setting[i].name);
        json_quote(o->buf, s->setting[i].value.p ? s->setting[i].value : STR(""));
    }
    close_in(o, '}');
}

void report_summary_json(struct buf *out, const struct summary *s)
{
    struct out o = { .buf = out };

    open_in(&o, NULL, '{');
    put_int(&o, "schema", 1);
    put_text(&o, "tool", s->tool);
    put_text(&o, "audit", s->audit);
    put_instant(&o, "first_answer_at", s->first_answer_at);
    put_instant(&o, "newest_answer_at", s->newest_answer_at);
    open_in(&o, "waterfall", '{');
    put_node(&o, &s->waterfall, NODE_ITEMS);
    close_in(&o, '}');
    put_int(&o, "residual", waterfall_residual(&s->waterfall));
    put_headline(&o, s);
    put_labels(&o, s);
    put_basis(&o, s);
    put_rules(&o, s);
    put_fields(&o, s);
    put_accounts(&o, &s->accounts);
    put_validation(&o, s);
    put_requests(&o, s);
    put_plan(&o, &s->phases);
    put_open(&o, s);
    put_settings(&o, s);
    put_text(&o, "rules_digest", s->rules_digest);
    close_in(&o, '}');
    buf_char(out, '\n');
}
