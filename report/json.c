/* report/json.c: summary.json, schema 1. Keys come in a fixed order, shares
 * with six decimals, ids as strings; a reader can diff two of them. Later
 * versions append keys and rename none. */
#include "base/json_out.h"
#include "platform/tiktok.h"
#include "report/inputs.h"
#include "report/numbers.h"
#include "report/report.h"
#include "report/review.h"
#include "report/sample.h"
#include "report/spread.h"
#include "report/summary.h"
#include "report/text.h"
#include "report/waterfall.h"

static void put_range(struct json_out *o, const char *key, bool has, struct stat_interval i)
{
    json_put_interval(o, key, has, i.low, i.high);
}

/* Probabilities can be far below the six decimals of a share. */
static void put_probability(struct json_out *o, const char *key, double p)
{
    if (p < 0)
        json_put_null(o, key);
    else
        json_put_real(o, key, p, 6);
}

static void put_node(struct json_out *o, const struct waterfall *w, enum node n)
{
    json_open(o, node_name(n));
    json_put_int(o, "count", w->n[n]);
    json_put_share(o, "share", share_of(w->n[n], w->n[NODE_ITEMS]));
    if (!node_is_leaf(n)) {
        json_open(o, "children");
        for (int i = 0; i < NODE_COUNT; i++)
            if (node_parent((enum node)i) == n)
                put_node(o, w, (enum node)i);
        json_close(o);
    }
    json_close(o);
}

static void put_make_ups(struct json_out *o, const struct batches *b)
{
    json_open_list(o, "make_ups");
    for (size_t i = 0; i < b->len; i++) {
        const struct batch_row *r = &b->row[i];

        json_open(o, NULL);
        json_put_word(o, "company", r->mates);
        json_put_int(o, "never_returned", r->never);
        json_put_word(o, "size", r->size);
        json_put_share(o, "lost", r->lost);
        json_put_share(o, "kept", r->kept);
        json_put_share(o, "loss", r->loss);
        put_range(o, "loss_95", true, r->interval);
        json_close(o);
    }
    json_close(o);
}

static void put_forensic(struct json_out *o, const struct batches *b)
{
    json_open_list(o, "forensic");
    for (int i = 0; i < 2; i++) {
        const struct forensic_row *f = &b->forensic[i];

        json_open(o, NULL);
        json_put_word(o, "beside", f->beside);
        json_put_int(o, "batches", f->batches);
        json_put_int(o, "canaries", f->canaries);
        json_put_int(o, "lost", f->lost);
        json_put_int(o, "recovered", f->recovered);
        json_put_int(o, "recovered_lost", f->recovered_lost);
        json_close(o);
    }
    json_close(o);
}

static void put_bad_windows(struct json_out *o, const struct batches *b)
{
    json_open_list(o, "bad_windows");
    for (size_t i = 0; i < b->bad; i++) {
        json_open(o, NULL);
        json_put_date(o, "day", b->window_day[i].day);
        json_put_date(o, "window_start", b->window_day[i].start_day);
        json_put_share(o, "lost", b->window_day[i].lost);
        json_put_share(o, "kept", b->window_day[i].kept);
        json_close(o);
    }
    json_close(o);
}

static void put_batches(struct json_out *o, const struct batches *b)
{
    json_open(o, "batches");
    put_make_ups(o, b);
    put_forensic(o, b);
    json_put_int(o, "windows_by_day", b->window_days);
    put_bad_windows(o, b);
    json_close(o);
}

static void put_late_rate(struct json_out *o, const char *key, const struct late_rate *r,
                          const char *hits)
{
    json_open(o, key);
    json_put_int(o, "asked", r->asked);
    json_put_int(o, hits, r->hits);
    json_put_share(o, "share", r->asked ? share_of(r->hits, r->asked) : -1);
    put_range(o, "interval_95", r->asked > 0, r->interval);
    json_put_int(o, "refused_since", r->refused);
    json_put_int(o, "undecided", r->undecided);
    json_close(o);
}

