/* audit/verdict/card.c: one pass over the records that were superseded, to know which fields
 * of a post changed, and one over all pairs. */
#include "audit/verdict/card.h"
#include <math.h>
#include <stdlib.h>
#include <string.h>
#include "audit/verdict/differ.h"
#include "base/array.h"
#include "base/digest.h"
#include "base/utc.h"
#include "record/seed.h"

#define OLD_ENOUGH_S (30 * UTC_DAY_S)
#define LAG_STEPS 3    // a page must have moved by so many to date anything

/* What a superseded record showed, by its compared fields: hashes, 0 for none. */
#define STABLE_MOST 16
struct old {
    int64_t item;
    uint8_t side;
    uint16_t of[STABLE_MOST];
};
struct filling {
    struct card *card;
    const struct account_table *accounts;
    uint64_t seed;
    int set[MEASURES];        // of card->behind
    struct {
        struct old *v;
        size_t n, cap;
    } old;
    int64_t item;    // of the pair at hand, 0 none
    struct kept now;
};

enum {
    COMPARED_FIELDS = 0
#define FIELD(id, name, api, page, type, cmp, slack) +(CMP_##cmp != CMP_NONE)
#include "record/fields.def"
#undef FIELD
};
_Static_assert(COMPARED_FIELDS <= STABLE_MOST, "a measure's bit for each field that is compared");
_Static_assert(MEASURE_LOW == MEASURE_AGREE + STABLE_MOST && MEASURES <= 64, "bits of struct kept");

/* ---- measures ---- */

/* The compared fields in their order: place of each, STABLE_MOST where it is none. */
static int place_of(enum field f)
{
    int place = 0;

    for (int i = 0; i < (int)f; i++)
        place += field_info((enum field)i)->cmp != CMP_NONE;
    return field_info(f)->cmp != CMP_NONE ? place : STABLE_MOST;
}

static enum field field_at(int place)
{
    int f = 0;

    while (f < FIELD_COUNT && place_of((enum field)f) != place)
        f++;
    return (enum field)f;
}

static const struct {
    enum measure first;
    const char *name, *is;
} of_counters[] = {
    { MEASURE_LOW, "tenfold_low",
      "Rows whose API value of %s is a tenth of the page's or less, "
      "of posts of 30 days and older with %d on the page at least" },
    { MEASURE_HIGH, "tenfold_high",
      "Rows whose API value of %s is ten times the page's or more, "
      "of posts of 30 days and older with %d on the page at least" },
    { MEASURE_ABOVE_90, "above_l90",
      "Rows whose %s would have grown, in the longest time that the "
      "API's copy may be older than the page, by more than 10 %% of posts do; at most 0.10 where "
      "the API is honest; posts of 30 days and older with %d on the page at least" },
    { MEASURE_ABOVE_99, "above_l99",
      "Rows whose %s would have grown, in the longest time that the "
      "API's copy may be older than the page, by more than 1 %% of posts do; at most 0.01 where "
      "the API is honest; posts of 30 days and older with %d on the page at least" },
};
#define OF_COUNTERS (sizeof of_counters / sizeof *of_counters)

static size_t row_of(int measure)
{
    size_t i = OF_COUNTERS - 1;

    while (of_counters[i].first > (enum measure)measure)
        i--;
    return i;
}

const char *measure_name(struct arena *mem, int m)
{
    size_t row;

    if (m < MEASURE_LOW)
        return field_at(m) == FIELD_COUNT
                   ? NULL
                   : arena_printf(mem, "agree_%s", field_info(field_at(m))->name).p;
    if (m == MEASURE_NO_INSTANT)
        return "no_common_instant";
    if (m == MEASURE_LIKES_ABOVE_VIEWS)
        return "likes_above_views";
    row = row_of(m);
    return arena_printf(
               mem, "%s_%s", of_counters[row].name,
               field_info(counter_field((enum counter)(m - (int)of_counters[row].first)))->name)
        .p;
}

