/* diff/compare.c: do two values disagree?
 * A gap is evidence against a platform: each comparator errs towards "same"
 * and says in its comment what it forgives. */
#include "diff/compare.h"
#include <math.h>
#include "base/utc.h"
#include "diff/text.h"

#define API_STALE_S (10 * UTC_DAY_S)   // the API's counters are up to ten days old (its FAQ)
#define CUT_MIN 100                    // characters that a cut caption still has
#define PACE_MOST 10                   // times its lifelong pace, see pace_time

typedef enum verdict compare_fn(enum field, const struct seen *, const struct seen *);

/* Numbers must be the same; texts too, white space at the ends apart. */
static enum verdict compare_exact(enum field f, const struct seen *api, const struct seen *page)
{
    (void)f;
    if (api->val.kind == VAL_TEXT && page->val.kind == VAL_TEXT)
        return text_compare(api->val.text, page->val.text, SIZE_MAX) == TEXT_SAME ? VERDICT_EQUAL
                                                                                  : VERDICT_DIFFERS;
    return value_eq(&api->val, &page->val) ? VERDICT_EQUAL : VERDICT_DIFFERS;
}

/* Handles are the same in any letter case; the API's may carry U+0000. */
static enum verdict compare_handle(enum field f, const struct seen *api, const struct seen *page)
{
    struct set_match m;

    (void)f;
    if (str_eq_nocase(api->val.text, page->val.text))
        return VERDICT_EQUAL;
    m = set_compare(api->val.text, page->val.text, true);
    return m.a_only || m.b_only ? VERDICT_DIFFERS : VERDICT_EQUAL;
}

/* Captions: trailing blanks, the form and number of line ends and blanks, and
 * U+0000 in the API's text are forgiven (equal); a text that is the other's
 * beginning is a cut copy (within), if it has a hundred characters left. */
static enum verdict compare_trimmed(enum field f, const struct seen *api, const struct seen *page)
{
    (void)f;
    switch (text_compare(api->val.text, page->val.text, CUT_MIN)) {
    case TEXT_SAME: return VERDICT_EQUAL;
    case TEXT_CUT:  return VERDICT_WITHIN;
    default:        return VERDICT_DIFFERS;
    }
}

/* Hashtags and mentions: order, repetition and letter case are forgiven. */
static enum verdict compare_folded(enum field f, const struct seen *api, const struct seen *page)
{
    struct set_match m = set_compare(api->val.text, page->val.text, true);

    (void)f;
    return m.a_only || m.b_only ? VERDICT_DIFFERS : VERDICT_EQUAL;
}

/* Hashtag ids: a tag without an id stands on one side alone, so one side may
 * hold a part of the other's (within); each with an id that the other lacks
 * differs. An empty side holds no part of anything. */
static enum verdict compare_subset(enum field f, const struct seen *api, const struct seen *page)
{
    struct set_match m = set_compare(api->val.text, page->val.text, false);

    (void)f;
    if (!m.a_only && !m.b_only)
        return VERDICT_EQUAL;
    return (m.a_only && m.b_only) || m.a_empty || m.b_empty ? VERDICT_DIFFERS : VERDICT_WITHIN;
}

static int64_t apart(int64_t a, int64_t b)
{
    int64_t d;

    if (__builtin_sub_overflow(a, b, &d) || d == INT64_MIN)
        return INT64_MAX;
    return d < 0 ? -d : d;
}

/* The creation time: fields.def names the seconds that are forgiven. */
static enum verdict compare_within(enum field f, const struct seen *api, const struct seen *page)
{
    int64_t d = apart(api->val.i, page->val.i);

    return d == 0 ? VERDICT_EQUAL : d <= field_info(f)->slack ? VERDICT_WITHIN : VERDICT_DIFFERS;
}

/* Durations: one side may round up where the other cuts; photo posts have 0 on
 * one side and the length of their sound on the other. */
static enum verdict compare_seconds(enum field f, const struct seen *api, const struct seen *page)
{
    if (api->val.i != page->val.i && (api->val.i == 0 || page->val.i == 0))
        return VERDICT_WITHIN;
    return compare_within(f, api, page);
}

/* ---- counters ---- */

/* When the API's copy may have been taken: it shows the counter as it stood at
 * some instant of the last ten days. Every page reading cuts away the instants
 * from which (or to which) no course leads; if none is left, no true course
 * fits both sides. */
struct course { double from, to; };

/* What chance alone can add: counters move in whole steps, and pairs of readings
 * a day apart cannot tell a post that gains one a week from one that gains
 * none. Of the steps that the 99 % growth of ten days brings on average, the 99 %
 * upper limit of their number, and one more, are forgiven. */
static double jump(double low, double daily, double step)
{
    double steps = (low + GROWTH_DAMP) * expm1(daily * API_STALE_S / UTC_DAY_S) / step;

    return step * (1 + 2.33 * sqrt(steps));
}

/* The shortest time in which the counter can have moved from low to high:
 * by the 99 % growth of posts of that age in this audit. Where the audit has
 * too few pairs of readings of that age, at ten times the average pace since
 * the post was made, which a post that is found anew hardly reaches; and
 * where its age is unknown, at once. */
