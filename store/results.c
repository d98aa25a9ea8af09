/* store/results.c: labels and differences go in by the batch, and come out by id. */
#include <stdlib.h>
#include <string.h>

#include "base/utc.h"
#include "store/change.h"
#include "store/inner.h"
#include "store/results.h"

#define PUT_ROWS 256               // that one statement takes

/* ---- which rules matched: rule i is bit i % 8 of byte i / 8 ---- */
/* Zeros at the end are left out. */
static struct arg hits_kept(struct row_set *set, const struct hits *hits)
{
    unsigned char bytes[RULES_MAX / 8] = {0};
    size_t n = 0;

    for (size_t i = 0; i < RULES_MAX; i++)
        if (hits_has(hits, i)) {
            bytes[i / 8] |= (unsigned char)(1u << (i % 8));
            n = i / 8 + 1;
        }
    return arg_bytes(arena_str(&set->mem, (const char *)bytes, n));
}

/* Of an older store: a number, whose bits are the first 64 rules. */
static struct hits hits_read(struct stmt *st, int at)
{
    struct value number;
    struct str bytes = stmt_bytes(st, at);
    struct hits hits = {{0}};

    stmt_value(st, at, &number);
    if (number.kind == VAL_INT)
        return (struct hits){{ (uint64_t)number.i }};
    for (size_t i = 0; i < bytes.n * 8 && i < RULES_MAX; i++)
        if ((unsigned char)bytes.p[i / 8] >> (i % 8) & 1)
            hits_add(&hits, i);
    return hits;
}

/* ---- labels in ---- */
/* Of a purged item the label is kept as it is: what it rested on is gone. Which
 * rules of another file had matched says nothing of this one. */
static int drop_labels(struct store *s, bool purged, struct err *err)
{
    if (!purged)
        return db_run(s->db, Q_LABELS_DROP, NO_ARGS, err);
    return db_run(s->db, Q_LABELS_DROP_UNPURGED, NO_ARGS, err) ||
                   db_run(s->db, Q_LABELS_KEPT, ARGS(arg_int(s->ruleset), arg_bytes(STR(""))), err)
               ? -1
               : 0;
}

/* A process that has the table for itself counts on for itself. */
static int ruleset_number(struct store *s, struct err *err)
{
    int64_t last = 0, *const out[] = { &last };

    if (!s->is_private)
        return store_number(s, NUMBER_RULESET, 1, &s->ruleset, err);
    if (db_row(s->db, Q_LAST_RULESET, NO_ARGS, out, 1, err) < 0)
        return -1;
    s->ruleset = last + 1;
    return 0;
}

static int put_ruleset(struct store *s, const struct digest *rules, struct str text,
                       struct err *err)
{
    int64_t *const out[] = { &s->ruleset };
    int rc;

    if (db_own_table(s->db, "ruleset", "1", err))
        return -1;
    if ((rc = db_row(s->db, Q_RULESET_FIND, ARGS(arg_digest(rules)), out, 1, err)) < 0 ||
        (rc == 0 && ruleset_number(s, err)))
        return -1;
    return db_run(s->db, Q_RULESET_PUT,
                  ARGS(arg_int(s->ruleset), arg_digest(rules), arg_text(text), arg_int(utc_now())),
                  err);
}

int store_labels_begin(struct store *s, const struct digest *rules, struct str rules_text,
                       struct err *err)
{
    int64_t any = 0, *const out[] = { &any };
    int purged;