const char *measure_is(struct arena *mem, int m)
{
    enum counter c;
    size_t row;

    if (m < MEASURE_LOW)
        return arena_printf(mem,
                            field_drifts(field_at(m))
                                ? "Pairs of %s that do not differ, of those that both sides show; "
                                  "they differ where no growth that is known fits both"
                                : "Pairs of %s that do not differ, of those that both sides show "
                                  "and of which neither showed another value at another time",
                            field_info(field_at(m))->name)
            .p;
    if (m == MEASURE_NO_INSTANT)
        return "Rows of the API whose counters fit the page at no instant in common, of those with "
               "a counter on both sides";
    if (m == MEASURE_LIKES_ABOVE_VIEWS)
        return "Rows of the API with more likes than views, of those with both; pages show none";
    row = row_of(m);
    c = (enum counter)(m - (int)of_counters[row].first);
    return arena_printf(mem, of_counters[row].is, field_info(counter_field(c))->name, card_least(c))
        .p;
}

int card_least(enum counter c) { return c == COUNTER_VIEWS ? 1000 : 100; }

static void note(struct kept *k, int measure, bool hit)
{
    k->has |= (uint64_t)1 << measure;
    k->hit |= (uint64_t)hit << measure;
}

/* ---- what changed ---- */

static uint16_t value_hash(const struct value *v)
{
    uint64_t h = 0x9E3779B97F4A7C15u;

    if (v->kind == VAL_NONE)
        return 0;
    if (v->kind != VAL_TEXT)
        return (uint16_t)(mix64((uint64_t)v->i) | 1);
    for (size_t i = 0; i < v->text.n; i++)
        h = (h ^ (unsigned char)v->text.p[i]) * 0x9FB21C651E98DF25u;
    return (uint16_t)(mix64(h) | 1);
}

static int take_old(void *to, const struct old_record *r, struct err *err)
{
    struct filling *f = to;
    struct old old = { .item = r->item, .side = (uint8_t)r->side };

    (void)err;
    for (int i = 0; i < FIELD_COUNT; i++)
        if (field_info((enum field)i)->cmp != CMP_NONE && !field_drifts((enum field)i))
            old.of[place_of((enum field)i)] = value_hash(&r->rec->val[i]);
    ARRAY_ROOM(f->old.v, f->old.n, f->old.cap);
    f->old.v[f->old.n++] = old;
    return 0;
}

/* Neither side showed another value of the field at another time. */
static bool is_stable(const struct filling *f, const struct gap *g)
{
    const uint16_t now[SIDE_COUNT] = { value_hash(&g->api), value_hash(&g->page) };
    size_t lo = 0, hi = f->old.n;
    int place = place_of(g->field);

    while (lo < hi) {
        size_t mid = (lo + hi) / 2;

        if (f->old.v[mid].item < g->item)
            lo = mid + 1;
        else
            hi = mid;
    }
    for (; lo < f->old.n && f->old.v[lo].item == g->item; lo++)
        if (f->old.v[lo].of[place] != now[f->old.v[lo].side])
            return false;
    return true;
}

/* ---- counters ---- */

static const struct page_counters *nearest(const struct diff_row *row, enum counter c)
{
    const struct page_counters *best = NULL;
    int64_t apart = 0;

    for (size_t i = 0; i < row->len; i++) {
        const struct page_counters *p = &row->page[i];
        int64_t here = llabs(p->at - row->api.at);

        if (p->value[c] == COUNTER_ABSENT || p->at == 0 || (best && here >= apart))
            continue;
        best = p;
        apart = here;
    }
    return best;
}

/* Would the counter have to grow by more than most do? For the longest time that the copy can
 * be older than the page: whatever its true age is, an honest one is below as often. */
static void take_growth(struct kept *k, const struct diff_row *row, enum counter c,
                        const struct page_counters *page)
{
    double created = (double)row->api.created_at;
    double from = (double)row->api.at - growth_number(GROWTH_STALE_DAYS) * UTC_DAY_S;
    double low = (double)counter_bracket(page->value[c], page->step[c]).low, needed;
    struct growth_limit limit;

    from = fmax(from, created);
    if ((double)page->at <= from)
        return;
    needed = log(growth_factor((double)row->api.value[c], low));
    limit = growth_limit((from - created) / UTC_DAY_S, ((double)page->at - from) / UTC_DAY_S);
    note(k, (int)MEASURE_ABOVE_90 + (int)c, needed > limit.l90);
    note(k, (int)MEASURE_ABOVE_99 + (int)c, needed > limit.l99);
}

