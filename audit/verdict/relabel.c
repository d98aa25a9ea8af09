/* audit/verdict/relabel.c: diff and classify over what is stored.
 *
 * Classifying is three passes over the items by id. The first joins accounts;
 * the second counts each account's trials, for which the rules before the first
 * account rule must have spoken; the third labels. */
#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/relabel.h"
#include "base/utc.h"
#include "record/fact.h"
#include "record/id.h"

/* ---- diff ---- */

static int learn(struct audit *audit, struct diff_model *model, struct err *err)
{
    struct pair_cursor *cursor = NULL;
    struct pair_row row;
    int got;

    if (store_pairs(audit->store, false, false, &cursor, err))
        return -1;
    while ((got = pair_cursor_next(cursor, &row, err)) > 0)
        if (row.rec[SIDE_PAGE])
            diff_model_learn_page(model, row.page_generation, row.rec[SIDE_PAGE]);
    pair_cursor_close(cursor);
    return got;
}

/* Two readings of one counter, one after the other. */
struct growth { struct diff_model *model; struct counter_row last; };

static int learn_growth(void *to, const struct counter_row *row, struct err *err)
{
    struct growth *g = to;

    (void)err;
    if (g->last.item == row->item && g->last.side == row->side)
        for (int f = 0; f < FIELD_COUNT; f++)
            if (g->last.val[f].kind == VAL_INT && row->val[f].kind == VAL_INT &&
                field_info((enum field)f)->cmp == CMP_COUNTER)
                diff_model_learn_growth(g->model, (enum field)f, id_time(row->id), g->last.at,
                                        g->last.val[f].i, row->at, row->val[f].i);
    g->last = *row;
    return 0;
}

/* skip: pairs that agree in every compared field are passed over by their
 * hashes alone, without reading a field; the tallies then lack them. */
static int diff_pass(struct audit *audit, const struct diff_sink *sink, bool skip,
                     struct diff_result *result, struct err *err)
{
    struct diff_model *model = diff_model_new();
    struct growth growth = { .model = model };
    struct pair_cursor *cursor = NULL;
    struct pair_row row;
    int got = -1;

    memset(result, 0, sizeof *result);
    if (learn(audit, model, err) || store_counters(audit->store, 0, learn_growth, &growth, err) ||
        store_pairs(audit->store, true, skip, &cursor, err))
        goto out;
    while ((got = pair_cursor_next(cursor, &row, err)) > 0) {
        struct diff_pair pair = {
            .item = row.item,
            .id = row.id,
            .api = row.rec[SIDE_API],
            .page = row.rec[SIDE_PAGE],
            .api_at = row.at[SIDE_API],
            .page_at = row.at[SIDE_PAGE],
            .generation = row.page_generation,
        };

        result->pairs++;
        if (diff_pair(model, &pair, sink, result->field, err)) {
            got = -1;
            break;
        }
    }
out:
    pair_cursor_close(cursor);
    diff_model_free(model);
    return got;
}

int relabel_diff_each(struct audit *audit, bool equal,
                      int (*each)(void *to, const struct gap *, struct err *), void *to,
                      struct diff_result *result, struct err *err)
{
    struct diff_sink sink = { .emit = each, .equal = equal, .to = to };

    return diff_pass(audit, &sink, false, result, err);
}

static int put_gap(void *to, const struct gap *gap, struct err *err)
{
    return store_gap_put(to, gap, err);
}

int relabel_diff(struct audit *audit, struct err *err)
{
    struct diff_sink sink = { .emit = put_gap, .to = audit->store };
    struct diff_result skipped;

    if (store_gaps_begin(audit->store, err))
        return -1;
    if (diff_pass(audit, &sink, true, &skipped, err)) {
        store_rollback(audit->store);
        return -1;
    }
    return store_gaps_end(audit->store, err);
}

/* ---- items and records, merged by id ---- */

struct walk {
    struct item_cursor *items; struct pair_cursor *pairs;
    struct item_row row; struct pair_row pair;
    int pair_state;                    // 1: pair is ahead or at row; 0: end
    const struct record *rec[SIDE_COUNT];
};

