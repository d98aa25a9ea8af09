/* tests/unit/made_summary.h: a made-up audit of 2,600 items with numbers of a
 * likely size, taken row by row as audit/ does it. */
#ifndef TESTS_MADE_SUMMARY_H
#define TESTS_MADE_SUMMARY_H
#include <string.h>
#include "report/numbers.h"
#include "report/summary.h"

#define MADE_AT 1782000000         // 2026-06-21

struct made_bucket {
    enum state state;
    enum label label;
    enum reason reason;
    enum basis basis;
    const char *rule;
    uint64_t hits;
    int n;
};
static const struct made_bucket made_buckets[] = {
    { STATE_RETRIEVED, LABEL_NONE, REASON_AT_ONCE, BASIS_NONE, "", 0, 2051 },
    { STATE_RETRIEVED, LABEL_NONE, REASON_AFTER_RETRIES, BASIS_NONE, "", 0, 37 },
    { STATE_MISSING, LABEL_DELETED, REASON_ITEM_DELETED, BASIS_NOT_PUBLIC, "item-deleted", 1, 121 },
    { STATE_MISSING, LABEL_DELETED, REASON_ACCOUNT_GONE, BASIS_NOT_PUBLIC, "account-gone", 2, 44 },
    { STATE_MISSING, LABEL_PRIVATE, REASON_SELF_ONLY, BASIS_NOT_PUBLIC, "self-only", 4, 29 },
    { STATE_MISSING, LABEL_CANADA, REASON_CREATED_IN_CANADA, BASIS_DOCUMENTED, "canada-created", 8,
      88 },
    { STATE_MISSING, LABEL_CANADA, REASON_CREATED_IN_CANADA, BASIS_DOCUMENTED, "canada-created",
      8 | 16, 6 },
    { STATE_MISSING, LABEL_AD, REASON_MARKED_AD, BASIS_DISPUTED, "marked-ad", 16, 35 },
    { STATE_MISSING, LABEL_TIKTOK_OFFICIAL, REASON_COMPANY_ACCOUNT, BASIS_UNEXPLAINED, "company",
      32, 3 },
    { STATE_MISSING, LABEL_EXCLUDED_ACCOUNT, REASON_NO_ITEM_RETRIEVED, BASIS_UNEXPLAINED,
      "excluded", 64, 61 },
    { STATE_MISSING, LABEL_UNKNOWN, REASON_UNEXPLAINED, BASIS_UNEXPLAINED, "unexplained", 128, 47 },
    { STATE_MISSING, LABEL_UNKNOWN, REASON_AGE_GATED, BASIS_UNEXPLAINED, "age-gated", 256, 9 },
    { STATE_OPEN, LABEL_NONE, REASON_TOO_RECENT, BASIS_NONE, "", 0, 22 },
    { STATE_OPEN, LABEL_NONE, REASON_UNOBSERVED, BASIS_NONE, "", 0, 7 },
    { STATE_OPEN, LABEL_NONE, REASON_UNCONFIRMED, BASIS_NONE, "", 0, 40 },
};
static const struct {
    const char *name;
    enum label label;
    enum reason reason;
    enum basis basis;
    const char *source;
} made_rules[] = {
    { "item-deleted", LABEL_DELETED, REASON_ITEM_DELETED, BASIS_NOT_PUBLIC,
      "status code of the page" },
    { "account-gone", LABEL_DELETED, REASON_ACCOUNT_GONE, BASIS_NOT_PUBLIC,
      "status code of the page" },
    { "self-only", LABEL_PRIVATE, REASON_SELF_ONLY, BASIS_NOT_PUBLIC, "status code of the page" },
    { "canada-created", LABEL_CANADA, REASON_CREATED_IN_CANADA, BASIS_DOCUMENTED,
      "codebook, in force until 2026" },
    { "marked-ad", LABEL_AD, REASON_MARKED_AD, BASIS_DISPUTED, "two pages disagree" },
    { "company", LABEL_TIKTOK_OFFICIAL, REASON_COMPANY_ACCOUNT, BASIS_UNEXPLAINED, "" },
    { "excluded", LABEL_EXCLUDED_ACCOUNT, REASON_NO_ITEM_RETRIEVED, BASIS_UNEXPLAINED, "" },
    { "unexplained", LABEL_UNKNOWN, REASON_UNEXPLAINED, BASIS_UNEXPLAINED, "" },
    { "age-gated", LABEL_UNKNOWN, REASON_AGE_GATED, BASIS_UNEXPLAINED, "" },
};
#define MADE_COUNT(a) (sizeof (a) / sizeof *(a))

