/* report/summary.c: rows in, numbers out. */
#include <string.h>
#include "base/stat.h"
#include "report/numbers.h"
#include "report/summary.h"
#include "report/waterfall.h"

#define CONFIDENCE 0.95
#define SEPARATES_P 0.05
/* The published count of excluded accounts: 5 items, none retrieved. */
#define PUBLISHED_MIN_ITEMS 5

static void keep_example(struct summary *s, const struct label_row *row)
{
    const size_t n = s->examples[row->label];
    struct example *e;

    if (n == SUMMARY_EXAMPLES)
        return;
    e = &s->example[row->label][n];
    *e = (struct example){ row->id, arena_dup(s->mem, row->handle), row->reason };
    s->examples[row->label]++;
}

static void take_basis_of_first(struct rule_row *r, enum basis basis, bool seen)
{
    if (basis == BASIS_DOCUMENTED) {
        r->first_documented++;
        r->first_documented_seen += seen;
    } else if (basis == BASIS_DISPUTED) {
        r->first_disputed++;
        r->first_disputed_seen += seen;
    }
}

/* With the labels of whose rules those of this one were matched as well. */
static void take_also(struct summary *s, const struct label_row *row)
{
    bool has[LABEL_COUNT] = { false };

    for (size_t i = 0; i < s->rules; i++)
        has[s->rule[i].label] |= !s->rule[i].fallback && hits_has(&row->hits, i);
    for (size_t i = 0; i < s->rules; i++)
        for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
            s->rule[i].also[l] += has[l] && s->rule[i].label != (enum label)l &&
                                  hits_has(&row->hits, i);
}

static void take_rules_of_missing(struct summary *s, const struct label_row *row, bool seen)
{
    const bool public = waterfall_group(row) == NODE_PUBLIC;
    bool has[LABEL_COUNT] = { false };
    int labels = 0;

    for (size_t i = 0; i < s->rules; i++) {
        struct rule_row *r = &s->rule[i];
        const bool hit = hits_has(&row->hits, i);

        if (str_eq(r->name, row->rule)) {
            r->first++;
            take_basis_of_first(r, row->basis, seen);
            r->first_public[row->basis] += public;
            r->first_public_seen[row->basis] += public && seen;
        }
        r->all += hit;
        if (public)
            *(hit ? &r->missing_with : &r->missing_without) += 1;
        if (hit && !has[r->label]) {
            has[r->label] = true;
            labels++;
        }
    }
    for (size_t i = 0; i < s->rules; i++)
        if (labels > 1 && hits_has(&row->hits, i))
            s->rule[i].shared++;
    for (int a = 0; a < LABEL_COUNT; a++)
        for (int b = 0; b < LABEL_COUNT; b++)
            s->overlap[a][b] += has[a] && has[b];
    take_also(s, row);
}

static void take_gave_up(struct summary *s, const struct label_row *row)
{
    for (size_t i = 0; i < s->rules; i++)
        if (str_eq(s->rule[i].name, row->rule) && s->rule[i].gave_up++ == 0)
            s->rule[i].gave_up_first = row->id;
}

static void take_sampled(struct summary *s, const struct label_row *row)
{
    struct headline *h = &s->headline;

    if (row->page != ANSWER_PUBLIC && row->page != ANSWER_REFUSED) {
        h->sampled_unread++;
        return;
    }
    h->sampled++;
    if (row->page != ANSWER_PUBLIC)
        return;
    h->sampled_public++;
    for (size_t i = 0; i < s->rules; i++) {
        struct rule_row *r = &s->rule[i];
        const bool hit = hits_has(&row->hits, i);

        *(hit ? &r->sampled_with : &r->sampled_without) += 1;
    }
}

const enum node summary_validation_nodes[] = { NODE_RETRIEVED,  NODE_PUBLIC, NODE_NOT_PUBLIC,
                                               NODE_RESTRICTED, NODE_OPEN,   NODE_COUNT };

static void take_validation(struct summary *s, const struct label_row *row)
{
    const enum node n = row->state == STATE_RETRIEVED ? NODE_RETRIEVED
        : row->state == STATE_OPEN ? NODE_OPEN : waterfall_group(row);

    if (n != NODE_COUNT)
        s->validation[n][row->validation]++;
}

void summary_take(struct summary *s, const struct label_row *row, bool sampled, bool account_seen)
{
    waterfall_take(&s->waterfall, row);
    s->reason[row->reason]++;
    take_validation(s, row);
    if (row->state == STATE_RETRIEVED && sampled)
        take_sampled(s, row);
    if (row->reason == REASON_RULE_GAVE_UP)
        take_gave_up(s, row);
    if (row->state != STATE_MISSING)
        return;
    s->label[row->label]++;
    s->basis[row->basis]++;
    s->basis_seen[row->basis] += account_seen;
    if (waterfall_group(row) == NODE_PUBLIC) {
        s->public_basis[row->basis]++;
        s->public_seen[row->basis] += account_seen;
    }
    s->later_refused += row->later_refused_at != 0;
    if (waterfall_group(row) == NODE_PUBLIC && row->residual > 0)
        s->headline.wrong_expected += row->residual;
    keep_example(s, row);
    take_rules_of_missing(s, row, account_seen);
}