static int walk_open(struct audit *audit, struct walk *w, struct err *err)
{
    memset(w, 0, sizeof *w);
    if (store_items(audit->store, ITEMS_ALL, 0, &w->items, err) ||
        store_pairs(audit->store, false, false, &w->pairs, err))
        return -1;
    w->pair_state = pair_cursor_next(w->pairs, &w->pair, err);
    return w->pair_state < 0 ? -1 : 0;
}

static int walk_next(struct walk *w, struct err *err)
{
    int got = item_cursor_next(w->items, &w->row, err);

    if (got <= 0)
        return got;
    while (w->pair_state > 0 && w->pair.id < w->row.id)
        w->pair_state = pair_cursor_next(w->pairs, &w->pair, err);
    if (w->pair_state < 0)
        return -1;
    for (int s = 0; s < SIDE_COUNT; s++)
        w->rec[s] = w->pair_state > 0 && w->pair.id == w->row.id ? w->pair.rec[s] : NULL;
    return 1;
}

static void walk_close(struct walk *w)
{
    item_cursor_close(w->items);
    pair_cursor_close(w->pairs);
}

/* ---- facts ---- */

/* What the page last said that decides: an item that was public through all
 * its sound absences stays public for the rules, whatever came later. */
static enum answer_kind page_outcome(const struct item_row *row, const struct silence *s)
{
    return s && s->late_refusal ? ANSWER_PUBLIC : row->page;
}

/* Rows under its name prove that the API knows an account, whatever user/info says. */
static struct str known_text(const struct account_stat *a)
{
    if ((a->query_ok && a->query_rows > 0) || a->info == USER_INFO_KNOWN)
        return STR("yes");
    return a->info == USER_INFO_UNKNOWN  ? STR("no")
           : a->info == USER_INFO_DENIED ? STR("denied")
                                         : STR_NONE;
}

static void set_account(struct facts *facts, const struct account_stat *a)
{
    facts->val[FACT_ACCOUNT_ITEMS] = value_int(a->items);
    facts->val[FACT_ACCOUNT_ASKED] = value_int(a->asked);
    facts->val[FACT_ACCOUNT_RETRIEVED] = value_int(a->retrieved);
    facts->val[FACT_ACCOUNT_TRIALS] = value_int(a->trials);
    if (a->public_items > 0)
        facts->val[FACT_ACCOUNT_CANADA] = value_real((double)a->canada / (double)a->public_items);
    if (known_text(a).n)
        facts->val[FACT_ACCOUNT_KNOWN] = value_text(known_text(a));
    if (a->query_ok)
        facts->val[FACT_ACCOUNT_ROWS] = value_int(a->query_rows);
    if (!isnan(a->chance))
        facts->val[FACT_ACCOUNT_CHANCE] = value_real(a->chance);
    if (!isnan(a->q))
        facts->val[FACT_ACCOUNT_Q] = value_real(a->q);
}

