/* classify/claims.c: a claims file -> claims; order is the file's. */
#include "classify/claims.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/ini.h"
#include "base/nearest.h"

struct claims {
    struct claim *claim;
    size_t len;
    struct str name;
    bool needed[FACT_COUNT];
    struct patterns *patterns;
    struct arena mem;
};

#define LATENCY_MAX_HOURS 8760

/* A number as it was written; a percentage is a hundredth of that. */
struct amount {
    bool has, percent;
    double x;
    int line;
};

/* One section while it is read: where each key stood, 0 = not there. */
struct draft {
    struct claims *claims;
    const struct rules_loader *loader;
    struct claim claim;
    struct expr *of;
    struct amount limit, margin, within, confidence;
    int line;    // of the pair at hand
    enum ini_part part;    // what of it is wrong
    int seen[24];
    int worse_line;
};

/* ---- values ---- */

static int take_amount(struct draft *d, struct str v, struct amount *out, const char *expected,
                       struct err *err)
{
    struct str digits = v;
    char text[32], *end;

    if (out->percent = v.n > 0 && v.p[v.n - 1] == '%', out->percent)
        digits = str_trim(str_sub(v, 0, v.n - 1));
    if (digits.n == 0 || digits.n >= sizeof text)
        return err_set(err, ERR_USAGE, "expected %s, not \"%.*s\"", expected,
                       STR_ARG(str_sub(v, 0, 60)));
    memcpy(text, digits.p, digits.n);
    text[digits.n] = 0;
    out->x = strtod(text, &end);    // the program never leaves the C locale
    if (*end || strspn(text, "0123456789.+-eE") != digits.n || !isfinite(out->x))
        return err_set(err, ERR_USAGE, "expected %s, not \"%.*s\"", expected,
                       STR_ARG(str_sub(v, 0, 60)));
    out->x = out->percent ? out->x / 100 : out->x;
    out->has = true;
    out->line = d->line;
    return 0;
}

static int take_condition(struct draft *d, struct str v, struct expr *e, struct err *err)
{
    if (expr_parse(e, v, d->loader, &d->claims->mem, d->claims->patterns, err))
        return -1;
    d->claims->needed[e->fact] = true;
    if (e->other != FACT_COUNT)
        d->claims->needed[e->other] = true;
    return 0;
}

static int take_field_name(struct draft *d, struct str v, struct err *err)
{
    struct nearest near = nearest_to(v);

    d->claim.field = field_find(v);
    if (v.n > 0 && d->claim.field != FIELD_COUNT)
        return 0;
    for (int f = 0; f < FIELD_COUNT; f++)
        nearest_offer(&near, str_of(field_info((enum field)f)->name));
    return err_set(err, ERR_USAGE, "expected a field of both sides, not \"%.*s\"%s",
                   STR_ARG(str_sub(v, 0, 60)), nearest_hint(&near));
}

/* ---- measures ---- */

static int take_that(struct draft *d, struct str v, struct err *err)
{
    struct expr *e = arena_alloc(&d->claims->mem, sizeof *e);

    d->claim.that = e;
    return take_condition(d, v, e, err);
}

static int take_field(struct draft *d, struct str v, struct err *err)
{
    if (take_field_name(d, v, err))
        return -1;
    if (field_info(d->claim.field)->cmp == CMP_NONE)
        return err_set(err, ERR_USAGE,
                       "expected a field that is compared; %s is not (docs/reference.md)",
                       field_info(d->claim.field)->name);
    return 0;
}

static int take_median_ratio(struct draft *d, struct str v, struct err *err)
{
    if (take_field_name(d, v, err))
        return -1;
    if (field_info(d->claim.field)->cmp != CMP_COUNTER)
        return err_set(err, ERR_USAGE, "expected a counter (view_count ...), which %s is not",
                       field_info(d->claim.field)->name);
    return 0;
}

static int take_agreement(struct draft *d, struct str v, struct err *err)
{
    static const char *const words[] = { [CLAIM_AGREE_ALL] = "all",
                                         [CLAIM_AGREE_SAME_DAY] = "same_day",
                                         [CLAIM_AGREE_OTHER_DAYS] = "other_days" };

    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (str_eq(v, str_of(words[i]))) {
            d->claim.agreement = (enum claim_agreement)i;
            return 0;
        }
    return err_set(err, ERR_USAGE, "expected agreement = all, same_day or other_days, not \"%.*s\"",
                   STR_ARG(str_sub(v, 0, 60)));
}

