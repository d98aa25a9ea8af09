/* classify/rule.c: rules.ini -> rules; order is the file's. */
#include "classify/rule.h"
#include <stdlib.h>
#include <string.h>
#include "base/ini.h"
#include "base/nearest.h"
#include "base/utc.h"

/* Nearly all rules ask one name first (page.outcome = ...). A rule whose text
 * differs cannot hold, so each text of that name has its own list of rules. */
#define LANES_MAX 8
struct lane_rule { uint16_t no, from; };           // from: the first condition that is still open
struct lane { struct str text; struct lane_rule *rule; size_t len; };
struct rules {
    struct rule *rule; size_t len;
    struct expr **when;                // rule[i].when, to be put in order
    enum fact key;                     // FACT_COUNT: no name is asked by two rules
    struct lane lane[LANES_MAX + 1]; size_t lanes;   // lane[lanes]: every other text, and absent
    size_t before_account;
    bool needed[FACT_COUNT];
    struct patterns *patterns;
    struct arena mem;
};

/* One section while it is read: where each key stood, 0 = not there. */
struct draft {
    struct rules *rules;
    const struct rules_loader *loader;
    struct rule rule;
    struct expr *when; struct str *written;
    enum ini_part part;    // what of the pair at hand is wrong
    bool has_label, has_reason, has_basis;
    bool seen[8];
};

static int take_label(struct draft *d, struct str v, struct err *err)
{
    struct nearest near = nearest_to(v);

    d->rule.label = label_find(v);
    d->has_label = v.n > 0 && d->rule.label != LABEL_NONE && d->rule.label != LABEL_COUNT;
    if (d->has_label)
        return 0;
    for (int l = LABEL_NONE + 1; l < LABEL_COUNT; l++)
        nearest_offer(&near, str_of(label_name((enum label)l)));
    return err_set(err, ERR_USAGE,
                   "expected label = deleted, private, canada, ad, tiktok_official, "
                   "excluded_account or unknown, not \"%.*s\"%s",
                   STR_ARG(str_sub(v, 0, 60)), nearest_hint(&near));
}

static int take_reason(struct draft *d, struct str v, struct err *err)
{
    struct nearest near = nearest_to(v);

    d->rule.reason = reason_find(v);
    d->has_reason = v.n > 0 && d->rule.reason != REASON_COUNT &&
                    reason_label(d->rule.reason) != LABEL_NONE;
    if (d->has_reason)
        return 0;
    for (int r = REASON_NONE + 1; r < REASON_COUNT; r++)
        if (reason_label((enum reason)r) != LABEL_NONE)
            nearest_offer(&near, str_of(reason_name((enum reason)r)));
    return err_set(err, ERR_USAGE,
                   "expected reason = a reason of a label (`blindspot help labels` lists them), "
                   "not \"%.*s\"%s",
                   STR_ARG(str_sub(v, 0, 60)), nearest_hint(&near));
}

static int take_basis(struct draft *d, struct str v, struct err *err)
{
    struct nearest near = nearest_to(v);

    d->rule.basis = basis_find(v);
    d->has_basis = v.n > 0 && d->rule.basis != BASIS_NONE && d->rule.basis != BASIS_COUNT;
    if (d->has_basis)
        return 0;
    for (int b = BASIS_NONE + 1; b < BASIS_COUNT; b++)
        nearest_offer(&near, str_of(basis_name((enum basis)b)));
    return err_set(
        err, ERR_USAGE,
        "expected basis = not_public, documented, disputed or unexplained, not \"%.*s\"%s",
        STR_ARG(str_sub(v, 0, 60)), nearest_hint(&near));
}

static int take_source(struct draft *d, struct str v, struct err *err)
{
    (void)err;
    d->rule.source = arena_dup(&d->rules->mem, v);
    return 0;
}

static int read_date(struct str v, int64_t *day, struct err *err)
{
    int64_t at;

    if (v.n != 10 || utc_parse(v, &at, err))
        return err_set(err, ERR_USAGE, "expected a date such as 2026-09-10, not \"%.*s\"",
                       STR_ARG(v));
    *day = utc_day(at);
    return 0;
}

static int take_since(struct draft *d, struct str v, struct err *err)
{
    return read_date(v, &d->rule.since, err);
}

static int take_until(struct draft *d, struct str v, struct err *err)
{
    return read_date(v, &d->rule.until, err);
}

static int take_disputed(struct draft *d, struct str v, struct err *err)
{
    ptrdiff_t dots = str_find(v, STR(".."), 0);

    if (dots < 0)
        return err_set(err, ERR_USAGE, "expected disputed = DATE..DATE, not \"%.*s\"", STR_ARG(v));
    if (read_date(str_trim(str_sub(v, 0, (size_t)dots)), &d->rule.disputed_from, err) ||
        read_date(str_trim(str_sub(v, (size_t)dots + 2, v.n)), &d->rule.disputed_until, err))
        return -1;
    if (d->rule.disputed_from > d->rule.disputed_until)
        return err_set(err, ERR_USAGE,
                       "expected disputed = DATE..DATE with the earlier date first");
    return 0;
}

