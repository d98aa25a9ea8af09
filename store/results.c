/* store/results.c: labels and differences: derived, so a run replaces all of
 * the former ones in one transaction, and a run that fails leaves them. */
#include <stdio.h>
#include <stdlib.h>

#include "base/utc.h"
#include "store/sqlite_priv.h"

/* DELETE without WHERE drops the table's pages at once; only where another
 * series has rows must they go one by one. */
static int drop_results(struct store *s, const char *table, struct err *err)
{
    char sql[128];
    sqlite3_stmt *st;
    int others;

    snprintf(sql, sizeof sql, "SELECT 1 FROM %s WHERE series > 1 LIMIT 1", table);
    if (!(st = store_prepare(s, sql, err)))
        return -1;
    others = store_step(s, st, err);
    sqlite3_finalize(st);
    if (others < 0)
        return -1;
    snprintf(sql, sizeof sql, "DELETE FROM %s%s", table, others ? " WHERE series = 1" : "");
    return store_exec(s, sql, err);
}

/* ---- labels ---- */

/* Rule i is bit i % 8 of byte i / 8; zeros at the end are left out. */
static void bind_hits(sqlite3_stmt *st, int at, const struct hits *hits)
{
    unsigned char bytes[RULES_MAX / 8] = {0};
    int n = 0;

    for (size_t i = 0; i < RULES_MAX; i++)
        if (hits_has(hits, i)) {
            bytes[i / 8] |= (unsigned char)(1u << (i % 8));
            n = (int)(i / 8) + 1;
        }
    sqlite3_bind_blob(st, at, bytes, n, SQLITE_TRANSIENT);
}

/* Of an older store: a number, whose bits are the first 64 rules. */
static struct hits col_hits(sqlite3_stmt *st, int at)
{
    const unsigned char *bytes = sqlite3_column_blob(st, at);
    size_t n = (size_t)sqlite3_column_bytes(st, at);
    struct hits hits = {{0}};

    if (sqlite3_column_type(st, at) == SQLITE_INTEGER)
        return (struct hits){{ (uint64_t)sqlite3_column_int64(st, at) }};
    for (size_t i = 0; i < n * 8 && i < RULES_MAX; i++)
        if (bytes[i / 8] >> (i % 8) & 1)
            hits_add(&hits, i);
    return hits;
}
/* Of a purged item the label is kept as it is: what it rested on is gone. Which
 * rules of another file had matched says nothing of this one. */
static int drop_labels(struct store *s, int64_t ruleset, bool purged, struct err *err)
{
    sqlite3_stmt *st;
    int rc;

    if (!purged)
        return drop_results(s, "label", err);
    if (store_exec(s, "DELETE FROM label WHERE series = 1"
                      " AND item NOT IN (SELECT n FROM item WHERE purged_at > 0)", err) ||
        !(st = store_prepare(s, "UPDATE label SET rules_hit = x'', ruleset = ?1"
                                " WHERE series = 1 AND ruleset <> ?1", err)))
        return -1;
    bind_int(st, 1, ruleset);
    rc = store_run(s, st, err);
    sqlite3_finalize(st);
    return rc;
}

static int any_purged(struct store *s, bool *any, struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, "SELECT 1 FROM item WHERE purged_at > 0 LIMIT 1", err);
    int rc = st ? store_step(s, st, err) : -1;

    *any = rc == 1;
    sqlite3_finalize(st);
    return rc < 0 ? -1 : 0;
}

int store_labels_begin(struct store *s, const struct digest *rules, struct str rules_text,
                       struct err *err)
{
    sqlite3_stmt *st;
    bool purged = false;
    int rc;

    if (store_begin(s, err))
        return -1;
    store_derives(s);
    if (any_purged(s, &purged, err) || store_own_table(s, "ruleset", "1", err) ||
        store_own_table(s, "label", purged ? "1" : "0", err) ||
        !(st = store_query(s, Q_RULESET_ADD, err)))
        goto fail;
    bind_digest(st, 1, rules);
    bind_str(st, 2, rules_text);
    bind_int(st, 3, utc_now());
    if (store_run(s, st, err) || !(st = store_query(s, Q_RULESET_FIND, err)))
        goto fail;
    bind_digest(st, 1, rules);
    if ((rc = store_step(s, st, err)) == 1)
        s->ruleset = sqlite3_column_int64(st, 0);
    sqlite3_reset(st);
    if (rc == 1 && drop_labels(s, s->ruleset, purged, err) == 0)
        return 0;
fail:
    store_rollback(s);
    return -1;
}