static void made_rows(struct summary *s)
{
    uint64_t id = 7300000000000000000u;
    int retrieved = 0;

    for (size_t b = 0; b < MADE_COUNT(made_buckets); b++)
        for (int i = 0; i < made_buckets[b].n; i++, id += 1000003) {
            const struct made_bucket *m = &made_buckets[b];
            struct label_row row = {
                .id = id,
                .handle = str_of(i % 5 ? "maker.of.things" : ""),
                .state = m->state,
                .label = m->label,
                .reason = m->reason,
                .basis = m->basis,
                .rule = str_of(m->rule),
                .hits = { { m->hits } },
                .page = ANSWER_COUNT,
                .residual = m->state == STATE_MISSING ? 0.0004 : -1,
                .confirmed = true,
            };
            const bool sampled = m->state == STATE_RETRIEVED && retrieved++ % 2 == 0;

            if (sampled) {
                row.page = retrieved % 40 == 1 ? ANSWER_REFUSED : ANSWER_PUBLIC;
                row.hits.w[0] = retrieved % 70 == 11 ? 16 : 0;
            }
            s->waterfall.n[NODE_ITEMS]++;
            summary_take(s, &row, sampled, i % 3 == 0);
        }
}

static void made_accounts(struct summary *s)
{
    s->accounts = (struct accounts){ .min_items = 5, .rate = 0.912, .rho = 0.31 };
    for (int i = 0; i < 310; i++) {
        char name[32];
        struct account_row a = {
            .items = 3 + i % 17, .canada = i % 29 == 0 ? 1 : 0, .chance = -1, .q = -1
        };

        snprintf(name, sizeof name, "creator_%03d", i);
        a.handle = str_of(name);
        a.asked = a.trials = a.items;
        a.retrieved = i % 29 == 0 ? 0 : i % 4 ? a.trials : a.trials - i % 3;
        a.verdict = a.retrieved ? ACCOUNT_RETURNED : a.trials < 5 ? ACCOUNT_TOO_FEW
                  : a.trials < 8 ? ACCOUNT_CHANCE : ACCOUNT_EXCLUDED;
        if (!a.retrieved && a.trials >= 5) {
            a.chance = 0.3 / (double)(a.trials * a.trials * a.trials);
            a.q = 20 * a.chance;
        }
        summary_account(s, &a);
    }
}

static void made_fields(struct summary *s)
{
    for (int f = 0; f < FIELD_COUNT; f++) {
        if (field_info((enum field)f)->cmp == CMP_NONE)
            continue;
        s->field[f][VERDICT_EQUAL] = 700 - 13 * f;
        s->field[f][VERDICT_WITHIN] = field_info((enum field)f)->cmp == CMP_COUNTER ? 240 : 0;
        s->field[f][VERDICT_DIFFERS] = f * 5 % 37;
        s->field[f][VERDICT_API_ONLY] = f * 7 % 23;
        s->field[f][VERDICT_PAGE_ONLY] = f * 11 % 31;
    }
}

/* Numbers of the criteria, as the files of audit/verdict make them; after summary_finish. */
static inline void made_criteria(struct summary *s)
{
    static const struct number made[] = {
        { .name = { "missing_after_all_asks", 22 },
          .criterion = CRITERION_COMPLETENESS,
          .unit = UNIT_SHARE,
          .has = true,
          .value = 0.107,
          .low = 0.099,
          .high = 0.131,
          .bounds = BOUNDS_BOTH,
          .n = 249,
          .of = 2327,
          .is = { "Public and not returned.", 24 } },
        { .name = { "found_by_48h", 12 },
          .criterion = CRITERION_TIMELINESS,
          .unit = UNIT_SHARE,
          .is = { "Shown by the age of 48 hours: no value.", 39 } },
        { .name = { "age_first_found", 15 },
          .criterion = CRITERION_TIMELINESS,
          .unit = UNIT_HOURS,
          .has = true,
          .value = 74,
          .high = 79,
          .bounds = BOUNDS_SAMPLE,
          .n = 2088,
          .of = 2088,
          .is = { "Half are there by then.", 23 } },
        { .name = { "agreement", 9 },
          .criterion = CRITERION_CONSISTENCY,
          .unit = UNIT_SHARE,
          .has = true,
          .value = 0.987,
          .low = 0.981,
          .high = 0.992,
          .bounds = BOUNDS_SAMPLE,
          .n = 4935,
          .of = 5000,
          .is = { "Sound asks that found.", 22 } },
        { .name = { "difference_age", 14 },
          .criterion = CRITERION_VALIDITY,
          .unit = UNIT_DEVIATIONS,
          .has = true,
          .value = -0.21,
          .low = -0.3,
          .high = -0.12,
          .bounds = BOUNDS_SAMPLE,
          .n = 249,
          .of = 1249,
          .is = { "Missing against returned.", 25 } },
        { .name = { "filled_api_region_code", 22 },
          .criterion = CRITERION_VALIDITY,
          .unit = UNIT_SHARE,
          .has = true,
          .value = 1,
          .n = 2088,
          .of = 2088,
          .is = { "Rows with a region_code.", 24 } },
    };

    for (size_t i = 0; i < MADE_COUNT(made); i++)
        number_put(&s->numbers, s->mem, &made[i]);
}