/* Excluded first, then by the chance of such a silence, then by size. */
static int account_order(const struct account_row *a, const struct account_row *b)
{
    const bool ax = a->verdict == ACCOUNT_EXCLUDED, bx = b->verdict == ACCOUNT_EXCLUDED;
    const double ac = a->chance < 0 ? 2 : a->chance, bc = b->chance < 0 ? 2 : b->chance;

    if (ax != bx)
        return ax ? -1 : 1;
    if (ac < bc || ac > bc)
        return ac < bc ? -1 : 1;
    if (a->trials != b->trials)
        return a->trials > b->trials ? -1 : 1;
    if (a->items != b->items)
        return a->items > b->items ? -1 : 1;
    return str_cmp(a->handle, b->handle);
}

static void keep_account(struct summary *s, const struct account_row *row)
{
    struct accounts *a = &s->accounts;
    size_t at;

    if (!a->row)
        a->row = arena_alloc(s->mem, SUMMARY_ACCOUNTS * sizeof *a->row);
    if (a->len == SUMMARY_ACCOUNTS && account_order(row, &a->row[a->len - 1]) >= 0)
        return;
    if (a->len < SUMMARY_ACCOUNTS)
        a->len++;
    for (at = a->len - 1; at > 0 && account_order(row, &a->row[at - 1]) < 0; at--)
        a->row[at] = a->row[at - 1];
    a->row[at] = *row;
    a->row[at].handle = arena_dup(s->mem, row->handle);
}

static int bin_of(const struct account_row *row)
{
    if (row->retrieved <= 0)
        return 0;
    if (row->retrieved >= row->trials)
        return ACCOUNT_BINS - 1;
    return (int)((row->retrieved * 10 + row->trials - 1) / row->trials);
}

void summary_account(struct summary *s, const struct account_row *row)
{
    struct accounts *a = &s->accounts;

    a->accounts++;
    a->with_key_items += row->items;
    a->verdict[row->verdict]++;
    a->info[row->verdict][row->info]++;
    a->queried += row->verdict == ACCOUNT_EXCLUDED && row->query_ok;
    a->queried_none += row->verdict == ACCOUNT_EXCLUDED && row->query_ok && row->query_rows == 0;
    if (row->trials > 0 && row->trials >= a->min_items)
        a->bin[bin_of(row)]++;
    if (row->items >= PUBLISHED_MIN_ITEMS) {
        a->published_accounts++;
        a->published_none += row->retrieved == 0;
        a->published_none_canada += row->retrieved == 0 && row->canada >= 0.5;
    }
    keep_account(s, row);
}

static double ratio(double part, double rest)
{
    return part + rest > 0 ? part / (part + rest) : -1;
}

/* Of the missing all are known, of the returned a share was drawn: the exact interval of the
 * odds as they lie in the sample, weighted afterwards. */
static struct stat_interval rate_interval(int64_t missing, int64_t sampled, double weight)
{
    struct stat_interval i = stat_clopper_pearson(missing, missing + sampled, CONFIDENCE);

    i.low = ratio(i.low, weight * (1 - i.low));
    i.high = ratio(i.high, weight * (1 - i.high));
    return i;
}

/* A rule separates where public items that match it are missing more often than
 * public items that do not. It is only associated where the sample holds
 * retrieved items that match it and no such difference shows; a rule without a
 * retrieved match is contradicted by nothing. */
static void finish_rule(struct rule_row *r, const struct headline *h, int64_t retrieved)
{
    const double weight = h->sampled ? (double)retrieved / (double)h->sampled : 0;

    r->p_with = r->p_without = r->p_value = -1;
    r->separation = SEPARATION_NONE;
    if (h->sampled == 0 && retrieved > 0)
        return;
    r->p_with = ratio((double)r->missing_with, weight * (double)r->sampled_with);
    r->p_without = ratio((double)r->missing_without, weight * (double)r->sampled_without);
    if (r->p_with >= 0)
        r->with_95 = rate_interval(r->missing_with, r->sampled_with, weight);
    if (r->p_without >= 0)
        r->without_95 = rate_interval(r->missing_without, r->sampled_without, weight);
    if (r->p_with < 0 || r->p_without < 0)
        return;
    r->p_value = stat_fisher(r->missing_with, r->sampled_with, r->missing_without,
                             r->sampled_without);
    if (r->sampled_with > 0 && !(r->p_with > r->p_without && r->p_value < SEPARATES_P))
        r->separation = SEPARATION_ASSOCIATED;
    else
        r->separation = SEPARATION_YES;
}

