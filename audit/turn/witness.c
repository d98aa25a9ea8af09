/* audit/turn/witness.c: one of the API's other answers after another. */
#include "audit/turn/witness.h"
#include <inttypes.h>
#include <string.h>
#include "audit/turn/accounts.h"
#include "audit/turn/round_1.h"
#include "audit/turn/validity.h"

/* What the last run that left nothing rested on: while it stands, there is
 * nothing to look for, and looking takes a pass over all items. */
static int rests_on(struct audit *audit, struct buf *text, struct err *err)
{
    const struct settings *set = &audit->set;
    struct store_stamp stamp;
    char hex[DIGEST_HEX];

    if (store_stamp(audit->store, &stamp, err))
        return -1;
    buf_printf(text, "%" PRId64 " %s %d %d %" PRId64 " %" PRId64 " %g", stamp.answers,
               digest_hex(&audit->rules_digest, hex), (int)set->api_validation,
               (int)set->api_user_check, set->account_min_items, set->api_confirm_days,
               set->api_residual);
    return 0;
}

/* What a run looked at before it asked. */
struct looked {
    struct buf at;    // rests_on
    int64_t changes;
};

/* due: round 1 is closed and something may be left to ask. */
static int look(struct audit *audit, struct looked *l, bool *due, struct err *err)
{
    struct buf then = { 0 };
    bool closed;
    int rc = -1;

    if (round_1_closed(audit, &closed, err) || rests_on(audit, &l->at, err) ||
        store_meta_get(audit->store, META_WITNESS_OF, &then, err))
        goto out;
    l->changes = store_changes(audit->store);
    *due = closed && !str_eq(buf_view(&l->at), buf_view(&then));
    rc = 0;
out:
    buf_release(&then);
    return rc;
}

/* Where nothing was asked it rests on what was looked at. */
static int look_again(struct audit *audit, struct looked *l, struct err *err)
{
    if (store_changes(audit->store) == l->changes)
        return 0;
    buf_clear(&l->at);
    return rests_on(audit, &l->at, err);
}

static int remember(struct audit *audit, struct looked *l, int64_t left, struct err *err)
{
    if (left)
        buf_clear(&l->at);
    else if (look_again(audit, l, err))
        return -1;
    return store_meta_set(audit->store, META_WITNESS_OF, buf_view(&l->at), err) ||
                   witness_set_number(audit, META_WITNESS_LEFT, left, err)
               ? -1
               : 0;
}

static int run(struct audit *audit, bool ask, struct looked *l, struct witness_result *w,
               struct err *err)
{
    bool due = false, refused = false;
    int rc = look(audit, l, &due, err);

    memset(w, 0, sizeof *w);
    if (rc || !due || (!audit->ask.validate && !audit->ask.users))
        return rc;
    if (audit->set.api_validation && audit->ask.validate &&
        validity_run(audit, ask, w, &refused, err))
        return -1;
    if (audit->set.api_user_check && audit->ask.users &&
        accounts_run(audit, ask && w->why.kind == ERR_NONE, w, &refused, err))
        return -1;
    return refused ? witness_set_number(audit, META_WITNESS_LEFT, w->left, err)
                   : remember(audit, l, w->left, err);
}

int witness_run(struct audit *audit, bool ask, struct witness_result *w, struct err *err)
{
    struct looked l = { .changes = 0 };
    int rc = run(audit, ask, &l, w, err);

    buf_release(&l.at);
    return rc;
}

int witness_left(struct audit *audit, int64_t *left, struct err *err)
{
    return witness_number(audit, META_WITNESS_LEFT, left, err);
}
