/* audit/verdict/summarize.c: fills a summary from the store. Nothing here reads the
 * clock. */
#include "audit/verdict/summarize.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/archived.h"
#include "audit/inputs.h"
#include "audit/phases.h"
#include "audit/verdict/accounts.h"
#include "audit/verdict/batches.h"
#include "audit/verdict/card.h"
#include "audit/verdict/differ.h"
#include "audit/verdict/donors.h"
#include "audit/verdict/final.h"
#include "audit/verdict/numbers.h"
#include "audit/verdict/standing.h"
#include "base/array.h"
#include "base/utc.h"
#include "classify/rule.h"
#include "record/id.h"
#include "report/waterfall.h"
#include "store/expect.h"

struct filling {
    struct audit *audit;
    struct summary *s;
    struct arena *mem;
    const struct account_table *accounts;
    struct str *handle;    // by account: of its first item
    bool *excluded;        // by account: an item of it bears that label
    int64_t recent_first_at, recent_last_at;    // when what is too recent can be asked
    uint8_t *donated;      // by item: enum donated; NULL where no two donations came in
    struct {
        struct timeline_day *v;
        size_t n, cap;
    } days;
    struct {
        struct drift_row *v;
        size_t n, cap;
    } drifts;
};

static void take_setting(void *to, const char *name, const char *value)
{
    struct filling *f = to;
    struct summary *s = f->s;

    /* Where the run went and how fast is no part of the result. */
    if (!strcmp(name, "api.quota") || !strcmp(name, "net.ca_file") || strstr(name, "base_url") ||
        strstr(name, "short_url") || strstr(name, "_per_second") || strstr(name, "concurrency"))
        return;
    s->setting[s->settings++] = (struct setting_row){ arena_dup(f->mem, str_of(name)),
                                                      arena_dup(f->mem, str_of(value)) };
}

static void fill_settings(struct filling *f)
{
    size_t most = 0;

#define SETTING(section, key, type, dflt, takes, help) most++;
#include "record/settings.def"
#undef SETTING
    f->s->setting = arena_alloc(f->mem, most * sizeof *f->s->setting);
    settings_each(&f->audit->set, take_setting, f);
}

/* It holds for all that is public, or all that is refused: nothing of its own is in it. */
static bool is_fallback(const struct rule *r)
{
    for (size_t i = 0; i < r->len; i++)
        if (r->when[i].fact != FACT_PAGE_OUTCOME)
            return false;
    return true;
}

static void fill_rules(struct filling *f)
{
    struct summary *s = f->s;
    size_t n = rules_len(f->audit->rules);

    s->rule = arena_alloc(f->mem, (n ? n : 1) * sizeof *s->rule);
    for (size_t i = 0; i < n; i++) {
        const struct rule *r = rules_at(f->audit->rules, i);
        char text[UTC_TEXT_MAX];

        s->rule[i] = (struct rule_row){
            .name = arena_dup(f->mem, r->name),
            .source = arena_dup(f->mem, r->source),
            .label = r->label,
            .reason = r->reason,
            .basis = r->basis,
            .fallback = is_fallback(r),
        };
        if (r->since > INT64_MIN)
            s->rule[i].since = arena_dup(f->mem, str_of(utc_date(r->since, text)));
        if (r->until < INT64_MAX)
            s->rule[i].until = arena_dup(f->mem, str_of(utc_date(r->until, text)));
    }
    s->rules = n;
}

/* The site's witnesses of posts and accounts, each by what its readings said. */
static void count_said(struct witness_said *said, const struct day_row *row)
{
    bool blocked = no_answer_is_block(row->why) || row->why == NO_ANSWER_BLOCKED_ALONE;

    if (row->witness < WITNESS_PAGE || row->witness == WITNESS_SHORT)
        return;
    said += row->witness;
    said->asked += row->asked;
    said->is_public += row->found;
    said->refused += row->asked - row->found - row->failed;
    said->blocked += blocked ? row->failed : 0;
    said->no_answer += blocked ? 0 : row->failed;
}

