/* audit/verdict/standing.c: a refusal, by the rules alone: what else is known of the
 * item plays no part, for a view is made before anything of it is concluded. */
#include <string.h>
#include "audit/verdict/facts.h"
#include "audit/verdict/standing.h"
#include "record/fact.h"

static void refusal_facts(const struct item_row *row, struct facts *facts)
{
    memset(facts, 0, sizeof *facts);
    facts->val[FACT_PAGE_OUTCOME] = value_text(STR("refused"));
    facts_set_refusal(facts, row);
    facts->val[FACT_API_OUTCOME] = value_text(STR("absent"));
}

/* The rule that speaks where oEmbed, or the embed page, sees the post or does not;
 * ANSWER_COUNT: as it is. */
static const struct rule *rule_if(const struct rules *rules, const struct item_row *row,
                                  enum answer_kind oembed, enum answer_kind embed)
{
    struct item_row then = *row;
    const struct rule *gave_up;
    struct facts facts;

    if (oembed != ANSWER_COUNT)
        then.oembed = oembed;
    if (embed != ANSWER_COUNT) {
        then.embed = embed;
        then.embed_at = then.page_at;
    }
    refusal_facts(&then, &facts);
    return rules_match(rules, &facts, rules_len(rules), &gave_up);
}

static bool same_verdict(const struct rule *a, const struct rule *b)
{
    return a == b || (a && b && a->label == b->label && a->reason == b->reason);
}

static bool is_not_public(const struct rule *seen)
{
    return seen && (seen->label == LABEL_DELETED || seen->label == LABEL_PRIVATE);
}

/* A refusal that says why ("status_deleted") is not doubted. */
static bool is_doubtful(const struct rule *seen)
{
    return !is_not_public(seen) || seen->reason == REASON_NOT_FOUND;
}

/* A rule that was given up says nothing: the page is not known as not public. */
enum standing refusal_standing(const struct rules *rules, const struct item_row *row,
                               unsigned *hangs_on)
{
    const struct rule *seen = rule_if(rules, row, ANSWER_COUNT, ANSWER_COUNT);
    const bool by_page = row->page_witness == WITNESS_PAGE;

    *hangs_on = 0;
    if (!same_verdict(rule_if(rules, row, ANSWER_PUBLIC, ANSWER_COUNT),
                      rule_if(rules, row, ANSWER_REFUSED, ANSWER_COUNT)))
        *hangs_on |= HANGS_ON_OEMBED;
    if (by_page && is_doubtful(seen) && item_embed_since(row) == ANSWER_COUNT &&
        !same_verdict(rule_if(rules, row, ANSWER_COUNT, ANSWER_PUBLIC),
                      rule_if(rules, row, ANSWER_COUNT, ANSWER_REFUSED)))
        *hangs_on |= HANGS_ON_EMBED;
    return is_not_public(seen) ? STANDING_NOT_PUBLIC : STANDING_RESTRICTED;
}

bool refusal_may_hang_on_account(const struct rules *rules, const struct item_row *row)
{
    const struct rule *seen = rule_if(rules, row, ANSWER_COUNT, ANSWER_COUNT);

    return !seen || seen->reason == REASON_PRIVATE_ACCOUNT || seen->reason == REASON_ACCOUNT_GONE ||
           seen->reason == REASON_NOT_FOUND || seen->reason == REASON_REFUSED_UNEXPLAINED;
}

bool refusal_hangs_on_place(const struct rules *rules, const struct item_row *row)
{
    struct item_row there = *row;
    unsigned hangs_on;

    there.elsewhere = ANSWER_COUNT;
    if (refusal_standing(rules, &there, &hangs_on) == STANDING_RESTRICTED ||
        (hangs_on & HANGS_ON_OEMBED))
        return true;
    there.oembed = ANSWER_COUNT;
    return is_doubtful(rule_if(rules, &there, ANSWER_COUNT, ANSWER_COUNT));
}

int audit_view_hold(struct audit *audit, const struct view **out, struct err *err)
{
    return audit_view_take(audit, refusal_standing, out, err);
}

int audit_view_make(struct audit *audit, struct view **out, struct err *err)
{
    return audit_view_new(audit, refusal_standing, out, err);
}
