/* record/fact.h: what rules look at: an array of values by name.
 * facts.val[i] is VAL_NONE where absent. Text is borrowed. */
#ifndef RECORD_FACT_H
#define RECORD_FACT_H
#include "record/record.h"

enum fact {
#define FACT(id, name, meaning) FACT_##id,
#define VERDICT_FACT(id, name, meaning)
#include "record/fact.def"
#undef FACT
#undef VERDICT_FACT
    FACT_OF_RULES,    // from here on what claims alone may ask for
    FACT_BEFORE_VERDICT = FACT_OF_RULES - 1,
#define FACT(id, name, meaning)
#define VERDICT_FACT(id, name, meaning) FACT_##id,
#include "record/fact.def"
#undef FACT
#undef VERDICT_FACT
    FACT_FIXED,    // then page.<field>, then api.<field>
    FACT_COUNT = FACT_FIXED + 2 * FIELD_COUNT
};
#define FACT_PAGE(field) ((enum fact)(FACT_FIXED + (field)))
#define FACT_API(field) ((enum fact)(FACT_FIXED + FIELD_COUNT + (field)))
struct facts { struct value val[FACT_COUNT]; };
/* By name ("page.location_created", "account.q"); FACT_COUNT where unknown. */
enum fact fact_find(struct str name);
const char *fact_name(enum fact, char text[64]);
/* What the rules' verdict says (item.state ...): for claims, which come after it. */
bool fact_is_verdict(enum fact);
/* "page@ca.outcome" is one fact for all vantages, and has a value for each: *at is its name, ""
 * for any other fact. */
enum fact fact_find_at(struct str name, struct str *at);
/* Several values at once: names of vantages. */
bool fact_is_set(enum fact);
/* Puts a record's values in place for a side (borrowed). */
void facts_set_record(struct facts *, enum side, const struct record *);
#endif
