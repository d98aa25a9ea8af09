/* record/intake.c: see intake.h. */
#include <stdio.h>
#include "record/intake.h"

static const char *const fate_names[FATE_COUNT] = {
#define X(id, key, words) [FATE_##id] = (key),
    LINK_FATES(X)
#undef X
};
static const char *const fate_words[FATE_COUNT] = {
#define X(id, key, words) [FATE_##id] = (words),
    LINK_FATES(X)
#undef X
};

const char *link_fate_name(enum link_fate f)
{
    return fate_names[f];
}

const char *link_fate_words(enum link_fate f)
{
    return fate_words[f];
}

void intake_pass_str(struct intake *in, struct str name, int64_t n)
{
    struct intake_kind *last = &in->passed[INTAKE_KINDS - 1], *k;

    if (!n)
        return;
    name = str_sub(name, 0, sizeof last->name - 1);
    for (size_t i = 0; i < in->kinds; i++)
        if (str_eq(str_of(in->passed[i].name), name)) {
            in->passed[i].n += n;
            return;
        }
    if (in->kinds == INTAKE_KINDS) {
        snprintf(last->name, sizeof last->name, "others");
        last->n += n;
        return;
    }
    k = &in->passed[in->kinds++];
    snprintf(k->name, sizeof k->name, "%.*s", STR_ARG(name));
    k->n = n;
}

void intake_pass(struct intake *in, const char *name, int64_t n)
{
    intake_pass_str(in, str_of(name), n);
}

void intake_add(struct intake *in, const struct intake *more)
{
    in->seen += more->seen;
    in->fresh += more->fresh;
    in->duplicates += more->duplicates;
    for (size_t i = 0; i < more->kinds; i++)
        intake_pass(in, more->passed[i].name, more->passed[i].n);
    for (int f = 0; f < FATE_COUNT; f++)
        in->link[f] += more->link[f];
}

int64_t intake_passed(const struct intake *in)
{
    int64_t sum = 0;

    for (size_t i = 0; i < in->kinds; i++)
        sum += in->passed[i].n;
    return sum;
}

int64_t intake_short_links(const struct intake *in)
{
    int64_t sum = 0;

    for (int f = 0; f < FATE_COUNT; f++)
        sum += in->link[f];
    return sum;
}

int64_t intake_residual(const struct intake *in)
{
    return in->seen - in->fresh - in->duplicates - intake_passed(in) - intake_short_links(in);
}
