/* audit/verdict/standing.c: a refusal, by the rules alone: what else is known of the
 * item plays no part, for a view is made before anything of it is concluded. */
#include <string.h>
#include "audit/verdict/standing.h"
#include "record/fact.h"

static void refusal_facts(const struct item_row *row, enum answer_kind oembed,
                          enum answer_kind elsewhere, struct facts *facts)
{
    memset(facts, 0, sizeof *facts);
    facts->val[FACT_PAGE_OUTCOME] = value_text(STR("refused"));
    if (row->has_code)
        facts->val[FACT_PAGE_CODE] = value_int(row->code);
    facts->val[FACT_PAGE_MSG] = value_text(row->message);
    if (elsewhere == ANSWER_PUBLIC || elsewhere == ANSWER_REFUSED)
        facts->val[FACT_PAGE_ELSEWHERE] = value_text(str_of(answer_name(elsewhere)));
    if (oembed != ANSWER_COUNT)
        facts->val[FACT_PAGE_OEMBED] = value_text(str_of(answer_name(oembed)));
    facts->val[FACT_API_OUTCOME] = value_text(STR("absent"));
}

static bool same_verdict(const struct rule *a, const struct rule *b)
{
    return a == b || (a && b && a->label == b->label && a->reason == b->reason);
}

/* A rule that was given up says nothing: the page is not known as not public. */
enum standing refusal_standing(const struct rules *rules, const struct item_row *row,
                               bool *ambiguous)
{
    struct facts facts;
    const struct rule *seen, *there, *gone, *gave_up;

    refusal_facts(row, row->oembed, row->elsewhere, &facts);
    seen = rules_match(rules, &facts, rules_len(rules), &gave_up);
    refusal_facts(row, ANSWER_PUBLIC, row->elsewhere, &facts);
    there = rules_match(rules, &facts, rules_len(rules), &gave_up);
    refusal_facts(row, ANSWER_REFUSED, row->elsewhere, &facts);
    gone = rules_match(rules, &facts, rules_len(rules), &gave_up);
    *ambiguous = !same_verdict(there, gone);
    return seen && (seen->label == LABEL_DELETED || seen->label == LABEL_PRIVATE)
               ? STANDING_NOT_PUBLIC
               : STANDING_RESTRICTED;
}

/* A refusal that says why ("status_deleted") is not doubted elsewhere; one that
 * hangs on the place, or says nothing, is. */
bool refusal_wants_elsewhere(const struct rules *rules, const struct settings *set,
                             const struct item_row *row)
{
    struct item_row there = *row;
    struct facts facts;
    const struct rule *seen, *gave_up;
    bool ambiguous;

    if (strcmp(set->page_elsewhere, "refused") == 0)
        return true;
    there.elsewhere = ANSWER_COUNT;
    if (refusal_standing(rules, &there, &ambiguous) == STANDING_RESTRICTED || ambiguous)
        return true;
    refusal_facts(&there, ANSWER_COUNT, ANSWER_COUNT, &facts);
    seen = rules_match(rules, &facts, rules_len(rules), &gave_up);
    return !seen || seen->reason == REASON_NOT_FOUND;
}

int audit_view_hold(struct audit *audit, const struct view **out, struct err *err)
{
    return audit_view_take(audit, refusal_standing, out, err);
}

int audit_view_make(struct audit *audit, struct view **out, struct err *err)
{
    return audit_view_new(audit, refusal_standing, out, err);
}