static void put_late(struct json_out *o, const struct summary *s)
{
    if (!s->late_drawn_at)
        return;
    json_open(o, "late_checks");
    json_put_instant(o, "drawn_at", s->late_drawn_at);
    json_open_list(o, "checks");
    for (size_t i = 0; i < s->lates; i++) {
        const struct late_check *l = &s->late[i];

        json_open(o, NULL);
        json_put_int(o, "days", l->days);
        json_put_date(o, "first_day", l->first_day);
        json_put_date(o, "last_day", l->last_day);
        put_late_rate(o, "missing", &l->missing, "came_back");
        put_late_rate(o, "retrieved", &l->retrieved, "absent");
        json_close(o);
    }
    json_close(o);
    json_close(o);
}

static void put_headline(struct json_out *o, const struct summary *s)
{
    const struct headline *h = &s->headline;

    json_open(o, "headline");
    json_put_int(o, "public_missing", s->waterfall.n[NODE_PUBLIC]);
    json_put_share(o, "retrieved_public", h->has_share ? h->retrieved_public : -1);
    json_put_share(o, "share", h->has_share ? h->share : -1);
    put_range(o, "interval_95", h->has_interval, h->interval);
    put_range(o, "range", h->has_share, h->range);
    json_put_share(o, "share_of_items", h->share_of_items);
    json_put_share(o, "wrong_expected", h->wrong_expected);
    put_range(o, "wrong_expected_95", true, h->wrong_interval);
    json_put_share(o, "wrong_left_out", h->wrong_most);
    json_put_int(o, "retrieved", s->waterfall.n[NODE_RETRIEVED]);
    json_put_int(o, "sampled", h->sampled);
    json_put_int(o, "sampled_public", h->sampled_public);
    json_put_int(o, "sampled_unread", h->sampled_unread);
    json_put_int(o, "later_refused", s->later_refused);
    json_close(o);
}

static void put_checks(struct json_out *o, const struct checks *c)
{
    json_open(o, "checks");
    json_put_int(o, "spot_asked", c->spot_asked);
    json_put_int(o, "spot_back", c->spot_back);
    json_put_share(o, "spot_upper_95", c->spot_asked ? c->spot_upper : -1);
    json_put_int(o, "first_found_round_1", c->n2);
    json_put_int(o, "first_found_round_2", c->n3);
    json_put_share(o, "left_over", c->left);
    json_put_share(o, "left_over_upper_95", c->left_upper);
    json_close(o);
}

static void put_donors(struct json_out *o, const struct donors *d)
{
    if (!d->has)
        return;
    json_open(o, "donors");
    json_put_int(o, "donors", d->donors);
    json_put_share(o, "mean_share", d->mean);
    put_range(o, "interval_95", true, d->interval);
    json_close(o);
}

static void put_examples(struct json_out *o, const struct summary *s, enum label label)
{
    struct buf url = {0};

    json_open_list(o, "examples");
    for (size_t i = 0; i < s->examples[label]; i++) {
        const struct example *e = &s->example[label][i];

        buf_clear(&url);
        tiktok_post_url(&url, e->id, e->handle);
        json_open(o, NULL);
        json_put_id(o, "id", e->id);
        json_put_text(o, "url", buf_view(&url));
        json_put_word(o, "reason", reason_name(e->reason));
        json_close(o);
    }
    json_close(o);
    buf_release(&url);
}

static void put_labels(struct json_out *o, const struct summary *s)
{
    const int64_t missing = s->waterfall.n[NODE_MISSING];

    json_open(o, "labels");
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++) {
        json_open(o, label_name((enum label)l));
        json_put_int(o, "count", s->label[l]);
        json_put_share(o, "share_of_missing", share_of(s->label[l], missing));
        json_open(o, "reasons");
        for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
            if (reason_label((enum reason)r) == (enum label)l)
                json_put_int(o, reason_name((enum reason)r), s->reason[r]);
        json_close(o);
        put_examples(o, s, (enum label)l);
        json_close(o);
    }
    json_close(o);
}

static void put_reasons(struct json_out *o, const struct summary *s)
{
    json_open(o, "reasons");
    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
        json_put_int(o, reason_name((enum reason)r), s->reason[r]);
    json_close(o);
}

