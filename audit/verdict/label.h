/* audit/verdict/: from stored answers alone to what is said of each item. New rules
 * relabel old evidence; nothing here reads the clock or sends.
 *     differ     where the two sides disagree        accounts   whose items these are
 *     facts      what the rules see of an item       label      its state and its label
 *     standing   what a refusal means, by the rules  summarize  the numbers of the report
 *     publish    writes report/                      explain    the story of one item
 *     cases      writes report/cases/                story      one told (_find, _tell, _past)
 *     check      claims held against it (_items, _ratio, _number measure, _bound decides)
 *     compare    two audits (_rows merges, _purged finds pseudonyms again, _out writes)
 * To add a further result of classify copy accounts.c: a file that walks the items with
 * walk.h; a further number of the report is filled in summarize.c. */
#ifndef AUDIT_VERDICT_LABEL_H
#define AUDIT_VERDICT_LABEL_H
#include "audit/audit.h"

struct classify_result {
    int64_t items, state[STATE_COUNT], label[LABEL_COUNT];
    int64_t moved;    // items whose label or reason is another than before
    struct gave_up {
        int64_t items;
        uint64_t first;
    } gave_up[RULES_MAX];    // by rule
};
/* And the differences, where answers are newer than they. Warns of rules with a pattern that
 * was given up. */
MUST_CHECK int labels_make(struct audit *, struct classify_result *, struct err *);
/* True where nothing is newer than differences and labels. */
MUST_CHECK int labels_are_fresh(struct audit *, bool *fresh, struct err *);
/* Differences and labels anew where answers or rules are newer than they. */
MUST_CHECK int labels_refresh(struct audit *, struct err *);
#endif
