/* store/replay.c: the answers of an audit are made again from its archive, in
 * one transaction: what follows from answers is forgotten, and each request is
 * given out with what it was about, in the order in which it was answered.
 *
 * Items, short links and where they led, requests, who was asked together, and
 * what the API said of accounts by name stay as they are; so do tries that were
 * given back because the site was to blame, which no answer tells. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_priv.h"

/* Answers about pages and oEmbed are put aside: of a try that brought no bytes
 * nothing else tells what it was. */
#define ASIDE \
    "DROP TABLE IF EXISTS temp.was;" \
    "CREATE TEMP TABLE was AS SELECT * FROM page_answer WHERE witness IN (3, 4);" \
    "CREATE INDEX temp.was_by_request ON was (request);" \
    "DROP TABLE IF EXISTS temp.tried;" \
    "CREATE TEMP TABLE tried AS SELECT 1 AS vantage, item, tries FROM item_state WHERE series = 1 AND tries > 0" \
    " UNION ALL SELECT vantage, item, tries FROM vantage_state WHERE tries > 0;" \
    "CREATE INDEX temp.tried_by_item ON tried (item, vantage);"
#define FORGET \
    "DELETE FROM page_answer WHERE witness IN (3, 4); DELETE FROM vantage_state;" \
    "DELETE FROM record; DELETE FROM current; DELETE FROM counter; DELETE FROM label; DELETE FROM difference;" \
    "UPDATE ask SET came_back = 0 WHERE came_back AND request IN (SELECT n FROM request WHERE witness IN (0, 2));" \
    "UPDATE item_state SET asked = 0, days = 0, first_at = 0, last_at = 0, found_first_at = 0, found_last_at = 0," \
    " absent_before_found = 0, following_asked = 0, api_created = 0, api_request = 0, page = NULL, code = NULL," \
    " message = NULL, region = NULL, page_at = 0, page_created = 0, page_request = 0, public_first_at = 0," \
    " public_last_at = 0, refused_last_at = 0, tries = 0, tried_at = 0, oembed = NULL, oembed_at = 0," \
    " oembed_tries = 0, valid = NULL, valid_at = 0, page_marks = 0, elsewhere = NULL," \
    " elsewhere_at = 0, elsewhere_vantage = 0 WHERE series = 1;"
#define GIVE_BACK                                                                                             \
    "UPDATE item_state SET tries = min(tries, coalesce((SELECT t.tries FROM temp.tried t WHERE t.vantage = 1" \
    " AND t.item = item_state.item), 0)) WHERE series = 1 AND tries > 0;"                                     \
    "UPDATE vantage_state SET tries = min(tries, coalesce((SELECT t.tries FROM temp.tried t"                  \
    " WHERE t.vantage = vantage_state.vantage AND t.item = vantage_state.item), 0)) WHERE tries > 0;"

int store_replay_begin(struct store *s, struct err *err)
{
    if (store_begin(s, err))
        return -1;
    if (store_exec(s, ASIDE FORGET, err) == 0) {
        s->asked = s->found = -1;
        return 0;
    }
    store_rollback(s);
    return -1;
}

int store_replay_end(struct store *s, struct err *err)
{
    return store_exec(s, GIVE_BACK, err) || store_commit(s, err) ? -1 : 0;
}

