/* store/evidence.c: the files of evidence and the places in them, as the store
 * knows them. The bytes are the keeper's. */
#include <stdlib.h>
#include <string.h>

#include "store/sqlite_priv.h"

static bool col_digest(sqlite3_stmt *st, int at, struct digest *d)
{
    memset(d, 0, sizeof *d);
    if (sqlite3_column_bytes(st, at) != DIGEST_BYTES)
        return false;
    memcpy(d->b, sqlite3_column_blob(st, at), DIGEST_BYTES);
    return true;
}

int store_evidence_files(struct store *s,
                         int (*each)(void *to, const struct evidence_file *, struct err *),
                         void *to, struct err *err)
{
    sqlite3_stmt *st = store_prepare(
        s,
        "SELECT n, name, size, digest, coalesce((SELECT max(offset) FROM evidence e"
        " WHERE e.file = f.n), -1) FROM evidence_file f ORDER BY n",
        err);
    int rc = st ? 0 : -1;

    while (rc == 0 && (rc = store_step(s, st, err)) == 1) {
        struct evidence_file f = { .n = sqlite3_column_int64(st, 0),
                                   .name = col_str(st, 1),
                                   .size = sqlite3_column_int64(st, 2),
                                   .last_offset = sqlite3_column_int64(st, 4) };

        if (!col_digest(st, 3, &f.digest))
            f.size = 0;
        rc = each(to, &f, err) ? -1 : 0;
    }
    sqlite3_finalize(st);
    return rc;
}

int store_evidence_file_set(struct store *s, const char *name, int64_t size,
                            const struct digest *digest, struct err *err)
{
    sqlite3_stmt *st = store_query(s, Q_FILE_SEALED, err);

    if (!st)
        return -1;
    bind_str(st, 1, str_of(name));
    bind_int(st, 2, size);
    bind_digest(st, 3, digest);
    return store_run(s, st, err);
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

struct evidence_cursor { struct store *s; sqlite3_stmt *st; };

int store_evidence(struct store *s, enum evidence_order order, int64_t of,
                   struct evidence_cursor **out, struct err *err)
{
    static const char *const sql[] = {
#define EVIDENCE_COLUMNS "SELECT e.n, f.name, e.offset, e.len, e.kind, e.digest, e.purged_at, e.request" \
        " FROM evidence e LEFT JOIN evidence_file f ON f.n = e.file "
        [EVIDENCE_OF_FILE] = EVIDENCE_COLUMNS "WHERE e.file = ?1 ORDER BY e.offset",
        [EVIDENCE_OF_REQUEST] = EVIDENCE_COLUMNS "WHERE e.request = ?1 ORDER BY e.n",
    };
    sqlite3_stmt *st = store_prepare(s, sql[order], err);
    struct evidence_cursor *c;

    if (!st)
        return -1;
    bind_int(st, 1, of);
    c = xcalloc(1, sizeof *c);
    *c = (struct evidence_cursor){ s, st };
    *out = c;
    return 0;
}

int evidence_cursor_next(struct evidence_cursor *c, struct evidence_row *row, struct err *err)
{
    int rc = store_step(c->s, c->st, err);

    if (rc != 1)
        return rc;
    *row = (struct evidence_row){
        .n = sqlite3_column_int64(c->st, 0),
        .file = col_str(c->st, 1),
        .offset = sqlite3_column_int64(c->st, 2),
        .len = sqlite3_column_int64(c->st, 3),
        .witness = (enum witness)sqlite3_column_int(c->st, 4),
        .purged_at = sqlite3_column_int64(c->st, 6),
        .request = sqlite3_column_int64(c->st, 7),
    };
    col_digest(c->st, 5, &row->digest);
    return 1;
}

void evidence_cursor_close(struct evidence_cursor *c)
{
    if (!c)
        return;
    sqlite3_finalize(c->st);
    free(c);
}