static void finish_split(struct summary *s)
{
    int64_t low = s->basis_seen[BASIS_UNEXPLAINED];

    memcpy(s->split, s->basis, sizeof s->split);
    for (size_t i = 0; i < s->rules; i++) {
        const struct rule_row *r = &s->rule[i];

        if (r->separation != SEPARATION_ASSOCIATED)
            continue;
        s->split[BASIS_DOCUMENTED] -= r->first_documented;
        s->split[BASIS_DISPUTED] -= r->first_disputed;
        s->split[BASIS_UNEXPLAINED] += r->first_documented + r->first_disputed;
        low += r->first_documented_seen + r->first_disputed_seen;
    }
    s->unexplained_low = low;
    s->unexplained_high = s->split[BASIS_UNEXPLAINED];
}

/* A rule that is only associated explains nothing. */
static void finish_public_split(struct summary *s)
{
    memcpy(s->public_split, s->public_basis, sizeof s->public_split);
    s->public_unexplained_low = s->public_seen[BASIS_UNEXPLAINED];
    for (size_t i = 0; i < s->rules; i++) {
        const struct rule_row *r = &s->rule[i];

        for (int b = BASIS_DOCUMENTED; b <= BASIS_DISPUTED; b++) {
            if (r->separation != SEPARATION_ASSOCIATED)
                continue;
            s->public_split[b] -= r->first_public[b];
            s->public_split[BASIS_UNEXPLAINED] += r->first_public[b];
            s->public_unexplained_low += r->first_public_seen[b];
        }
    }
}

bool summary_rule_explains(const struct summary *s, struct str rule)
{
    for (size_t i = 0; i < s->rules; i++)
        if (str_eq(s->rule[i].name, rule))
            return s->rule[i].separation != SEPARATION_ASSOCIATED;
    return true;
}

static void finish_headline(struct summary *s)
{
    struct headline *h = &s->headline;
    const struct waterfall *w = &s->waterfall;
    const double missing = (double)w->n[NODE_PUBLIC], all = (double)w->n[NODE_ITEMS];
    const int64_t retrieved = w->n[NODE_RETRIEVED];

    h->has_share = h->has_interval = false;
    h->share_of_items = all > 0 ? missing / all : 0;
    /* No more is claimed than the single ids allow. */
    h->wrong_most = h->wrong_expected;
    if (s->checks.spot_asked > 0 && missing * s->checks.spot_upper > h->wrong_most)
        h->wrong_most = missing * s->checks.spot_upper;
    if (h->sampled == 0 && retrieved > 0)
        return;
    h->retrieved_public = h->sampled
                              ? (double)retrieved * (double)h->sampled_public / (double)h->sampled
                              : 0;
    h->retrieved_low = h->retrieved_high = h->retrieved_public;
    if (missing + h->retrieved_public <= 0)
        return;
    h->has_share = true;
    h->share = missing / (missing + h->retrieved_public);
    h->interval = (struct stat_interval){ h->share, h->share };
    if (h->sampled < retrieved) {
        const struct stat_interval k = stat_hypergeometric(h->sampled_public, h->sampled, retrieved,
                                                           CONFIDENCE);

        h->has_interval = true;
        h->retrieved_low = k.low * (double)retrieved;
        h->retrieved_high = k.high * (double)retrieved;
        h->interval.low = missing > 0 ? missing / (missing + h->retrieved_high) : 0;
        h->interval.high = missing > 0 ? missing / (missing + h->retrieved_low) : 0;
    }
}

static void finish_late(struct late_rate *r)
{
    r->interval = stat_clopper_pearson(r->hits, r->asked, CONFIDENCE);
}

static void finish_fields(struct summary *s)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        const int64_t *n = s->field[f];
        const int64_t compared = n[VERDICT_EQUAL] + n[VERDICT_WITHIN] + n[VERDICT_DIFFERS];

        s->compared[f] = compared;
        s->agree[f] = compared ? (double)(compared - n[VERDICT_DIFFERS]) / (double)compared : -1;
    }
}

static void finish_validation(struct summary *s)
{
    s->validation_against_query = s->validation[NODE_RETRIEVED][VALIDATION_NOT_VALID];
    for (int i = 0; summary_validation_nodes[i] != NODE_COUNT; i++) {
        const enum node n = summary_validation_nodes[i];

        if (node_parent(n) == NODE_MISSING)
            s->validation_against_query += s->validation[n][VALIDATION_VALID];
    }
}

int summary_finish(struct summary *s, struct err *err)
{
    if (waterfall_check(&s->waterfall, err))
        return -1;
    for (size_t i = 0; i < s->rules; i++)
        finish_rule(&s->rule[i], &s->headline, s->waterfall.n[NODE_RETRIEVED]);
    finish_fields(s);
    finish_validation(s);
    finish_split(s);
    finish_public_split(s);
    for (size_t i = 0; i < s->lates; i++) {
        finish_late(&s->late[i].missing);
        finish_late(&s->late[i].retrieved);
    }
    finish_headline(s);
    numbers_of_summary(s);
    return 0;
}

bool summary_is_yield(const struct drift_row *d)
{
    return str_eq(d->kind, STR("page_read")) || str_eq(d->kind, STR("page_unread")) ||
           str_eq(d->kind, STR("page_engine"));
}