/* Whole hours or days, up to a year: ages are known no finer than asks come. */
static int take_latency(struct draft *d, struct str v, struct err *err)
{
    const int unit = v.n && v.p[v.n - 1] == 'd' ? 24 : 1;
    int64_t n = 0;
    bool good = v.n >= 2 && v.n <= 5 && (unit == 24 || v.p[v.n - 1] == 'h');

    for (size_t i = 0; good && i + 1 < v.n; i++) {
        good = v.p[i] >= '0' && v.p[i] <= '9';
        n = 10 * n + (v.p[i] - '0');
    }
    if (!good || n < 1 || n * unit > LATENCY_MAX_HOURS)
        return err_set(err, ERR_USAGE,
                       "expected an age of whole hours or days up to a year, as in latency = 48h, "
                       "not \"%.*s\"",
                       STR_ARG(str_sub(v, 0, 60)));
    d->claim.hours = (int)n * unit;
    return 0;
}

static int take_number(struct draft *d, struct str v, struct err *err)
{
    (void)d;
    for (size_t i = 0; i < v.n; i++)
        if (!strchr("abcdefghijklmnopqrstuvwxyz0123456789_", v.p[i]) || v.p[i] == 0)
            v.n = 0;
    return v.n ? 0
               : err_set(err, ERR_USAGE,
                         "expected the name of a number of summary.json: lower-case words joined "
                         "by _");
}

/* ---- the other keys ---- */

static int take_text(struct draft *d, struct str v, struct str *out, const char *what,
                     struct err *err)
{
    if (v.n == 0)
        return err_set(err, ERR_USAGE, "expected %s", what);
    *out = arena_dup(&d->claims->mem, v);
    return 0;
}

static int take_claim(struct draft *d, struct str v, struct err *err)
{
    return take_text(d, v, &d->claim.claim, "the promise in a sentence behind claim =", err);
}

static int take_source(struct draft *d, struct str v, struct err *err)
{
    return take_text(d, v, &d->claim.source, "where it was made, and when, behind source =", err);
}

static int take_criterion(struct draft *d, struct str v, struct err *err)
{
    struct nearest near = nearest_to(v);

    d->claim.criterion = criterion_of(v);
    if (v.n > 0 && d->claim.criterion != CRITERION_COUNT)
        return 0;
    for (int c = CRITERION_NONE + 1; c < CRITERION_COUNT; c++)
        nearest_offer(&near, str_of(criterion_name((enum criterion)c)));
    return err_set(err, ERR_USAGE,
                   "expected criterion = accuracy, completeness, timeliness, consistency or "
                   "validity, not \"%.*s\"%s",
                   STR_ARG(str_sub(v, 0, 60)), nearest_hint(&near));
}

static int take_of(struct draft *d, struct str v, struct err *err)
{
    return take_condition(d, v, &d->of[d->claim.ofs], err) ? -1 : (d->claim.ofs++, 0);
}

static int take_within(struct draft *d, struct str v, struct err *err)
{
    return take_amount(d, v, &d->within, "within = a share such as 10 %", err);
}

static int take_limit(struct draft *d, struct str v, struct err *err)
{
    d->claim.limit_text = arena_dup(&d->claims->mem, v);
    return take_amount(d, v, &d->limit, "a number or a percentage such as 99 %", err);
}

static int take_other(struct draft *d, struct str v, struct err *err)
{
    return take_text(d, v, &d->claim.other,
                     "an audit's folder or a bundle behind not_worse_than =", err);
}

static int take_margin(struct draft *d, struct str v, struct err *err)
{
    d->claim.margin_text = arena_dup(&d->claims->mem, v);
    return take_amount(d, v, &d->margin, "margin = a share such as 1 %", err);
}

static int take_worse(struct draft *d, struct str v, struct err *err)
{
    d->worse_line = d->line;
    d->claim.higher_is_worse = str_eq(v, STR("higher"));
    return d->claim.higher_is_worse || str_eq(v, STR("lower"))
               ? 0
               : err_set(err, ERR_USAGE, "expected worse = lower or higher, not \"%.*s\"",
                         STR_ARG(str_sub(v, 0, 60)));
}