    if (store_begin(s, err))
        return -1;
    store_derives(s);
    rows_clear(&s->labels);
    purged = db_row(s->db, Q_PURGED_ANY, NO_ARGS, out, 1, err);
    if (purged >= 0 && put_ruleset(s, rules, rules_text, err) == 0 &&
        db_own_table(s->db, "label", purged ? "1" : "0", err) == 0 &&
        drop_labels(s, purged, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

static int flush_labels(struct store *s, struct err *err)
{
    int rc = s->labels.rows.n ? db_run(s->db, Q_LABELS_PUT,
                                       ARGS(arg_int(s->ruleset), rows_arg(&s->labels)), err)
                              : 0;

    rows_clear(&s->labels);
    return rc;
}

#define LABEL_COLUMNS_PUT 34

int store_label_put(struct store *s, const struct label_row *l, struct err *err)
{
    struct row_set *set = &s->labels;
    const struct arg row[LABEL_COLUMNS_PUT] = {
        arg_int(l->item), arg_int(l->state), arg_int(l->label), arg_int(l->reason),
        rows_text(set, l->rule), arg_int(l->basis), arg_int(l->confirmed), arg_int(l->asked),
        arg_int(l->days), arg_int(l->first_at), arg_int(l->last_at), arg_int(l->sound_days),
        rows_text(set, l->sound_list), arg_real(l->residual), arg_int(l->created_at),
        arg_int_or_null(l->page != ANSWER_COUNT, l->page), arg_int_or_null(l->has_code, l->code),
        rows_text(set, l->message), arg_int(l->page_at), arg_int(l->later_refused_at),
        rows_text(set, l->place), rows_text(set, l->region), arg_int(l->account),
        arg_int(l->api_request), arg_int(l->page_request), hits_kept(set, &l->hits),
        rows_text(set, l->handle), arg_int(l->validation),
        arg_int_or_null(l->elsewhere_at != 0, l->elsewhere), arg_int(l->elsewhere_at),
        arg_int(l->elsewhere_vantage), arg_int(l->snapshot),
        rows_text(set, l->public_at), rows_text(set, l->refused_at),
    };

    memcpy(rows_add(set, LABEL_COLUMNS_PUT), row, sizeof row);
    return set->rows.n < PUT_ROWS ? 0 : flush_labels(s, err);
}

int store_labels_end(struct store *s, struct err *err)
{
    return flush_labels(s, err) || store_commit(s, err) ? -1 : 0;
}

/* ---- labels out ---- */
struct label_cursor { struct store *s; struct stmt *st; bool told; struct buf evidence; };

static int label_cursor_open(struct store *s, struct stmt *st, bool told, struct label_cursor **out)
{
    *out = xcalloc(1, sizeof **out);
    **out = (struct label_cursor){ .s = s, .st = st, .told = told };
    return 0;
}

int store_labels_from(struct store *s, uint64_t after, struct label_cursor **out, struct err *err)
{
    struct stmt *st;

    return db_query(s->db, Q_LABELS, ARGS(arg_int((int64_t)after)), &st, err)
               ? -1 : label_cursor_open(s, st, false, out);
}

int store_labels(struct store *s, struct label_cursor **out, struct err *err)
{
    return store_labels_from(s, 0, out, err);
}

int store_labels_told(struct store *s, uint64_t after, struct label_cursor **out, struct err *err)
{
    struct stmt *st;

    return db_query(s->db, Q_LABELS_TOLD, ARGS(arg_int((int64_t)after)), &st, err)
               ? -1 : label_cursor_open(s, st, true, out);
}

static void label_read(struct stmt *st, struct label_row *l)
{
    *l = (struct label_row){
        .item = stmt_int(st, 0),
        .id = (uint64_t)stmt_int(st, 1),
        .handle = stmt_text(st, 2),
        .state = (enum state)stmt_enum(st, 3, STATE_COUNT),
        .label = (enum label)stmt_enum(st, 4, LABEL_COUNT),
        .reason = (enum reason)stmt_enum(st, 5, REASON_COUNT),
        .rule = stmt_text(st, 6),
        .basis = (enum basis)stmt_enum(st, 7, BASIS_COUNT),
        .confirmed = stmt_int(st, 8) != 0,
        .asked = (int)stmt_int(st, 9),
        .days = (int)stmt_int(st, 10),
        .first_at = stmt_int(st, 11),
        .last_at = stmt_int(st, 12),
        .sound_days = (int)stmt_int(st, 13),
        .sound_list = stmt_text(st, 14),
        .residual = stmt_real(st, 15),
        .created_at = stmt_int(st, 16),
        .page = (enum answer_kind)stmt_enum_or_none(st, 17, ANSWER_COUNT),
        .has_code = !stmt_is_null(st, 18),
        .code = stmt_int(st, 18),
        .message = stmt_text(st, 19),
        .page_at = stmt_int(st, 20),
        .later_refused_at = stmt_int(st, 21),
        .place = stmt_text(st, 22),
        .region = stmt_text(st, 23),
        .account = stmt_int(st, 24),
        .api_request = stmt_int(st, 25),
        .page_request = stmt_int(st, 26),
        .hits = hits_read(st, 27),
        .validation = (enum validation)stmt_enum(st, 28, VALIDATION_COUNT),
        .elsewhere = (enum answer_kind)stmt_enum_or_none(st, 29, ANSWER_COUNT),
        .elsewhere_at = stmt_int(st, 30),
        .elsewhere_vantage = stmt_int(st, 31),
        .vantage = stmt_text(st, 32),
        .purged = stmt_int(st, 33) > 0,
        .snapshot = (enum snapshot)stmt_enum(st, 34, SNAPSHOT_COUNT),
        .public_at = stmt_text(st, 35),
        .refused_at = stmt_text(st, 36),
    };
}

/* "file:offset" of what the API's request brought, then of the page's, then of what spoke beside
 * it. */
static struct str evidence_of(struct label_cursor *c)
{
    buf_clear(&c->evidence);
    for (int at = 37; at <= 39; at += 2) {
        struct str file = stmt_text(c->st, at);

        if (file.n)
            buf_printf(&c->evidence, "%s%.*s:%lld", c->evidence.n ? " " : "", STR_ARG(file),
                       (long long)stmt_int(c->st, at + 1));
    }
    if (stmt_text(c->st, 41).n)
        buf_printf(&c->evidence, "%s%.*s", c->evidence.n ? " " : "",
                   STR_ARG(stmt_text(c->st, 41)));
    return buf_view(&c->evidence);
}

int label_cursor_next(struct label_cursor *c, struct label_row *row, struct err *err)
{
    int rc = stmt_next(c->st, err);

    if (rc != 1)
        return rc;
    label_read(c->st, row);
    if (!c->told)
        return 1;
    row->evidence = evidence_of(c);
    if (!stmt_is_null(c->st, 42))
        row->page_engine = str_of(engine_name((enum engine)stmt_enum(c->st, 42, ENGINE_COUNT)));
    if (!stmt_is_null(c->st, 43))
        row->page_witness = str_of(witness_name((enum witness)stmt_enum(c->st, 43, WITNESS_COUNT)));
    return 1;
}

void label_cursor_close(struct label_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->st);
    buf_release(&c->evidence);
    free(c);
}

/* ---- differences ---- */
int store_gaps_begin(struct store *s, struct err *err)
{
    if (store_begin(s, err))
        return -1;
    store_derives(s);
    rows_clear(&s->gaps);
    if (db_own_table(s->db, "difference", "0", err) == 0 &&
        db_run(s->db, Q_GAPS_DROP, NO_ARGS, err) == 0)
        return 0;
    store_rollback(s);
    return -1;
}

static struct arg value_kept(struct row_set *set, const struct value *v)
{
    return v->kind == VAL_TEXT ? rows_text(set, v->text) : arg_value(v);
}

static int flush_gaps(struct store *s, struct err *err)
{
    int rc = rows_run(s->db, Q_GAPS_PUT, &s->gaps, err);

    rows_clear(&s->gaps);
    return rc;
}

#define GAP_COLUMNS_PUT 13

int store_gap_put(struct store *s, const struct gap *g, struct err *err)
{
    struct row_set *set = &s->gaps;
    const bool why = gap_rule_has_limit(g->why.rule);
    const struct arg row[GAP_COLUMNS_PUT] = {
        arg_int(g->item), arg_int(g->field), arg_int(g->verdict), value_kept(set, &g->api),
        value_kept(set, &g->page), g->has_error ? arg_real(g->relative_error) : arg_null(),
        arg_int(g->api_at), arg_int(g->page_at), arg_int(g->why.rule),
        why ? arg_real(g->why.needed) : arg_null(), why ? arg_real(g->why.limit) : arg_null(),
        arg_int_or_null(why && g->why.witness != FIELD_COUNT, g->why.witness),
        arg_int(g->snapshot),
    };

    memcpy(rows_add(set, GAP_COLUMNS_PUT), row, sizeof row);
    return set->rows.n < PUT_ROWS ? 0 : flush_gaps(s, err);
}

int store_gaps_end(struct store *s, struct err *err)
{
    return flush_gaps(s, err) || store_commit(s, err) ? -1 : 0;
}

void store_gap_read(struct stmt *st, struct gap *g)
{
    *g = (struct gap){
        .item = stmt_int(st, 0),
        .id = (uint64_t)stmt_int(st, 1),
        .field = (enum field)stmt_enum(st, 2, FIELD_COUNT),
        .verdict = (enum verdict)stmt_enum(st, 3, VERDICT_COUNT),
        .has_error = !stmt_is_null(st, 6),
        .relative_error = stmt_real(st, 6),
        .api_at = stmt_int(st, 7),
        .page_at = stmt_int(st, 8),
        .why = { .rule = (enum gap_rule)stmt_enum(st, 9, GAP_RULE_COUNT),
                 .needed = stmt_real(st, 10),
                 .limit = stmt_real(st, 11),
                 .witness = (enum field)stmt_enum_or_none(st, 12, FIELD_COUNT) },
        .snapshot = (enum snapshot)stmt_enum(st, 13, SNAPSHOT_COUNT),
    };
    stmt_value(st, 4, &g->api);
    stmt_value(st, 5, &g->page);
}

int store_gaps(struct store *s, int (*each)(void *to, const struct gap *, struct err *), void *to,
               struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_GAPS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct gap g;

        store_gap_read(st, &g);
        if (each(to, &g, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_no_instant(struct store *s, int (*each)(void *to, int64_t item, struct err *), void *to,
                     struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_GAPS_NO_INSTANT, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (each(to, stmt_int(st, 0), err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}
