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
