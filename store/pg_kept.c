/* store/pg_kept.c: see pg_kept.h. A row is its cells one after another, each behind its length:
 * LENGTH_NONE none, LENGTH_LONG as many bytes as the next four say, else that many. */
#include "store/pg_kept.h"
#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/digest.h"

#define KEPT_BYTES ((size_t)64 << 20)
#define KEPT_ANSWERS 8192
enum { LENGTH_NONE = 254, LENGTH_LONG = 255 };

struct pg_answer {
    struct pg_kept *kept;    // NULL: it is not there any more
    enum query q;
    struct digest key;
    bool whole;
    int users;
    int columns;
    unsigned *type;
    size_t type_cap;
    struct buf rows;
};
struct pg_kept {
    struct pg_answer **v;
    size_t n, cap, bytes;
    int of[QUERY_COUNT];    // how many of each statement
};

struct pg_kept *pg_kept_new(void) { return xcalloc(1, sizeof(struct pg_kept)); }

static void answer_free(struct pg_answer *a)
{
    free(a->type);
    buf_release(&a->rows);
    free(a);
}

/* It is not found any more. */
static void take_out(struct pg_kept *k, size_t i)
{
    struct pg_answer *a = k->v[i];

    k->v[i] = k->v[--k->n];
    k->bytes -= a->rows.n;
    k->of[a->q]--;
    a->kept = NULL;
    if (a->users == 0)
        answer_free(a);
}

static void take_out_one(struct pg_answer *a)
{
    struct pg_kept *k = a->kept;
    size_t i = 0;

    while (k->v[i] != a)
        i++;
    take_out(k, i);
}

void pg_kept_forget(struct pg_kept *k)
{
    while (k->n)
        take_out(k, k->n - 1);
}

void pg_kept_free(struct pg_kept *k)
{
    if (!k)
        return;
    pg_kept_forget(k);
    free(k->v);
    free(k);
}

/* ---- which question ---- */
static void add_arg(struct digest_ctx *c, const struct arg *a)
{
    const int kind = a->kind;

    digest_add(c, &kind, sizeof kind);
    switch (a->kind) {
    case ARG_NULL: break;
    case ARG_INT: digest_add(c, &a->i, sizeof a->i); break;
    case ARG_REAL: digest_add(c, &a->real, sizeof a->real); break;
    case ARG_TEXT:
    case ARG_BLOB:
        digest_add(c, &a->text.n, sizeof a->text.n);
        digest_add(c, a->text.p, a->text.n);
        break;
    case ARG_ROWS:
        digest_add(c, &a->rows->n, sizeof a->rows->n);
        for (size_t i = 0; i < a->rows->n * (size_t)a->rows->columns; i++)
            add_arg(c, &a->rows->v[i]);
        break;
    }
}

static struct digest key_of(enum query q, const struct arg *a, size_t n)
{
    struct digest_ctx c;
    const int number = q;

    digest_start(&c);
    digest_add(&c, &number, sizeof number);
    for (size_t i = 0; i < n; i++)
        add_arg(&c, &a[i]);
    return digest_finish(&c);
}

struct pg_answer *pg_kept_find(struct pg_kept *k, enum query q, const struct arg *a, size_t n)
{
    struct digest key;

    if (!k->of[q])
        return NULL;
    key = key_of(q, a, n);
    for (size_t i = 0; i < k->n; i++)
        if (k->v[i]->q == q && !memcmp(&k->v[i]->key, &key, sizeof key)) {
            k->v[i]->users++;
            return k->v[i];
        }
    return NULL;
}

struct pg_answer *pg_kept_begin(struct pg_kept *k, enum query q, const struct arg *a, size_t n)
{
    struct pg_answer *new;

    if (k->n >= KEPT_ANSWERS || k->bytes >= KEPT_BYTES)
        return NULL;
    new = xcalloc(1, sizeof *new);
    *new = (struct pg_answer){ .kept = k, .q = q, .key = key_of(q, a, n), .users = 1 };
    ARRAY_ROOM(k->v, k->n, k->cap);
    k->v[k->n++] = new;
    k->of[q]++;
    return new;
}

void pg_answer_let(struct pg_answer *a)
{
    if (!a)
        return;
    a->users--;
    if (a->kept && !a->whole && a->users == 0)
        take_out_one(a);
    else if (!a->kept && a->users == 0)
        answer_free(a);
}

/* ---- what was written ---- */
static bool in_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

static bool has_word(struct str sql, struct str word)
{
    ptrdiff_t at = -1;

    while ((at = str_find(sql, word, (size_t)(at + 1))) >= 0) {
        const size_t end = (size_t)at + word.n;

        if ((at == 0 || !in_word(sql.p[at - 1])) && (end == sql.n || !in_word(sql.p[end])))
            return true;
    }
    return false;
}

void pg_kept_written(struct pg_kept *k, struct str table)
{
    bool reads[QUERY_COUNT] = { false };
    bool any = false;

    for (int q = 0; q < QUERY_COUNT; q++)
        any |= reads[q] = k->of[q] && has_word(str_of(db_queries[q].sql), table);
    for (size_t i = k->n; any && i-- > 0;)
        if (reads[k->v[i]->q])
            take_out(k, i);
}

/* ---- its rows ---- */
static void add_cell(struct buf *rows, struct str cell)
{
    const uint32_t n = (uint32_t)cell.n;

    if (!cell.p) {
        buf_char(rows, (char)LENGTH_NONE);
        return;
    }
    buf_char(rows, (char)(n < LENGTH_NONE ? n : LENGTH_LONG));
    if (n >= LENGTH_NONE)
        buf_add(rows, &n, sizeof n);
    buf_str(rows, cell);
}

static struct str read_cell(const struct buf *rows, size_t *at)
{
    const unsigned char head = (unsigned char)rows->p[(*at)++];
    uint32_t n = head;
    struct str cell;

    if (head == LENGTH_NONE)
        return STR_NONE;
    if (head == LENGTH_LONG) {
        memcpy(&n, rows->p + *at, sizeof n);
        *at += sizeof n;
    }
    cell = (struct str){ rows->p + *at, n };
    *at += n;
    return cell;
}

/* There is no room for it. */
static void give_up(struct pg_answer *a)
{
    take_out_one(a);
    buf_release(&a->rows);
}

void pg_answer_add(struct pg_answer *a, int column, unsigned type, struct str cell)
{
    const size_t before = a ? a->rows.n : 0;

    if (!a || !a->kept)
        return;
    if (column == a->columns) {
        ARRAY_ROOM(a->type, (size_t)a->columns, a->type_cap);
        a->type[a->columns++] = type;
    }
    add_cell(&a->rows, cell);
    a->kept->bytes += a->rows.n - before;
    if (a->kept->bytes > KEPT_BYTES)
        give_up(a);
}

void pg_answer_whole(struct pg_answer *a)
{
    if (a && a->kept)
        a->whole = true;
}

bool pg_answer_is_whole(const struct pg_answer *a) { return a->whole; }

int pg_answer_next(const struct pg_answer *a, size_t *at, struct str *cell)
{
    if (*at == a->rows.n)
        return 0;
    for (int i = 0; i < a->columns; i++)
        cell[i] = read_cell(&a->rows, at);
    return 1;
}

int pg_answer_columns(const struct pg_answer *a) { return a->columns; }
unsigned pg_answer_type(const struct pg_answer *a, int column) { return a->type[column]; }