static int take_when(struct draft *d, struct str v, struct err *err)
{
    struct expr *e = &d->when[d->rule.len];
    char name[64];

    if (expr_parse(e, v, d->loader, &d->rules->mem, d->rules->patterns, err))
        return -1;
    if (fact_is_verdict(e->fact) || (e->other != FACT_COUNT && fact_is_verdict(e->other)))
        return err_set(err, ERR_USAGE,
                       "expected a name that is known before the rules have spoken, not \"%s\", "
                       "which is what they say",
                       fact_name(fact_is_verdict(e->fact) ? e->fact : e->other, name));
    d->written[d->rule.len++] = e->source;
    d->rules->needed[e->fact] = true;
    if (e->other != FACT_COUNT)
        d->rules->needed[e->other] = true;
    return 0;
}

static const struct {
    const char *key;
    int (*take)(struct draft *, struct str, struct err *);
    bool often;
} keys[] = {
    { "label", take_label, false },       { "reason", take_reason, false },
    { "basis", take_basis, false },       { "source", take_source, false },
    { "since", take_since, false },       { "until", take_until, false },
    { "disputed", take_disputed, false }, { "when", take_when, true },
};

static int take_pair(struct draft *d, const struct ini_pair *pair, struct err *err)
{
    struct nearest near = nearest_to(str_of(pair->key));

    d->part = INI_KEY;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        if (strcmp(pair->key, keys[i].key) != 0)
            continue;
        if (d->seen[i] && !keys[i].often)
            return err_set(err, ERR_USAGE, "expected %s once in rule \"%.*s\"", pair->key,
                           STR_ARG(d->rule.name));
        d->seen[i] = true;
        d->part = INI_VALUE;
        return keys[i].take(d, str_of(pair->value), err);
    }
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        nearest_offer(&near, str_of(keys[i].key));
    return err_set(err, ERR_USAGE,
                   "expected label, reason, basis, source, since, until, disputed or when, "
                   "not \"%.60s\"%s",
                   pair->key, nearest_hint(&near));
}

/* What a rule may leave out. Only where a label has one reason, or for a post
 * about which nothing else is known, does the reason go without saying. */
static enum reason usual_reason(enum label l)
{
    return l == LABEL_TIKTOK_OFFICIAL ? REASON_COMPANY_ACCOUNT
         : l == LABEL_EXCLUDED_ACCOUNT ? REASON_NO_ITEM_RETRIEVED
         : l == LABEL_UNKNOWN ? REASON_UNEXPLAINED : REASON_NONE;
}

static enum basis usual_basis(enum label l)
{
    return l == LABEL_DELETED || l == LABEL_PRIVATE ? BASIS_NOT_PUBLIC : BASIS_UNEXPLAINED;
}

/* Cheap conditions first; equal ones stay in the order of the file. */
static void sort_by_cost(struct expr *e, size_t len)
{
    for (size_t i = 1; i < len; i++) {
        struct expr x = e[i];
        size_t j = i;

        for (; j > 0 && e[j - 1].cost > x.cost; j--)
            e[j] = e[j - 1];
        e[j] = x;
    }
}

static int draft_check(struct draft *d, struct err *err)
{
    struct rule *r = &d->rule;

    if (!d->has_label)
        return err_set(err, ERR_USAGE, "expected label = ... in rule \"%.*s\"", STR_ARG(r->name));
    if (r->len == 0)
        return err_set(err, ERR_USAGE, "expected at least one when = ... in rule \"%.*s\"",
                       STR_ARG(r->name));
    if (!d->has_reason)
        r->reason = usual_reason(r->label);
    if (!d->has_basis)
        r->basis = usual_basis(r->label);
    if (r->reason != REASON_NONE && reason_label(r->reason) != r->label)
        return err_set(err, ERR_USAGE,
                       "expected a reason of label %s in rule \"%.*s\"; %s belongs to %s",
                       label_name(r->label), STR_ARG(r->name), reason_name(r->reason),
                       label_name(reason_label(r->reason)));
    if (r->since > r->until)
        return err_set(err, ERR_USAGE, "expected since before until in rule \"%.*s\"",
                       STR_ARG(r->name));
    for (size_t i = 0; i < d->rules->len; i++)
        if (str_eq(d->rules->rule[i].name, r->name))
            return err_set(err, ERR_USAGE,
                           "expected each rule once; \"%.*s\" stands in line %d as well",
                           STR_ARG(r->name), d->rules->rule[i].line);
    return 0;
}