static void put_basis(struct json_out *o, const struct summary *s)
{
    json_open(o, "basis");
    for (int b = BASIS_NONE + 1; b < BASIS_COUNT; b++) {
        json_open(o, basis_name((enum basis)b));
        json_put_int(o, "count", s->split[b]);
        json_put_share(o, "share_of_missing", share_of(s->split[b], s->waterfall.n[NODE_MISSING]));
        json_put_int(o, "by_rules", s->basis[b]);
        json_close(o);
    }
    json_open(o, "unexplained_bounds");
    json_put_int(o, "lower", s->unexplained_low);
    json_put_int(o, "upper", s->unexplained_high);
    json_close(o);
    json_close(o);
}

static void put_rule(struct json_out *o, const struct rule_row *r)
{
    json_open(o, NULL);
    json_put_text(o, "name", r->name);
    json_put_word(o, "label", label_name(r->label));
    json_put_word(o, "reason", reason_name(r->reason));
    json_put_word(o, "basis", basis_name(r->basis));
    json_put_text(o, "source", r->source);
    json_put_text(o, "since", r->since);
    json_put_text(o, "until", r->until);
    json_put_int(o, "first", r->first);
    if (r->gave_up) {
        json_put_int(o, "gave_up", r->gave_up);
        json_put_id(o, "gave_up_first", r->gave_up_first);
    }
    json_put_int(o, "all", r->all);
    json_put_int(o, "shared", r->shared);
    json_open(o, "also");
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        if (r->also[l])
            json_put_int(o, label_name((enum label)l), r->also[l]);
    json_close(o);
    json_put_bool(o, "fallback", r->fallback);
    json_put_int(o, "missing_with", r->missing_with);
    json_put_int(o, "missing_without", r->missing_without);
    json_put_int(o, "sampled_with", r->sampled_with);
    json_put_int(o, "sampled_without", r->sampled_without);
    json_put_share(o, "p_missing_with", r->p_with);
    json_put_share(o, "p_missing_without", r->p_without);
    put_range(o, "p_missing_with_95", r->p_with >= 0, r->with_95);
    put_range(o, "p_missing_without_95", r->p_without >= 0, r->without_95);
    put_probability(o, "fisher_p", r->p_value);
    json_put_word(o, "separation", separation_name(r->separation));
    json_close(o);
}

static void put_rules(struct json_out *o, const struct summary *s)
{
    json_open_list(o, "rules");
    for (size_t i = 0; i < s->rules; i++)
        put_rule(o, &s->rule[i]);
    json_close(o);
}

static void put_overlaps(struct json_out *o, const struct summary *s)
{
    json_open(o, "overlaps");
    for (int a = LABEL_NONE + 1; a < LABEL_COUNT; a++) {
        json_open(o, label_name((enum label)a));
        for (int b = LABEL_NONE + 1; b < LABEL_COUNT; b++)
            json_put_int(o, label_name((enum label)b), s->overlap[a][b]);
        json_close(o);
    }
    json_close(o);
}

static void put_fields(struct json_out *o, const struct summary *s)
{
    static const enum verdict verdicts[] = {
        VERDICT_EQUAL, VERDICT_WITHIN, VERDICT_DIFFERS, VERDICT_API_ONLY, VERDICT_PAGE_ONLY,
    };

    json_open(o, "fields");
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (field_info((enum field)f)->cmp == CMP_NONE)
            continue;
        json_open(o, field_info((enum field)f)->name);
        json_put_int(o, "compared", s->compared[f]);
        for (size_t v = 0; v < sizeof verdicts / sizeof *verdicts; v++)
            json_put_int(o, verdict_name(verdicts[v]), s->field[f][verdicts[v]]);
        json_put_share(o, "share", s->agree[f]);
        json_close(o);
    }
    json_close(o);
}

void report_put_counters(struct json_out *o, const struct counters_judged *c)
{
    json_open(o, "counters");
    json_put_text(o, "table", c->table);
    json_put_text(o, "source", c->source);
    json_put_real(o, "lambda", c->lambda, 4);
    json_put_int(o, "pairs", c->pairs);
    json_put_int(o, "pairs_5_days", c->pairs_apart);
    json_put_int(o, "rows", c->rows);
    json_put_int(o, "no_common_instant", c->no_instant);
    json_close(o);
}

