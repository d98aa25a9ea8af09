/* record/phase.c: names of the phases; a kept plan as text. */
#include <inttypes.h>
#include "record/phase.h"

enum side_of { OF_SITE, OF_API };
static const struct { const char *name, *words; enum side_of side; } infos[PHASE_COUNT] = {
#define X(id, name, words, side) [PHASE_##id] = { name, words, OF_##side },
    PHASES(X)
#undef X
};

const char *phase_name(enum phase p)
{
    return infos[p].name;
}

const char *phase_words(enum phase p)
{
    return infos[p].words;
}

bool phase_is_of_api(enum phase p)
{
    return infos[p].side == OF_API;
}

static const enum phase of_role[ROLE_COUNT] = {
    [ROLE_ASKED] = PHASE_CONFIRMING, [ROLE_CANARY] = PHASE_CONFIRMING,
    [ROLE_SPOT] = PHASE_SPOT,        [ROLE_LATE] = PHASE_LATE,
    [ROLE_FORENSIC] = PHASE_FORENSIC,
};
static const enum phase of_witness[WITNESS_COUNT] = {
    [WITNESS_QUERY] = PHASE_COUNT,           [WITNESS_USERNAME] = PHASE_ACCOUNTS,
    [WITNESS_VALIDATION] = PHASE_VALIDATION, [WITNESS_PAGE] = PHASE_PAGES,
    [WITNESS_OEMBED] = PHASE_OEMBED,         [WITNESS_SHORT] = PHASE_COUNT,
    [WITNESS_CREATOR] = PHASE_ACCOUNT_PAGES, [WITNESS_EMBED] = PHASE_EMBED,
};

enum phase phase_of_query(enum ask_role role, int round)
{
    if (round == 1)
        return PHASE_ROUND_1;
    return (unsigned)role < ROLE_COUNT ? of_role[role] : PHASE_COUNT;
}

enum phase phase_of_call(enum witness witness, enum ask_role role, int round)
{
    if (witness == WITNESS_QUERY)
        return phase_of_query(role, round);
    return (unsigned)witness < WITNESS_COUNT ? of_witness[witness] : PHASE_COUNT;
}

bool phases_has(const struct phases *s, enum phase p)
{
    return s->done[p].calls || (s->before.known && s->before.phase[p].calls.high) ||
           (s->after.known && s->after.phase[p].calls.high);
}

void plan_kept_print(const struct plan_kept *plan, struct buf *out)
{
    buf_printf(out, "items %" PRId64 "\n", plan->items);
    for (int p = 0; p < PHASE_COUNT; p++) {
        const struct span *c = &plan->phase[p].calls, *d = &plan->phase[p].days;

        if (c->high)
            buf_printf(out,
                       "%s calls %" PRId64 " %" PRId64 " %" PRId64 " days %" PRId64 " %" PRId64
                       " %" PRId64 "\n",
                       infos[p].name, c->low, c->mid, c->high, d->low, d->mid, d->high);
    }
}

static bool read_number(struct str *rest, int64_t *out)
{
    struct str word;

    return str_cut(rest, ' ', &word) && str_i64(word, out);
}

static bool read_span(struct str *rest, struct str name, struct span *out)
{
    struct str word;

    return str_cut(rest, ' ', &word) && str_eq(word, name) && read_number(rest, &out->low) &&
           read_number(rest, &out->mid) && read_number(rest, &out->high);
}

static bool read_line(struct str line, struct plan_kept *plan)
{
    struct phase_plan one = {0};
    struct str name;

    str_cut(&line, ' ', &name);
    if (str_eq(name, STR("items")))
        return read_number(&line, &plan->items);
    if (!read_span(&line, STR("calls"), &one.calls) || !read_span(&line, STR("days"), &one.days))
        return false;
    for (int p = 0; p < PHASE_COUNT; p++)
        if (str_eq(name, str_of(infos[p].name)))
            plan->phase[p] = one;
    return true;
}

bool plan_kept_read(struct str text, struct plan_kept *plan)
{
    struct plan_kept read = { .known = true };
    struct str line;

    if (!str_starts(text, STR("items ")))
        return false;
    while (str_cut(&text, '\n', &line))
        if (line.n && !read_line(line, &read))
            return false;
    *plan = read;
    return true;
}