/* A sample of 339 creators, ten posts of each, with the shares of the published one; after
 * summary_finish. Some of their frame are in each other part of its ledger. */
static inline void made_sample(struct summary *s)
{
    static const int some[] = { 9, 9, 9, 9, 8, 9, 7, 9, 8, 6, 9, 4, 9, 1 };
    struct sample_result *r = &s->sample;

    *r = (struct sample_result){ .rows = 380,
                                 .draw = { .n = 1,
                                           .at = MADE_AT - 9 * 86400,
                                           .posts = 10,
                                           .min_age_s = 72 * 3600 } };
    r->row = arena_alloc(s->mem, r->rows * sizeof *r->row);
    for (int i = 0; i < (int)r->rows; i++) {
        const int64_t k = i < 5 ? 0 : i < 240 ? 10 : i < 339 ? some[i % 14] : i % 3 ? 10 : 9;
        struct sample_creator *c = &r->row[i];

        *c = (struct sample_creator){ .n = i + 1, .frame = 8 + i % 6, .drawn = 10, .newest = true };
        c->handle = arena_printf(s->mem, "creator_%03d", i);
        c->available = k;
        c->missing = 10 - k;
        if (i >= 339 && i < 351)
            c->canada = 10;
        else if (i >= 351 && i < 354)
            c->open = c->available, c->available = 0;
        else if (i >= 354 && i < 356)
            c->gone = 10, c->available = c->missing = 0;
        else if (i >= 356)
            *c = (struct sample_creator){ .n = i + 1, .handle = c->handle, .frame = i % 10,
                                          .why = i % 2 ? DRAW_TOO_FEW : DRAW_PRIVATE };
    }
    sample_finish(r, s->mem, 7);
    numbers_of_sample(s);
}

/* Three vantages; of two of them one post is undecided. After summary_finish. */
static inline void made_vantages(struct summary *s)
{
    static const struct vantage_sum at[] = {
        { .name = { "first", 5 }, .region = { "DE", 2 }, .is_public = 2290, .refused = 280 },
        { .name = { "ca", 2 },
          .region = { "CA", 2 },
          .asked = { "all", 3 },
          .is_public = 2250,
          .refused = 310,
          .unread = 3 },
        { .name = { "us", 2 }, .asked = { "sample:40", 9 }, .is_public = 38, .refused = 2 },
    };
    static const struct vantage_pair pair[] = {
        { .a = 0,
          .b = 1,
          .n = { 2241, 38, 8, 271, 1, 0 },
          .refused_there = { "public_at_1_refused_at_2", 24 },
          .public_there = { "refused_at_1_public_at_2", 24 } },
        { .a = 0,
          .b = 2,
          .n = { 38, 2, 0, 0, 0, 0 },
          .refused_there = { "public_at_1_refused_at_3", 24 },
          .public_there = { "refused_at_1_public_at_3", 24 } },
        { .a = 1,
          .b = 2,
          .n = { 37, 1, 1, 1, 0, 0 },
          .refused_there = { "public_at_2_refused_at_3", 24 },
          .public_there = { "refused_at_2_public_at_3", 24 } },
    };

    s->vantages = (struct vantages){ .n = 3, .pairs = 3, .apart = 47, .of = 2559, .open = 1 };
    s->vantages.v = memcpy(arena_alloc(s->mem, sizeof at), at, sizeof at);
    s->vantages.pair = memcpy(arena_alloc(s->mem, sizeof pair), pair, sizeof pair);
    numbers_of_vantages(s);
}

