/* store/check.c: is the store whole? What SQLite can say itself, then every
 * number that should lead somewhere, then the ledger: one bucket an item. */
#include <stdio.h>
#include <stdlib.h>

#include "store/sqlite_priv.h"

/* Each query gives rows of one text; "" none. Item 0 of an event is nobody, item
 * 0 of a link is a dead one, and an answer about a short link has the link's number. */
static const char *const pointers[] = {
    "SELECT 'request ' || a.request || ' asked for item ' || a.item || ', which is not there' FROM ask a"
    " LEFT JOIN item i ON i.n = a.item WHERE i.n IS NULL",
    "SELECT 'item ' || a.item || ' was asked for in request ' || a.request || ', which is not there' FROM ask a"
    " LEFT JOIN request r ON r.n = a.request WHERE r.n IS NULL",
    "SELECT 'request ' || p.request || ' read item ' || p.item || ', which is not there' FROM page_answer p"
    " LEFT JOIN item i ON i.n = p.item WHERE p.witness <> 5 AND i.n IS NULL",
    "SELECT 'request ' || p.request || ' followed short link ' || p.item || ', which is not there' FROM page_answer p"
    " LEFT JOIN link l ON l.n = p.item WHERE p.witness = 5 AND l.n IS NULL",
    "SELECT 'an answer about item ' || p.item || ' names request ' || p.request || ', which is not there'"
    " FROM page_answer p LEFT JOIN request r ON r.n = p.request WHERE r.n IS NULL",
    "SELECT 'an answer in request ' || p.request || ' points to evidence ' || p.evidence || ', which is not there'"
    " FROM page_answer p LEFT JOIN evidence e ON e.n = p.evidence WHERE p.evidence > 0 AND e.n IS NULL",
    "SELECT 'request ' || r.n || ' points to evidence ' || r.evidence || ', which is not there' FROM request r"
    " LEFT JOIN evidence e ON e.n = r.evidence WHERE r.evidence > 0 AND e.n IS NULL",
    "SELECT 'evidence ' || e.n || ' names request ' || e.request || ', which is not there' FROM evidence e"
    " LEFT JOIN request r ON r.n = e.request WHERE e.request > 0 AND r.n IS NULL",
    "SELECT 'evidence ' || e.n || ' lies in file ' || e.file || ', which is not there' FROM evidence e"
    " LEFT JOIN evidence_file f ON f.n = e.file WHERE e.file > 0 AND f.n IS NULL",
    "SELECT 'record ' || r.n || ' is of item ' || r.item || ', which is not there' FROM record r"
    " LEFT JOIN item i ON i.n = r.item WHERE i.n IS NULL",
    "SELECT 'item ' || c.item || ' compares record ' || c.api || ', which is not there' FROM current c"
    " LEFT JOIN record r ON r.n = c.api WHERE c.api > 0 AND r.n IS NULL",
    "SELECT 'item ' || c.item || ' compares record ' || c.page || ', which is not there' FROM current c"
    " LEFT JOIN record r ON r.n = c.page WHERE c.page > 0 AND r.n IS NULL",
    "SELECT 'item ' || c.item || ' compares a record that was superseded' FROM current c"
    " JOIN record r ON r.n IN (c.api, c.page) WHERE r.superseded",
    "SELECT 'there is a state of item ' || s.item || ', which is not there' FROM item_state s"
    " LEFT JOIN item i ON i.n = s.item WHERE i.n IS NULL",
    "SELECT 'there are counters of item ' || c.item || ', which is not there' FROM counter c"
    " LEFT JOIN item i ON i.n = c.item WHERE i.n IS NULL GROUP BY c.item",
    "SELECT 'short link ' || l.n || ' leads to item ' || l.item || ', which is not there' FROM link l"
    " LEFT JOIN item i ON i.n = l.item WHERE l.item > 0 AND i.n IS NULL",
    "SELECT 'source ' || s.source || ' holds items ' || s.first_n || ' to ' || s.last_n || ', which are not all there'"
    " FROM item_source s WHERE s.first_n < 1 OR s.last_n < s.first_n OR s.last_n > (SELECT max(n) FROM item)",
    "SELECT 'an event names item ' || v.item || ', which is not there' FROM event v"
    " LEFT JOIN item i ON i.n = v.item WHERE v.item > 0 AND i.n IS NULL",
    "SELECT 'an answer about an account names item ' || u.item || ', which is not there' FROM user_answer u"
    " LEFT JOIN item i ON i.n = u.item WHERE i.n IS NULL",
    "SELECT 'a difference is of item ' || d.item || ', which is not there' FROM difference d"
    " LEFT JOIN item i ON i.n = d.item WHERE d.series = 1 AND i.n IS NULL",
    "SELECT 'there is a label of item ' || l.item || ', which is not there' FROM label l"
    " LEFT JOIN item i ON i.n = l.item WHERE l.series = 1 AND i.n IS NULL",
    /* the ledger: items that were there when the labels were made */
    "SELECT 'item ' || i.n || ' is in no bucket: it has no label' FROM item i LEFT JOIN label l ON l.series = 1"
    " AND l.item = i.n WHERE l.item IS NULL AND i.n <= (SELECT max(item) FROM label WHERE series = 1)",
};

