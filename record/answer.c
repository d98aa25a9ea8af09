/* record/answer.c: names of witnesses, answers and generations; answers counted. */
#include "record/answer.h"

static const char *const witnesses[WITNESS_COUNT] = {
    "query", "username", "validation", "page", "oembed", "short_link", "creator",
    "embed",
};
static const char *const answers[ANSWER_COUNT] = {
    "found", "absent", "public", "refused", "no_answer", "resolved",
};
static const struct { const char *name; bool block; } no_answers[NO_ANSWER_COUNT] = {
#define X(id, name, block) [NO_ANSWER_##id] = { name, block },
    NO_ANSWERS(X)
#undef X
};
static const char *const generations[GENERATION_COUNT] = {
    "",           "rehydration", "rehydration_mobile",
    "sigi_state", "next_data",   "next_data_2020",
    "api",        "oembed",      "listed",
    "embed",
};

static const char *const engines[ENGINE_COUNT] = { "http", "browser" };
static const char *const validations[VALIDATION_COUNT] = { "", "valid", "not_valid" };
static const char *const user_infos[USER_INFO_COUNT] = { "", "known", "unknown", "denied" };

const char *witness_name(enum witness w)
{
    return (unsigned)w < WITNESS_COUNT ? witnesses[w] : "";
}

const char *answer_name(enum answer_kind a)
{
    return (unsigned)a < ANSWER_COUNT ? answers[a] : "";
}

enum answer_kind answer_find(struct str name)
{
    for (int i = 0; i < ANSWER_COUNT; i++)
        if (str_eq(name, str_of(answers[i])))
            return (enum answer_kind)i;
    return ANSWER_COUNT;
}

const char *no_answer_name(enum no_answer n)
{
    return (unsigned)n < NO_ANSWER_COUNT ? no_answers[n].name : "";
}

bool no_answer_is_block(enum no_answer n)
{
    return (unsigned)n < NO_ANSWER_COUNT && no_answers[n].block;
}

const char *generation_name(enum generation g)
{
    return (unsigned)g < GENERATION_COUNT ? generations[g] : "";
}

const char *engine_name(enum engine e)
{
    return (unsigned)e < ENGINE_COUNT ? engines[e] : "";
}

const char *validation_name(enum validation v)
{
    return (unsigned)v < VALIDATION_COUNT ? validations[v] : "";
}

const char *user_info_name(enum user_info i)
{
    return (unsigned)i < USER_INFO_COUNT ? user_infos[i] : "";
}

enum user_info user_info_find(struct str name)
{
    for (int i = 0; i < USER_INFO_COUNT; i++)
        if (str_eq(name, str_of(user_infos[i])))
            return (enum user_info)i;
    return USER_INFO_COUNT;
}

void counted_join(struct counted *c, const struct counted *more)
{
    if (more->n == 0)
        return;
    if (c->n == 0 || more->first_at < c->first_at)
        c->first_at = more->first_at;
    if (c->n == 0 || more->last_at > c->last_at)
        c->last_at = more->last_at;
    c->n += more->n;
}

void counted_add(struct counted *c, int64_t n, int64_t at)
{
    counted_join(c, &(struct counted){ n, at, at });
}

bool request_of_canaries(const struct request *req)
{
    for (size_t i = 0; i < req->members; i++)
        if (req->member[i].role != ROLE_CANARY)
            return false;
    return true;
}