static void put_account_rows(struct json_out *o, const struct accounts *a)
{
    json_open_list(o, "listed");
    for (size_t i = 0; i < a->len; i++) {
        const struct account_row *r = &a->row[i];

        json_open(o, NULL);
        json_put_text(o, "handle", r->handle);
        json_put_int(o, "items", r->items);
        json_put_int(o, "asked", r->asked);
        json_put_int(o, "retrieved", r->retrieved);
        json_put_int(o, "trials", r->trials);
        json_put_share(o, "canada", r->canada);
        put_probability(o, "chance", r->chance);
        put_probability(o, "q", r->q);
        json_put_word(o, "verdict", account_verdict_name(r->verdict));
        json_put_word(o, "user_info", user_info_name(r->info));
        if (r->query_ok)
            json_put_int(o, "username_rows", r->query_rows);
        json_close(o);
    }
    json_close(o);
}

/* What the API itself says of the accounts that are called excluded. */
static void put_excluded(struct json_out *o, const struct accounts *a)
{
    json_open(o, "excluded_by_user_info");
    json_put_int(o, "not_asked", a->info[ACCOUNT_EXCLUDED][USER_INFO_NONE]);
    for (int i = USER_INFO_NONE + 1; i < USER_INFO_COUNT; i++)
        json_put_int(o, user_info_name((enum user_info)i), a->info[ACCOUNT_EXCLUDED][i]);
    json_put_int(o, "queried_by_username", a->queried);
    json_put_int(o, "queried_without_a_row", a->queried_none);
    json_close(o);
}

static void put_published(struct json_out *o, const struct accounts *a)
{
    json_open(o, "published_way");
    json_put_int(o, "accounts", a->published_accounts);
    json_put_int(o, "none_retrieved", a->published_none);
    json_put_int(o, "of_which_canada", a->published_none_canada);
    json_close(o);
}

static void put_accounts(struct json_out *o, const struct accounts *a)
{
    json_open(o, "accounts");
    json_put_int(o, "count", a->accounts);
    json_put_int(o, "items", a->with_key_items);
    json_put_int(o, "min_items", a->min_items);
    json_put_share(o, "rate", a->rate);
    json_put_share(o, "rho", a->rho);
    json_open(o, "verdicts");
    for (int v = 0; v < ACCOUNT_VERDICT_COUNT; v++)
        json_put_int(o, account_verdict_name((enum account_verdict)v), a->verdict[v]);
    json_close(o);
    put_excluded(o, a);
    json_open(o, "by_share_retrieved");
    for (int b = 0; b < ACCOUNT_BINS; b++)
        json_put_int(o, account_bin_name(b), a->bin[b]);
    json_close(o);
    put_published(o, a);
    put_account_rows(o, a);
    json_close(o);
}

static void put_validation(struct json_out *o, const struct summary *s)
{
    json_open(o, "validation");
    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++) {
        const int64_t *n = s->validation[summary_validation_nodes[i]];

        json_open(o, node_name(summary_validation_nodes[i]));
        json_put_int(o, "valid", n[VALIDATION_VALID]);
        json_put_int(o, "not_valid", n[VALIDATION_NOT_VALID]);
        json_put_int(o, "not_asked", n[VALIDATION_NONE]);
        json_close(o);
    }
    json_put_int(o, "against_query", s->validation_against_query);
    json_close(o);
}

static void put_requests(struct json_out *o, const struct summary *s)
{
    json_open(o, "requests");
    for (int w = 0; w < WITNESS_COUNT; w++) {
        // of samples alone, and of audits that ask it
        if ((w == WITNESS_CREATOR || w == WITNESS_EMBED) && s->request[w].requests == 0)
            continue;
        json_open(o, witness_name((enum witness)w));
        json_put_int(o, "requests", s->request[w].requests);
        json_put_int(o, "sends", s->request[w].sends);
        json_put_int(o, "failed", s->request[w].failed);
        json_close(o);
    }
    json_close(o);
}

