/* tests/soak/scores.c: made-up audits, judged and counted. */
#include "tests/soak/scores.h"

#include <inttypes.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "base/err.h"
#include "base/utc.h"
#include "diff/model.h"

#define NOW ((int64_t)1790000000)        // 2026-09-21, when the audits begin
#define READINGS (SCORE_READINGS + 1)    // one of them early
#define AGE_FROM 2.0
#define AGE_TO 1826.0
#define FALLS_BEFORE 56.0
#define GENERATION GENERATION_REHYDRATE

enum draw {    // of a row's key
    D_AGE = 1,
    D_ASKED,
    D_STALE,
    D_OWN,
    D_OWN_OF,    // + counter
    D_SPOIL = D_OWN_OF + COUNT_KINDS,
    D_OTHER,
    D_PAGE,
    D_READINGS,
    D_APART,    // + reading
    D_FROZEN = D_APART + READINGS,
    D_GLITCH,
    D_DIGITS,
    D_EARLY,
};

struct post {
    struct growth_post law;
    int64_t created_at;
    double age;
};
struct reading {
    int64_t at, count[COUNT_KINDS];
};
struct row {
    int64_t created_at;
    double age;    // when asked, in days
    struct reading api, page[READINGS];
    size_t pages;
    enum spoil spoil;
};

// ---- posts and what both sides show of them ----

static uint64_t key_of(const struct score_audit *a, uint64_t n)
{
    return (a->seed * 1000003 + n) * 0x9e3779b97f4a7c15u + a->spoil;
}

static void make_post(const struct score_audit *a, uint64_t key, struct post *p)
{
    p->age = AGE_FROM * pow(AGE_TO / AGE_FROM, growth_draw(key, D_AGE));
    p->created_at = NOW - (int64_t)(p->age * UTC_DAY_S);
    growth_post_make(&p->law, &a->law, key, p->age - FALLS_BEFORE);
}

static void count_at(const struct post *p, int64_t at, int64_t out[COUNT_KINDS])
{
    growth_at(&p->law, (double)(at - p->created_at) / UTC_DAY_S, out);
}

/* As a page prints them: to the nearest, digits of them, from 10^digits on. */
static void print_rounded(int digits, int64_t count[COUNT_KINDS])
{
    int64_t least = digits == 3 ? 1000 : 10000;

    for (int k = 0; k < COUNT_KINDS; k++) {
        int64_t step = 1;

        while (count[k] / step >= least)
            step *= 10;
        count[k] = (count[k] + step / 2) / step * step;
    }
}

static int digits_of(const struct score_audit *a)
{
    return growth_draw(a->seed, D_DIGITS) < 0.5 ? 3 : 4;
}

/* The API's copy was taken up to ten days before, but not before the post was there. */
static int64_t copied_at(const struct row *r, double u)
{
    int64_t at = r->api.at - (int64_t)(10 * UTC_DAY_S * u);

    return at < r->created_at ? r->created_at + (r->api.at - r->created_at) / 2 : at;
}

static void show_api(const struct score_audit *a, uint64_t key, const struct post *p, struct row *r)
{
    struct post other = *p;
    int64_t at = copied_at(r, growth_draw(key, D_STALE)), own[COUNT_KINDS];

    if (r->spoil == SPOIL_OTHER)
        make_post(a, key ^ ((uint64_t)1 << 62), &other);
    if (r->spoil == SPOIL_FROZEN)
        at -= SPOIL_FROZEN_DAYS * UTC_DAY_S;
    count_at(&other, at, r->api.count);
    if (growth_draw(key, D_OWN) < a->own && r->spoil != SPOIL_FROZEN)
        for (uint64_t k = 0; k < COUNT_KINDS; k++) {
            count_at(&other, copied_at(r, growth_draw(key, D_OWN_OF + k)), own);
            r->api.count[k] = own[k];
        }
    spoil_counters(r->spoil, r->api.count);
}

static void show_page(const struct score_audit *a, const struct post *p, int64_t at,
                      struct reading *out)
{
    out->at = at;
    count_at(p, at, out->count);
    print_rounded(digits_of(a), out->count);
}

static void show_pages(const struct score_audit *a, uint64_t key, const struct post *p,
                       struct row *r)
{
    int64_t at = r->api.at + (int64_t)((4 * growth_draw(key, D_PAGE) - 1) * UTC_DAY_S);
    double u = growth_draw(key, D_READINGS);

