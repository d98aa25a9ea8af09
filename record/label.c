/* record/label.c: names of states, labels, reasons and bases. */
#include "record/label.h"

static const char *const states[STATE_COUNT] = { "retrieved", "missing", "open" };
static const char *const labels[LABEL_COUNT] = {
    "", "deleted", "private", "canada", "ad", "tiktok_official", "excluded_account", "unknown",
};
static const struct { const char *name; enum label label; } reasons[REASON_COUNT] = {
#define X(id, name, label) [REASON_##id] = { name, LABEL_##label },
    REASONS(X)
#undef X
};
static const char *const bases[BASIS_COUNT] = { "", "not_public", "documented", "disputed",
                                                "unexplained" };

const char *state_name(enum state s)
{
    return (unsigned)s < STATE_COUNT ? states[s] : "";
}

const char *label_name(enum label l)
{
    return (unsigned)l < LABEL_COUNT ? labels[l] : "";
}

const char *reason_name(enum reason r)
{
    return (unsigned)r < REASON_COUNT ? reasons[r].name : "";
}

const char *basis_name(enum basis b)
{
    return (unsigned)b < BASIS_COUNT ? bases[b] : "";
}

enum label label_find(struct str name)
{
    for (int i = 1; i < LABEL_COUNT; i++)
        if (str_eq(name, str_of(labels[i])))
            return (enum label)i;
    return LABEL_COUNT;
}

enum reason reason_find(struct str name)
{
    for (int i = 1; i < REASON_COUNT; i++)
        if (str_eq(name, str_of(reasons[i].name)))
            return (enum reason)i;
    return REASON_COUNT;
}

enum basis basis_find(struct str name)
{
    for (int i = 1; i < BASIS_COUNT; i++)
        if (str_eq(name, str_of(bases[i])))
            return (enum basis)i;
    return BASIS_COUNT;
}

enum label reason_label(enum reason r)
{
    return (unsigned)r < REASON_COUNT ? reasons[r].label : LABEL_NONE;
}