static void put_witnesses(struct json_out *o, const struct summary *s)
{
    json_open(o, "witnesses");
    for (int w = 0; w < WITNESS_COUNT; w++) {
        const struct witness_said *said = &s->said[w];

        if (!said->asked)
            continue;
        json_open(o, witness_name((enum witness)w));
        json_put_int(o, "asked", said->asked);
        json_put_int(o, "public", said->is_public);
        json_put_int(o, "refused", said->refused);
        json_put_int(o, "blocked", said->blocked);
        json_put_int(o, "no_answer", said->no_answer);
        json_close(o);
    }
    json_close(o);
}

static void put_pair(struct json_out *o, const struct vantages *v, const struct vantage_pair *p)
{
    json_open(o, NULL);
    json_put_text(o, "a", v->v[p->a].name);
    json_put_text(o, "b", v->v[p->b].name);
    for (int i = 0; i < BESIDE_COUNT; i++)
        json_put_int(o, beside_name((enum beside)i), p->n[i]);
    json_open_list(o, "numbers");
    json_put_text(o, NULL, p->refused_there);
    json_put_text(o, NULL, p->public_there);
    json_close(o);
    json_close(o);
}

static void put_vantages(struct json_out *o, const struct vantages *v)
{
    if (!v->n)
        return;
    json_open(o, "vantages");
    json_open_list(o, "seen");
    for (size_t i = 0; i < v->n; i++) {
        json_open(o, NULL);
        json_put_text(o, "name", v->v[i].name);
        json_put_text(o, "region", v->v[i].region);
        json_put_text(o, "elsewhere", v->v[i].asked);
        json_put_int(o, "public", v->v[i].is_public);
        json_put_int(o, "refused", v->v[i].refused);
        json_put_int(o, "no_answer", v->v[i].unread);
        json_close(o);
    }
    json_close(o);
    json_open_list(o, "pairs");
    for (size_t i = 0; i < v->pairs; i++)
        put_pair(o, v, &v->pair[i]);
    json_close(o);
    json_close(o);
}

static void put_days(struct json_out *o, const struct summary *s)
{
    json_open_list(o, "days");
    for (size_t i = 0; i < s->days; i++) {
        json_open(o, NULL);
        json_put_date(o, "day", s->day[i].day);
        json_put_int(o, "requests", s->day[i].requests);
        json_put_int(o, "asked", s->day[i].asked);
        json_put_int(o, "found", s->day[i].found);
        json_put_int(o, "pages", s->day[i].pages);
        json_close(o);
    }
    json_close(o);
}

static void put_outages(struct json_out *o, const struct summary *s)
{
    json_open_list(o, "stretches");
    for (size_t i = 0; i < s->outages; i++) {
        json_open(o, NULL);
        json_put_instant(o, "from", s->outage[i].from);
        json_put_instant(o, "to", s->outage[i].to);
        json_put_int(o, "requests", s->outage[i].requests);
        json_close(o);
    }
    json_close(o);
}

static void put_span(struct json_out *o, const char *key, const struct span *s)
{
    json_open(o, key);
    json_put_int(o, "low", s->low);
    json_put_int(o, "expected", s->mid);
    json_put_int(o, "high", s->high);
    json_close(o);
}

static void put_planned(struct json_out *o, const char *key, const struct plan_kept *kept,
                        enum phase p)
{
    if (!kept->known)
        return;
    json_open(o, key);
    put_span(o, "requests", &kept->phase[p].calls);
    put_span(o, "days", &kept->phase[p].days);
    json_close(o);
}

/* Plan and actual, side by side. */
static void put_plan(struct json_out *o, const struct phases *all)
{
    json_open(o, "plan");
    if (all->before.known)
        json_put_int(o, "items_before", all->before.items);
    json_open_list(o, "phases");
    for (int p = 0; p < PHASE_COUNT; p++) {
        json_open(o, NULL);
        json_put_word(o, "phase", phase_name((enum phase)p));
        json_put_word(o, "of", phase_is_of_api((enum phase)p) ? "api" : "site");
        put_planned(o, "before", &all->before, (enum phase)p);
        put_planned(o, "after_round_1", &all->after, (enum phase)p);
        json_open(o, "actual");
        json_put_int(o, "requests", all->done[p].calls);
        json_put_int(o, "days", all->done[p].days);
        json_close(o);
        json_close(o);
    }
    json_close(o);
    json_close(o);
}