static int count_day(void *to, const struct day_row *row, struct err *err)
{
    struct filling *f = to;
    struct summary *s = f->s;
    struct timeline_day *day;

    (void)err;
    s->request[row->witness].requests += row->requests;
    s->request[row->witness].sends += row->sends;
    s->request[row->witness].failed += row->failed;
    count_said(s->said, row);
    if (!f->days.n || f->days.v[f->days.n - 1].day != row->day) {
        ARRAY_ROOM(f->days.v, f->days.n, f->days.cap);
        f->days.v[f->days.n++] = (struct timeline_day){ .day = row->day };
    }
    day = &f->days.v[f->days.n - 1];
    if (row->witness == WITNESS_PAGE) {
        day->pages += row->requests;
    } else if (row->witness == WITNESS_QUERY) {
        day->requests += row->requests;
        day->asked += row->asked;
        day->found += row->found;
    }
    return 0;
}

static int take_drift(void *to, const struct tally_row *row, struct err *err)
{
    struct filling *f = to;

    (void)err;
    if (!strncmp(row->kind.p ? row->kind.p : "", "skipped", row->kind.n))
        return 0;
    ARRAY_ROOM(f->drifts.v, f->drifts.n, f->drifts.cap);
    f->drifts.v[f->drifts.n++] = (struct drift_row){ arena_dup(f->mem, row->kind),
                                                     arena_dup(f->mem, row->name), row->count,
                                                     row->first_at, row->last_at };
    return 0;
}

/* What grew on the heap goes to the arena of the summary. */
static void *settle(struct arena *mem, const void *v, size_t bytes)
{
    return bytes ? memcpy(arena_alloc(mem, bytes), v, bytes) : NULL;
}

/* ---- labels ---- */

static void take_recent(struct filling *f, int64_t due_at)
{
    if (!f->recent_first_at || due_at < f->recent_first_at)
        f->recent_first_at = due_at;
    if (due_at > f->recent_last_at)
        f->recent_last_at = due_at;
}

static void take_label(struct filling *f, const struct label_row *l, const struct item_row *row)
{
    /* Not the label's own number: a purge leaves other accounts than there were. */
    int64_t account = account_of(f->accounts->graph, l->item);
    const struct account_stat *a = account_table_find(f->accounts, account);

    if (a && !f->handle[account].n)
        f->handle[account] = arena_dup(f->mem, l->handle);
    if (a && l->label == LABEL_EXCLUDED_ACCOUNT)
        f->excluded[account] = true;
    if (f->donated)
        f->donated[l->item] = l->state == STATE_RETRIEVED ? DONATED_RETRIEVED
                              : l->state == STATE_MISSING && waterfall_group(l) == NODE_PUBLIC
                                  ? DONATED_MISSING
                                  : DONATED_OTHER;
    if (l->reason == REASON_TOO_RECENT)
        take_recent(f, due_by_age(item_born(row), &f->audit->set));
    summary_take(f->s, l, row->sampled, a && a->retrieved > 0);
}

static int take_labels(struct filling *f, struct err *err)
{
    struct label_cursor *labels = NULL;
    struct item_cursor *items = NULL;
    struct label_row l;
    struct item_row row;
    int got = -1;

    if (store_labels(f->audit->store, &labels, err) ||
        store_items(f->audit->store, ITEMS_ALL, 0, &items, err))
        goto out;
    while ((got = label_cursor_next(labels, &l, err)) > 0) {
        do
            got = item_cursor_next(items, &row, err);
        while (got > 0 && row.id < l.id);
        if (got < 0)
            break;
        take_label(f, &l, &row);
    }
out:
    item_cursor_close(items);
    label_cursor_close(labels);
    return got;
}