static int each_text(struct store *s, const char *sql, const char *before,
                     int (*each)(void *to, struct str problem, struct err *), void *to,
                     struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, sql, err);
    struct buf text = {0};
    int rc = st ? 0 : -1;

    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        buf_clear(&text);
        buf_puts(&text, before);
        buf_str(&text, col_str(st, 0));
        rc = each(to, buf_view(&text), err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    buf_release(&text);
    return rc;
}

/* Each level of the waterfall adds up: a state is one of three, a label stands
 * at missing items alone, and its reason is one of its own. */
static int check_buckets(struct store *s, int (*each)(void *to, struct str problem, struct err *),
                         void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s, "SELECT item, state, label, reason FROM label WHERE series = 1 ORDER BY item", err);
    int rc = st ? 0 : -1;

    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        int state = sqlite3_column_int(st, 1), label = sqlite3_column_int(st, 2),
            reason = sqlite3_column_int(st, 3);
        bool sound = state >= 0 && state < STATE_COUNT && label >= 0 && label < LABEL_COUNT &&
                     reason > 0 && reason < REASON_COUNT &&
                     (state == STATE_MISSING) == (label != LABEL_NONE) &&
                     (int)reason_label((enum reason)reason) == label;
        char text[120];

        rc = 0;
        if (sound)
            continue;
        snprintf(text, sizeof text,
                 "item %lld is in no bucket of the waterfall: state %d, label %d, reason %d",
                 (long long)sqlite3_column_int64(st, 0), state, label, reason);
        rc = each(to, str_of(text), err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    return rc;
}

int store_check(struct store *s, int (*each)(void *to, struct str problem, struct err *), void *to,
                struct err *err)
{
    if (each_text(
            s, "SELECT integrity_check FROM pragma_integrity_check WHERE integrity_check <> 'ok'",
            "integrity_check: ", each, to, err))
        return -1;
    for (size_t i = 0; i < sizeof pointers / sizeof *pointers; i++)
        if (each_text(s, pointers[i], "", each, to, err))
            return -1;
    return check_buckets(s, each, to, err);
}

int store_events(struct store *s, const char *kind,
                 int (*each)(void *to, struct str text, struct err *), void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, "SELECT text FROM event WHERE kind = ?1 ORDER BY n", err);
    int rc = st ? 0 : -1;

    if (st)
        bind_str(st, 1, str_of(kind));
    while (rc == 0 && (rc = store_step(s, st, err)) == 1)
        rc = each(to, col_str(st, 0), err) ? -1 : 0;
    sqlite3_finalize(st);
    return rc;
}

int store_sums(struct store *s, struct store_sums *out, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT (SELECT count(*) FROM request), (SELECT coalesce(sum(sends), 0)"
        " FROM request WHERE witness <= 2 AND NOT loaded), (SELECT count(*) FROM ask) + (SELECT count(*)"
        " FROM page_answer), (SELECT count(*) FROM item WHERE purged_at > 0)",
        err);
    int rc = st ? store_step(s, st, err) : -1;

    if (rc == 1)
        *out = (struct store_sums){ sqlite3_column_int64(st, 0), sqlite3_column_int64(st, 1),
                                    sqlite3_column_int64(st, 2), sqlite3_column_int64(st, 3) };
    sqlite3_finalize(st);
    return rc == 1 ? 0 : -1;
}

int store_request_ids(struct store *s, int64_t request,
                      int (*each)(void *to, uint64_t id, struct err *), void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT i.id FROM ask a JOIN item i ON i.n = a.item WHERE a.request = ?1"
        " UNION ALL SELECT i.id FROM page_answer p JOIN item i ON i.n = p.item WHERE p.request = ?1 AND p.witness <> 5"
        " UNION ALL SELECT i.id FROM user_answer u JOIN item i ON i.n = u.item WHERE u.request = ?1",
        err);
    int rc = st ? 0 : -1;

    if (st)
        bind_int(st, 1, request);
    while (rc == 0 && (rc = store_step(s, st, err)) == 1)
        rc = each(to, (uint64_t)sqlite3_column_int64(st, 0), err) ? -1 : 0;
    sqlite3_finalize(st);
    return rc;
}
