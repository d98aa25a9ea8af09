/* store/ledger_own.h: where a ledger may lie: a file of this machine (ledger_file.c), or a
 * PostgreSQL that many machines share (ledger_pg.c). Another place is a file beside them with these
 * functions, and a row in place_of of ledger.c. What is refused, and until when, ledger.c says. */
#ifndef STORE_LEDGER_OWN_H
#define STORE_LEDGER_OWN_H
#include <stdbool.h>
#include "base/digest.h"
#include "base/err.h"

/* What is asked of a ledger: for a client, at an instant, on the days from..to. */
struct ledger_ask {
    const struct digest *client;
    int64_t at, limit, request;
    const char *audit;
    bool near;    // count what stands on the next day as well
};
/* What it says: of those days. */
struct ledger_says {
    int64_t used;
    bool spent;    // the platform said so
    bool taken;    // the charge stands, durable
};
struct ledger_place {
    bool (*is)(const char *place);    // NULL: what no other place is
    int (*open)(void **, const char *place, struct err *);
    void (*close)(void *);
    /* Charges where fewer than limit are used and the day is not spent, in one transaction. */
    int (*take)(void *, const struct ledger_ask *, struct ledger_says *, struct err *);
    int (*look)(void *, const struct ledger_ask *, struct ledger_says *, struct err *);
    int (*spend)(void *, const struct ledger_ask *, struct err *);
    int (*of_audit)(void *, const char *audit, int64_t *charged, struct err *);
    int (*check)(void *, struct err *);
};
extern const struct ledger_place ledger_file, ledger_pg;
#endif