static void take_accounts(struct filling *f)
{
    for (size_t i = 1; i < f->accounts->n; i++) {
        const struct account_stat *a = &f->accounts->v[i];
        struct account_row row = {
            .handle = f->handle[i],
            .items = a->items,
            .asked = a->asked,
            .retrieved = a->retrieved,
            .trials = a->trials,
            .chance = isnan(a->chance) ? -1 : a->chance,
            .q = isnan(a->q) ? -1 : a->q,
            .info = a->info,
            .query_ok = a->query_ok,
            .query_rows = a->query_rows,
            .canada = a->public_items ? (double)a->canada / (double)a->public_items : -1,
        };

        row.verdict = a->retrieved                           ? ACCOUNT_RETURNED
                      : a->trials < f->s->accounts.min_items ? ACCOUNT_TOO_FEW
                      : f->excluded[i]                       ? ACCOUNT_EXCLUDED
                                                             : ACCOUNT_CHANCE;
        summary_account(f->s, &row);
    }
}

/* ---- what is open, by reason, and when it can be decided ---- */

static void fill_due(struct filling *f)
{
    static const enum reason open[] = { REASON_TOO_RECENT, REASON_UNOBSERVED, REASON_UNCONFIRMED,
                                        REASON_NOT_ASKED, REASON_RULE_GAVE_UP };
    struct summary *s = f->s;

    s->due = arena_alloc(f->mem, sizeof open / sizeof *open * sizeof *s->due);
    for (size_t i = 0; i < sizeof open / sizeof *open; i++)
        if (s->reason[open[i]])
            s->due[s->dues++] = (struct due_row){ .reason = open[i], .count = s->reason[open[i]] };
    for (size_t i = 0; i < s->dues; i++)
        if (s->due[i].reason == REASON_TOO_RECENT) {
            s->due[i].first_at = f->recent_first_at;
            s->due[i].last_at = f->recent_last_at;
        } else if (s->due[i].reason == REASON_UNCONFIRMED) {
            /* Another absence counts on another day. */
            s->due[i].first_at = (utc_day(s->newest_answer_at) + 1) * UTC_DAY_S;
        }
}

static int fill_numbers(struct filling *f, struct err *err)
{
    struct store_totals totals;
    char hex[DIGEST_HEX];

    if (store_expect_numbers(f->audit->store, (int)f->audit->set.page_attempts, err) ||
        store_totals(f->audit->store, &totals, err))
        return -1;
    f->s->mem = f->mem;
    f->s->audit = arena_dup(f->mem, buf_view(&f->audit->name));
    f->s->name = arena_dup(f->mem, str_of(f->audit->set.report_name));
    f->s->tool = arena_printf(f->mem, "blindspot %s", BLINDSPOT_VERSION);
    f->s->rules_digest = arena_dup(f->mem, str_of(digest_hex(&f->audit->rules_digest, hex)));
    f->s->waterfall.n[NODE_ITEMS] = totals.items;
    f->s->first_answer_at = totals.first_answer_at;
    f->s->newest_answer_at = totals.newest_answer_at;
    f->s->accounts.min_items = f->audit->set.account_min_items;
    fill_settings(f);
    fill_rules(f);
    if (inputs_read(f->audit, f->mem, &f->s->inputs, err) ||
        archived_read(f->audit->store, f->mem, &f->s->archived, err) ||
        phases_read(f->audit, &f->s->phases, err) ||
        store_days(f->audit->store, count_day, f, err) ||
        store_tallies(f->audit->store, NULL, take_drift, f, err))
        return -1;
    f->s->day = settle(f->mem, f->days.v, f->days.n * sizeof *f->days.v);
    f->s->days = f->days.n;
    f->s->drift = settle(f->mem, f->drifts.v, f->drifts.n * sizeof *f->drifts.v);
    f->s->drifts = f->drifts.n;
    return 0;
}