void relabel_facts(const struct audit *audit, const struct item_row *row, const struct silence *s,
                   const struct record *api, const struct record *page,
                   const struct account_stat *account, struct facts *facts)
{
    enum answer_kind outcome = page_outcome(row, s);
    int64_t by_id = id_time(row->id), born = row->page_created > by_id ? row->page_created : by_id;

    memset(facts, 0, sizeof *facts);
    facts->val[FACT_ACCOUNT_MIN_ITEMS] = value_int(audit->set.account_min_items);
    if (outcome == ANSWER_PUBLIC || outcome == ANSWER_REFUSED || outcome == ANSWER_NO_ANSWER)
        facts->val[FACT_PAGE_OUTCOME] = value_text(str_of(answer_name(outcome)));
    /* A refusal may show fields of its own; a record of a page that was public
     * before says nothing of it, and the store keeps that one. */
    if (outcome == ANSWER_PUBLIC || (outcome == ANSWER_REFUSED && !row->public_first_at))
        facts_set_record(facts, SIDE_PAGE, page);
    if (outcome == ANSWER_REFUSED) {
        if (row->has_code)
            facts->val[FACT_PAGE_CODE] = value_int(row->code);
        facts->val[FACT_PAGE_MSG] = value_text(row->message);
        if (row->oembed != ANSWER_COUNT)
            facts->val[FACT_PAGE_OEMBED] = value_text(str_of(answer_name(row->oembed)));
        if (row->elsewhere == ANSWER_PUBLIC || row->elsewhere == ANSWER_REFUSED)
            facts->val[FACT_PAGE_ELSEWHERE] = value_text(str_of(answer_name(row->elsewhere)));
    }
    if (row->region.n)
        facts->val[FACT_PAGE_REGION] = value_text(row->region);
    facts_set_record(facts, SIDE_API, api);
    if (row->asked)
        facts->val[FACT_API_OUTCOME] = value_text(row->found_first_at ? STR("found")
                                                                      : STR("absent"));
    facts->val[FACT_ITEM_ASKED] = value_int(row->asked);
    facts->val[FACT_ITEM_DAYS] = value_int(row->days);
    if (row->last_at)
        facts->val[FACT_ITEM_AGE] = value_int((row->last_at - born) / 3600);
    if (account)
        set_account(facts, account);
}

/* ---- accounts ---- */

static struct str text_of(const struct record *r, enum field f)
{
    return r && r->val[f].kind == VAL_TEXT ? r->val[f].text : STR_NONE;
}

#define ITEM_ASKED 1u
#define ITEM_RETRIEVED 2u
#define ITEM_PUBLIC 4u
#define ITEM_CANADA 8u

static int join_accounts(struct audit *audit, struct account_graph *graph, uint8_t *flags,
                         struct err *err)
{
    struct walk w;
    int got = -1;

    if (walk_open(audit, &w, err))
        goto out;
    while ((got = walk_next(&w, err)) > 0) {
        const struct record *page = w.rec[SIDE_PAGE], *api = w.rec[SIDE_API];

        account_graph_add(graph, w.row.n, STR_NONE, w.row.handle, ACCOUNT_FROM_LINK);
        if (page)
            account_graph_add(graph, w.row.n, text_of(page, FIELD_AUTHOR_ID),
                              text_of(page, FIELD_AUTHOR), ACCOUNT_FROM_PAGE);
        if (api)
            account_graph_add(graph, w.row.n, STR_NONE, text_of(api, FIELD_AUTHOR),
                              ACCOUNT_FROM_API);
        /* A post that is gone since tells of its account what it showed before. */
        flags[w.row.n] =
            (uint8_t)((w.row.asked ? ITEM_ASKED : 0) | (w.row.found_first_at ? ITEM_RETRIEVED : 0) |
                      (w.row.public_first_at ? ITEM_PUBLIC : 0) |
                      (w.row.public_first_at && str_eq(text_of(page, FIELD_PLACE), STR("CA"))
                           ? ITEM_CANADA
                           : 0));
    }
out:
    walk_close(&w);
    return got;
}

static void count_items(struct account_table *t, const uint8_t *flags, int64_t max_item)
{
    for (int64_t i = 1; i <= max_item; i++) {
        struct account_stat *a = &t->v[account_of(t->graph, i)];

        a->items++;
        a->asked += (flags[i] & ITEM_ASKED) != 0;
        a->retrieved += (flags[i] & ITEM_RETRIEVED) != 0;
        a->public_items += (flags[i] & ITEM_PUBLIC) != 0;
        a->canada += (flags[i] & ITEM_CANADA) != 0;
    }
}

/* Answers come by time: the last one about an account stands, and one that
 * says nothing takes nothing away. */
static int take_user(void *to, const struct user_answer *u, struct err *err)
{
    struct account_table *t = to;
    struct account_stat *a = &t->v[account_of(t->graph, u->item)];

    (void)err;
    if (u->query_ok) {
        a->query_ok = true;
        a->query_rows = u->query_rows;
    }
    if (u->info != USER_INFO_NONE) {
        a->info = u->info;
        a->has_videos = u->has_videos;
        a->videos = u->videos;
    }
    return 0;
}

