/* store/evidence.c: the files of evidence and the places in them, as the store
 * knows them. The bytes are the keeper's. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "store/evidence.h"
#include "store/inner.h"

/* ---- files ---- */
static int file_find(struct store *s, const char *name, int64_t *n, struct err *err)
{
    int64_t *const out[] = { n };

    *n = 0;
    return db_row(s->db, Q_FILE_FIND, ARGS(arg_text(str_of(name))), out, 1, err);
}

static int find_or_add(struct store *s, const char *name, int64_t *n, struct err *err)
{
    int rc = file_find(s, name, n, err);

    if (rc)
        return rc < 0 ? -1 : 0;
    if (store_number(s, NUMBER_FILE, 1, n, err))
        return -1;
    return db_run(s->db, Q_FILE_ADD, ARGS(arg_int(*n), arg_text(str_of(name))), err);
}

void store_file_forget(struct store *s) { s->file_n = 0; }

int store_file_number(struct store *s, const char *name, int64_t *n, struct err *err)
{
    *n = 0;
    if (!name[0])
        return 0;
    if (!s->file_n || strcmp(name, s->file) != 0) {
        s->file_n = 0;
        if (find_or_add(s, name, n, err))
            return -1;
        snprintf(s->file, sizeof s->file, "%s", name);
        s->file_n = *n;
    }
    *n = s->file_n;
    return 0;
}

int store_evidence_files(struct store *s,
                         int (*each)(void *to, const struct evidence_file *, struct err *),
                         void *to, struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_FILES, NO_ARGS, &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct evidence_file f = { .n = stmt_int(st, 0),
                                   .name = stmt_text(st, 1),
                                   .size = stmt_int(st, 2),
                                   .last_offset = stmt_int(st, 4),
                                   .bucket = stmt_text(st, 5) };

        if (!stmt_digest(st, 3, &f.digest))
            f.size = 0;
        if (each(to, &f, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    return rc;
}

/* Its number, a new one where it is not known. */
static int file_number(struct store *s, const char *name, int64_t *n, struct err *err)
{
    const int rc = file_find(s, name, n, err);

    return rc < 0 || (rc == 0 && store_number(s, NUMBER_FILE, 1, n, err)) ? -1 : 0;
}

int store_evidence_lies(struct store *s, const struct kept_file *f, struct str bucket,
                        struct err *err)
{
    int64_t n = 0;
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = file_number(s, f->name, &n, err) ||
                 db_run(s->db, Q_FILE_LIES,
                        ARGS(arg_int(n), arg_text(str_of(f->name)), arg_int(f->size),
                             arg_digest(&f->digest), arg_text(bucket)),
                        err)
             ? -1
             : 0;
    return store_leave(s, own, rc, err);
}

int store_evidence_file_set(struct store *s, const char *name, int64_t size,
                            const struct digest *digest, struct err *err)
{
    int64_t n = 0;
    bool own;
    int rc;

    if (store_enter(s, &own, err))
        return -1;
    rc = file_number(s, name, &n, err) ||
                 db_run(s->db, Q_FILE_SEALED,
                        ARGS(arg_int(n), arg_text(str_of(name)), arg_int(size), arg_digest(digest)),
                        err)
             ? -1
             : 0;
    return store_leave_later(s, own, rc, err);
}

int store_evidence_closed(struct store *s, const struct kept_file *const *file, size_t n,
                          struct kept_file *known, struct err *err)
{
    struct row_set rows = { 0 };
    struct stmt *st;
    int rc;

    for (size_t i = 0; i < n; i++) {
        struct arg *row = rows_add(&rows, 2);

        row[0] = arg_int((int64_t)i);
        row[1] = rows_text(&rows, str_of(file[i]->name));
        known[i] = (struct kept_file){ .size = 0 };
    }
    if (n == 0)
        return 0;
    if ((rc = db_query(s->db, Q_FILES_CLOSED, ARGS(rows_arg(&rows)), &st, err)) == 0) {
        while ((rc = stmt_next(st, err)) == 1) {
            struct kept_file *k = &known[stmt_int(st, 0)];

            k->size = stmt_digest(st, 2, &k->digest) ? stmt_int(st, 1) : 0;
        }
        stmt_done(st);
    }
    rows_release(&rows);
    return rc;
}

/* A file that is missing here was left by a run that was killed. */
int store_seal_evidence(struct store *s, const struct keeper *k, struct err *err)
{
    struct kept_file file;

    while (k->sealed(k->to, &file))
        if (store_evidence_file_set(s, file.name, file.size, &file.digest, err))
            return -1;
    return 0;
}

int store_evidence_kept(struct store *s, int64_t *n, struct err *err)
{
    int64_t *const out[] = { n };

    return db_row(s->db, Q_EVIDENCE_KEPT, NO_ARGS, out, 1, err) < 0 ? -1 : 0;
}

int store_evidence_file_drop(struct store *s, const char *file, struct err *err)
{
    store_file_forget(s);
    return db_run(s->db, Q_FILE_DROP, ARGS(arg_text(str_of(file))), err);
}

/* ---- places ---- */
int store_evidence_place(struct store *s, struct evidence evidence, struct buf *out,
                         struct err *err)
{
    struct stmt *st;
    int rc;

    if (!evidence.n)
        return 0;
    if (db_query(s->db, Q_EVIDENCE_GET, ARGS(arg_int(evidence.n)), &st, err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1 && stmt_text(st, 0).n)
        buf_printf(out, "%.*s:%lld", STR_ARG(stmt_text(st, 0)), (long long)stmt_int(st, 1));
    stmt_done(st);
    return rc < 0 ? -1 : 0;
}

int store_evidence_moved(struct store *s, int64_t evidence, const char *file, int64_t offset,
                         int64_t len, struct err *err)
{
    return db_run(
        s->db, Q_EVIDENCE_TO,
        ARGS(arg_int(evidence), arg_text(str_of(file)), arg_int(offset), arg_int(len)), err);
}

struct evidence_cursor { struct stmt *st; };

int store_evidence(struct store *s, enum evidence_order order, int64_t of,
                   struct evidence_cursor **out, struct err *err)
{
    static const enum query query[] = { [EVIDENCE_OF_FILE] = Q_EVIDENCE_OF_FILE,
                                        [EVIDENCE_OF_REQUEST] = Q_EVIDENCE_OF_REQUEST };
    struct stmt *st;

    if (db_query(s->db, query[order], ARGS(arg_int(of)), &st, err))
        return -1;
    *out = xcalloc(1, sizeof **out);
    (*out)->st = st;
    return 0;
}

int evidence_cursor_next(struct evidence_cursor *c, struct evidence_row *row, struct err *err)
{
    int rc = stmt_next(c->st, err);

    if (rc != 1)
        return rc;
    *row = (struct evidence_row){
        .n = stmt_int(c->st, 0),
        .file = stmt_text(c->st, 1),
        .offset = stmt_int(c->st, 2),
        .len = stmt_int(c->st, 3),
        .witness = (enum witness)stmt_enum(c->st, 4, WITNESS_COUNT),
        .purged_at = stmt_int(c->st, 6),
        .request = stmt_int(c->st, 7),
    };
    stmt_digest(c->st, 5, &row->digest);
    return 1;
}

void evidence_cursor_close(struct evidence_cursor *c)
{
    if (!c)
        return;
    stmt_done(c->st);
    free(c);
}