static int rule_read(struct rules *rs, const char *file, const struct ini *ini, int section,
                     const struct rules_loader *loader, struct err *err)
{
    struct draft d = { .rules = rs, .loader = loader };
    size_t pairs = 0;

    for (size_t i = 0; i < ini->len; i++)
        pairs += ini->pair[i].section_no == section;
    d.when = arena_alloc(&rs->mem, (pairs + 1) * sizeof *d.when);
    d.written = arena_alloc(&rs->mem, (pairs + 1) * sizeof *d.written);
    d.rule = (struct rule){
        .name = arena_dup(&rs->mem, str_of(ini->section[section].name)),
        .line = ini->section[section].line,
        .no = rs->len,
        .since = INT64_MIN,
        .until = INT64_MAX,
        .disputed_from = 1,
        .disputed_until = 0,
        .when = d.when,
        .written = d.written,
    };
    for (size_t i = 0; i < ini->len; i++)
        if (ini->pair[i].section_no == section && take_pair(&d, &ini->pair[i], err))
            return ini_wrong(err, file, &ini->pair[i], d.part);
    if (draft_check(&d, err))
        return ini_wrong_section(err, file, &ini->section[section]);
    for (size_t i = 0; i < d.rule.len; i++) {
        enum fact f = d.when[i].fact, o = d.when[i].other;

        if ((f == FACT_ACCOUNT_TRIALS || f == FACT_ACCOUNT_CHANCE || f == FACT_ACCOUNT_Q ||
             o == FACT_ACCOUNT_TRIALS || o == FACT_ACCOUNT_CHANCE || o == FACT_ACCOUNT_Q) &&
            rs->before_account > rs->len)
            rs->before_account = rs->len;
    }
    sort_by_cost(d.when, d.rule.len);
    rs->when[rs->len] = d.when;
    rs->rule[rs->len++] = d.rule;
    return 0;
}

/* The condition by which a rule can be left out unread, or NULL. */
static const struct expr *key_of(const struct rule *r, enum fact key)
{
    for (size_t i = 0; i < r->len; i++)
        if (r->when[i].fact == key && r->when[i].op == EXPR_EQ && r->when[i].other == FACT_COUNT &&
            !r->when[i].at.n && !r->when[i].is_set && !r->when[i].is_handle && !r->when[i].is_real)
            return &r->when[i];
    return NULL;
}

static void lane_fill(struct rules *rs, struct lane *l, bool any)
{
    l->rule = arena_alloc(&rs->mem, rs->len * sizeof *l->rule);
    for (size_t i = 0; i < rs->len; i++) {
        const struct expr *e = key_of(&rs->rule[i], rs->key);

        if (!e || (!any && str_eq(e->text, l->text)))
            l->rule[l->len++] = (struct lane_rule){ (uint16_t)i, e ? 1 : 0 };
    }
}

/* A rule's condition on the key goes to the front: in its lane it holds. */
static void key_first(struct rule *r, struct expr *when, enum fact key)
{
    const struct expr *e = key_of(r, key);
    struct expr x;

    if (!e)
        return;
    x = *e;
    for (size_t i = (size_t)(e - r->when); i > 0; i--)
        when[i] = when[i - 1];
    when[0] = x;
}

static void lanes_make(struct rules *rs)
{
    size_t most = 1;

    rs->key = FACT_COUNT;
    for (int f = 0; f < FACT_COUNT; f++) {
        size_t users = 0;

        for (size_t i = 0; rs->needed[f] && i < rs->len; i++)
            users += key_of(&rs->rule[i], (enum fact)f) != NULL;
        if (users > most) {
            most = users;
            rs->key = (enum fact)f;
        }
    }
    for (size_t i = 0; i < rs->len; i++) {
        const struct expr *e = key_of(&rs->rule[i], rs->key);
        size_t l = 0;

        while (e && l < rs->lanes && !str_eq(rs->lane[l].text, e->text))
            l++;
        if (!e || l < rs->lanes)
            continue;
        if (rs->lanes == LANES_MAX) {           // so many texts: no lanes, all rules in turn
            rs->lanes = 0;
            rs->key = FACT_COUNT;
            break;
        }
        rs->lane[rs->lanes++] = (struct lane){ e->text, NULL, 0 };
    }
    for (size_t i = 0; i < rs->len; i++)
        key_first(&rs->rule[i], rs->when[i], rs->key);
    for (size_t l = 0; l < rs->lanes; l++)
        lane_fill(rs, &rs->lane[l], false);
    rs->lane[rs->lanes] = (struct lane){ STR_NONE, NULL, 0 };
    lane_fill(rs, &rs->lane[rs->lanes], true);
}

