/* store/check.c: is the store whole? What the engine can say itself, then every
 * number that should lead somewhere, then the ledger: one bucket an item, and of each source
 * all that was seen. */
#include <stdio.h>
#include <stdlib.h>

#include "record/label.h"
#include "store/check.h"
#include "store/inner.h"

/* Each gives rows of one text. */
static const enum query pointers[] = {
    Q_CHECK_ASK_ITEM, Q_CHECK_ASK_REQUEST, Q_CHECK_PAGE_ITEM, Q_CHECK_PAGE_LINK,
    Q_CHECK_PAGE_REQUEST, Q_CHECK_PAGE_EVIDENCE, Q_CHECK_REQUEST_EVIDENCE,
    Q_CHECK_EVIDENCE_REQUEST, Q_CHECK_EVIDENCE_FILE, Q_CHECK_RECORD_ITEM, Q_CHECK_CURRENT_API,
    Q_CHECK_CURRENT_PAGE, Q_CHECK_CURRENT_SUPERSEDED, Q_CHECK_VANTAGE_RECORD, Q_CHECK_STATE_ITEM,
    Q_CHECK_STATE_SMALL, Q_CHECK_COUNTER_ITEM, Q_CHECK_LINK_ITEM, Q_CHECK_SOURCE_ITEMS,
    Q_CHECK_SOURCE_COUNTS, Q_CHECK_EVENT_ITEM, Q_CHECK_PAGE_CREATOR, Q_CHECK_SIGHTING,
    Q_CHECK_LISTING, Q_CHECK_LISTED, Q_CHECK_LIST_ROWS, Q_CHECK_DRAWN,
    Q_CHECK_USER_ITEM, Q_CHECK_GAP_ITEM, Q_CHECK_LABEL_ITEM, Q_CHECK_NO_LABEL,
};

static int each_text(struct store *s, enum query q, const char *before,
                     int (*each)(void *to, struct str problem, struct err *), void *to,
                     struct err *err)
{
    struct buf text = {0};
    struct stmt *st;
    int rc;

    if (db_query(s->db, q, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        buf_clear(&text);
        buf_puts(&text, before);
        buf_str(&text, stmt_text(st, 0));
        if (each(to, buf_view(&text), err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    buf_release(&text);
    return rc;
}

static bool is_sound(int64_t state, int64_t label, int64_t reason)
{
    return state >= 0 && state < STATE_COUNT && label >= 0 && label < LABEL_COUNT && reason > 0 &&
           reason < REASON_COUNT && (state == STATE_MISSING) == (label != LABEL_NONE) &&
           (int64_t)reason_label((enum reason)reason) == label;
}

/* Each level of the waterfall adds up: a state is one of three, a label stands
 * at missing items alone, and its reason is one of its own. */
static int check_buckets(struct store *s, int (*each)(void *to, struct str problem, struct err *),
                         void *to, struct err *err)
{
    struct stmt *st;
    char text[120];
    int rc;

    if (db_query(s->db, Q_LABEL_BUCKETS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        if (is_sound(stmt_int(st, 1), stmt_int(st, 2), stmt_int(st, 3)))
            continue;
        snprintf(text, sizeof text,
                 "item %lld is in no bucket of the waterfall: state %d, label %d, reason %d",
                 (long long)stmt_int(st, 0), (int)stmt_int(st, 1), (int)stmt_int(st, 2),
                 (int)stmt_int(st, 3));
        if (each(to, str_of(text), err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_check(struct store *s, int (*each)(void *to, struct str problem, struct err *), void *to,
                struct err *err)
{
    if (each_text(s, Q_INTEGRITY, "integrity_check: ", each, to, err))
        return -1;
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        if (each_text(s, pointers[i], "", each, to, err))
            return -1;
    return check_buckets(s, each, to, err);
}

int store_sums(struct store *s, struct store_sums *out, struct err *err)
{
    int64_t *const to[] = { &out->requests, &out->sends, &out->answers, &out->purged_items };

    return db_row(s->db, Q_SUMS, NO_ARGS, to, 4, err) == 1 ? 0 : -1;
}

int store_request_ids(struct store *s, int64_t request,
                      int (*each)(void *to, uint64_t id, struct err *), void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_REQUEST_IDS, ARGS(arg_int(request)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (each(to, (uint64_t)stmt_int(st, 0), err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}

int store_quick_check(struct store *s, struct err *err)
{
    struct buf said = { 0 };
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_QUICK_CHECK, NO_ARGS, &st, err))
        return -1;
    rc = stmt_next(st, err);
    if (rc == 1) {
        buf_str(&said, stmt_text(st, 0));
        rc = db_damaged(s->db, buf_cstr(&said), err);
    }
    stmt_done(st);
    buf_release(&said);
    return rc;
}

bool store_is_locked(const char *path)
{
    return db_is_locked(path);
}

void store_library(struct buf *out)
{
    db_library(out);
}
