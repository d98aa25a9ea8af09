/* store/meta.c: the small facts of an audit, tallies, events, and the words that
 * numbers stand for. */
#include <inttypes.h>
#include <stdlib.h>

#include "base/utc.h"
#include "record/creator.h"
#include "record/gap.h"
#include "record/label.h"
#include "store/inner.h"
#include "store/meta.h"

static const char *const keys[META_COUNT] = {
#define X(id, key) [META_##id] = key,
    METAS(X)
#undef X
};

const char *meta_name(enum meta key)
{
    return keys[key];
}

/* ---- what was read of them ---- */
static void keep(struct store *s, enum meta key, struct str value)
{
    buf_clear(&s->meta[key]);
    buf_str(&s->meta[key], value);
}

void store_meta_forget(struct store *s)
{
    for (int key = 0; s->meta && key < META_COUNT; key++)
        buf_release(&s->meta[key]);
    free(s->meta);
    s->meta = NULL;
}

/* All of them at once, and not again: whoever may write has the store's lock, and whoever has
 * not sees it as it was. */
int store_meta_read(struct store *s, struct err *err)
{
    struct stmt *st;
    int rc;

    if (s->meta)
        return 0;
    if (db_query(s->db, Q_META_ALL, NO_ARGS, &st, err))
        return -1;
    s->meta = xcalloc(META_COUNT, sizeof *s->meta);
    while ((rc = stmt_next(st, err)) == 1)
        for (int key = 0; key < META_COUNT; key++)
            if (str_eq(stmt_text(st, 0), str_of(keys[key])))
                keep(s, (enum meta)key, stmt_text(st, 1));
    stmt_done(st);
    if (rc)
        store_meta_forget(s);
    return rc;
}

int store_meta_get(struct store *s, enum meta key, struct buf *out, struct err *err)
{
    if (store_meta_read(s, err))
        return -1;
    buf_clear(out);
    buf_str(out, buf_view(&s->meta[key]));
    return 0;
}

/* No server is waited for: what rests on it is committed behind it. */
static int put(struct store *s, enum meta key, struct str value, struct err *err)
{
    bool own;

    if (db_own_table(s->db, "meta", "1", err) || store_enter(s, &own, err))
        return -1;
    return store_leave_later(
        s, own,
        store_run_aside(s, Q_META_SET, ARGS(arg_text(str_of(keys[key])), arg_text(value)), err),
        err);
}

int store_meta_set(struct store *s, enum meta key, struct str value, struct err *err)
{
    if (put(s, key, value, err)) {
        store_meta_forget(s);
        return -1;
    }
    if (s->meta)
        keep(s, key, value);
    return 0;
}

int store_meta_drop(struct store *s, enum meta key, struct err *err)
{
    if (store_run_aside(s, Q_META_DROP, ARGS(arg_text(str_of(keys[key]))), err)) {
        store_meta_forget(s);
        return -1;
    }
    if (s->meta)
        buf_clear(&s->meta[key]);
    return 0;
}

int store_clock_bound(struct store *s, int64_t *ms, struct err *err)
{
    struct buf text = { 0 };
    int rc = store_meta_get(s, META_CLOCK_BOUND, &text, err);

    *ms = 0;
    if (rc == 0 && text.n && (!str_i64(buf_view(&text), ms) || *ms < 0))
        rc = err_set(err, ERR_IO, "%s: the bound of its clocks is no number", db_path(s->db));
    buf_release(&text);
    return rc;
}

int store_clock_bound_raise(struct store *s, int64_t ms, struct err *err)
{
    struct buf text = { 0 };
    int64_t was;
    int rc = store_clock_bound(s, &was, err);

    if (rc == 0 && ms > was) {
        buf_printf(&text, "%" PRId64, ms);
        rc = store_meta_set(s, META_CLOCK_BOUND, buf_view(&text), err);
    }
    buf_release(&text);
    return rc;
}

int store_tally(struct store *s, const char *kind, struct str name, const struct counted *c,
                struct err *err)
{
    return store_run_aside(s, Q_TALLY_ADD,
                           ARGS(arg_text(str_of(kind)), arg_text(name), arg_int(c->n),
                                arg_int(c->first_at), arg_int(c->last_at)), err);
}