static int take_confidence(struct draft *d, struct str v, struct err *err)
{
    if (take_amount(d, v, &d->confidence, "confidence = a share such as 95 %", err))
        return -1;
    d->claim.confidence = d->confidence.x;
    return d->claim.confidence >= 0.5 && d->claim.confidence <= 0.9999
               ? 0
               : err_set(err, ERR_USAGE, "expected a confidence of 50 %% to 99.99 %%, not \"%.*s\"",
                         STR_ARG(v));
}

static int take_untestable(struct draft *d, struct str v, struct err *err)
{
    return take_text(d, v, &d->claim.untestable, "why nobody can test it behind untestable =", err);
}

/* ---- the table ---- */

enum kind { KIND_PLAIN, KIND_MEASURE, KIND_BOUND };
static const struct key {
    const char *key;
    int (*take)(struct draft *, struct str, struct err *);
    enum kind kind;
    int which;    // enum claim_measure or enum claim_bound
    bool often;
} keys[] = {
    { "that", take_that, KIND_MEASURE, CLAIM_THAT, false },
    { "field", take_field, KIND_MEASURE, CLAIM_FIELD, false },
    { "median_ratio", take_median_ratio, KIND_MEASURE, CLAIM_MEDIAN_RATIO, false },
    { "agreement", take_agreement, KIND_MEASURE, CLAIM_AGREEMENT, false },
    { "latency", take_latency, KIND_MEASURE, CLAIM_LATENCY, false },
    { "number", take_number, KIND_MEASURE, CLAIM_NUMBER, false },
    { "at_least", take_limit, KIND_BOUND, CLAIM_AT_LEAST, false },
    { "at_most", take_limit, KIND_BOUND, CLAIM_AT_MOST, false },
    { "not_worse_than", take_other, KIND_BOUND, CLAIM_NOT_WORSE, false },
    { "claim", take_claim, KIND_PLAIN, 0, false },
    { "source", take_source, KIND_PLAIN, 0, false },
    { "criterion", take_criterion, KIND_PLAIN, 0, false },
    { "of", take_of, KIND_PLAIN, 0, true },
    { "within", take_within, KIND_PLAIN, 0, false },
    { "margin", take_margin, KIND_PLAIN, 0, false },
    { "worse", take_worse, KIND_PLAIN, 0, false },
    { "confidence", take_confidence, KIND_PLAIN, 0, false },
    { "untestable", take_untestable, KIND_PLAIN, 0, false },
};
#define KEYS (sizeof keys / sizeof *keys)

static const char *name_of(enum kind kind, int which)
{
    for (size_t i = 0; i < KEYS; i++)
        if (keys[i].kind == kind && keys[i].which == which)
            return keys[i].key;
    return "";
}

const char *claim_measure_name(enum claim_measure m) { return name_of(KIND_MEASURE, (int)m); }
const char *claim_bound_name(enum claim_bound b) { return name_of(KIND_BOUND, (int)b); }

bool claim_counts_items(const struct claim *c)
{
    return !c->untestable.n && (c->measure == CLAIM_THAT || c->measure == CLAIM_FIELD ||
                                c->measure == CLAIM_LATENCY);
}

/* ---- a section ---- */

/* Of measures and bounds one may stand in a claim. */
static int take_one(struct draft *d, const struct key *key, struct str v, struct err *err)
{
    int *line = key->kind == KIND_MEASURE ? &d->claim.measure_line : &d->claim.bound_line;

    if (*line)
        return err_set(
            err, ERR_USAGE, "expected one %s in claim \"%.*s\", but another stands in line %d",
            key->kind == KIND_MEASURE ? "measure" : "bound", STR_ARG(d->claim.name), *line);
    *line = d->line;
    if (key->kind == KIND_BOUND) {
        d->claim.bound = (enum claim_bound)key->which;
        return 0;
    }
    d->claim.measure = (enum claim_measure)key->which;
    d->claim.subject = arena_dup(&d->claims->mem, v);
    return 0;
}