static void take_counter(struct kept *k, const struct diff_row *row, enum counter c)
{
    const struct page_counters *page = nearest(row, c);
    int64_t a = row->api.value[c];
    double ratio;

    if (a == COUNTER_ABSENT || !page || page->value[c] < card_least(c) ||
        row->api.at - row->api.created_at < OLD_ENOUGH_S)
        return;
    ratio = log10(((double)a + 1) / ((double)page->value[c] + 1));
    k->ratio[c] = (float)ratio;
    note(k, (int)MEASURE_LOW + (int)c, ratio <= -1);
    note(k, (int)MEASURE_HIGH + (int)c, ratio >= 1);
    take_growth(k, row, c, page);
}

static int by_time(const void *x, const void *y)
{
    int64_t a = ((const struct page_counters *)x)->at, b = ((const struct page_counters *)y)->at;

    return a < b ? -1 : a > b;
}

/* Readings of views in the order of time; out has room for all. */
static size_t views_by_time(const struct diff_row *row, struct page_counters *out)
{
    size_t n = 0;

    for (size_t i = 0; i < row->len; i++)
        if (row->page[i].at && row->page[i].value[COUNTER_VIEWS] != COUNTER_ABSENT)
            out[n++] = row->page[i];
    qsort(out, n, sizeof *out, by_time);
    return n;
}

static struct bracket views_of(const struct page_counters *p)
{
    return counter_bracket(p->value[COUNTER_VIEWS], p->step[COUNTER_VIEWS]);
}

static int64_t step_of(const struct page_counters *p)
{
    return LAG_STEPS * (p->step[COUNTER_VIEWS] > 1 ? p->step[COUNTER_VIEWS] : 1);
}

static void set_lag(struct kept *k, enum lag is, double seconds)
{
    k->lag_is = (uint8_t)is;
    k->lag = (float)(fmax(seconds, 0) / UTC_DAY_S);
}

/* By more than views are known to fall. */
static bool is_above(int64_t more, int64_t less)
{
    struct counter_fall fall = counter_fall(COUNTER_VIEWS);

    return (double)more * (1 - fall.share) - fall.count > (double)less;
}

/* When the page showed what the API does: between two readings by their growth, which is even
 * in its logarithm; before the first; or later than all that were read before the reply. */
static void take_lag(struct kept *k, const struct diff_row *row, const struct page_counters *page,
                     size_t n)
{
    const int64_t a = row->api.value[COUNTER_VIEWS], at = row->api.at;

    for (size_t i = 0; i + 1 < n; i++) {
        const struct page_counters *p = &page[i], *q = &page[i + 1];
        double v1 = (double)p->value[COUNTER_VIEWS], v2 = (double)q->value[COUNTER_VIEWS];

        if (a < v1 || a > v2 || views_of(q).low - views_of(p).high < step_of(q))
            continue;
        set_lag(k, LAG_BRACKETED,
                (double)(at - p->at) - (double)(q->at - p->at) * log(growth_factor(v1, (double)a)) /
                                           log(growth_factor(v1, v2)));
        return;
    }
    if (page[0].at < at && is_above(views_of(&page[0]).low, a))
        set_lag(k, LAG_CENSORED, (double)(at - page[0].at));
    while (n > 0 && page[n - 1].at > at)
        n--;
    if (n > 0 && is_above(a, views_of(&page[n - 1]).high))
        set_lag(k, LAG_NEWER, 0);
}

/* ---- pairs ---- */

static bool is_kept(const struct filling *f, uint32_t account)
{
    return mix64(f->seed ^ mix64(account)) <= f->card->rank_most;
}

/* Half of the accounts go, with all their pairs. */
static void thin(struct filling *f)
{
    struct card *c = f->card;
    size_t n = 0;

    c->rank_most /= 2;
    for (size_t i = 0; i < c->kept.n; i++)
        if (is_kept(f, c->kept.v[i].account))
            c->kept.v[n++] = c->kept.v[i];
    c->kept.n = n;
}

