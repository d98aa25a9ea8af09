/* store/ledger.c: which place a ledger lies in, and what is said where a day is used up. */
#include "store/ledger.h"
#include <stdio.h>
#include <stdlib.h>
#include "base/file.h"
#include "base/utc.h"
#include "store/ledger_own.h"

struct ledger {
    const struct ledger_place *place;
    void *in;
};

static const struct ledger_place *place_of(const char *place)
{
    static const struct ledger_place *const others[] = { &ledger_pg };

    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i]->is(place))
            return others[i];
    return &ledger_file;
}

bool ledger_is_shared(const char *place) { return place_of(place) != &ledger_file; }
bool ledger_is_made(const char *place) { return ledger_is_shared(place) || file_exists(place); }

int ledger_open(struct ledger **out, const char *path, struct err *err)
{
    const struct ledger_place *place = place_of(path);
    void *in;

    if (place->open(&in, path, err))
        return -1;
    *out = xcalloc(1, sizeof **out);
    **out = (struct ledger){ place, in };
    return 0;
}

void ledger_close(struct ledger *l)
{
    if (!l)
        return;
    l->place->close(l->in);
    free(l);
}

static int end_of_day(int64_t at, const char *why, struct err *err)
{
    char text[UTC_TEXT_MAX];

    err_set(err, ERR_QUOTA, "%s; it begins anew at %s", why,
            utc_rfc3339(utc_next_midnight(at), text));
    err->retry_at = utc_next_midnight(at);
    return -1;
}

/* What stands on tomorrow's page was sent under a clock that has gone back since: for the
 * platform it may be of today, so today has no fresh allowance. Charges of later days are left
 * alone, or a clock that was once a year ahead would close every day until then. */
int ledger_take(struct ledger *l, const struct digest *client, int64_t at, int64_t limit,
                const char *audit, int64_t request, struct err *err)
{
    const struct ledger_ask ask = {
        .client = client, .at = at, .limit = limit, .request = request, .audit = audit, .near = true
    };
    struct ledger_says says = { 0 };
    char why[120];

    if (l->place->take(l->in, &ask, &says, err))
        return -1;
    if (says.taken)
        return 0;
    if (says.spent)
        return end_of_day(at, "the platform says that today's quota is used", err);
    snprintf(why, sizeof why, "today's %lld requests are used", (long long)limit);
    return end_of_day(at, why, err);
}

int ledger_spent(struct ledger *l, const struct digest *client, int64_t at, struct err *err)
{
    const struct ledger_ask ask = { .client = client, .at = at };

    return l->place->spend(l->in, &ask, err);
}

static int look(struct ledger *l, const struct ledger_ask *ask, int64_t *used, bool *spent,
                struct err *err)
{
    struct ledger_says says = { 0 };

    if (l->place->look(l->in, ask, &says, err))
        return -1;
    *used = says.used;
    *spent = says.spent;
    return 0;
}

int ledger_used(struct ledger *l, const struct digest *client, int64_t day, int64_t *used,
                bool *spent, struct err *err)
{
    const struct ledger_ask ask = { .client = client, .at = utc_day_start(day) };

    return look(l, &ask, used, spent, err);
}

int ledger_counts(struct ledger *l, const struct digest *client, int64_t day, int64_t *used,
                  bool *spent, struct err *err)
{
    const struct ledger_ask ask = { .client = client, .at = utc_day_start(day), .near = true };

    return look(l, &ask, used, spent, err);
}

int ledger_of_audit(struct ledger *l, const char *audit, int64_t *charged, struct err *err)
{
    return l->place->of_audit(l->in, audit, charged, err);
}

int ledger_check(struct ledger *l, struct err *err) { return l->place->check(l->in, err); }
