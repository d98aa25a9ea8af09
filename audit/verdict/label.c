/* audit/verdict/label.c: one pass over the items by id: the state, then the first rule
 * that holds. */
#include "audit/verdict/label.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/accounts.h"
#include "audit/verdict/differ.h"
#include "audit/verdict/facts.h"
#include "audit/verdict/standing.h"
#include "audit/verdict/walk.h"
#include "base/log.h"
#include "base/utc.h"
#include "record/id.h"
#include "store/expect.h"

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
    struct buf days, public_at, refused_at;
    uint32_t *old;    // by item
    bool *no_instant;    // by item: no instant fits all counters of its API row
    int64_t max_item;
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
    int64_t due = due_by_age(item_born(row), &lab->audit->set);

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

/* The statistics of a rule lack the items of which nobody can tell. */
static void count_gave_up(struct labeller *lab, const struct hits *gave_up, uint64_t id)
{
    for (size_t i = 0; i < rules_len(lab->audit->rules); i++)
        if (hits_has(gave_up, i) && lab->result->gave_up[i].items++ == 0)
            lab->result->gave_up[i].first = id;
}

static int apply_rules(struct labeller *lab, const struct item_walk *w, const struct silence *s,
                       struct label_row *l, struct err *err)
{
    struct item_known known = { .row = &w->row,
                                .silence = s,
                                .api = w->rec[SIDE_API],
                                .page = w->rec[SIDE_PAGE],
                                .at = &w->at,
                                .account = account_table_find(lab->accounts, l->account) };
    const struct rule *rule, *no_answer;
    struct hits gave_up;
    struct facts facts;

    if (facts_generation(lab->audit, &w->row, s, &known.generation, err))
        return -1;
    facts_of_item(lab->audit, &known, &facts);
    l->hits = rules_hits(lab->audit->rules, &facts, &gave_up);
    if (hits_any(&gave_up))
        count_gave_up(lab, &gave_up, l->id);
    if (l->state != STATE_MISSING)
        return 0;
    rule = rules_match(lab->audit->rules, &facts, rules_len(lab->audit->rules), &no_answer);
    if (no_answer) {
        set_open(l, REASON_RULE_GAVE_UP);
        l->confirmed = false;
        l->rule = no_answer->name;
        return 0;
    }
    if (!rule) {      // an owner's rules may leave items without one
        l->label = LABEL_UNKNOWN;
        l->reason = l->page == ANSWER_PUBLIC ? REASON_UNEXPLAINED : REASON_REFUSED_UNEXPLAINED;
        l->basis = BASIS_UNEXPLAINED;
        return 0;
    }
    l->label = rule->label;
    l->reason = rule->reason;
    l->rule = rule->name;
    l->basis = rule_basis(rule, utc_day(l->last_at));
    return 0;
}

static void list_days(struct buf *out, const struct silence *s)
{
    char text[UTC_TEXT_MAX];

    buf_clear(out);
    for (int i = 0; s && i < s->absent->days; i++)
        if (s->absent->day[i].sound)
            buf_printf(out, "%s%s", out->n ? " " : "", utc_date(s->absent->day[i].day, text));
}

/* The page as it decides: where a refusal came too late, as it was before. */
static void fill_page(const struct item_row *row, const struct silence *s, struct label_row *l)
{
    const bool late = s && s->late_refusal, elsewhere = row->elsewhere != ANSWER_COUNT;

    l->page = facts_page_outcome(row, s);
    l->has_code = late || row->has_code;
    l->code = late ? 0 : row->code;
    l->message = late ? STR_NONE : row->message;
    l->page_at = late ? row->public_last_at : row->page_at;
    l->later_refused_at = late ? row->refused_last_at : 0;
    l->page_request = row->page_request;
    l->elsewhere = row->elsewhere;
    l->elsewhere_at = elsewhere ? row->elsewhere_at : 0;
    l->elsewhere_vantage = elsewhere ? row->elsewhere_vantage : 0;
}

/* None where the two sides have no counter in common. */
static enum snapshot snapshot_of(const struct labeller *lab, const struct item_walk *w)
{
    int64_t api[COUNTERS], page[COUNTERS];