static void pair_end(struct filling *f)
{
    struct card *c = f->card;

    if (!f->item)
        return;
    for (int m = 0; m < MEASURES; m++) {
        c->has[m] += f->now.has >> m & 1;
        c->hit[m] += f->now.hit >> m & 1;
        if (f->now.hit >> m & 1)
            behind_mark(c->behind, f->set[m], f->item);
    }
    f->item = 0;
    if (!is_kept(f, f->now.account))
        return;
    while (c->kept.n >= c->most && c->rank_most)
        thin(f);
    if (!is_kept(f, f->now.account))
        return;
    ARRAY_ROOM(c->kept.v, c->kept.n, c->kept.cap);
    c->kept.v[c->kept.n++] = f->now;
}

static uint16_t month_of(int64_t at)
{
    char text[UTC_TEXT_MAX];
    int year, month;

    utc_date(utc_day(at), text);
    year = atoi(text);
    month = atoi(text + 5);
    return (uint16_t)(12 * year + month);
}

static void pair_begin(struct filling *f, int64_t item, int64_t api_at)
{
    int64_t account;

    if (f->item == item)
        return;
    pair_end(f);
    account = account_of(f->accounts->graph, item);
    f->item = item;
    f->now = (struct kept){
        .account = (uint32_t)(account ? account : (int64_t)f->accounts->n + item),
        .month = month_of(api_at),
    };
    for (int c = 0; c < COUNTERS; c++)
        f->now.ratio[c] = NAN;
}

static int take_row(void *to, const struct diff_row *row, struct err *err)
{
    struct page_counters *page = xcalloc(row->len + 1, sizeof *page);
    const int64_t *a = row->api.value;
    struct filling *f = to;
    size_t n;

    (void)err;
    pair_begin(f, row->pair->item, row->api.at);
    if (row->verdict.snapshot != SNAPSHOT_NONE)
        note(&f->now, MEASURE_NO_INSTANT, row->verdict.snapshot == SNAPSHOT_NO);
    if (a[COUNTER_LIKES] != COUNTER_ABSENT && a[COUNTER_VIEWS] != COUNTER_ABSENT)
        note(&f->now, MEASURE_LIKES_ABOVE_VIEWS, a[COUNTER_LIKES] > a[COUNTER_VIEWS]);
    for (int c = 0; c < COUNTERS; c++)
        take_counter(&f->now, row, (enum counter)c);
    n = views_by_time(row, page);
    if (n && row->api.at && a[COUNTER_VIEWS] != COUNTER_ABSENT)
        take_lag(&f->now, row, page, n);
    free(page);
    return 0;
}

static int take_gap(void *to, const struct gap *g, struct err *err)
{
    struct filling *f = to;

    (void)err;
    pair_begin(f, g->item, g->api_at);
    if (g->verdict != VERDICT_EQUAL && g->verdict != VERDICT_WITHIN &&
        g->verdict != VERDICT_DIFFERS)
        return 0;
    if (field_drifts(g->field) || is_stable(f, g))
        note(&f->now, (int)MEASURE_AGREE + place_of(g->field), g->verdict != VERDICT_DIFFERS);
    return 0;
}

static void name_sets(struct filling *f)
{
    struct arena mem = {0};

    for (int m = 0; f->card->behind && m < MEASURES; m++) {
        const char *name = measure_name(&mem, m);

        f->set[m] = name ? behind_set(f->card->behind, str_of(name)) : 0;
    }
    arena_release(&mem);
}

int card_fill(struct card *card, struct audit *audit, const struct account_table *accounts,
              struct diff_result *seen, struct err *err)
{
    struct filling f = { .card = card,
                         .accounts = accounts,
                         .seed = digest_rank(buf_view(&audit->seed), SEED_ACCOUNTS) };
    const struct diff_sink sink = { .emit = take_gap, .equal = true, .row = take_row, .to = &f };
    int rc = -1;

    name_sets(&f);
    card->rank_most = UINT64_MAX;
    card->most = card->most ? card->most : KEPT_MOST;
    if (store_old_records(audit->store, take_old, &f, err) ||
        differ_each(audit, &sink, seen, err))
        goto out;
    pair_end(&f);
    for (size_t i = 0; i < card->kept.n; i++)
        card->lag[card->kept.v[i].lag_is]++;
    rc = 0;
out:
    free(f.old.v);
    return rc;
}

void card_release(struct card *card) { free(card->kept.v); }