static bool is_public_missing(const struct silence *s)
{
    return s && s->confirmed && (s->standing == STANDING_PUBLIC || s->late_refusal);
}

/* Trials: items that are public and confirmed, or retrieved, and that no rule
 * before the account's own explains. */
static int count_trials(struct audit *audit, const struct view *view, struct account_table *t,
                        struct err *err)
{
    size_t before = rules_before_account(audit->rules);
    struct facts facts;
    struct walk w;
    int got = -1;

    if (walk_open(audit, &w, err))
        goto out;
    while ((got = walk_next(&w, err)) > 0) {
        const struct silence *s = view_find(view, w.row.n);
        int64_t account = account_of(t->graph, w.row.n);

        if (!account || (!w.row.found_first_at && !is_public_missing(s)))
            continue;
        relabel_facts(audit, &w.row, s, w.rec[SIDE_API], w.rec[SIDE_PAGE], &t->v[account], &facts);
        if (!rules_match_before(audit->rules, &facts, before)) {
            t->v[account].trials++;
            t->v[account].trials_retrieved += w.row.found_first_at != 0;
        }
    }
out:
    walk_close(&w);
    return got;
}

static int make_accounts(struct audit *audit, const struct view *view, struct account_table *t,
                         struct err *err)
{
    uint8_t *flags = xcalloc((uint64_t)view_max_item(view) + 1, 1);
    int rc = -1;

    t->graph = account_graph_new();
    if (join_accounts(audit, t->graph, flags, err))
        goto out;
    t->n = (size_t)account_graph_finish(t->graph) + 1;
    t->v = xcalloc(t->n, sizeof *t->v);
    for (size_t i = 0; i < t->n; i++)
        t->v[i].chance = t->v[i].q = NAN;
    count_items(t, flags, view_max_item(view));
    if (store_users(audit->store, take_user, t, err) || count_trials(audit, view, t, err))
        goto out;
    t->model = account_stats(t->v + 1, t->n - 1, audit->set.account_min_items);
    rc = 0;
out:
    free(flags);
    return rc;
}

int relabel_accounts(struct audit *audit, const struct view *view, const struct account_table **out,
                     struct err *err)
{
    struct account_table **kept = held_accounts(audit, view);

    if (!*kept) {
        struct account_table *t = xcalloc(1, sizeof *t);

        if (make_accounts(audit, view, t, err)) {
            account_table_free(t);
            return -1;
        }
        *kept = t;
    }
    *out = *kept;
    return 0;
}

/* ---- states and labels ---- */

/* The verdict on an item in one number, to tell whether it moved; 0 = none yet. */
static uint32_t verdict_code(const struct label_row *l)
{
    return 1u + (uint32_t)l->state + ((uint32_t)l->label << 8) + ((uint32_t)l->reason << 16);
}

/* The former verdicts by item: 4 bytes each. */
static int read_verdicts(struct audit *audit, uint32_t *old, int64_t max_item, struct err *err)
{
    struct label_cursor *cursor = NULL;
    struct label_row l;
    int got;

    if (store_labels(audit->store, &cursor, err))
        return -1;
    while ((got = label_cursor_next(cursor, &l, err)) > 0)
        if (l.item <= max_item)
            old[l.item] = verdict_code(&l);
    label_cursor_close(cursor);
    return got;
}

struct labeller {
    struct audit *audit;
    const struct view *view;
    const struct account_table *accounts;
    int64_t newest_at;
    struct buf days;
    uint32_t *old;                     // by item
    struct classify_result *result;
};

static void set_open(struct label_row *l, enum reason reason)
{
    l->state = STATE_OPEN;
    l->reason = reason;
}

/* The reports carry no clock: an item that was never asked is too recent by
 * the newest answer of the audit. */