/* What can be answered again must have its bytes. */
int store_replay_check(struct store *s, int64_t *purged, int64_t *not_kept, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT coalesce(sum(e.purged_at > 0), 0), coalesce(sum(e.purged_at = 0 AND"
        " (e.file = 0 OR (SELECT name FROM evidence_file f WHERE f.n = e.file) IS NULL)), 0) FROM evidence e"
        " WHERE e.kind IN (0, 2, 3, 4)",
        err);
    int rc = st ? store_step(s, st, err) : -1;

    if (rc == 1) {
        *purged = sqlite3_column_int64(st, 0);
        *not_kept = sqlite3_column_int64(st, 1);
    }
    sqlite3_finalize(st);
    return rc == 1 ? 0 : -1;
}

struct replay_cursor {
    struct store *s;
    sqlite3_stmt *requests, *was, *members, *places;
    bool ended;
};

int store_replay(struct store *s, struct replay_cursor **out, struct err *err)
{
    struct replay_cursor *c = xcalloc(1, sizeof *c);

    c->s = s;
    /* Sorted, so it is read whole before the first row, and may be written to. */
    c->requests = store_prepare(
        s,
        "SELECT n, witness, round, start_day, end_day, members, loaded, reserved_at,"
        " sent_at, done_at, sends, http, complete, rows, strange_rows, evidence, error_code, log_id FROM request"
        " WHERE witness IN (0, 2, 3, 4) AND done_at > 0 ORDER BY done_at, evidence, n + 0",
        err);
    c->was =
        c->requests
            ? store_prepare(
                  s,
                  "SELECT w.item, i.id, w.at, w.kind, w.why, w.code, w.message, w.generation,"
                  " w.region, w.evidence, coalesce((SELECT name FROM vantage v WHERE v.n = w.vantage), '') FROM temp.was w"
                  " JOIN item i ON i.n = w.item WHERE w.request = ?1",
                  err)
            : NULL;
    c->members = c->was ? store_prepare(
                              s,
                              "SELECT a.item, i.id, a.role FROM ask a JOIN item i ON i.n = a.item"
                              " WHERE a.request = ?1 ORDER BY i.id",
                              err)
                        : NULL;
    c->places = c->members ? store_prepare(s, "SELECT e.n, f.name, e.offset FROM evidence e"
        " JOIN evidence_file f ON f.n = e.file WHERE e.request = ?1 ORDER BY e.n", err) : NULL;
    if (!c->places) {
        replay_cursor_close(c);
        return -1;
    }
    *out = c;
    return 0;
}

static void text_into(char *to, size_t size, struct str s)
{
    size_t n = s.n < size ? s.n : size - 1;

    memset(to, 0, size);
    if (n)
        memcpy(to, s.p, n);
}

static void read_request(sqlite3_stmt *st, struct request *r)
{
    *r = (struct request){
        .n = sqlite3_column_int64(st, 0), .witness = (enum witness)sqlite3_column_int(st, 1),
        .round = sqlite3_column_int(st, 2), .start_day = sqlite3_column_int64(st, 3),
        .end_day = sqlite3_column_int64(st, 4), .members = (size_t)sqlite3_column_int64(st, 5),
        .loaded = sqlite3_column_int(st, 6) != 0, .reserved_at = sqlite3_column_int64(st, 7),
        .sent_at = sqlite3_column_int64(st, 8), .done_at = sqlite3_column_int64(st, 9),
        .sends = sqlite3_column_int(st, 10), .http = sqlite3_column_int(st, 11),
        .complete = sqlite3_column_int(st, 12) != 0, .rows = sqlite3_column_int(st, 13),
        .strange_rows = sqlite3_column_int(st, 14), .evidence = { sqlite3_column_int64(st, 15) },
    };
    text_into(r->error_code, sizeof r->error_code, col_str(st, 16));
    text_into(r->log_id, sizeof r->log_id, col_str(st, 17));
}

/* All that a request was about; rows of a statement, copied to mem. */
static int read_members(struct replay_cursor *c, struct arena *mem, struct request *r,
                        struct err *err)
{
    size_t n = 0;
    int rc;

    sqlite3_reset(c->members);
    bind_int(c->members, 1, r->n);
    r->member = arena_alloc(mem, (r->members ? r->members : 1) * sizeof *r->member);
    while ((rc = store_step(c->s, c->members, err)) == 1 && n < r->members)
        r->member[n++] = (struct ask_member){ .item = sqlite3_column_int64(c->members, 0),
            .id = (uint64_t)sqlite3_column_int64(c->members, 1),
            .role = (enum ask_role)sqlite3_column_int(c->members, 2) };
    r->members = n;
    return rc < 0 ? -1 : 0;
}

static int read_was(struct replay_cursor *c, struct arena *mem, struct replay_row *row,
                    struct err *err)
{
    sqlite3_stmt *st = c->was;
    int rc;

    sqlite3_reset(st);
    bind_int(st, 1, row->request.n);
    if ((rc = store_step(c->s, st, err)) != 1)
        return rc;
    row->has_answer = true;
    row->vantage = arena_dup(mem, col_str(st, 10));
    row->answer = (struct answer){
        .item = sqlite3_column_int64(st, 0),
        .id = (uint64_t)sqlite3_column_int64(st, 1),
        .witness = row->request.witness,
        .at = sqlite3_column_int64(st, 2),
        .kind = (enum answer_kind)sqlite3_column_int(st, 3),
        .why = (enum no_answer)sqlite3_column_int(st, 4),
        .has_code = sqlite3_column_type(st, 5) != SQLITE_NULL,
        .code = sqlite3_column_int64(st, 5),
        .message = arena_dup(mem, col_str(st, 6)),
        .generation = (enum generation)sqlite3_column_int(st, 7),
        .region = arena_dup(mem, col_str(st, 8)),
        .evidence = { sqlite3_column_int64(st, 9) },
        .request = row->request.n,
    };
    return 0;
}

static int read_places(struct replay_cursor *c, struct arena *mem, struct replay_row *row,
                       struct err *err)
{
    sqlite3_stmt *st = c->places;
    size_t cap = 0;
    int rc;

    sqlite3_reset(st);
    bind_int(st, 1, row->request.n);
    while ((rc = store_step(c->s, st, err)) == 1) {
        if (row->places == cap) {
            struct replay_place *more = arena_alloc(mem, (cap = cap ? 2 * cap : 2) * sizeof *more);

            if (row->places)
                memcpy(more, row->place, row->places * sizeof *more);
            row->place = more;
        }
        row->place[row->places++] = (struct replay_place){ sqlite3_column_int64(st, 0),
                                                           arena_dup(mem, col_str(st, 1)),
                                                           sqlite3_column_int64(st, 2) };
    }
    return rc;
}

int replay_cursor_next(struct replay_cursor *c, struct arena *mem, struct replay_row *row,
                       struct err *err)
{
    int rc = c->ended ? 0 : store_step(c->s, c->requests, err);
    bool of_page;

    if (rc != 1) {
        c->ended = true;                   // a further step would begin anew
        return rc;
    }
    memset(row, 0, sizeof *row);
    read_request(c->requests, &row->request);
    of_page = row->request.witness == WITNESS_PAGE || row->request.witness == WITNESS_OEMBED;
    if (of_page ? read_was(c, mem, row, err) : read_members(c, mem, &row->request, err))
        return -1;
    return read_places(c, mem, row, err) ? -1 : 1;
}

void replay_cursor_close(struct replay_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->requests);
    sqlite3_finalize(c->was);
    sqlite3_finalize(c->members);
    sqlite3_finalize(c->places);
    free(c);
}
