/* diff/compare.c: do two values disagree?
 * A gap is evidence against a platform: each comparator errs towards "same"
 * and says in its comment what it forgives. */
#include "diff/compare.h"
#include "diff/text.h"

#define CUT_MIN 100                    // characters that a cut caption still has

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

static int64_t count_of(const struct value *v)
{
    return v->kind == VAL_INT && v->i >= 0 ? v->i : COUNTER_ABSENT;
}

/* A counter alone: diff/snapshot.c, of what is said of rows the first rule. */
static enum verdict compare_counter(enum field f, const struct seen *api, const struct seen *page)
{
    const enum counter c = counter_of(f);
    struct api_counters row = { .at = api->at,
                                .created_at = page->created_at ? page->created_at
                                                               : api->created_at };
    struct page_counters shown = { .at = page->at };
    struct snapshot_verdict verdict;

    if (c == COUNTERS)
        return compare_exact(f, api, page);
    for (int i = 0; i < COUNTERS; i++)
        row.value[i] = shown.value[i] = COUNTER_ABSENT;
    row.value[c] = count_of(&api->val);
    shown.value[c] = count_of(&page->val);
    shown.step[c] = page->step;
    snapshot_judge(1, &row, &shown, 1, &verdict);
    return verdict.of[c].verdict;
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
    [CMP_COUNTER] = { compare_counter, VAL_INT, false },
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
