/* store/history.c: everything that was said of one item, in order of time, with
 * where its bytes lie. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_priv.h"

int store_evidence_text(struct store *s, int64_t evidence, bool with_digest, struct buf *out,
                        struct err *err)
{
    sqlite3_stmt *st;
    struct digest d;
    char hex[DIGEST_HEX];
    int rc;

    if (!evidence)
        return 0;
    if (!(st = store_query(s, Q_EVIDENCE_GET, err)))
        return -1;
    bind_int(st, 1, evidence);
    if ((rc = store_step(s, st, err)) == 1) {
        struct str file = col_str(st, 0);

        if (file.n)
            buf_printf(out, "%.*s:%lld", STR_ARG(file), (long long)sqlite3_column_int64(st, 1));
        if (with_digest && sqlite3_column_bytes(st, 2) == DIGEST_BYTES) {
            memcpy(d.b, sqlite3_column_blob(st, 2), DIGEST_BYTES);
            buf_printf(out, "%ssha256:%s", file.n ? " " : "", digest_hex(&d, hex));
        }
    }
    sqlite3_reset(st);
    return rc < 0 ? -1 : 0;
}

int store_evidence_place(struct store *s, struct evidence evidence, struct buf *out,
                         struct err *err)
{
    return store_evidence_text(s, evidence.n, false, out, err);
}

/* Both kinds of answers in one order: by time, then by request. A request that
 * was sent and never answered stands at the time it was reserved. */
#define HISTORY_SQL \
    "SELECT CASE WHEN r.done_at > 0 THEN r.done_at ELSE r.reserved_at END AS at, r.n AS request, r.witness," \
    " NULL AS kind, 0 AS why, r.round, r.start_day, r.end_day, r.complete AND r.done_at > 0, r.members, a.role," \
    " NULL AS code, r.error_code AS message, 0 AS generation, '' AS region, r.http, r.log_id, r.evidence, a.came_back," \
    " '' AS vantage" \
    " FROM ask a JOIN request r ON r.n = a.request WHERE a.item = ?1" \
    " UNION ALL SELECT p.at, p.request, p.witness, p.kind, p.why, coalesce(r.round, 0), 0, 0, p.kind <> 4, 1, 0," \
    " p.code, p.message, p.generation, p.region, coalesce(r.http, 0), coalesce(r.log_id, ''), p.evidence, 0," \
    " (SELECT name FROM vantage WHERE n = p.vantage)" \
    " FROM page_answer p LEFT JOIN request r ON r.n = p.request WHERE p.item = ?1 AND p.witness IN (3, 4)" \
    " ORDER BY 1, 2"

static enum answer_kind api_kind(bool complete, bool came_back)
{
    if (came_back)
        return ANSWER_FOUND;
    return complete ? ANSWER_ABSENT : ANSWER_NO_ANSWER;
}

static void history_read(sqlite3_stmt *st, struct history_row *h)
{
    bool of_page = sqlite3_column_type(st, 3) != SQLITE_NULL,
         complete = sqlite3_column_int(st, 8) != 0;

    *h = (struct history_row){
        .at = sqlite3_column_int64(st, 0),
        .request = sqlite3_column_int64(st, 1),
        .witness = (enum witness)sqlite3_column_int(st, 2),
        .kind = of_page ? (enum answer_kind)sqlite3_column_int(st, 3)
                        : api_kind(complete, sqlite3_column_int(st, 18) != 0),
        .why = (enum no_answer)sqlite3_column_int(st, 4),
        .round = sqlite3_column_int(st, 5),
        .start_day = sqlite3_column_int64(st, 6),
        .end_day = sqlite3_column_int64(st, 7),
        .complete = complete,
        .members = (size_t)sqlite3_column_int64(st, 9),
        .role = (enum ask_role)sqlite3_column_int(st, 10),
        .has_code = sqlite3_column_type(st, 11) != SQLITE_NULL,
        .code = sqlite3_column_int64(st, 11),
        .message = col_str(st, 12),
        .generation = (enum generation)sqlite3_column_int(st, 13),
        .vantage = col_str(st, 19),
        .region = col_str(st, 14),
        .http = sqlite3_column_int(st, 15),
        .log_id = col_str(st, 16),
    };
}

int store_history(struct store *s, int64_t item,
                  int (*each)(void *to, const struct history_row *, struct err *), void *to,
                  struct err *err)
{
    sqlite3_stmt *st = store_prepare(s, HISTORY_SQL, err);
    struct buf evidence = {0};
    int rc = st ? 0 : -1;

    if (st)
        bind_int(st, 1, item);
    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct history_row h;

        history_read(st, &h);
        buf_clear(&evidence);
        if (store_evidence_text(s, sqlite3_column_int64(st, 17), true, &evidence, err)) {
            rc = -1;
            break;
        }
        h.evidence = buf_view(&evidence);
        rc = each(to, &h, err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    buf_release(&evidence);
    return rc;
}

int store_page_generation(struct store *s, int64_t item, int64_t request, int64_t at,
                          enum generation *out, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_PAGE_GENERATION, err);
    int rc, n = 0;

    *out = GENERATION_NONE;
    if (!st)
        return -1;
    bind_int(st, 1, item);
    bind_int(st, 2, WITNESS_PAGE);
    bind_int(st, 3, request);
    bind_int(st, 4, at);
    if ((rc = store_step(s, st, err)) == 1)
        n = sqlite3_column_int(st, 0);
    sqlite3_reset(st);
    if (n > 0 && n < GENERATION_COUNT)
        *out = (enum generation)n;
    return rc < 0 ? -1 : 0;
}