static int take_pair(struct draft *d, const struct ini_pair *pair, struct err *err)
{
    struct nearest near = nearest_to(str_of(pair->key));
    struct str v = str_of(pair->value);

    d->line = pair->line;
    d->part = INI_KEY;
    for (size_t i = 0; i < KEYS; i++) {
        nearest_offer(&near, str_of(keys[i].key));
        if (strcmp(pair->key, keys[i].key) != 0)
            continue;
        if (d->seen[i] && !keys[i].often)
            return err_set(err, ERR_USAGE, "expected %s once in claim \"%.*s\"", pair->key,
                           STR_ARG(d->claim.name));
        d->seen[i] = pair->line;
        if (keys[i].kind != KIND_PLAIN && take_one(d, &keys[i], v, err))
            return -1;
        d->part = INI_VALUE;
        return keys[i].take(d, v, err);
    }
    return err_set(err, ERR_USAGE,
                   "expected claim, source, criterion, of, a measure (that, field, median_ratio, "
                   "agreement, latency, number), a bound (at_least, at_most, not_worse_than), "
                   "within, margin, worse, confidence or untestable, not \"%.40s\"%s",
                   pair->key, nearest_hint(&near));
}

/* ---- what goes with what ---- */

static bool is_share(const struct claim *c)
{
    return c->measure == CLAIM_THAT || c->measure == CLAIM_FIELD ||
           c->measure == CLAIM_AGREEMENT || c->measure == CLAIM_LATENCY;
}

static int wrong(struct draft *d, int line, struct err *err, const char *what)
{
    d->line = line;
    return err_set(err, ERR_USAGE, "%s", what);
}

static int check_bound(struct draft *d, struct err *err)
{
    struct claim *c = &d->claim;

    if (c->bound == CLAIM_NOT_WORSE) {
        if (!d->margin.has)
            return wrong(d, c->bound_line, err, "expected margin = 1 % beside not_worse_than");
        if (d->margin.x < 0)
            return wrong(d, d->margin.line, err, "expected a margin of 0 or more");
        c->margin = d->margin.x;
        return 0;
    }
    if (d->margin.has)
        return wrong(d, d->margin.line, err, "expected margin beside not_worse_than alone");
    if (d->worse_line)
        return wrong(d, d->worse_line, err, "expected worse beside not_worse_than alone");
    if (is_share(c) && (d->limit.x < 0 || d->limit.x > 1))
        return wrong(d, d->limit.line, err,
                     "expected a share: 0 % to 100 %, or a number from 0 to 1");
    if (c->measure == CLAIM_MEDIAN_RATIO && !(d->limit.x > 0))
        return wrong(d, d->limit.line, err, "expected a ratio above 0, such as 0.9 or 90 %");
    c->limit = d->limit.x;
    return 0;
}

static int check_measure(struct draft *d, struct err *err)
{
    struct claim *c = &d->claim;

    if (d->within.has && c->measure != CLAIM_FIELD)
        return wrong(d, d->within.line, err, "expected within beside field alone");
    if (d->within.has && field_info(c->field)->cmp != CMP_COUNTER)
        return wrong(d, d->within.line, err,
                     "expected within of a counter (view_count ...); of another field the "
                     "comparator decides");
    if (d->within.has && d->within.x < 0)
        return wrong(d, d->within.line, err, "expected within = 0 % or more");
    c->has_within = d->within.has;
    c->within = d->within.x;
    if (c->measure == CLAIM_NUMBER && c->ofs)
        return wrong(d, c->measure_line, err,
                     "expected no of beside number: a number of summary.json has its own items");
    if (c->measure == CLAIM_NUMBER && d->confidence.has &&
        fabs(c->confidence - CLAIMS_CONFIDENCE) > 1e-9)
        return wrong(d, d->confidence.line, err,
                     "expected confidence = 95 % beside number: the bounds of summary.json are "
                     "at that");
    return 0;
}

static int check_untestable(struct draft *d, struct err *err)
{
    if (d->claim.measure_line || d->claim.bound_line)
        return wrong(d, d->claim.measure_line ? d->claim.measure_line : d->claim.bound_line, err,
                     "expected no measure and no bound in a claim that is untestable");
    if (d->within.has || d->margin.has || d->confidence.has || d->worse_line || d->claim.ofs)
        return wrong(d, d->claim.line, err,
                     "expected claim, source, criterion and untestable alone in a claim that is "
                     "untestable");
    return 0;
}