/* Of a summary with criteria the same pass fills their card. */
static int fill_fields(struct filling *f, struct card *card, struct err *err)
{
    struct diff_result r;

    if (card ? card_fill(card, f->audit, f->accounts, &r, err)
             : differ_each(f->audit, NULL, &r, err))
        return -1;
    for (int i = 0; i < FIELD_COUNT; i++) {
        const struct diff_tally *t = &r.count.field[i];

        f->s->field[i][VERDICT_EQUAL] = t->equal;
        f->s->field[i][VERDICT_WITHIN] = t->within;
        f->s->field[i][VERDICT_DIFFERS] = t->differs;
        f->s->field[i][VERDICT_API_ONLY] = t->api_only;
        f->s->field[i][VERDICT_PAGE_ONLY] = t->page_only;
    }
    f->s->counters = differ_counters(&r);
    return 0;
}

/* What the labels rest on beside the answers: who asked with whom, whose items they are. */
static int fill_from_view(struct filling *f, const struct view *view, struct err *err)
{
    struct summary *s = f->s;
    int64_t donations = 0;

    if (accounts_hold(f->audit, view, &f->accounts, err) ||
        store_count_sources(f->audit->store, "donation", &donations, err))
        return -1;
    f->handle = xcalloc(f->accounts->n, sizeof *f->handle);
    f->excluded = xcalloc(f->accounts->n, sizeof *f->excluded);
    batches_fill(s, f->mem, view);
    s->accounts.rate = isnan(f->accounts->model.b) ? 0 : f->accounts->model.b;
    s->accounts.rho = isnan(f->accounts->model.rho) ? 0 : f->accounts->model.rho;
    if (donations > 1)
        f->donated = xcalloc((uint64_t)view_max_item(view) + 1, sizeof *f->donated);
    if (take_labels(f, err) || (f->donated && donors_fill(f->audit, f->donated, s, err)))
        return -1;
    take_accounts(f);
    fill_due(f);
    return 0;
}

static int fill_final(struct audit *audit, const struct view *view, struct summary *s,
                      struct err *err)
{
    int64_t at = 0;

    return standing_as_of(audit, &at, err) || standing_final(audit, view, at, &s->final, err) ? -1
                                                                                              : 0;
}

static int fill(struct audit *audit, struct arena *mem, bool criteria, struct summary *s,
                struct behind **behind, struct err *err)
{
    struct filling f = { .audit = audit, .s = s, .mem = mem };
    struct card card = { 0 };
    struct numbers_from from = { .audit = audit, .card = &card, .s = s };
    const struct view *view = NULL;
    int rc = -1;

    memset(s, 0, sizeof *s);
    if (fill_numbers(&f, err) || audit_view_hold(audit, &view, err) ||
        fill_final(audit, view, s, err) || fill_from_view(&f, view, err))
        goto out;
    if (behind)
        *behind = card.behind = behind_new(view_max_item(view));
    if (fill_fields(&f, criteria ? &card : NULL, err) || summary_finish(s, err))
        goto out;
    from.view = view;
    from.behind = card.behind;
    from.accounts = f.accounts;
    rc = criteria ? numbers_make(&from, err) : witness_numbers(&from, err);
out:
    card_release(&card);
    free(f.days.v);
    free(f.drifts.v);
    free(f.handle);
    free(f.excluded);
    free(f.donated);
    audit_view_let(audit, view);
    return rc;
}

int summarize(struct audit *audit, struct arena *mem, struct summary *s, struct behind **behind,
              struct err *err)
{
    int rc;

    store_keep_answers(audit->store, true);
    rc = fill(audit, mem, true, s, behind, err);
    store_keep_answers(audit->store, false);
    return rc;
}

int summarize_briefly(struct audit *audit, struct arena *mem, struct summary *s, struct err *err)
{
    int rc;

    store_keep_answers(audit->store, true);
    rc = fill(audit, mem, false, s, NULL, err);
    store_keep_answers(audit->store, false);
    return rc;
}
