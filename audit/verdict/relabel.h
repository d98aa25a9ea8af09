/* audit/verdict/relabel.h: from stored answers alone: the differences of both sides,
 * accounts, states, labels. New rules relabel old evidence. */
#ifndef AUDIT_VERDICT_RELABEL_H
#define AUDIT_VERDICT_RELABEL_H
#include "audit/verdict/standing.h"
#include "classify/account.h"
#include "diff/diff.h"

struct diff_result { int64_t pairs; struct diff_tally field[FIELD_COUNT]; };
/* Compares and stores what is not equal; pairs whose hashes agree are skipped. */
MUST_CHECK int relabel_diff(struct audit *, struct err *);
/* The same without storing, with tallies of every pair: each gap, equal ones
 * too where wanted, by id then field. each NULL: the tallies alone. */
MUST_CHECK int relabel_diff_each(struct audit *, bool equal,
                                 int (*each)(void *to, const struct gap *, struct err *), void *to,
                                 struct diff_result *, struct err *);

struct classify_result {
    int64_t items, state[STATE_COUNT], label[LABEL_COUNT];
    int64_t moved;                          // items whose label or reason is another than before
};
MUST_CHECK int relabel_classify(struct audit *, struct classify_result *, struct err *);
/* The accounts that the labels rest on, made when they are first asked of a
 * view that is held: they go with it. */
MUST_CHECK int relabel_accounts(struct audit *, const struct view *, const struct account_table **,
                                struct err *);
/* Diff and classify where answers or rules are newer than their results. */
MUST_CHECK int relabel_if_stale(struct audit *, struct err *);
/* The facts of one item as the rules see them; records borrowed, may be NULL. */
void relabel_facts(const struct audit *, const struct item_row *, const struct silence *,
                   const struct record *api, const struct record *page, const struct account_stat *,
                   struct facts *);
#endif
