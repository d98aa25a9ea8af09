/* store/reply.c: see reply.h. */
#include "store/inner.h"
#include "store/reply.h"

static void put_words(struct stmt *st, enum witness witness, struct buf *out)
{
    const struct str error = stmt_text(st, 1), message = stmt_text(st, 3);

    if (witness != WITNESS_QUERY && (!stmt_is_null(st, 2) || message.n)) {
        if (!stmt_is_null(st, 2))
            buf_printf(out, "%lld%s", (long long)stmt_int(st, 2), message.n ? ", " : "");
        buf_str(out, message);
        return;
    }
    if (stmt_int(st, 0))
        buf_printf(out, "HTTP %lld%s", (long long)stmt_int(st, 0), error.n ? ", " : "");
    buf_str(out, error);
}

static void put_place(struct stmt *st, struct buf *out)
{
    char hex[DIGEST_HEX];
    struct digest digest;

    if (!stmt_text(st, 4).n)
        return;
    buf_str(out, stmt_text(st, 4));
    buf_printf(out, ":%lld", (long long)stmt_int(st, 5));
    if (stmt_digest(st, 6, &digest))
        buf_printf(out, " sha256:%s", digest_hex(&digest, hex));
}

int store_reply(struct store *s, int64_t item, int64_t request, enum witness witness,
                struct evidence evidence, struct arena *mem, struct reply_told *told,
                struct err *err)
{
    struct buf text = { 0 };
    struct stmt *st;
    int rc;

    *told = (struct reply_told){ 0 };
    if (db_query(s->db, Q_REPLY,
                 ARGS(arg_int(item), arg_int(request), arg_int(witness), arg_int(evidence.n)), &st,
                 err))
        return -1;
    if ((rc = stmt_next(st, err)) == 1) {
        put_words(st, witness, &text);
        told->said = arena_dup(mem, buf_view(&text));
        buf_clear(&text);
        put_place(st, &text);
        told->place = arena_dup(mem, buf_view(&text));
    }
    stmt_done(st);
    buf_release(&text);
    return rc < 0 ? -1 : 0;
}

int store_sent(struct store *s, int64_t *requests, int64_t *pages, struct err *err)
{
    int64_t *const out[] = { requests, pages };

    return db_row(s->db, Q_SENT, NO_ARGS, out, 2, err) < 0 ? -1 : 0;
}