static void put_open(struct json_out *o, const struct summary *s)
{
    json_open_list(o, "open");
    for (size_t i = 0; i < s->dues; i++) {
        json_open(o, NULL);
        json_put_word(o, "reason", reason_name(s->due[i].reason));
        json_put_int(o, "count", s->due[i].count);
        json_put_instant(o, "due_first_at", s->due[i].first_at);
        json_put_instant(o, "due_last_at", s->due[i].last_at);
        json_close(o);
    }
    json_close(o);
}

static void put_drift(struct json_out *o, const struct summary *s)
{
    json_open_list(o, "drift");
    for (size_t i = 0; i < s->drifts; i++) {
        json_open(o, NULL);
        json_put_text(o, "kind", s->drift[i].kind);
        json_put_text(o, "name", s->drift[i].name);
        json_put_int(o, "count", s->drift[i].count);
        json_put_instant(o, "first_at", s->drift[i].first_at);
        json_put_instant(o, "last_at", s->drift[i].last_at);
        json_close(o);
    }
    json_close(o);
}

static void put_settings(struct json_out *o, const struct summary *s)
{
    json_open(o, "settings");
    for (size_t i = 0; i < s->settings; i++) {
        json_put_key(o, s->setting[i].name);
        json_put_text(o, NULL, s->setting[i].value);
    }
    json_close(o);
}

static void put_evidence(struct json_out *o, const struct archived *a)
{
    json_open(o, "evidence");
    json_put_int(o, "files", a->files);
    json_put_int(o, "records", a->records);
    json_put_int(o, "bytes", a->bytes);
    json_put_text(o, "digest", a->digest);
    json_put_instant(o, "verified_at", a->verified_at);
    json_close(o);
}

void report_summary_json(struct buf *out, const struct summary *s)
{
    struct json_out o = { .buf = out };

    json_open(&o, NULL);
    json_put_int(&o, "schema", 1);
    json_put_text(&o, "tool", s->tool);
    json_put_text(&o, "audit", s->audit);
    json_put_text(&o, "name", s->name);
    json_put_bool(&o, "final", s->final);
    json_put_instant(&o, "first_answer_at", s->first_answer_at);
    json_put_instant(&o, "newest_answer_at", s->newest_answer_at);
    json_open(&o, "waterfall");
    put_node(&o, &s->waterfall, NODE_ITEMS);
    json_close(&o);
    json_put_int(&o, "residual", waterfall_residual(&s->waterfall));
    put_headline(&o, s);
    put_checks(&o, &s->checks);
    put_batches(&o, &s->batches);
    put_late(&o, s);
    put_donors(&o, &s->donors);
    put_labels(&o, s);
    put_reasons(&o, s);
    put_basis(&o, s);
    put_rules(&o, s);
    put_overlaps(&o, s);
    put_fields(&o, s);
    report_put_counters(&o, &s->counters);
    report_put_ratios(&o, s);
    report_put_time(&o, &s->time);
    put_accounts(&o, &s->accounts);
    put_validation(&o, s);
    put_requests(&o, s);
    put_witnesses(&o, s);
    put_vantages(&o, &s->vantages);
    put_days(&o, s);
    put_outages(&o, s);
    put_plan(&o, &s->phases);
    put_open(&o, s);
    put_drift(&o, s);
    put_settings(&o, s);
    json_put_text(&o, "rules_digest", s->rules_digest);
    report_put_inputs(&o, &s->inputs);
    report_put_numbers(&o, &s->numbers);
    put_evidence(&o, &s->archived);
    report_put_review(&o, &s->review);
    report_put_sample(&o, &s->sample);
    json_close(&o);
    buf_char(out, '\n');
}