    r->pages = u < 0.6 ? 1 : u < 0.85 ? 2 : 3;
    for (size_t i = 0; i < r->pages; i++) {
        show_page(a, p, at, &r->page[i]);
        at += (int64_t)((0.1 + 4 * growth_draw(key, D_APART + i)) * UTC_DAY_S);
    }
    u = growth_draw(key, D_EARLY);
    if (u >= a->early)
        return;
    at = r->api.at - (int64_t)((11 + 19 * u / a->early) * UTC_DAY_S);
    if (at > r->created_at)
        show_page(a, p, at, &r->page[r->pages++]);
}

static void make_row(const struct score_audit *a, uint64_t n, struct row *r)
{
    uint64_t key = key_of(a, n);
    struct post p;

    memset(r, 0, sizeof *r);
    make_post(a, key, &p);
    r->created_at = p.created_at;
    r->api.at = NOW + (int64_t)(2 * UTC_DAY_S * growth_draw(key, D_ASKED));
    r->age = (double)(r->api.at - r->created_at) / UTC_DAY_S;
    r->spoil = growth_draw(key, D_SPOIL) < a->share ? a->spoil : SPOIL_NONE;
    if (r->spoil == SPOIL_FROZEN && r->age < SPOIL_FROZEN_DAYS + 10)
        r->spoil = SPOIL_NONE;
    show_api(a, key, &p, r);
    show_pages(a, key, &p, r);
}

/* A post that was not returned: its page was read twice. */
static void make_lesson(const struct score_audit *a, uint64_t n, struct row *r)
{
    uint64_t key = key_of(a, n + ((uint64_t)1 << 40));
    struct post p;

    memset(r, 0, sizeof *r);
    make_post(a, key, &p);
    r->created_at = p.created_at;
    r->pages = 2;
    for (int i = 0; i < 2; i++) {
        r->page[i].at = NOW +
                        (int64_t)((i + 0.3 * growth_draw(key, D_APART + (uint64_t)i)) * UTC_DAY_S);
        count_at(&p, r->page[i].at, r->page[i].count);
        print_rounded(digits_of(a), r->page[i].count);
    }
    if (growth_draw(key, D_FROZEN) < 0.1)
        memcpy(r->page[1].count, r->page[0].count, sizeof r->page[0].count);
    if (growth_draw(key, D_GLITCH) < 0.005)
        r->page[1].count[COUNT_VIEWS] *= 100;
}

// ---- judged by diff/ ----

static const enum counter counters[COUNT_KINDS] = {
    [COUNT_VIEWS] = COUNTER_VIEWS,         [COUNT_LIKES] = COUNTER_LIKES,
    [COUNT_COMMENTS] = COUNTER_COMMENTS,   [COUNT_SHARES] = COUNTER_SHARES,
    [COUNT_FAVORITES] = COUNTER_FAVORITES,
};

static struct counter_reading reading_of(const struct reading *r)
{
    struct counter_reading out = { .at = r->at, .generation = GENERATION };

    for (int k = 0; k < COUNT_KINDS; k++)
        out.value[counters[k]] = r->count[k];
    return out;
}

static void learn_steps(struct diff_model *m, const struct row *r)
{
    for (size_t i = 0; i < r->pages; i++) {
        struct counter_reading page = reading_of(&r->page[i]);

        diff_model_learn_steps(m, &page);
    }
}

static void learn_growth(struct diff_model *m, const struct row *r)
{
    for (size_t i = 1; i < r->pages && r->page[i].at > r->page[i - 1].at; i++) {
        struct counter_reading before = reading_of(&r->page[i - 1]),
                               after = reading_of(&r->page[i]);
        struct page_counters a = diff_model_page(m, &before), b = diff_model_page(m, &after);

        diff_model_learn_pair(m, r->created_at, &a, &b);
    }
}

/* True where views differ; any: where any counter does. */
static bool judge(const struct diff_model *m, const struct row *r, bool *any)
{
    struct api_counters api = { .at = r->api.at, .created_at = r->created_at };
    struct page_counters page[READINGS];
    struct counter_reading row = reading_of(&r->api);
    struct snapshot_verdict out;

    memcpy(api.value, row.value, sizeof api.value);
    for (size_t i = 0; i < r->pages; i++) {
        row = reading_of(&r->page[i]);
        page[i] = diff_model_page(m, &row);
    }
    snapshot_judge(diff_model_lambda(m), &api, page, r->pages, &out);
    *any = false;
    for (int c = 0; c < COUNTERS; c++)
        *any = *any || out.of[c].verdict == VERDICT_DIFFERS;
    return out.of[COUNTER_VIEWS].verdict == VERDICT_DIFFERS;
}