static double move_time(const struct diff_model *m, enum field f, const struct seen *api,
                        const struct seen *page, double low, double high)
{
    int64_t earlier = api->at - API_STALE_S < page->at ? api->at - API_STALE_S : page->at;
    int64_t later = api->at > page->at ? api->at : page->at;
    int64_t created = page->created_at ? page->created_at : api->created_at;
    double daily;

    if (created == 0)
        return 0;
    daily = diff_model_growth(m, f, earlier > created ? earlier - created : 0);
    if (daily > 0) {
        high -= jump(low, daily, page->step > 1 ? (double)page->step : 1);
        return high > low ? log((high + GROWTH_DAMP) / (low + GROWTH_DAMP)) / daily * UTC_DAY_S : 0;
    }
    return later > created ? (high - low) / high * (double)(later - created) / PACE_MOST : 0;
}

/* What one page reading leaves of the course. A page prints 76000 for anything
 * from 75950 to 76049 where its step is 100. Views only grow: an API value
 * above the page's upper bound must be younger than the page, one below the
 * lower bound older. Other counters may move either way. */
static void course_cut(struct course *c, const struct diff_model *m, enum field f,
                       const struct seen *api, const struct seen *page)
{
    int64_t half = page->step > 1 ? page->step / 2 : 0;
    int64_t low = page->val.i - half, high = page->step > 1 ? page->val.i + half - 1 : page->val.i;
    double at = (double)page->at, needs;
    bool above = api->val.i > high;

    if (page->at == 0 || (api->val.i >= low && !above))
        return;
    needs = above ? move_time(m, f, api, page, (double)high, (double)api->val.i)
                  : move_time(m, f, api, page, (double)api->val.i, (double)low);
    if (counter_may_fall(f)) {
        // either side of the page's instant; the nearer bound gives way alone
        if (c->to < at + needs && c->to > at - needs)
            c->to = at - needs;
        if (c->from > at - needs && c->from < at + needs)
            c->from = at + needs;
    } else if (above) {
        c->from = fmax(c->from, at + needs);
    } else {
        c->to = fmin(c->to, at - needs);
    }
}

enum verdict compare_counter(const struct diff_model *m, enum field f, const struct seen *api,
                             const struct seen *page, size_t len)
{
    struct course c = { (double)(api->at - API_STALE_S), (double)api->at };
    int64_t created = page->created_at ? page->created_at : api->created_at;

    if (api->val.i == page->val.i)
        return VERDICT_EQUAL;
    if (api->at == 0)
        return VERDICT_WITHIN;              // without its time nothing contradicts it
    if (created > 0 && created <= api->at)
        c.from = fmax(c.from, (double)created);
    for (size_t i = 0; i < len; i++)
        if (page[i].val.kind == VAL_INT)
            course_cut(&c, m, f, api, &page[i]);
    return c.from <= c.to ? VERDICT_WITHIN : VERDICT_DIFFERS;
}

static enum verdict compare_one_counter(enum field f, const struct seen *api,
                                        const struct seen *page)
{
    return compare_counter(NULL, f, api, page, 1);
}

static const struct { compare_fn *fn; enum val_kind kind; bool empty_is_absent; } by_kind[] = {
    [CMP_NONE]    = { NULL, VAL_NONE, false },
    [CMP_EXACT]   = { compare_exact, VAL_NONE, true },
    [CMP_HANDLE]  = { compare_handle, VAL_TEXT, true },
    [CMP_TRIMMED] = { compare_trimmed, VAL_TEXT, true },
    [CMP_FOLDED]  = { compare_folded, VAL_TEXT, true },
    [CMP_SUBSET]  = { compare_subset, VAL_TEXT, true },
    [CMP_WITHIN]  = { compare_within, VAL_INT, false },
    [CMP_SECONDS] = { compare_seconds, VAL_INT, false },
    [CMP_COUNTER] = { compare_one_counter, VAL_INT, false },
};

static bool says_nothing(const struct value *v)
{
    return v->kind == VAL_NONE || (v->kind == VAL_TEXT && text_is_blank(v->text));
}

enum verdict compare_field(enum field f, const struct seen *api, const struct seen *page)
{
    enum field_cmp cmp = field_info(f)->cmp;
    bool lone = api->val.kind == VAL_NONE || page->val.kind == VAL_NONE;

    if (!by_kind[cmp].fn)
        return VERDICT_NONE;
    // The API leaves keys out whose value is empty; the page writes "" and [].
    if (lone && by_kind[cmp].empty_is_absent && says_nothing(&api->val) && says_nothing(&page->val))
        return VERDICT_NONE;
    if (lone)
        return api->val.kind != VAL_NONE ? VERDICT_API_ONLY
             : page->val.kind != VAL_NONE ? VERDICT_PAGE_ONLY : VERDICT_NONE;
    if (by_kind[cmp].kind != VAL_NONE &&
        (api->val.kind != by_kind[cmp].kind || page->val.kind != by_kind[cmp].kind))
        return value_eq(&api->val, &page->val) ? VERDICT_EQUAL : VERDICT_DIFFERS;
    return by_kind[cmp].fn(f, api, page);
}
