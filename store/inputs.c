/* store/inputs.c: see inputs.h. */
#include "store/inner.h"
#include "store/inputs.h"

// queries.def computes these as numbers
_Static_assert(FATE_DUPLICATE == 1 && FATE_NO_ITEM == 2 && FATE_DEAD == 3 && FATE_GIVEN_UP == 4 &&
                   FATE_WAITING == 5,
               "where a short link stands is computed as a number");

#define SEEN "seen"
#define FRESH "new"
#define DUPLICATE "duplicate"
#define PASSED "passed"

static int count_add(struct store *s, int64_t source, const char *what, struct str name, int64_t n,
                     struct err *err)
{
    if (!n)
        return 0;
    return db_run(s->db, Q_SOURCE_COUNT_ADD,
                  ARGS(arg_int(source), arg_text(str_of(what)), arg_text(name), arg_int(n)), err);
}

static int counts_add(struct store *s, int64_t source, const struct intake *in, struct err *err)
{
    if (db_run(s->db, Q_SOURCE_WAS_READ, ARGS(arg_int(source), arg_int(1)), err) ||
        count_add(s, source, SEEN, STR(""), in->seen, err) ||
        count_add(s, source, FRESH, STR(""), in->fresh, err) ||
        count_add(s, source, DUPLICATE, STR(""), in->duplicates, err))
        return -1;
    for (size_t i = 0; i < in->kinds; i++)
        if (count_add(s, source, PASSED, str_of(in->passed[i].name), in->passed[i].n, err))
            return -1;
    return 0;
}

int store_source_count(struct store *s, int64_t source, const struct intake *in, struct err *err)
{
    bool own;

    if (store_enter(s, &own, err))
        return -1;
    return store_leave(s, own, counts_add(s, source, in, err), err);
}

/* ---- sources out ---- */
/* Three statements side by side, each by source; more: its row is still to be taken. */
struct rows_of { struct stmt *st; int more; };

static int rows_open(struct store *s, enum query q, const struct arg *a, size_t n,
                     struct rows_of *w, struct err *err)
{
    if (db_query(s->db, q, a, n, &w->st, err))
        return -1;
    w->more = stmt_next(w->st, err);
    return w->more < 0 ? -1 : 0;
}

static int rows_next(struct rows_of *w, struct err *err)
{
    w->more = stmt_next(w->st, err);
    return w->more < 0 ? -1 : 0;
}

static bool rows_are_of(const struct rows_of *w, int64_t source)
{
    return w->more == 1 && stmt_int(w->st, 0) <= source;
}

static void take_count(struct intake *in, struct stmt *st)
{
    struct str what = stmt_text(st, 1);
    int64_t n = stmt_int(st, 3);

    if (str_eq(what, STR(SEEN)))
        in->seen += n;
    else if (str_eq(what, STR(FRESH)))
        in->fresh += n;
    else if (str_eq(what, STR(DUPLICATE)))
        in->duplicates += n;
    else if (str_eq(what, STR(PASSED)))
        intake_pass_str(in, stmt_text(st, 2), n);
}

/* A link's first occurrence in the source that it made an item of is the new item; the
 * others are duplicates of it. */
static void take_links(struct intake *in, struct stmt *st)
{
    int64_t fate = stmt_int(st, 1), seen = stmt_int(st, 2), made = stmt_int(st, 3);

    in->link[FATE_NEW_ITEM] += made;
    if (fate >= 0 && fate < FATE_COUNT)
        in->link[fate] += seen - made;
}

static int one_source(struct input_source *row, struct rows_of *counts, struct rows_of *links,
                      struct err *err)
{
    while (rows_are_of(counts, row->n)) {
        if (stmt_int(counts->st, 0) == row->n)
            take_count(&row->intake, counts->st);
        if (rows_next(counts, err))
            return -1;
    }
    while (rows_are_of(links, row->n)) {
        if (stmt_int(links->st, 0) == row->n)
            take_links(&row->intake, links->st);
        if (rows_next(links, err))
            return -1;
    }
    return 0;
}

int store_sources(struct store *s, int attempts,
                  int (*each)(void *to, const struct input_source *, struct err *), void *to,
                  struct err *err)
{
    struct rows_of sources = {0}, counts = {0}, links = {0};
    int rc = -1;

    if (rows_open(s, Q_SOURCES, NO_ARGS, &sources, err) ||
        rows_open(s, Q_SOURCE_COUNTS, NO_ARGS, &counts, err) ||
        rows_open(s, Q_SOURCE_LINKS, ARGS(arg_int(attempts)), &links, err))
        goto out;
    while (sources.more == 1) {
        struct input_source row = { .n = stmt_int(sources.st, 0),
                                  .kind = stmt_text(sources.st, 1),
                                  .times = stmt_int(sources.st, 2),
                                  .uncounted = stmt_int(sources.st, 3) != 0 };

        if (one_source(&row, &counts, &links, err) || each(to, &row, err) ||
            rows_next(&sources, err))
            goto out;
    }
    rc = 0;
out:
    stmt_done(links.st);
    stmt_done(counts.st);
    stmt_done(sources.st);
    return rc;
}

/* ---- short links out ---- */
int store_link_fates(struct store *s, int attempts, int64_t n[FATE_COUNT], struct err *err)
{
    struct stmt *st;
    int rc;

    for (int f = 0; f < FATE_COUNT; f++)
        n[f] = 0;
    if (db_query(s->db, Q_LINK_FATES, ARGS(arg_int(attempts)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1) {
        int64_t fate = stmt_int(st, 0), made = stmt_int(st, 2);

        n[FATE_NEW_ITEM] += made;
        if (fate >= 0 && fate < FATE_COUNT)
            n[fate] += stmt_int(st, 1) - made;
    }
    stmt_done(st);
    return rc;
}

int store_given_up(struct store *s, int attempts,
                   int (*each)(void *to, const struct input_link *, struct err *), void *to,
                   struct err *err)
{
    struct stmt *st;
    int rc;

    if (db_query(s->db, Q_LINKS_GIVEN_UP, ARGS(arg_int(attempts)), &st, err))
        return -1;
    while ((rc = stmt_next(st, err)) == 1)
        if (each(to, &(struct input_link){ stmt_text(st, 0), stmt_int(st, 1), stmt_int(st, 2) },
                 err)) {
            rc = -1;
            break;
        }
    stmt_done(st);
    return rc;
}
