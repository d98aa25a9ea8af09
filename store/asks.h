/* store/asks.h: who was asked together and who came back, accounts that the API was
 * asked about by name, requests by day and by phase. */
#ifndef STORE_ASKS_H
#define STORE_ASKS_H
#include <stdint.h>
#include "base/err.h"
#include "record/answer.h"
#include "record/item.h"
#include "record/phase.h"

struct store;
struct ask_cursor;
/* Every ask of witness query in requests that have ended, by request then item. */
MUST_CHECK int store_asks(struct store *, struct ask_cursor **, struct err *);
MUST_CHECK int ask_cursor_next(struct ask_cursor *, struct ask_row *, struct err *);
void ask_cursor_close(struct ask_cursor *);
/* Before the first row, which a server works on from now on. */
MUST_CHECK int ask_cursor_begin(struct ask_cursor *, struct err *);

/* ---- accounts ---- */
/* By item, then time: the last row of an item is the newest. */
MUST_CHECK int store_users(struct store *,
                           int (*each)(void *to, const struct user_answer *, struct err *),
                           void *to, struct err *);

/* ---- requests ---- */
/* The number of a round that begins now, from 2 on: round 1 is the first of all items. No two
 * rounds of a store share one, of a watch list (store_round_begin) or of `fetch`. */
MUST_CHECK int store_round_number(struct store *, int64_t *n, struct err *);
/* Every query that was answered, by number, with its members by id; borrowed until each returns. */
MUST_CHECK int store_requests(struct store *,
                              int (*each)(void *to, const struct request *, struct err *), void *to,
                              struct err *);
/* Requests by UTC day and witness, and what came of them: readings of pages that gave no answer
 * apart, by why. */
struct day_row {
    int64_t day;
    enum witness witness;
    enum no_answer why;
    int64_t requests, sends, failed, asked, found;
};
MUST_CHECK int store_days(struct store *,
                          int (*each)(void *to, const struct day_row *, struct err *), void *to,
                          struct err *);
/* Calls sent by phase, and the UTC days on which; what was loaded is none. */
MUST_CHECK int store_phases(struct store *, struct phase_done done[PHASE_COUNT], struct err *);
#endif
