/* report/datum.c: see datum.h. */
#include "report/datum.h"
#include <math.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include "base/err.h"
#include "base/log.h"

static void put(xmlNode *parent, const char *text, const char *value, const char *pointer)
{
    xmlNode *data = dom_add(parent, "data");

    dom_attr(data, "value", value);
    dom_attr(data, "data-at", pointer);
    dom_text(data, text);
}

static void put_hidden(xmlNode *parent, const struct look *look)
{
    dom_printf(dom_class(parent, "span", "hidden"), "under %lld", (long long)look->min_cell);
}

static const struct number *need(struct datum_from from, const char *name)
{
    const struct number *n = numbers_find(&from.s->numbers, str_of(name));

    if (!n)
        die("there is no number %s", name);
    return n;
}

static void put_number(xmlNode *parent, const struct number *n, const char *part, double x,
                       const char *text)
{
    char pointer[160], value[32];

    snprintf(pointer, sizeof pointer, "/%s%s/%.*s/%s", n->criterion ? "criteria/" : "numbers",
             criterion_name(n->criterion), STR_ARG(n->name), part);
    if (n->unit == UNIT_PLAIN)
        snprintf(value, sizeof value, "%lld", llround(x));    // as summary.json rounds it
    else
        snprintf(value, sizeof value, "%.6f", x);
    put(parent, text, value, pointer);
}

/* A share gives its count away, where it is a count's. */
static bool is_hidden(struct datum_from from, const struct number *n)
{
    return (n->unit == UNIT_SHARE && look_hides(from.look, n->n)) ||
           (n->unit == UNIT_PLAIN && n->has && look_hides(from.look, (int64_t)n->value));
}

static void part_of(xmlNode *parent, struct datum_from from, const char *name, const char *part,
                    double x)
{
    const struct number *n = need(from, name);
    char text[TEXT_MAX];

    if (!n->has)
        dom_text(parent, "-");
    else if (is_hidden(from, n))
        put_hidden(parent, from.look);
    else
        put_number(parent, n, part, x, text_number(n, x, text));
}

void datum_value(xmlNode *parent, struct datum_from from, const char *name)
{
    part_of(parent, from, name, "value", need(from, name)->value);
}

void datum_low(xmlNode *parent, struct datum_from from, const char *name)
{
    const struct number *n = need(from, name);

    part_of(parent, from, name, number_has_range(n) ? "low" : "value", n->low);
}

void datum_high(xmlNode *parent, struct datum_from from, const char *name)
{
    const struct number *n = need(from, name);

    part_of(parent, from, name, number_has_range(n) ? "high" : "value", n->high);
}

void datum_estimate(xmlNode *parent, struct datum_from from, const char *name)
{
    const struct number *n = need(from, name);
    char text[TEXT_MAX];

    if (!n->has)
        dom_text(parent, "-");
    else if (look_hides(from.look, (int64_t)n->value))
        put_hidden(parent, from.look);
    else
        put_number(parent, n, "value", n->value, text_estimate(n->value, text));
}

static void count(xmlNode *parent, struct datum_from from, int64_t n, const char *pointer)
{
    char text[TEXT_MAX], value[32];

    if (look_hides(from.look, n)) {
        put_hidden(parent, from.look);
        return;
    }
    snprintf(value, sizeof value, "%lld", (long long)n);
    put(parent, text_count(n, text), value, pointer);
}

static void count_of(xmlNode *parent, struct datum_from from, const char *name, const char *part,
                     int64_t n)
{
    const struct number *number = need(from, name);
    char pointer[160];

    snprintf(pointer, sizeof pointer, "/%s%s/%s/%s", number->criterion ? "criteria/" : "numbers",
             criterion_name(number->criterion), name, part);
    count(parent, from, n, pointer);
}

void datum_n(xmlNode *parent, struct datum_from from, const char *name)
{
    count_of(parent, from, name, "n", need(from, name)->n);
}

void datum_of(xmlNode *parent, struct datum_from from, const char *name)
{
    count_of(parent, from, name, "of", need(from, name)->of);
}

static char *pointer_of(const char *fmt, va_list ap)
{
    char *pointer;

    if (vasprintf(&pointer, fmt, ap) < 0)
        die("out of memory");
    return pointer;
}

void datum_count_at(xmlNode *parent, struct datum_from from, int64_t n, const char *fmt, ...)
{
    char *pointer;
    va_list ap;

    va_start(ap, fmt);
    pointer = pointer_of(fmt, ap);
    va_end(ap);
    count(parent, from, n, pointer);
    free(pointer);
}

void datum_share_at(xmlNode *parent, struct datum_from from, double share, int64_t n,
                    const char *fmt, ...)
{
    char text[TEXT_MAX], value[32], *pointer;
    va_list ap;

    va_start(ap, fmt);
    pointer = pointer_of(fmt, ap);
    va_end(ap);
    snprintf(value, sizeof value, "%.6f", share);
    if (look_hides(from.look, n))
        put_hidden(parent, from.look);
    else if (share < 0)
        dom_text(parent, "-");
    else
        put(parent, text_percent(share, text), value, pointer);
    free(pointer);
}

void datum_at(xmlNode *parent, const char *text, double x, const char *fmt, ...)
{
    char value[32], *pointer;
    va_list ap;

    va_start(ap, fmt);
    pointer = pointer_of(fmt, ap);
    va_end(ap);
    snprintf(value, sizeof value, "%.9g", x);
    put(parent, text, value, pointer);
    free(pointer);
}