static int draft_check(struct draft *d, struct err *err)
{
    struct claim *c = &d->claim;

    d->line = c->line;
    d->part = INI_VALUE;
    if (!c->claim.n || !c->source.n || c->criterion == CRITERION_NONE)
        return err_set(err, ERR_USAGE, "expected %s = ... in claim \"%.*s\"",
                       !c->claim.n    ? "claim"
                       : !c->source.n ? "source"
                                      : "criterion",
                       STR_ARG(c->name));
    for (size_t i = 0; i < d->claims->len; i++)
        if (str_eq(d->claims->claim[i].name, c->name))
            return err_set(err, ERR_USAGE,
                           "expected each claim once; \"%.*s\" stands in line %d as well",
                           STR_ARG(c->name), d->claims->claim[i].line);
    if (c->untestable.n)
        return check_untestable(d, err);
    if (!c->measure_line)
        return err_set(err, ERR_USAGE,
                       "expected a measure in claim \"%.*s\": that, field, median_ratio, "
                       "agreement, latency or number (or untestable = why)",
                       STR_ARG(c->name));
    if (!c->bound_line)
        return err_set(err, ERR_USAGE,
                       "expected a bound in claim \"%.*s\": at_least, at_most or not_worse_than",
                       STR_ARG(c->name));
    return check_measure(d, err) || check_bound(d, err) ? -1 : 0;
}

/* What is wrong lies in the section's line or in one of its pairs. */
static int at_line(const struct claims *cs, const struct ini *ini, int section,
                   const struct draft *d, struct err *err)
{
    for (size_t i = 0; i < ini->len; i++)
        if (ini->pair[i].section_no == section && ini->pair[i].line == d->line)
            return ini_wrong(err, cs->name.p, &ini->pair[i], d->part);
    return ini_wrong_section(err, cs->name.p, &ini->section[section]);
}

static int claim_read(struct claims *cs, const struct ini *ini, int section,
                      const struct rules_loader *loader, struct err *err)
{
    struct draft d = { .claims = cs, .loader = loader };
    size_t pairs = 0;

    for (size_t i = 0; i < ini->len; i++)
        pairs += ini->pair[i].section_no == section;
    d.of = arena_alloc(&cs->mem, (pairs + 1) * sizeof *d.of);
    d.claim = (struct claim){
        .name = arena_dup(&cs->mem, str_of(ini->section[section].name)),
        .line = ini->section[section].line,
        .criterion = CRITERION_NONE,
        .measure = CLAIM_MEASURES,
        .field = FIELD_COUNT,
        .confidence = CLAIMS_CONFIDENCE,
        .of = d.of,
    };
    for (size_t i = 0; i < ini->len; i++)
        if (ini->pair[i].section_no == section && take_pair(&d, &ini->pair[i], err))
            return at_line(cs, ini, section, &d, err);
    if (draft_check(&d, err))
        return at_line(cs, ini, section, &d, err);
    cs->claim[cs->len++] = d.claim;
    return 0;
}

int claims_parse(struct claims **out, const char *name, struct str text,
                 const struct rules_loader *loader, struct err *err)
{
    struct ini ini = { 0 };
    struct claims *cs;
    int rc = -1;

    if (text.n > CLAIMS_FILE_MAX)
        return err_set(err, ERR_USAGE, "%s: expected a claims file of at most 1 MiB", name);
    if (ini_parse(&ini, name, text, err))
        return -1;
    cs = xcalloc(1, sizeof *cs);
    cs->patterns = patterns_new();
    cs->name = arena_dup(&cs->mem, str_of(name));
    if (ini.sections == 0) {
        err_set(err, ERR_USAGE, "%s:1: expected at least one [claim]", name);
        goto out;
    }
    if (ini.sections > CLAIMS_MAX) {
        err_set(err, ERR_USAGE, "%s:%d: expected at most %d claims", name,
                ini.section[CLAIMS_MAX].line, CLAIMS_MAX);
        goto out;
    }
    cs->claim = arena_alloc(&cs->mem, ini.sections * sizeof *cs->claim);
    for (size_t i = 0; i < ini.sections; i++)
        if (claim_read(cs, &ini, (int)i, loader, err))
            goto out;
    *out = cs;
    cs = NULL;
    rc = 0;
out:
    claims_free(cs);
    ini_release(&ini);
    return rc;
}

void claims_free(struct claims *cs)
{
    if (!cs)
        return;
    patterns_free(cs->patterns);
    arena_release(&cs->mem);
    free(cs);
}

size_t claims_len(const struct claims *cs) { return cs->len; }

const struct claim *claims_at(const struct claims *cs, size_t no)
{
    return no < cs->len ? &cs->claim[no] : NULL;
}

const char *claims_name(const struct claims *cs) { return cs->name.p; }

bool claims_need(const struct claims *cs, enum fact f)
{
    return (unsigned)f < FACT_COUNT && cs->needed[f];
}