static void decide_state(const struct labeller *lab, const struct item_row *row,
                         const struct silence *s, struct label_row *l)
{
    int64_t by_id = id_time(row->id), born = row->page_created > by_id ? row->page_created : by_id;
    int64_t due = due_by_age(born, &lab->audit->set);

    if (row->found_first_at) {
        l->state = STATE_RETRIEVED;
        l->reason = row->absent_before_found ? REASON_AFTER_RETRIES : REASON_AT_ONCE;
    } else if (!row->asked || (s && s->outage_only)) {
        set_open(l, lab->newest_at && lab->newest_at < due ? REASON_TOO_RECENT : REASON_NOT_ASKED);
    } else if (row->last_at < due) {
        set_open(l, REASON_TOO_RECENT);
    } else if (!s || s->standing == STANDING_UNREAD) {
        set_open(l, REASON_UNOBSERVED);
    } else if (!s->confirmed) {
        set_open(l, REASON_UNCONFIRMED);
    } else {
        l->state = STATE_MISSING;
        l->confirmed = true;
    }
}

static void apply_rules(const struct labeller *lab, struct walk *w, const struct silence *s,
                        struct label_row *l)
{
    const struct rule *rule;
    struct facts facts;

    relabel_facts(lab->audit, &w->row, s, w->rec[SIDE_API], w->rec[SIDE_PAGE],
                  l->account ? &lab->accounts->v[l->account] : NULL, &facts);
    l->rules_hit = rules_hits(lab->audit->rules, &facts).w[0];
    if (l->state != STATE_MISSING)
        return;
    rule = rules_match(lab->audit->rules, &facts);
    if (!rule) {      // an owner's rules may leave items without one
        l->label = LABEL_UNKNOWN;
        l->reason = l->page == ANSWER_PUBLIC ? REASON_UNEXPLAINED : REASON_REFUSED_UNEXPLAINED;
        l->basis = BASIS_UNEXPLAINED;
        return;
    }
    l->label = rule->label;
    l->reason = rule->reason;
    l->rule = rule->name;
    l->basis = rule_basis(rule, utc_day(l->last_at));
}

static void list_days(struct buf *out, const struct silence *s)
{
    char text[UTC_TEXT_MAX];

    buf_clear(out);
    for (int i = 0; s && i < s->absent->days; i++)
        if (s->absent->day[i].sound)
            buf_printf(out, "%s%s", out->n ? " " : "", utc_date(s->absent->day[i].day, text));
}

static void fill(struct labeller *lab, struct walk *w, const struct silence *s, struct label_row *l)
{
    const struct item_row *row = &w->row;
    const struct record *page = w->rec[SIDE_PAGE], *api = w->rec[SIDE_API];

    memset(l, 0, sizeof *l);
    l->item = row->n;
    l->id = row->id;
    l->handle = row->handle;
    if (text_of(page, FIELD_AUTHOR).n)
        l->handle = text_of(page, FIELD_AUTHOR);
    else if (text_of(api, FIELD_AUTHOR).n)
        l->handle = text_of(api, FIELD_AUTHOR);
    l->asked = row->asked;
    l->days = row->days;
    l->first_at = row->first_at;
    l->last_at = row->last_at;
    l->created_at = row->page_created  ? row->page_created
                    : row->api_created ? row->api_created
                                       : id_time(row->id);
    l->page = page_outcome(row, s);
    l->has_code = row->has_code;
    l->code = row->code;
    l->message = row->message;
    l->page_at = row->page_at;
    if (s && s->late_refusal) {
        l->has_code = true;
        l->code = 0;
        l->message = STR_NONE;
        l->page_at = row->public_last_at;
        l->later_refused_at = row->refused_last_at;
    }
    l->place = text_of(page, FIELD_PLACE);
    l->region = text_of(api, FIELD_REGION);
    l->validation = row->valid;
    l->elsewhere = row->elsewhere;
    l->elsewhere_at = row->elsewhere == ANSWER_COUNT ? 0 : row->elsewhere_at;
    l->elsewhere_vantage = row->elsewhere == ANSWER_COUNT ? 0 : row->elsewhere_vantage;
    l->account = account_of(lab->accounts->graph, row->n);
    l->residual = s && is_public_missing(s) ? s->absent->residual : -1;
    list_days(&lab->days, s);
    l->sound_days = s ? s->absent->sound.days : 0;
    l->sound_list = buf_view(&lab->days);
    l->api_request = row->api_request;
    l->page_request = row->page_request;
    decide_state(lab, row, s, l);
    apply_rules(lab, w, s, l);
}

