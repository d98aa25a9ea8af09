/* store/expect.h: what is about to be asked for, before anything is written: of a server it comes
 * on one way then (db_expect). It costs and changes nothing else: what is asked for in other words
 * is asked anew. */
#ifndef STORE_EXPECT_H
#define STORE_EXPECT_H
#include <stdbool.h>
#include <stdint.h>
#include "base/digest.h"
#include "base/err.h"
#include "base/str.h"

struct store;
/* From here on the same is asked again and again, and may be of one moment (db_keep). Nests. */
void store_keep_answers(struct store *, bool on);
/* While answers are kept: store/store.c, what tells whether tables are of this program, and, where
 * nobody else writes any more, the small facts. */
MUST_CHECK int store_expect_opening(struct store *, bool locked, struct err *);
MUST_CHECK int store_expect_view(struct store *, struct err *);    // audit/view.c
/* While answers are kept: audit/turn/rounds.c, what was done of each phase, and, where the API is
 * asked, how many donors there are. */
MUST_CHECK int store_expect_rounds(struct store *, bool asks, struct err *);
/* The same: audit/turn/outlook.c, of never asked items and short links; max_tries of these. */
MUST_CHECK int store_expect_outlook(struct store *, int max_tries, struct err *);
/* audit/turn/ask_first.c: the first of what was never asked. */
MUST_CHECK int store_expect_first(struct store *, struct err *);
/* While answers are kept: audit/turn/plan.c, of what is read from that vantage. */
MUST_CHECK int store_expect_plan(struct store *, struct str vantage, struct err *);
/* audit/turn/read_due.c: max_tries of short links; clock_s of store_vantage_unsure. */
MUST_CHECK int store_expect_due(struct store *, int max_tries, int64_t clock_s, struct err *);
/* store_blocked_alone (store/items.h) of today. */
MUST_CHECK int store_expect_blocked(struct store *, int64_t vantage, struct err *);
/* audit/turn/account_pages.c: refused items, the rows of creators, and whether any was seen. */
MUST_CHECK int store_expect_accounts(struct store *, struct err *);
/* While answers are kept: whether labels are fresh, before files of evidence are sealed. */
MUST_CHECK int store_expect_stamp(struct store *, struct err *);
/* The same: audit/verdict/differ.c, before a reading is looked at. */
MUST_CHECK int store_expect_differences(struct store *, struct err *);
/* The same: audit/verdict/label.c, once the differences stand. */
MUST_CHECK int store_expect_labels(struct store *, const struct digest *rules, struct err *);
/* audit/inputs.c: max_tries of short links. */
MUST_CHECK int store_expect_inputs(struct store *, int max_tries, struct err *);
/* While answers are kept: audit/verdict/summarize.c, the numbers of the whole. */
MUST_CHECK int store_expect_numbers(struct store *, int max_tries, struct err *);
#endif