int store_label_put(struct store *s, const struct label_row *l, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_LABEL_PUT, err);

    if (!st)
        return -1;
    bind_int(st, 1, l->item);
    bind_int(st, 2, s->ruleset);
    bind_int(st, 3, l->state);
    bind_int(st, 4, l->label);
    bind_int(st, 5, l->reason);
    bind_str(st, 6, l->rule);
    bind_int(st, 7, l->basis);
    bind_int(st, 8, l->confirmed);
    bind_int(st, 9, l->asked);
    bind_int(st, 10, l->days);
    bind_int(st, 11, l->first_at);
    bind_int(st, 12, l->last_at);
    bind_int(st, 13, l->sound_days);
    bind_str(st, 14, l->sound_list);
    sqlite3_bind_double(st, 15, l->residual);
    bind_int(st, 16, l->created_at);
    if (l->page == ANSWER_COUNT)
        sqlite3_bind_null(st, 17);
    else
        bind_int(st, 17, l->page);
    if (l->has_code)
        bind_int(st, 18, l->code);
    else
        sqlite3_bind_null(st, 18);
    bind_str(st, 19, l->message);
    bind_int(st, 20, l->page_at);
    bind_int(st, 21, l->later_refused_at);
    bind_str(st, 22, l->place);
    bind_str(st, 23, l->region);
    bind_int(st, 24, l->account);
    bind_int(st, 25, l->api_request);
    bind_int(st, 26, l->page_request);
    bind_hits(st, 27, &l->hits);
    bind_str(st, 28, l->handle);
    bind_int(st, 29, l->validation);
    if (!l->elsewhere_at)
        sqlite3_bind_null(st, 30);
    else
        bind_int(st, 30, l->elsewhere);
    bind_int(st, 31, l->elsewhere_at);
    bind_int(st, 32, l->elsewhere_vantage);
    return store_run(s, st, err);
}

int store_labels_end(struct store *s, struct err *err)
{
    return store_commit(s, err);
}

struct label_cursor { struct store *s; sqlite3_stmt *st; struct buf evidence; };

int store_labels_from(struct store *s, uint64_t after, struct label_cursor **out, struct err *err)
{
    struct label_cursor *c;
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT l.item, i.id, l.handle, l.state, l.label, l.reason, l.rule, l.basis,"
        " l.confirmed, l.asked, l.days, l.first_at, l.last_at, l.sound_days, l.sound_list, l.residual, l.created_at,"
        " l.page, l.code, l.message, l.page_at, l.later_refused_at, l.place, l.region, l.account, l.api_request,"
        " l.page_request, l.rules_hit, (SELECT evidence FROM request WHERE n = l.api_request),"
        " (SELECT evidence FROM request WHERE n = l.page_request), l.validation,"
        " l.elsewhere, l.elsewhere_at, l.elsewhere_vantage,"
        " (SELECT name FROM vantage WHERE n = l.elsewhere_vantage), i.purged_at FROM item i"
        " CROSS JOIN label l ON l.series = 1 AND l.item = i.n"
        " WHERE i.id > ?1 ORDER BY i.id",
        err);

    if (!st)
        return -1;
    bind_int(st, 1, (int64_t)after);
    c = xcalloc(1, sizeof *c);
    c->s = s;
    c->st = st;
    *out = c;
    return 0;
}

int store_labels(struct store *s, struct label_cursor **out, struct err *err)
{
    return store_labels_from(s, 0, out, err);
}