int store_tallies(struct store *s, const char *kind,
                  int (*each)(void *to, const struct tally_row *, struct err *), void *to,
                  struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_TALLIES, ARGS(kind ? arg_text(str_of(kind)) : arg_null()), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct tally_row row = { .kind = stmt_text(st, 0), .name = stmt_text(st, 1),
                                 .count = stmt_int(st, 2), .first_at = stmt_int(st, 3),
                                 .last_at = stmt_int(st, 4) };

        if (each(to, &row, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

int store_event(struct store *s, const char *kind, int64_t item, struct str text, struct err *err)
{
    int64_t n;

    if (store_number(s, NUMBER_EVENT, 1, &n, err))
        return -1;
    return store_run_aside(s, Q_EVENT_ADD,
                           ARGS(arg_int(n), arg_int(utc_now()), arg_text(str_of(kind)),
                                arg_int(item), arg_text(text)), err);
}

int store_last_event(struct store *s, const char *kind, int64_t *at, struct buf *text,
                     struct err *err)
{
    struct stmt *st;
    int rc;

    *at = 0;
    if (db_query(s->db, Q_EVENT_LAST, ARGS(arg_text(str_of(kind))), &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1) {
        *at = stmt_int(st, 0);
        buf_str(text, stmt_text(st, 1));
    }
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int store_events(struct store *s, const char *kind,
                 int (*each)(void *to, struct str text, struct err *), void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_EVENTS, ARGS(arg_text(str_of(kind))), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (each(to, stmt_text(st, 0), err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}

/* ---- words ---- */
#define WORD_OF(count, name) n < (count) ? name : NULL
static const char *word_name(const char *kind, int n)
{
    switch (kind[0]) {
    case 'w': return WORD_OF(WITNESS_COUNT, witness_name((enum witness)n));
    case 'a': return WORD_OF(ANSWER_COUNT, answer_name((enum answer_kind)n));
    case 'n': return WORD_OF(NO_ANSWER_COUNT, no_answer_name((enum no_answer)n));
    case 'g': return WORD_OF(GENERATION_COUNT, generation_name((enum generation)n));
    case 's': return WORD_OF(STATE_COUNT, state_name((enum state)n));
    case 'l': return WORD_OF(LABEL_COUNT, label_name((enum label)n));
    case 'r': return WORD_OF(REASON_COUNT, reason_name((enum reason)n));
    case 'b': return WORD_OF(BASIS_COUNT, basis_name((enum basis)n));
    case 'c': return WORD_OF(VALIDATION_COUNT, validation_name((enum validation)n));
    case 'p':
        return WORD_OF(CREATOR_STANDING_COUNT, creator_standing_name((enum creator_standing)n));
    case 'e': return WORD_OF(LISTING_REACH_COUNT, listing_reach_name((enum listing_reach)n));
    case 'u': return WORD_OF(USER_INFO_COUNT, user_info_name((enum user_info)n));
    case 'v': return WORD_OF(VERDICT_COUNT, verdict_name((enum verdict)n));
    default: return WORD_OF(FIELD_COUNT, field_info((enum field)n)->name);
    }
}

static const char *const word_kinds[] = { "witness", "answer",    "no_answer", "generation",
                                          "state",   "label",     "reason",    "basis",
                                          "check",   "user_info", "verdict",   "profile",
                                          "extent",  "field" };
#define WORD_KINDS (sizeof word_kinds / sizeof *word_kinds)

static int words_put(struct store *s, struct err *err)
{
    const char *name;
    int rc = 0;

    for (size_t k = 0; k < WORD_KINDS; k++)
        for (int n = 0; rc == 0 && (name = word_name(word_kinds[k], n)); n++)
            rc = db_run(s->db, Q_WORD_PUT,
                        ARGS(arg_text(str_of(word_kinds[k])), arg_int(n), arg_text(str_of(name))),
                        err);
    return rc;
}

/* 1 where this program has the word as it stands, else 0. */
static int is_ours(struct str kind, int64_t n, struct str name)
{
    for (size_t k = 0; k < WORD_KINDS; k++)
        if (str_eq(kind, str_of(word_kinds[k]))) {
            const char *ours = n >= 0 && n < 1000 ? word_name(word_kinds[k], (int)n) : NULL;

            return ours && str_eq(name, str_of(ours));
        }
    return 0;
}

int store_words(struct store *s, bool set, int *differ, struct err *err)
{
    int have = 0, all = 0, rc;
    struct stmt *st;

    if (set)
        return words_put(s, err);
    for (size_t k = 0; k < WORD_KINDS; k++)
        for (int n = 0; word_name(word_kinds[k], n); n++)
            all++;
    if (db_query(s->db, Q_WORDS, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        have += is_ours(stmt_text(st, 0), stmt_int(st, 1), stmt_text(st, 2));
    stmt_done(st);
    *differ = all - have;
    return rc;
}
