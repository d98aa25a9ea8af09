/* report/text.c: numbers as people read them. */
#include <math.h>
#include <stdio.h>
#include <string.h>
#include "report/text.h"

char *text_count(int64_t n, char text[TEXT_MAX])
{
    char digits[24];
    const int len = snprintf(digits, sizeof digits, "%lld", (long long)(n < 0 ? -n : n));
    char *to = text;

    if (n < 0)
        *to++ = '-';
    for (int i = 0; i < len; i++) {
        if (i > 0 && (len - i) % 3 == 0)
            *to++ = ',';
        *to++ = digits[i];
    }
    *to = '\0';
    return text;
}

char *text_estimate(double n, char text[TEXT_MAX])
{
    if (n >= 100 || floor(n) >= n)
        return text_count(llround(n), text);
    snprintf(text, TEXT_MAX, "%.1f", n);
    return text;
}

char *text_percent(double share, char text[TEXT_MAX])
{
    if (share < 0)
        snprintf(text, TEXT_MAX, "-");
    else if (share > 0 && share < 0.0005)
        snprintf(text, TEXT_MAX, "<0.1 %%");
    else if (share < 1 && share >= 0.9995)
        snprintf(text, TEXT_MAX, ">99.9 %%");
    else
        snprintf(text, TEXT_MAX, "%.1f %%", 100 * share);
    return text;
}

char *text_probability(double p, char text[TEXT_MAX])
{
    if (p < 0)
        snprintf(text, TEXT_MAX, "-");
    else if (p > 0 && p < 0.0001)
        snprintf(text, TEXT_MAX, "%.1e", p);
    else
        snprintf(text, TEXT_MAX, "%.4f", p);
    return text;
}

char *text_number(const struct number *n, double x, char text[TEXT_MAX])
{
    if (n->unit == UNIT_SHARE)
        return text_percent(x, text);
    if (n->unit == UNIT_PLAIN)
        return text_count(llround(x), text);
    if (n->unit == UNIT_ESTIMATE)
        return text_estimate(x, text);
    if (fabs(x) < 0.0005)
        x = 0;                         // "-0.000" is no number to read
    snprintf(text, TEXT_MAX,
             n->unit == UNIT_HOURS        ? "%.1f h"
             : n->unit == UNIT_DAYS       ? "%.1f d"
             : n->unit == UNIT_DEVIATIONS ? "%+.2f"
             : n->unit == UNIT_LOG10      ? "%+.3f"
                                          : "%.3f",
             x);
    return text;
}

char *text_words(struct str name, char text[TEXT_MAX])
{
    snprintf(text, TEXT_MAX, "%.*s", STR_ARG(name));
    for (char *p = text; *p; p++)
        *p = *p == '_' ? ' ' : *p;
    return text;
}

static const char *const node_words[NODE_COUNT] = {
    [NODE_ITEMS] = "All items",
    [NODE_RETRIEVED] = "Returned",
    [NODE_AT_ONCE] = "At once",
    [NODE_AFTER_RETRIES] = "When asked again",
    [NODE_MISSING] = "Not returned",
    [NODE_NOT_PUBLIC] = "Not public",
    [NODE_DELETED] = "Deleted",
    [NODE_PRIVATE] = "Private",
    [NODE_PUBLIC] = "Public",
    [NODE_CANADA] = "Made in Canada",
    [NODE_AD] = "Advertising",
    [NODE_TIKTOK_OFFICIAL] = "TikTok's own accounts",
    [NODE_EXCLUDED_ACCOUNT] = "Accounts never returned",
    [NODE_PUBLIC_UNKNOWN] = "No known reason",
    [NODE_RESTRICTED] = "Refused from here",
    [NODE_RESTRICTED_UNKNOWN] = "Perhaps public elsewhere",
    [NODE_OPEN] = "Undecided",
    [NODE_TOO_RECENT] = "Too recent",
    [NODE_UNOBSERVED] = "Page gave no answer",
    [NODE_UNCONFIRMED] = "Not yet confirmed",
    [NODE_NOT_ASKED] = "Never asked of the API",
};

const char *text_node(enum node n)
{
    return node_words[n];
}

/* Of numbers that lead (number_leads). */
static const struct { const char *name, *words; } number_words[] = {
    { "agree_view_count", "Views agree with the page" },
    { "agree_like_count", "Likes agree" },
    { "agree_comment_count", "Comment counts agree" },
    { "agree_share_count", "Share counts agree" },
    { "agree_favorites_count", "Favorites agree" },
    { "tenfold_low_view_count", "Views a tenth or less" },
    { "tenfold_high_view_count", "Views tenfold or more" },
    { "above_l90_view_count", "Views beyond 90 % growth limit" },
    { "no_common_instant", "Counters of no one instant" },
    { "missing_after_all_asks", "Missing after all asks" },
    { "missing_asked_once", "Missing when asked once" },
    { "missing_undocumented", "Missing, undocumented" },
    { "found_by_48h", "Shown by the age of 48 h" },
    { "found_by_72h", "Shown by the age of 72 h" },
    { "found_by_96h", "Shown by the age of 96 h" },
    { "api_lag_above_ten_days", "Views lag above ten days" },
    { "agreement", "Found again when asked again" },
    { "agreement_same_day", "Found again, same day" },
    { "agreement_other_days", "Found again, another day" },
    { "validation_of_returned", "Returned ones called valid" },
    { "validation_of_missing", "Missing ones called valid" },
    { "user_info_and_query", "user/info and query agree" },
    { "rows_as_asked", "Rows are what was asked for" },
    { "rows_impossible", "Rows impossible in themselves" },
};

const char *text_number_words(const struct number *n, char text[TEXT_MAX])
{
    for (size_t i = 0; i < sizeof number_words / sizeof *number_words; i++)
        if (str_eq(n->name, str_of(number_words[i].name)))
            return number_words[i].words;
    return text_words(n->name, text);
}

char *text_span(const struct span *span, char text[SPAN_MAX])
{
    char mid[TEXT_MAX], low[TEXT_MAX], high[TEXT_MAX];

    if (span->low == span->high)
        snprintf(text, SPAN_MAX, "%.20s", text_count(span->mid, mid));
    else
        snprintf(text, SPAN_MAX, "%.20s (%.20s to %.20s)", text_count(span->mid, mid),
                 text_count(span->low, low), text_count(span->high, high));
    return text;
}

const char *text_mates(const char *word)
{
    static const struct { const char *word, *text; } mates[] = {
        { "sound", "sound mates" },
        { "dead", "a mate that was not public" },
        { "dark", "no canary back" },
    };

    for (size_t i = 0; i < sizeof mates / sizeof *mates; i++)
        if (strcmp(word, mates[i].word) == 0)
            return mates[i].text;
    return word;
}
