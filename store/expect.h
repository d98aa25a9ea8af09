/* store/expect.h: what is about to be asked for, before anything is written: of a server it comes
 * on one way then (db_expect). It costs and changes nothing else: what is asked for in other words
 * is asked anew. */
#ifndef STORE_EXPECT_H
#define STORE_EXPECT_H
#include <stdint.h>
#include "base/err.h"

struct store;
MUST_CHECK int store_expect_view(struct store *, struct err *);    // audit/view.c
/* audit/turn/read_due.c: max_tries of short links. */
MUST_CHECK int store_expect_due(struct store *, int max_tries, struct err *);
/* store_blocked_alone (store/items.h) of today. */
MUST_CHECK int store_expect_blocked(struct store *, int64_t vantage, struct err *);
/* audit/verdict/summarize.c: the numbers of the whole. */
MUST_CHECK int store_expect_numbers(struct store *, int max_tries, struct err *);
#endif
