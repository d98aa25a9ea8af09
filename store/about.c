/* store/about.c: what is told of items beside their rows: everything that was said of each in
 * order of time, with where its bytes lie, its differences, what its page record borrowed, what
 * was read from other places. Of many items by a fixed number of statements, and one way to a
 * server. */
#include <stdlib.h>

#include "base/array.h"
#include "store/about.h"
#include "store/answers.h"
#include "store/inner.h"

struct of_item {
    int64_t item;
    struct about_item is;
};
enum asked { ASKED_GAPS, ASKED_PAST, ASKED_LENT, ASKED_THERE, ASKED_COUNT };
struct about {
    struct of_item *v;    // by item
    size_t n;
    struct {
        struct gap *v;
        size_t n, cap;
    } gaps;
    struct {
        struct history_row *v;
        size_t n, cap;
    } past;
    struct {
        struct vantage_seen *v;
        size_t n, cap;
    } there;
    struct arena mem;
    struct row_set asked;                // places in v, and items
    struct stmt *st[ASKED_COUNT];        // until they are taken
};
static const enum query asked_query[ASKED_COUNT] = {
    [ASKED_GAPS] = Q_GAPS_OF,
    [ASKED_PAST] = Q_HISTORY,
    [ASKED_LENT] = Q_LENT_GET,
    [ASKED_THERE] = Q_VANTAGES_OF,
};

/* ---- what was said ---- */
static enum answer_kind api_kind(bool complete, bool came_back)
{
    if (came_back)
        return ANSWER_FOUND;
    return complete ? ANSWER_ABSENT : ANSWER_NO_ANSWER;
}

/* Its texts are those of the statement. */
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

static struct str evidence_kept(struct stmt *st, struct arena *mem)
{
    struct str file = stmt_text(st, 21), kept;
    struct buf text = { 0 };
    struct digest d;
    char hex[DIGEST_HEX];

    if (file.n)
        buf_printf(&text, "%.*s:%lld", STR_ARG(file), (long long)stmt_int(st, 22));
    if (stmt_digest(st, 23, &d))
        buf_printf(&text, "%ssha256:%s", file.n ? " " : "", digest_hex(&d, hex));
    kept = arena_dup(mem, buf_view(&text));
    buf_release(&text);
    return kept;
}

static void take_past(struct about *a, struct stmt *st)
{
    struct history_row *h;

    ARRAY_ROOM(a->past.v, a->past.n, a->past.cap);
    h = &a->past.v[a->past.n++];
    history_read(st, h);
    h->message = arena_dup(&a->mem, h->message);
    h->region = arena_dup(&a->mem, h->region);
    h->vantage = arena_dup(&a->mem, h->vantage);
    h->log_id = arena_dup(&a->mem, h->log_id);
    h->evidence = evidence_kept(st, &a->mem);
    a->v[stmt_int(st, 24)].is.pasts++;
}

/* ---- differences, fields of another witness, other vantages ---- */
static struct value kept(struct about *a, const struct value *v)
{
    struct value copy = *v;

    if (v->kind == VAL_TEXT)
        copy.text = arena_dup(&a->mem, v->text);
    return copy;
}

static void take_gap(struct about *a, struct stmt *st)
{
    struct gap *g;

    ARRAY_ROOM(a->gaps.v, a->gaps.n, a->gaps.cap);
    g = &a->gaps.v[a->gaps.n++];
    store_gap_read(st, g);
    g->api = kept(a, &g->api);
    g->page = kept(a, &g->page);
    a->v[stmt_int(st, GAP_WIDTH)].is.gaps++;
}

static void take_lent(struct about *a, struct stmt *st)
{
    const enum generation own = (enum generation)stmt_enum(st, 1, GENERATION_COUNT);
    struct about_item *is = &a->v[stmt_int(st, 0)].is;

    is->lent = arena_dup(&a->mem, stmt_text(st, 2));
    is->lent_by = own == GENERATION_EMBED ? WITNESS_PAGE : WITNESS_EMBED;
}