// ---- counted ----

static enum score_age age_class(double days)
{
    static const double below[SCORE_AGES] = { 10, 30, 90, 365, INFINITY };
    int i = 0;

    while (days >= below[i])
        i++;
    return (enum score_age)i;
}

/* Steps come first: a pair's growth is read off its brackets. */
static struct diff_model *teach(const struct row *row, size_t rows)
{
    struct diff_model *m = diff_model_new();

    for (size_t i = 0; i < rows; i++)
        learn_steps(m, &row[i]);
    for (size_t i = 0; i < rows; i++)
        learn_growth(m, &row[i]);
    diff_model_blend(m);
    return m;
}

void score_run(const struct score_audit *a, struct scores *s)
{
    int64_t lessons = (int64_t)(a->taught * (double)a->items);
    struct row *row = xcalloc((size_t)(a->items + lessons), sizeof *row);
    struct diff_model *model;

    for (int64_t i = 0; i < a->items; i++)
        make_row(a, (uint64_t)i, &row[i]);
    for (int64_t i = 0; i < lessons; i++)
        make_lesson(a, (uint64_t)i, &row[a->items + i]);
    model = teach(row, (size_t)(a->taught > 0 ? a->items + lessons : 0));
    for (int64_t i = 0; i < a->items; i++) {
        bool any, views = judge(model, &row[i], &any);

        for (int large = 0; large <= (row[i].page[0].count[COUNT_VIEWS] >= 1000); large++) {
            struct score *to = &s->of[row[i].spoil][age_class(row[i].age)][large];

            to->rows++;
            to->views += views;
            to->any += any;
        }
        if (row[i].spoil == SPOIL_NONE) {
            s->by_readings[row[i].pages - 1].rows++;
            s->by_readings[row[i].pages - 1].any += any;
        }
    }
    free(row);
    diff_model_free(model);
}

// ---- the table ----

static const double shares[] = { 0.02, 0.4 };
#define SHARES 2

static double per_cent(int64_t k, int64_t n) { return n ? 100 * (double)k / (double)n : 0; }

static struct score month_and_older(const struct scores *s, enum spoil kind)
{
    struct score sum = { 0 };

    for (int age = AGE_MONTH; age < SCORE_AGES; age++) {
        sum.rows += s->of[kind][age][1].rows;
        sum.views += s->of[kind][age][1].views;
        sum.any += s->of[kind][age][1].any;
    }
    return sum;
}

/* Found: what is wrong is the views where they were divided or are 0; else any counter. */
static int64_t found(enum spoil kind, const struct score *s)
{
    return kind == SPOIL_NONE || kind == SPOIL_OTHER || kind == SPOIL_FROZEN ? s->any : s->views;
}

static void print_head(FILE *out)
{
    fprintf(out,
            "\ncounters, per cent of rows with `differs`: page of 1,000 views and more "
            "(honest rows: any page, any counter)\n"
            "%-14s %6s %6s %8s %8s %8s %8s %8s %8s %8s\n",
            "kind", "share", "items", "rows", "2-10 d", "10-30 d", "30-90 d", "90-365 d", "older",
            ">= 30 d");
}

static void print_line(FILE *out, enum spoil kind, double share, int64_t items,
                       const struct scores *all)
{
    int large = kind != SPOIL_NONE;
    struct score old = month_and_older(all, kind);
    int64_t rows = 0;

    for (int age = 0; age < SCORE_AGES; age++)
        rows += all->of[kind][age][large].rows;
    fprintf(out, "%-14s %5.0f%% %6" PRId64 " %8" PRId64,
            kind == SPOIL_NONE ? "honest" : spoil_name(kind), 100 * share, items, rows);
    for (int age = 0; age < SCORE_AGES; age++) {
        const struct score *s = &all->of[kind][age][large];

        if (s->rows)
            fprintf(out, " %8.2f", per_cent(found(kind, s), s->rows));
        else
            fprintf(out, " %8s", "-");
    }
    fprintf(out, " %8.2f\n", per_cent(found(kind, &old), old.rows));
}

static int goal(FILE *out, bool reached, const char *what, double value, const char *bound)
{
    if (out)
        fprintf(out, "    %s  %s: %.3f %%, %s\n", reached ? "pass" : "MISS", what, value, bound);
    return !reached;
}

#define ROWS_TELL 1000    // of a kind by itself; of fewer one row is more than 0.1 %