/* False where a number stands that others would use as an index, and that we never wrote. */
static bool label_read(sqlite3_stmt *st, struct label_row *l)
{
    *l = (struct label_row){
        .item = sqlite3_column_int64(st, 0),
        .id = (uint64_t)sqlite3_column_int64(st, 1),
        .handle = col_str(st, 2),
        .state = (enum state)sqlite3_column_int(st, 3),
        .label = (enum label)sqlite3_column_int(st, 4),
        .reason = (enum reason)sqlite3_column_int(st, 5),
        .rule = col_str(st, 6),
        .basis = (enum basis)sqlite3_column_int(st, 7),
        .confirmed = sqlite3_column_int(st, 8) != 0,
        .asked = sqlite3_column_int(st, 9),
        .days = sqlite3_column_int(st, 10),
        .first_at = sqlite3_column_int64(st, 11),
        .last_at = sqlite3_column_int64(st, 12),
        .sound_days = sqlite3_column_int(st, 13),
        .sound_list = col_str(st, 14),
        .residual = sqlite3_column_double(st, 15),
        .created_at = sqlite3_column_int64(st, 16),
        .page = sqlite3_column_type(st, 17) == SQLITE_NULL
                    ? ANSWER_COUNT
                    : (enum answer_kind)sqlite3_column_int(st, 17),
        .has_code = sqlite3_column_type(st, 18) != SQLITE_NULL,
        .code = sqlite3_column_int64(st, 18),
        .message = col_str(st, 19),
        .page_at = sqlite3_column_int64(st, 20),
        .later_refused_at = sqlite3_column_int64(st, 21),
        .place = col_str(st, 22),
        .region = col_str(st, 23),
        .account = sqlite3_column_int64(st, 24),
        .api_request = sqlite3_column_int64(st, 25),
        .page_request = sqlite3_column_int64(st, 26),
        .hits = col_hits(st, 27),
        .validation = (enum validation)sqlite3_column_int(st, 30),
        .elsewhere = sqlite3_column_type(st, 31) == SQLITE_NULL
                         ? ANSWER_COUNT
                         : (enum answer_kind)sqlite3_column_int(st, 31),
        .elsewhere_at = sqlite3_column_int64(st, 32),
        .elsewhere_vantage = sqlite3_column_int64(st, 33),
        .vantage = col_str(st, 34),
        .purged = sqlite3_column_int64(st, 35) > 0,
    };
    return (unsigned)l->state < STATE_COUNT && (unsigned)l->label < LABEL_COUNT &&
           (unsigned)l->reason < REASON_COUNT && (unsigned)l->basis < BASIS_COUNT &&
           (unsigned)l->page <= ANSWER_COUNT && (unsigned)l->validation < VALIDATION_COUNT;
}

int label_cursor_next(struct label_cursor *c, struct label_row *row, struct err *err)
{
    int rc = store_step(c->s, c->st, err);

    if (rc != 1)
        return rc;
    return label_read(c->st, row) ? 1 : store_damaged(c->s, "a label is none of ours", err);
}

int label_cursor_evidence(struct label_cursor *c, struct str *out, struct err *err)
{
    size_t api_end;

    buf_clear(&c->evidence);
    if (store_evidence_text(c->s, sqlite3_column_int64(c->st, 28), false, &c->evidence, err))
        return -1;
    api_end = c->evidence.n;
    if (api_end)
        buf_char(&c->evidence, ' ');
    if (store_evidence_text(c->s, sqlite3_column_int64(c->st, 29), false, &c->evidence, err))
        return -1;
    *out = buf_view(&c->evidence);
    if (api_end && out->n == api_end + 1)
        out->n = api_end;
    return 0;
}

void label_cursor_close(struct label_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->st);
    buf_release(&c->evidence);
    free(c);
}

/* ---- differences ---- */
int store_gaps_begin(struct store *s, struct err *err)
{
    if (store_begin(s, err))
        return -1;
    store_derives(s);
    if (store_own_table(s, "difference", "0", err) == 0 && drop_results(s, "difference", err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

int store_gap_put(struct store *s, const struct gap *g, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_GAP_PUT, err);

    if (!st)
        return -1;
    bind_int(st, 1, g->item);
    bind_int(st, 2, g->field);
    bind_int(st, 3, g->verdict);
    bind_value(st, 4, &g->api);
    bind_value(st, 5, &g->page);
    if (g->has_error)
        sqlite3_bind_double(st, 6, g->relative_error);
    else
        sqlite3_bind_null(st, 6);
    bind_int(st, 7, g->api_at);
    bind_int(st, 8, g->page_at);
    return store_run(s, st, err);
}

int store_gaps_end(struct store *s, struct err *err)
{
    return store_commit(s, err);
}

int store_gaps(struct store *s, int (*each)(void *to, const struct gap *, struct err *), void *to,
               struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT d.item, i.id, d.field, d.verdict, d.api, d.page, d.relative_error,"
        " d.api_at, d.page_at FROM item i CROSS JOIN difference d ON d.series = 1 AND d.item = i.n"
        " WHERE i.id > 0 ORDER BY i.id, d.field",
        err);
    int rc = st ? 0 : -1;

    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct gap g = {
            .item = sqlite3_column_int64(st, 0),
            .id = (uint64_t)sqlite3_column_int64(st, 1),
            .field = (enum field)sqlite3_column_int(st, 2),
            .verdict = (enum verdict)sqlite3_column_int(st, 3),
            .api = col_value(st, 4),
            .page = col_value(st, 5),
            .has_error = sqlite3_column_type(st, 6) != SQLITE_NULL,
            .relative_error = sqlite3_column_double(st, 6),
            .api_at = sqlite3_column_int64(st, 7),
            .page_at = sqlite3_column_int64(st, 8),
        };

        rc = each(to, &g, err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    return rc;
}
