/* audit/verdict/relabel.h: from stored answers alone: the differences of both sides,
 * accounts, states, labels. New rules relabel old evidence. */
#ifndef AUDIT_VERDICT_RELABEL_H
#define AUDIT_VERDICT_RELABEL_H
#include "silence/view.h"
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

/* Accounts of all items, with what the statistics say of each. */
struct account_table {
    struct account_graph *graph;
    struct account_stat *v; size_t n;       // v[account]; 0 is no account
    struct account_model model;
};
struct classify_result {
    int64_t items, state[STATE_COUNT], label[LABEL_COUNT];
    int64_t moved;                          // items whose label or reason is another than before
};
MUST_CHECK int relabel_classify(struct audit *, struct classify_result *, struct err *);
/* The accounts that the labels rest on, made when they are first asked of a
 * view: the view owns them. */
MUST_CHECK int relabel_accounts(struct audit *, struct view *, const struct account_table **,
                                struct err *);
/* The account of that number, as a label has it; NULL where there is none. */
const struct account_stat *account_table_find(const struct account_table *, int64_t account);
void account_table_free(struct account_table *);        // view_release's
/* Diff and classify where answers or rules are newer than their results. */
MUST_CHECK int relabel_if_stale(struct audit *, struct err *);
/* The facts of one item as the rules see them; records borrowed, may be NULL. */
void relabel_facts(const struct audit *, const struct item_row *, const struct silence *,
                   const struct record *api, const struct record *page, const struct account_stat *,
                   struct facts *);
#endif