static void take_there(struct about *a, struct stmt *st)
{
    struct of_item *of = &a->v[stmt_int(st, 0)];

    ARRAY_ROOM(a->there.v, a->there.n, a->there.cap);
    a->there.v[a->there.n++] = (struct vantage_seen){
        .vantage = stmt_int(st, 1),
        .item = of->item,
        .kind = (enum answer_kind)stmt_enum_or_none(st, 2, ANSWER_COUNT),
        .at = stmt_int(st, 3),
        .tries = (int)stmt_int(st, 4),
    };
    of->is.theres++;
}

/* ---- of many ---- */
static void (*const take[ASKED_COUNT])(struct about *, struct stmt *) = {
    [ASKED_GAPS] = take_gap,
    [ASKED_PAST] = take_past,
    [ASKED_LENT] = take_lent,
    [ASKED_THERE] = take_there,
};

/* Rows come by place in v, so each item's lie behind those of the one before it. */
static void hand_out(struct about *a)
{
    size_t gaps = 0, pasts = 0, theres = 0;

    for (size_t i = 0; i < a->n; i++) {
        struct about_item *is = &a->v[i].is;

        is->gap = is->gaps ? a->gaps.v + gaps : NULL;
        is->past = is->pasts ? a->past.v + pasts : NULL;
        is->there = is->theres ? a->there.v + theres : NULL;
        gaps += is->gaps;
        pasts += is->pasts;
        theres += is->theres;
    }
}

static void all_done(struct about *a)
{
    for (int i = 0; i < ASKED_COUNT; i++) {
        stmt_done(a->st[i]);
        a->st[i] = NULL;
    }
    rows_clear(&a->asked);
}

static int by_item(const void *x, const void *y)
{
    const struct of_item *a = x, *b = y;

    return (a->item > b->item) - (a->item < b->item);
}

int store_about_ask(struct store *s, const int64_t *item, size_t n, struct about **out,
                    struct err *err)
{
    struct about *a = xcalloc(1, sizeof *a);

    a->v = xcalloc(n + 1, sizeof *a->v);
    a->n = n;
    for (size_t i = 0; i < n; i++)
        a->v[i].item = item[i];
    if (n)
        qsort(a->v, n, sizeof *a->v, by_item);
    for (size_t i = 0; i < n; i++) {
        struct arg *row = rows_add(&a->asked, 2);

        row[0] = arg_int((int64_t)i);
        row[1] = arg_int(a->v[i].item);
    }
    for (int i = 0; n && i < ASKED_COUNT; i++)
        if (db_query_later(s->db, asked_query[i], ARGS(rows_arg(&a->asked)), &a->st[i], err)) {
            about_free(a);
            return -1;
        }
    if (db_send(s->db, err)) {
        about_free(a);
        return -1;
    }
    *out = a;
    return 0;
}

int store_about_take(struct about *a, struct err *err)
{
    for (int i = 0; i < ASKED_COUNT; i++) {
        int rc = 0;

        while (a->st[i] && (rc = stmt_next(a->st[i], err)) == 1)
            take[i](a, a->st[i]);
        if (rc)
            return -1;
    }
    all_done(a);
    hand_out(a);
    return 0;
}

int store_about(struct store *s, const int64_t *item, size_t n, struct about **out, struct err *err)
{
    if (store_about_ask(s, item, n, out, err))
        return -1;
    if (store_about_take(*out, err) == 0)
        return 0;
    about_free(*out);
    *out = NULL;
    return -1;
}

const struct about_item *about_item(const struct about *a, int64_t item)
{
    const struct of_item key = { .item = item };
    const struct of_item *at =
        a && a->n ? bsearch(&key, a->v, a->n, sizeof key, by_item) : NULL;

    return at ? &at->is : NULL;
}

size_t about_pasts(const struct about *a) { return a->past.n; }

void about_free(struct about *a)
{
    if (!a)
        return;
    all_done(a);
    rows_release(&a->asked);
    free(a->v);
    free(a->gaps.v);
    free(a->past.v);
    free(a->there.v);
    arena_release(&a->mem);
    free(a);
}

/* ---- the make of a page ---- */
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