static int check_goals(FILE *out, const struct scores *s)
{
    struct score sum = { 0 };
    double worst = 0, least = 100;

    for (int age = 0; age < SCORE_AGES; age++) {
        const struct score *honest = &s->of[SPOIL_NONE][age][0];

        worst = fmax(worst, per_cent(honest->any, honest->rows));
    }
    for (int kind = SPOIL_VIEWS_10; kind <= SPOIL_ZERO; kind++) {
        struct score old = month_and_older(s, (enum spoil)kind);

        if (kind == SPOIL_FROZEN)
            continue;
        sum.rows += old.rows;
        sum.views += old.views;
        if (old.rows >= ROWS_TELL)
            least = fmin(least, per_cent(old.views, old.rows));
    }
    least = fmin(least, per_cent(sum.views, sum.rows));
    return goal(out, worst <= 0.3, "honest rows with any `differs`, in the worst class of age",
                worst, "at most 0.3 %") +
           goal(out, least >= 99, "views a tenth or less, posts of 30 days and older: found", least,
                "at least 99 %");
}

/* All kinds at one share and size. */
static int one_size(const struct score_wish *w, double share, int64_t items, FILE *out)
{
    struct scores all;

    memset(&all, 0, sizeof all);
    for (int kind = SPOIL_NONE + 1; kind < SPOIL_KINDS; kind++) {
        struct score_audit a = SCORE_AUDIT;

        a.items = items;
        a.spoil = (enum spoil)kind;
        a.share = share;
        for (int64_t done = 0; done < w->rows; done += items, a.seed++)
            score_run(&a, &all);
    }
    for (int kind = SPOIL_NONE; out && kind < SPOIL_KINDS; kind++)
        print_line(out, (enum spoil)kind, share, items, &all);
    return check_goals(out, &all);
}

static struct score all_ages(const struct scores *s, enum spoil kind)
{
    struct score sum = { 0 };

    for (int age = 0; age < SCORE_AGES; age++) {
        sum.rows += s->of[kind][age][0].rows;
        sum.any += s->of[kind][age][0].any;
    }
    return sum;
}

/* Worlds that are worse than what was seen, and pages that were read more often: honest rows,
 * and of whole rows that were frozen what is found. */
static int harder(const struct score_wish *w, FILE *out)
{
    static const struct {
        const char *name;
        double pace, bursts, own, taught, early;
    } hard[] = {
        { "growth x 1.6, three times the bursts", 1.6, 3, 0.15, 0.3, 0 },
        { "half the rows with counters of their own times", 1, 1, 0.5, 0.3, 0 },
        { "nothing taught", 1, 1, 0.15, 0, 0 },
        { "pages also read 11 to 30 days before the reply", 1, 1, 0.15, 0.3, 1 },
    };
    int missed = 0;

    for (size_t i = 0; i < sizeof hard / sizeof *hard; i++) {
        struct score_audit a = SCORE_AUDIT;
        struct score honest, frozen;
        struct scores s;

        memset(&s, 0, sizeof s);
        a.items = w->rows;
        a.law.pace = hard[i].pace;
        a.law.bursts = hard[i].bursts;
        a.own = hard[i].own;
        a.taught = hard[i].taught;
        a.early = hard[i].early;
        a.spoil = SPOIL_FROZEN;
        a.share = 0.1;
        score_run(&a, &s);
        honest = all_ages(&s, SPOIL_NONE);
        frozen = month_and_older(&s, SPOIL_FROZEN);
        missed += goal(out, per_cent(honest.any, honest.rows) <= 0.3, hard[i].name,
                       per_cent(honest.any, honest.rows), "at most 0.3 % of honest rows");
        for (int n = 0; out && n <= SCORE_READINGS; n++)
            if (s.by_readings[n].rows)
                fprintf(out, "          %d reading%s: %.3f %% of %" PRId64 "\n", n + 1,
                        n ? "s" : "", per_cent(s.by_readings[n].any, s.by_readings[n].rows),
                        s.by_readings[n].rows);
        if (out)
            fprintf(out, "          frozen rows found: %.1f %% of %" PRId64 "\n",
                    per_cent(frozen.any, frozen.rows), frozen.rows);
    }
    return missed;
}

int scores_table(const struct score_wish *w, FILE *out)
{
    int missed = 0;

    if (out)
        print_head(out);
    for (int size = 0; size < 3; size++)
        for (int k = 0; k < SHARES && w->items[size]; k++)
            missed += one_size(w, shares[k], w->items[size], out);
    if (w->harder)
        missed += harder(w, out);
    return missed;
}