/* Everything, ready for summary_finish. Texts of `mem` and literals alone. */
static void made_summary(struct summary *s, struct arena *mem)
{
    static struct setting_row settings[] = {
        { { "api.confirm_days", 16 }, { "2", 1 } }, { { "api.min_age_hours", 17 }, { "72", 2 } },
        { { "page.retrieved_sample", 21 }, { "1000", 4 } },
    };

    *s = (struct summary){ .mem = mem,
                           .audit = STR("5f0c4c1be2a94d1f"),
                           .tool = STR("blindspot 1.0"),
                           .rules_digest = STR(
                               "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"),
                           .first_answer_at = MADE_AT - 9 * 86400,
                           .newest_answer_at = MADE_AT,
                           .final = true };
    s->rules = MADE_COUNT(made_rules);
    s->rule = arena_alloc(mem, s->rules * sizeof *s->rule);
    for (size_t i = 0; i < s->rules; i++)
        s->rule[i] = (struct rule_row){ .name = str_of(made_rules[i].name),
                                        .label = made_rules[i].label,
                                        .reason = made_rules[i].reason,
                                        .basis = made_rules[i].basis,
                                        .source = str_of(made_rules[i].source) };
    made_rows(s);
    made_accounts(s);
    made_fields(s);
    s->request[WITNESS_QUERY] = (struct request_count){ 61, 64, 2 };
    s->request[WITNESS_PAGE] = (struct request_count){ 1497, 1531, 21 };
    s->request[WITNESS_OEMBED] = (struct request_count){ 9, 9, 0 };
    s->said[WITNESS_PAGE] = (struct witness_said){ 1497, 1290, 186, 4, 17 };
    s->said[WITNESS_OEMBED] = (struct witness_said){ 9, 1, 8, 0, 0 };
    s->phases.before =
        (struct plan_kept){ .known = true,
                            .items = 2600,
                            .phase = { [PHASE_ROUND_1] = { { 28, 28, 28 }, { 1, 1, 1 } },
                                       [PHASE_PAGES] = { { 900, 1700, 4100 }, { 2, 2, 3 } },
                                       [PHASE_CONFIRMING] = { { 9, 30, 96 }, { 2, 2, 3 } } } };
    s->phases.done[PHASE_ROUND_1] = (struct phase_done){ 29, 1 };
    s->phases.done[PHASE_PAGES] = (struct phase_done){ 1531, 9 };
    s->phases.done[PHASE_CONFIRMING] = (struct phase_done){ 35, 3 };
    s->days = 9;
    s->day = arena_alloc(mem, s->days * sizeof *s->day);
    for (size_t i = 0; i < s->days; i++)
        s->day[i] = (struct timeline_day){ .day = (int64_t)(MADE_AT / 86400 - 9 + (int64_t)i),
                                           .requests = i % 3 ? 9 : 28,
                                           .asked = i ? 500 - 40 * (int64_t)i : 2600,
                                           .found = i ? 6 + (int64_t)i : 2051,
                                           .pages = i > 1 ? 190 : 83 };
    s->dues = 3;
    s->due = arena_alloc(mem, s->dues * sizeof *s->due);
    s->due[0] = (struct due_row){ REASON_TOO_RECENT, 22, MADE_AT + 3600, MADE_AT + 70000 };
    s->due[1] = (struct due_row){ REASON_UNCONFIRMED, 40, MADE_AT + 86400, MADE_AT + 86400 };
    s->due[2] = (struct due_row){ REASON_UNOBSERVED, 7, 0, 0 };
    s->outages = 1;
    s->outage = arena_alloc(mem, sizeof *s->outage);
    s->outage[0] = (struct outage_row){ MADE_AT - 5 * 86400, MADE_AT - 5 * 86400 + 7200, 12,
                                        false };
    s->drifts = 1;
    s->drift = arena_alloc(mem, sizeof *s->drift);
    s->drift[0] = (struct drift_row){ STR("status_code"), STR("10999"), 2, MADE_AT - 86400,
                                      MADE_AT };
    s->setting = settings;
    s->settings = MADE_COUNT(settings);
}
#endif