/* The rules that may hold, in the order of the file. A number is no text, and
 * may equal one that reads as a number: such values keep to the last lane only
 * because key_of passes over conditions on numbers. */
static const struct lane *lane_of(const struct rules *rs, const struct facts *g)
{
    const struct value *v;

    if (rs->key == FACT_COUNT)
        return &rs->lane[0];
    v = &g->val[rs->key];
    if (v->kind == VAL_TEXT)
        for (size_t l = 0; l < rs->lanes; l++)
            if (str_eq(rs->lane[l].text, v->text))
                return &rs->lane[l];
    return &rs->lane[rs->lanes];
}

int rules_parse(struct rules **out, const char *name, struct str text,
                const struct rules_loader *loader, struct err *err)
{
    struct ini ini = {0};
    struct rules *rs;
    int rc = -1;

    if (ini_parse(&ini, name, text, err))
        return -1;
    rs = xcalloc(1, sizeof *rs);
    rs->patterns = patterns_new();
    if (ini.sections == 0) {
        err_set(err, ERR_USAGE, "%s:1: expected at least one [rule]", name);
        goto out;
    }
    if (ini.sections > RULES_MAX) {
        err_set(err, ERR_USAGE, "%s:%d: expected at most %d rules", name,
                ini.section[RULES_MAX].line, RULES_MAX);
        goto out;
    }
    rs->rule = arena_alloc(&rs->mem, ini.sections * sizeof *rs->rule);
    rs->when = arena_alloc(&rs->mem, ini.sections * sizeof *rs->when);
    rs->before_account = SIZE_MAX;
    for (size_t i = 0; i < ini.sections; i++)
        if (rule_read(rs, name, &ini, (int)i, loader, err))
            goto out;
    if (rs->before_account > rs->len)
        rs->before_account = rs->len;
    lanes_make(rs);
    *out = rs;
    rs = NULL;
    rc = 0;
out:
    rules_free(rs);
    ini_release(&ini);
    return rc;
}

void rules_free(struct rules *rs)
{
    if (!rs)
        return;
    patterns_free(rs->patterns);
    arena_release(&rs->mem);
    free(rs);
}

size_t rules_len(const struct rules *rs)
{
    return rs->len;
}

const struct rule *rules_at(const struct rules *rs, size_t no)
{
    return no < rs->len ? &rs->rule[no] : NULL;
}

/* A condition that does not hold decides, whatever became of the others. */
static enum truth holds_from(const struct rule *r, size_t from, const struct facts *g)
{
    enum truth all = TRUTH_YES;

    for (size_t i = from; i < r->len; i++)
        switch (expr_holds(&r->when[i], g)) {
        case TRUTH_YES: break;
        case TRUTH_NO: return TRUTH_NO;
        case TRUTH_GAVE_UP: all = TRUTH_GAVE_UP; break;
        }
    return all;
}

const struct rule *rules_match(const struct rules *rs, const struct facts *g, size_t end,
                               const struct rule **gave_up)
{
    const struct lane *l = lane_of(rs, g);

    *gave_up = NULL;
    for (size_t i = 0; i < l->len && l->rule[i].no < end; i++) {
        const struct rule *r = &rs->rule[l->rule[i].no];

        switch (holds_from(r, l->rule[i].from, g)) {
        case TRUTH_YES: return r;
        case TRUTH_NO: break;
        case TRUTH_GAVE_UP: *gave_up = r; return NULL;
        }
    }
    return NULL;
}

struct hits rules_hits(const struct rules *rs, const struct facts *g, struct hits *gave_up)
{
    struct hits hits = {{0}};
    const struct lane *l = lane_of(rs, g);

    *gave_up = (struct hits){{0}};
    for (size_t i = 0; i < l->len; i++)
        switch (holds_from(&rs->rule[l->rule[i].no], l->rule[i].from, g)) {
        case TRUTH_YES: hits_add(&hits, l->rule[i].no); break;
        case TRUTH_NO: break;
        case TRUTH_GAVE_UP: hits_add(gave_up, l->rule[i].no); break;
        }
    return hits;
}

enum basis rule_basis(const struct rule *r, int64_t api_last_day)
{
    if (api_last_day >= r->disputed_from && api_last_day <= r->disputed_until)
        return BASIS_DISPUTED;
    if ((r->basis == BASIS_DOCUMENTED || r->basis == BASIS_DISPUTED) &&
        (api_last_day < r->since || api_last_day > r->until))
        return BASIS_UNEXPLAINED;
    return r->basis;
}

bool rules_need(const struct rules *rs, enum fact f)
{
    return (unsigned)f < FACT_COUNT && rs->needed[f];
}

size_t rules_before_account(const struct rules *rs)
{
    return rs->before_account;
}
