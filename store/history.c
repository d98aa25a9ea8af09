/* store/history.c: everything that was said of one item, in order of time, with
 * where its bytes lie. */
#include <stdlib.h>

#include "store/answers.h"
#include "store/inner.h"

static enum answer_kind api_kind(bool complete, bool came_back)
{
    if (came_back)
        return ANSWER_FOUND;
    return complete ? ANSWER_ABSENT : ANSWER_NO_ANSWER;
}

static void history_read(struct stmt *st, struct history_row *h)
{
    bool of_page = !stmt_is_null(st, 3), complete = stmt_int(st, 8) != 0;

    *h = (struct history_row){
        .at = stmt_int(st, 0),
        .request = stmt_int(st, 1),
        .witness = (enum witness)stmt_enum(st, 2, WITNESS_COUNT),
        .kind = of_page ? (enum answer_kind)stmt_enum(st, 3, ANSWER_COUNT)
                        : api_kind(complete, stmt_int(st, 17) != 0),
        .why = (enum no_answer)stmt_enum(st, 4, NO_ANSWER_COUNT),
        .round = (int)stmt_int(st, 5),
        .start_day = stmt_day(st, 6),
        .end_day = stmt_day(st, 7),
        .complete = complete,
        .members = (size_t)stmt_int(st, 9),
        .role = (enum ask_role)stmt_enum(st, 10, ROLE_COUNT),
        .has_code = !stmt_is_null(st, 11),
        .code = stmt_int(st, 11),
        .message = stmt_text(st, 12),
        .generation = (enum generation)stmt_enum(st, 13, GENERATION_COUNT),
        .region = stmt_text(st, 14),
        .http = (int)stmt_int(st, 15),
        .log_id = stmt_text(st, 16),
        .vantage = stmt_text(st, 18),
        .engine = (enum engine)stmt_enum(st, 19, ENGINE_COUNT),
    };
}

static void put_evidence(struct stmt *st, struct buf *out)
{
    struct str file = stmt_text(st, 21);
    struct digest d;
    char hex[DIGEST_HEX];

    buf_clear(out);
    if (file.n)
        buf_printf(out, "%.*s:%lld", STR_ARG(file), (long long)stmt_int(st, 22));
    if (stmt_digest(st, 23, &d))
        buf_printf(out, "%ssha256:%s", file.n ? " " : "", digest_hex(&d, hex));
}

int store_history(struct store *s, int64_t item,
                  int (*each)(void *to, const struct history_row *, struct err *), void *to,
                  struct err *err)
{
    struct buf evidence = {0};
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_HISTORY, ARGS(arg_int(item)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        struct history_row h;

        history_read(st, &h);
        put_evidence(st, &evidence);
        h.evidence = buf_view(&evidence);
        if (each(to, &h, err)) {
            rc = -1;
            break;
        }
    }
    stmt_done(st);
    buf_release(&evidence);
    return rc;
}

int store_page_generation(struct store *s, int64_t item, int64_t request, int64_t at,
                          enum generation *out, struct err *err)
{
    int64_t n = 0, *const to[] = { &n };

    *out = GENERATION_NONE;
    if (db_row(s->db, Q_PAGE_GENERATION, ARGS(arg_int(item), arg_int(request), arg_int(at)), to, 1,
               err) < 0)
        return -1;
    if (n > 0 && n < GENERATION_COUNT)
        *out = (enum generation)n;
    return 0;
}