    if (!w->rec[SIDE_API] || !w->rec[SIDE_PAGE])
        return SNAPSHOT_NONE;
    counters_of_record(w->rec[SIDE_API], api);
    counters_of_record(w->rec[SIDE_PAGE], page);
    for (int c = 0; c < COUNTERS; c++)
        if (api[c] != COUNTER_ABSENT && page[c] != COUNTER_ABSENT)
            return lab->no_instant[w->row.n] ? SNAPSHOT_NO : SNAPSHOT_YES;
    return SNAPSHOT_NONE;
}

static struct str apart_by_blanks(struct buf *out, struct str set)
{
    struct str one;

    buf_clear(out);
    while (set_next(&set, &one))
        buf_printf(out, "%s%.*s", out->n ? " " : "", STR_ARG(one));
    return buf_view(out);
}

static int fill(struct labeller *lab, const struct item_walk *w, const struct silence *s,
                struct label_row *l, struct err *err)
{
    const struct item_row *row = &w->row;
    const struct record *page = w->rec[SIDE_PAGE], *api = w->rec[SIDE_API];

    memset(l, 0, sizeof *l);
    l->item = row->n;
    l->id = row->id;
    l->handle = row->handle;
    if (record_text(page, FIELD_AUTHOR).n)
        l->handle = record_text(page, FIELD_AUTHOR);
    else if (record_text(api, FIELD_AUTHOR).n)
        l->handle = record_text(api, FIELD_AUTHOR);
    l->asked = row->asked;
    l->days = row->days;
    l->first_at = row->first_at;
    l->last_at = row->last_at;
    l->created_at = item_created(row);
    l->api_request = row->api_request;
    l->place = record_text(page, FIELD_PLACE);
    l->region = record_text(api, FIELD_REGION);
    l->validation = row->valid;
    l->snapshot = snapshot_of(lab, w);
    l->account = account_of(lab->accounts->graph, row->n);
    l->public_at = apart_by_blanks(&lab->public_at, w->at.public_at);
    l->refused_at = apart_by_blanks(&lab->refused_at, w->at.refused_at);
    fill_page(row, s, l);
    l->residual = silence_is_missing(s) ? s->absent->residual : -1;
    list_days(&lab->days, s);
    l->sound_days = s ? s->absent->sound.days : 0;
    l->sound_list = buf_view(&lab->days);
    decide_state(lab, row, s, l);
    return apply_rules(lab, w, s, l, err);
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

/* A vantage's name in a rule that is no vantage's is a slip of the pen, or comes too early. */
static void tell_unknown_places(const struct audit *audit, const struct places *places)
{
    for (size_t i = 0; i < rules_len(audit->rules); i++) {
        const struct rule *rule = rules_at(audit->rules, i);

        for (size_t k = 0; k < rule->len; k++) {
            const struct expr *e = &rule->when[k];
            const struct str at = e->fact == FACT_PAGE_AT ? e->at : e->other_at;

            if (at.n && !places_know(places, at))
                log_warn("rules.ini:%d: rule \"%.*s\" asks for vantage \"%.*s\", at which no page "
                         "of this audit was read: its answer is absent",
                         rule->line, STR_ARG(rule->name), STR_ARG(at));
        }
    }
}

static int label_all(struct labeller *lab, struct err *err)
{
    struct label_row l;
    struct item_walk w;
    int got = -1;

    if (item_walk_open(lab->audit, &w, err))
        goto out;
    tell_unknown_places(lab->audit, &w.places);
    while ((got = item_walk_next(&w, err)) > 0) {
        if (w.row.purged_at && count_kept(lab, lab->old[w.row.n]))
            continue;
        if (fill(lab, &w, view_find(lab->view, w.row.n), &l, err)) {
            got = -1;
            break;
        }
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
    item_walk_close(&w);
    buf_release(&lab->days);
    buf_release(&lab->public_at);
    buf_release(&lab->refused_at);
    return got;
}

/* What the labels rest on: answers, rules, the settings that decide, the table of growth. */
static int stamp_text(struct audit *audit, struct buf *text, struct err *err)
{
    const struct settings *set = &audit->set;
    struct store_stamp newest;
    char hex[DIGEST_HEX];

    if (store_stamp(audit->store, &newest, err))
        return -1;
    buf_printf(text, "%" PRId64 " %s %" PRId64 " %" PRId64 " %g %" PRId64 " %d %s", newest.answers,
               digest_hex(&audit->rules_digest, hex), set->api_min_age_hours, set->api_confirm_days,
               set->api_residual, set->account_min_items, (int)set->page_recheck,
               growth_table()->as_of);
    return 0;
}

static void tell_gave_up(const struct audit *audit, const struct classify_result *r)
{
    char id[ID_TEXT_MAX];

    for (size_t i = 0; i < rules_len(audit->rules); i++) {
        const struct rule *rule = rules_at(audit->rules, i);

        if (r->gave_up[i].items)
            log_warn("rules.ini:%d: rule \"%.*s\" was given up on " COUNTED
                     ", the first %s: a pattern of it needs more than %d steps. "
                     "What no rule before it labels stays open (%s)",
                     rule->line, STR_ARG(rule->name),
                     COUNT_OF(r->gave_up[i].items, "item", "items"),
                     id_text(r->gave_up[i].first, id), PATTERN_LIMIT,
                     reason_name(REASON_RULE_GAVE_UP));
    }
}

static int take_no_instant(void *to, int64_t item, struct err *err)
{
    struct labeller *lab = to;

    (void)err;
    if (item > 0 && item <= lab->max_item)
        lab->no_instant[item] = true;
    return 0;
}

int labels_make(struct audit *audit, struct classify_result *result, struct err *err)
{
    struct labeller lab = { .audit = audit, .result = result };
    struct store_stamp newest;
    const struct view *view = NULL;
    struct buf of = { 0 };    // as of the beginning: workers go on meanwhile
    int rc = -1;

    memset(result, 0, sizeof *result);
    store_keep_answers(audit->store, true);
    if (stamp_text(audit, &of, err) || differ_refresh(audit, err) ||
        store_expect_labels(audit->store, &audit->rules_digest, err) ||
        audit_view_hold(audit, &view, err))
        goto out;
    if (store_stamp(audit->store, &newest, err) || accounts_hold(audit, view, &lab.accounts, err))
        goto out;
    lab.view = view;
    lab.newest_at = newest.newest_answer_at;
    lab.max_item = view_max_item(view);
    lab.old = xcalloc((uint64_t)lab.max_item + 1, sizeof *lab.old);
    lab.no_instant = xcalloc((uint64_t)lab.max_item + 1, sizeof *lab.no_instant);
    if (read_verdicts(audit, lab.old, lab.max_item, err) ||
        store_no_instant(audit->store, take_no_instant, &lab, err) ||
        store_labels_begin(audit->store, &audit->rules_digest, buf_view(&audit->rules_text), err))
        goto out;
    if (label_all(&lab, err) ||
        store_meta_set(audit->store, META_LABELS_OF, buf_view(&of), err) ||
        store_labels_end(audit->store, err)) {
        store_rollback(audit->store);
        goto out;
    }
    tell_gave_up(audit, result);
    rc = 0;
out:
    store_keep_answers(audit->store, false);
    buf_release(&of);
    free(lab.old);
    free(lab.no_instant);
    if (view)
        audit_view_let(audit, view);
    return rc;
}

int labels_are_fresh(struct audit *audit, bool *fresh, struct err *err)
{
    struct buf want = {0}, have = {0};
    int rc = store_meta_get(audit->store, META_LABELS_OF, &have, err) ||
                     stamp_text(audit, &want, err)
                 ? -1
                 : 0;

    if (rc == 0)
        *fresh = str_eq(buf_view(&want), buf_view(&have));
    buf_release(&want);
    buf_release(&have);
    return rc;
}

int labels_refresh(struct audit *audit, struct err *err)
{
    struct classify_result labels;
    bool fresh;

    if (labels_are_fresh(audit, &fresh, err))
        return -1;
    return fresh ? 0 : labels_make(audit, &labels, err);
}
