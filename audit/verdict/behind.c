/* audit/verdict/behind.c: see behind.h. */
#include "audit/verdict/behind.h"
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include "base/array.h"
#include "base/file.h"
#include "record/id.h"
#include "report/summary.h"
#include "report/waterfall.h"

#define FOLDER "ids"

struct set {
    char *name;
    uint8_t *bits;
    int64_t count;
};
struct behind {
    int64_t max_item;
    struct set *v;
    size_t n, cap;
};

struct behind *behind_new(int64_t max_item)
{
    struct behind *b = xcalloc(1, sizeof *b);

    b->max_item = max_item;
    return b;
}

static void set_release(struct set *s)
{
    free(s->name);
    free(s->bits);
}

void behind_free(struct behind *b)
{
    if (!b)
        return;
    for (size_t i = 0; i < b->n; i++)
        set_release(&b->v[i]);
    free(b->v);
    free(b);
}

int behind_set(struct behind *b, struct str name)
{
    if (!b || name.n == 0)
        return 0;
    for (size_t i = 0; i < b->n; i++)
        if (str_eq(str_of(b->v[i].name), name))
            return (int)i + 1;
    ARRAY_ROOM(b->v, b->n, b->cap);
    b->v[b->n] = (struct set){ .bits = xcalloc((uint64_t)b->max_item / 8 + 1, 1) };
    b->v[b->n].name = xcalloc(name.n + 1, 1);
    memcpy(b->v[b->n].name, name.p, name.n);
    return (int)++b->n;
}

static bool has(const struct set *s, int64_t item)
{
    return s->bits[item / 8] >> (item % 8) & 1;
}

void behind_mark(struct behind *b, int set, int64_t item)
{
    struct set *s;

    if (!b || set == 0 || item < 0 || item > b->max_item)
        return;
    s = &b->v[set - 1];
    s->count += !has(s, item);
    s->bits[item / 8] |= (uint8_t)(1u << (item % 8));
}

/* ---- what labels alone say ---- */

struct ledger {
    struct behind *b;
    const struct summary *s;
    int node[NODE_COUNT], basis[BASIS_COUNT], headline, at_once, late, decided;
};

static void ledger_begin(struct ledger *l)
{
    char name[NODE_NAME_MAX];

    for (int n = 0; n < NODE_COUNT; n++)
        l->node[n] = behind_set(l->b, str_of(node_number((enum node)n, name)));
    l->headline = behind_set(l->b, STR("public_not_returned"));
    l->at_once = behind_set(l->b, STR("public_returned_at_once"));
    l->late = behind_set(l->b, STR("public_returned_late"));
    l->decided = behind_set(l->b, STR("decided"));
    l->basis[BASIS_DOCUMENTED] = behind_set(l->b, STR("public_missing_documented"));
    l->basis[BASIS_DISPUTED] = behind_set(l->b, STR("public_missing_disputed"));
    l->basis[BASIS_UNEXPLAINED] = behind_set(l->b, STR("public_missing_unexplained"));
}

static void take(const struct ledger *to, const struct label_row *l)
{
    const enum node leaf = waterfall_leaf(l);
    enum basis basis = l->basis;

    for (enum node n = leaf; n != NODE_COUNT; n = node_parent(n))
        behind_mark(to->b, to->node[n], l->item);
    if (l->state != STATE_OPEN)
        behind_mark(to->b, to->decided, l->item);
    if (leaf == NODE_AT_ONCE || leaf == NODE_AFTER_RETRIES)
        behind_mark(to->b, leaf == NODE_AT_ONCE ? to->at_once : to->late, l->item);
    if (l->state != STATE_MISSING || waterfall_group(l) != NODE_PUBLIC)
        return;
    if (!summary_rule_explains(to->s, l->rule))
        basis = BASIS_UNEXPLAINED;
    behind_mark(to->b, to->basis[basis], l->item);
    behind_mark(to->b, to->headline, l->item);
}

int behind_labels(struct behind *b, struct audit *audit, const struct summary *s, struct err *err)
{
    struct ledger ledger = { .b = b, .s = s };
    struct label_cursor *labels = NULL;
    struct label_row l;
    int got;

    if (!b)
        return 0;
    if (store_labels(audit->store, &labels, err))
        return -1;
    ledger_begin(&ledger);
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        take(&ledger, &l);
    label_cursor_close(labels);
    return got;
}

/* ---- files ---- */

static bool is_of(const struct number *n, const struct set *s)
{
    return n && n->has && s->count > 0 &&
           s->count == (n->unit == UNIT_PLAIN ? (int64_t)n->value : n->n);
}

void behind_name(struct behind *b, struct arena *mem, struct numbers *all)
{
    size_t kept = 0;

    for (size_t i = 0; b && i < b->n; i++) {
        struct set *s = &b->v[i];

        if (is_of(numbers_find(all, str_of(s->name)), s)) {
            numbers_set_ids(all, str_of(s->name), arena_printf(mem, FOLDER "/%s.txt", s->name));
            b->v[kept++] = *s;
        } else {
            set_release(s);
        }
    }
    if (b)
        b->n = kept;
}

static int write_lines(const struct behind *b, struct audit *audit, struct file_out *files,
                       struct err *err)
{
    struct label_cursor *labels = NULL;
    struct label_row l;
    char id[ID_TEXT_MAX];
    int got;

    if (store_labels(audit->store, &labels, err))
        return -1;
    while ((got = label_cursor_next(labels, &l, err)) > 0)
        for (size_t i = 0; i < b->n; i++)
            if (has(&b->v[i], l.item))
                fprintf(files[i].f, "%s\n", id_text(l.id, id));
    label_cursor_close(labels);
    return got;
}

int behind_write(const struct behind *b, struct audit *audit, const char *dir, struct err *err)
{
    struct file_out *files = xcalloc(b->n ? b->n : 1, sizeof *files);
    char *folder = file_join(dir, FOLDER);
    size_t open = 0;
    int rc = file_clear_folder(folder, err);

    for (; rc == 0 && open < b->n; open += rc == 0) {
        char *path = file_join(folder, b->v[open].name), *named = file_beside(path, ".txt");

        rc = file_create(&files[open], named, err);
        free(named);
        free(path);
    }
    if (rc == 0)
        rc = write_lines(b, audit, files, err);
    for (size_t i = 0; i < open; i++)
        if (rc)
            file_abandon(&files[i]);
        else
            rc = file_close_derived(&files[i], err);
    free(folder);
    free(files);
    return rc;
}
