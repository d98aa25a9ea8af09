/* audit/verdict/facts.c: from what is stored of an item and its account to the values
 * of record/fact.def. */
#include "audit/verdict/facts.h"
#include <math.h>
#include <string.h>
#include "record/item.h"

static bool is_late(const struct silence *s) { return s && s->late_refusal; }

enum answer_kind facts_page_outcome(const struct item_row *row, const struct silence *s)
{
    return is_late(s) ? ANSWER_PUBLIC : row->page;
}

/* Rows under its name prove that the API knows an account, whatever user/info says. */
static struct str known_text(const struct account_stat *a)
{
    if ((a->query_ok && a->query_rows > 0) || a->info == USER_INFO_KNOWN)
        return STR("yes");
    return a->info == USER_INFO_UNKNOWN  ? STR("no")
           : a->info == USER_INFO_DENIED ? STR("denied")
                                         : STR_NONE;
}

static void set_account(struct facts *facts, const struct account_stat *a)
{
    facts->val[FACT_ACCOUNT_ITEMS] = value_int(a->items);
    facts->val[FACT_ACCOUNT_ASKED] = value_int(a->asked);
    facts->val[FACT_ACCOUNT_RETRIEVED] = value_int(a->retrieved);
    facts->val[FACT_ACCOUNT_TRIALS] = value_int(a->trials);
    if (a->public_items > 0)
        facts->val[FACT_ACCOUNT_CANADA] = value_real((double)a->canada / (double)a->public_items);
    if (known_text(a).n)
        facts->val[FACT_ACCOUNT_KNOWN] = value_text(known_text(a));
    if (a->query_ok)
        facts->val[FACT_ACCOUNT_ROWS] = value_int(a->query_rows);
    if (a->page != CREATOR_UNREAD)
        facts->val[FACT_ACCOUNT_PAGE] = value_text(str_of(creator_standing_name(a->page)));
    if (!isnan(a->chance))
        facts->val[FACT_ACCOUNT_CHANCE] = value_real(a->chance);
    if (!isnan(a->q))
        facts->val[FACT_ACCOUNT_Q] = value_real(a->q);
}

static struct value witness_value(bool embed)
{
    return value_text(str_of(witness_name(embed ? WITNESS_EMBED : WITNESS_PAGE)));
}

void facts_set_refusal(struct facts *facts, const struct item_row *row)
{
    const bool by_embed = row->page_witness == WITNESS_EMBED;

    if (row->has_code)
        facts->val[FACT_PAGE_CODE] = value_int(row->code);
    facts->val[FACT_PAGE_MSG] = value_text(row->message);
    facts->val[FACT_PAGE_WITNESS] = witness_value(by_embed);
    if (row->oembed != ANSWER_COUNT)
        facts->val[FACT_PAGE_OEMBED] = value_text(str_of(answer_name(row->oembed)));
    if (item_embed_since(row) != ANSWER_COUNT)
        facts->val[FACT_PAGE_EMBED] = value_text(str_of(answer_name(item_embed_since(row))));
    if (row->elsewhere == ANSWER_PUBLIC || row->elsewhere == ANSWER_REFUSED)
        facts->val[FACT_PAGE_ELSEWHERE] = value_text(str_of(answer_name(row->elsewhere)));
}

static void set_places(struct facts *facts, const struct item_places *at)
{
    if (at->public_at.n)
        facts->val[FACT_PAGE_PUBLIC_AT] = value_text(at->public_at);
    if (at->refused_at.n)
        facts->val[FACT_PAGE_REFUSED_AT] = value_text(at->refused_at);
    if (at->unread_at.n)
        facts->val[FACT_PAGE_UNREAD_AT] = value_text(at->unread_at);
}

void facts_of_item(const struct audit *audit, const struct item_known *known, struct facts *facts)
{
    const struct item_row *row = known->row;
    enum answer_kind outcome = facts_page_outcome(row, known->silence);

    memset(facts, 0, sizeof *facts);
    facts->val[FACT_ACCOUNT_MIN_ITEMS] = value_int(audit->set.account_min_items);
    if (outcome == ANSWER_PUBLIC || outcome == ANSWER_REFUSED || outcome == ANSWER_NO_ANSWER)
        facts->val[FACT_PAGE_OUTCOME] = value_text(str_of(answer_name(outcome)));
    /* A refusal may show fields of its own; a record of a page that was public
     * before says nothing of it, and the store keeps that one. */
    if (outcome == ANSWER_PUBLIC || (outcome == ANSWER_REFUSED && !row->public_first_at))
        facts_set_record(facts, SIDE_PAGE, known->page);
    if (outcome == ANSWER_REFUSED)
        facts_set_refusal(facts, row);
    else if (outcome == ANSWER_PUBLIC)    // a page before a late refusal has none but its make
        facts->val[FACT_PAGE_WITNESS] = witness_value(is_late(known->silence)
                                                          ? known->generation == GENERATION_EMBED
                                                          : row->page_witness == WITNESS_EMBED);
    if (known->generation != GENERATION_NONE)
        facts->val[FACT_PAGE_GENERATION] = value_text(str_of(generation_name(known->generation)));
    if (row->region.n)
        facts->val[FACT_PAGE_REGION] = value_text(row->region);
    if (known->at)
        set_places(facts, known->at);
    facts_set_record(facts, SIDE_API, known->api);
    if (row->asked)
        facts->val[FACT_API_OUTCOME] = value_text(row->found_first_at ? STR("found")
                                                                      : STR("absent"));
    facts->val[FACT_ITEM_ASKED] = value_int(row->asked);
    facts->val[FACT_ITEM_DAYS] = value_int(row->days);
    if (row->last_at)
        facts->val[FACT_ITEM_AGE] = value_int((row->last_at - item_born(row)) / 3600);
    if (known->account)
        set_account(facts, known->account);
}

int facts_generation_of(const struct audit *audit, const struct item_row *row,
                        const struct silence *s, enum generation *out, struct err *err)
{
    const bool late = is_late(s);    // then the public page before it decides

    *out = GENERATION_NONE;
    if (!row->page_at)
        return 0;
    return store_page_generation(audit->store, row->n, late ? 0 : row->page_request,
                                 late ? row->public_last_at : row->page_at, out, err);
}

int facts_generation(const struct audit *audit, const struct item_row *row, const struct silence *s,
                     enum generation *out, struct err *err)
{
    *out = GENERATION_NONE;
    return rules_need(audit->rules, FACT_PAGE_GENERATION) ||
                   (is_late(s) && rules_need(audit->rules, FACT_PAGE_WITNESS))
               ? facts_generation_of(audit, row, s, out, err)
               : 0;
}

bool silence_is_missing(const struct silence *s)
{
    return s && s->confirmed && (s->standing == STANDING_PUBLIC || s->late_refusal);
}