/* A purged item keeps the verdict that it had. */
static bool count_kept(struct labeller *lab, uint32_t verdict)
{
    if (!verdict)
        return false;
    lab->result->items++;
    lab->result->state[((verdict & 0xff) - 1) % STATE_COUNT]++;
    lab->result->label[(verdict >> 8 & 0xff) % LABEL_COUNT]++;
    return true;
}

static int label_all(struct labeller *lab, struct err *err)
{
    struct label_row l;
    struct walk w;
    int got = -1;

    if (walk_open(lab->audit, &w, err))
        goto out;
    while ((got = walk_next(&w, err)) > 0) {
        if (w.row.purged_at && count_kept(lab, lab->old[w.row.n]))
            continue;
        fill(lab, &w, view_find(lab->view, w.row.n), &l);
        lab->result->items++;
        lab->result->state[l.state]++;
        lab->result->label[l.label]++;
        lab->result->moved += lab->old[l.item] && lab->old[l.item] != verdict_code(&l);
        if (store_label_put(lab->audit->store, &l, err)) {
            got = -1;
            break;
        }
    }
out:
    walk_close(&w);
    buf_release(&lab->days);
    return got;
}

/* What the labels rest on: answers, rules and the settings that decide. */
static int stamp_text(struct audit *audit, struct buf *text, struct err *err)
{
    const struct settings *set = &audit->set;
    struct store_stamp newest;
    char hex[DIGEST_HEX];

    if (store_stamp(audit->store, &newest, err))
        return -1;
    buf_printf(text, "%" PRId64 " %s %" PRId64 " %" PRId64 " %g %" PRId64 " %d", newest.answers,
               digest_hex(&audit->rules_digest, hex), set->api_min_age_hours, set->api_confirm_days,
               set->api_residual, set->account_min_items, (int)set->page_recheck);
    return 0;
}

static int stamp(struct audit *audit, struct err *err)
{
    struct buf text = {0};
    int rc = stamp_text(audit, &text, err);

    if (rc == 0)
        rc = store_meta_set(audit->store, "labels_of", buf_view(&text), err);
    buf_release(&text);
    return rc;
}

int relabel_classify(struct audit *audit, struct classify_result *result, struct err *err)
{
    struct labeller lab = { .audit = audit, .result = result };
    struct store_stamp newest;
    const struct view *view;
    int rc = -1;

    memset(result, 0, sizeof *result);
    if (audit_view_hold(audit, &view, err))
        return -1;
    if (store_stamp(audit->store, &newest, err) ||
        relabel_accounts(audit, view, &lab.accounts, err))
        goto out;
    lab.view = view;
    lab.newest_at = newest.newest_answer_at;
    lab.old = xcalloc((uint64_t)view_max_item(view) + 1, sizeof *lab.old);
    if (read_verdicts(audit, lab.old, view_max_item(view), err) ||
        store_labels_begin(audit->store, &audit->rules_digest, buf_view(&audit->rules_text), err))
        goto out;
    if (label_all(&lab, err)) {
        store_rollback(audit->store);
        goto out;
    }
    rc = store_labels_end(audit->store, err) || stamp(audit, err) ? -1 : 0;
out:
    free(lab.old);
    audit_view_let(audit, view);
    return rc;
}

int relabel_if_stale(struct audit *audit, struct err *err)
{
    struct classify_result labels;
    struct buf want = {0}, have = {0};
    int rc = -1;

    if (store_meta_get(audit->store, "labels_of", &have, err) || stamp_text(audit, &want, err))
        goto out;
    rc = str_eq(buf_view(&want), buf_view(&have))
        ? 0 : relabel_diff(audit, err) || relabel_classify(audit, &labels, err) ? -1 : 0;
out:
    buf_release(&want);
    buf_release(&have);
    return rc;
}
