/* store/note.c: see note.h. */
#include "base/utc.h"
#include "store/inner.h"
#include "store/note.h"

int store_note_put(struct store *s, int64_t day, struct str text, int64_t *n, struct err *err)
{
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = store_number(s, NUMBER_NOTE, 1, n, err) ||
                 db_run(s->db, Q_NOTE_ADD,
                        ARGS(arg_int(*n), arg_int(day), arg_text(text), arg_int(utc_now())), err)
             ? -1
             : 0;
    return store_leave(s, own, rc, err);
}

int store_note_drop(struct store *s, int64_t n, bool *found, struct err *err)
{
    int64_t is = 0, *const out[] = { &is };
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = db_row(s->db, Q_NOTE_IS, ARGS(arg_int(n)), out, 1, err) < 0 ||
                 db_run(s->db, Q_NOTE_DROP, ARGS(arg_int(n)), err)
             ? -1
             : 0;
    *found = is > 0;
    return store_leave(s, own, rc, err);
}

int store_notes(struct store *s, int (*each)(void *to, const struct watch_note *, struct err *),
                void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_NOTES, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct watch_note note = { .n = stmt_int(st, 0), .day = stmt_day(st, 1),
                                   .text = stmt_text(st, 2), .made_at = stmt_int(st, 3) };

        if (each(to, &note, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}
