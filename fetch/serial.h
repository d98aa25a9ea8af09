/* fetch/serial.h: requests over the wire one after another, for the few that are
 * no search by ids: the validity check and the questions about accounts. A task
 * of the validity check holds 10,000 ids, so nothing is gained by several under way.
 * Ownership: a reply's body is borrowed until the next serial_ask, the rest from mem. */
#ifndef FETCH_SERIAL_H
#define FETCH_SERIAL_H
#include "fetch/wire.h"

/* Sends until there is an answer, good or bad; reply.what is then API_OK,
 * API_RETRY (given up) or API_FAIL: refused, and whoever takes that for no answer
 * tells wire_give_up.
 * Errors: as fetch_run. A request with n > 0 is then still to be closed (serial_abandon). */
MUST_CHECK int serial_ask(struct wire *, struct request *, const struct wire_call *,
                          struct arena *mem, struct wire_reply *, struct err *);
/* Closes what was begun after a failure; what went wrong stays in *err. */
void serial_abandon(struct wire *, struct request *, struct err *);
#endif
