/* import/table.c: which column, and what each row gives.
 * A column is chosen by cells that are wholly a link or an id; among those with about as many,
 * by its name. A link in a caption never counts beside them. */
#include "import/table.h"
#include <stdio.h>
#include <string.h>
#include "import/names.h"

/* ---- the first rows ---- */
void look_init(struct look *s, int64_t now)
{
    memset(s, 0, sizeof *s);
    s->now = now;
}
void look_release(struct look *s) { buf_release(&s->names); }
static bool is_item(const struct cell *c) { return c->kind == CELL_ID || c->kind == CELL_LINK; }
static void first_cell(struct look *s, const struct cell *c)
{
    buf_str(&s->names, str_trim(c->text));
    buf_char(&s->names, '\0');
    s->first_has_link = s->first_has_link || is_item(c) || cell_is_number(str_trim(c->text)) ||
                        ((c->kind == CELL_OTHER || c->kind == CELL_IN_TEXT) &&
                         c->link.what != LINK_SKIPPED);
    for (size_t i = 0; i < c->text.n; i++)
        s->first_has_word = s->first_has_word || (c->text.p[i] | 0x20) >= 'a';
}
void look_cell(struct look *s, const struct cell *c)
{
    size_t at = s->at++;
    struct look_column *col = &s->column[at];

    if (s->rows >= LOOK_ROWS || at >= TABLE_COLUMNS || s->skipped < s->skip)
        return;
    if (s->rows == 0)
        first_cell(s, c);
    if (!s->has_item && (is_item(c) || (c->kind == CELL_IN_TEXT && c->link.what != LINK_SKIPPED))) {
        s->has_item = true;
        s->first_item = s->rows;
    }
    col->links += c->kind == CELL_LINK;
    col->ids += c->kind == CELL_ID;
    col->spoiled += c->kind == CELL_SPOILED;
    col->odd += c->kind == CELL_OTHER && c->link.what == LINK_ITEM;
    col->in_text += c->kind == CELL_IN_TEXT && c->link.what != LINK_SKIPPED;
    if ((is_item(c) || c->kind == CELL_OTHER) && c->link.what == LINK_ITEM)
        endings_add(&col->endings, c->link.item.id);
}
void look_row(struct look *s)
{
    if (s->skipped < s->skip) {
        s->skipped++;
        s->at = 0;
        return;
    }
    if (s->rows < LOOK_ROWS)
        s->width_of[s->rows] = s->at;
    if (s->rows == 0)
        s->width = s->at;
    s->even += s->at == s->width && s->rows < LOOK_ROWS;
    s->rows += s->rows < LOOK_ROWS;
    s->at = 0;
}
void look_end(struct look *s)
{
    size_t same = 0;

    for (size_t i = 1; i < s->rows; i++)
        same += s->width_of[i] == s->width_of[1];
    if (s->rows < 3 || same * 5 < (s->rows - 1) * 4 || s->width_of[1] <= s->width || s->width < 2)
        return;
    s->width = s->width_of[1];
    s->even = same + 1;
}
static bool has_header(const struct look *s) { return s->first_has_word && !s->first_has_link; }
static const char *column_name(const struct look *s, size_t column)
{
    const char *p = s->names.p, *end = s->names.p + s->names.n;

    for (; p && p < end; p += strlen(p) + 1)
        if (column-- == 0)
            return p;
    return "";
}
static size_t columns_of(const struct look *s)
{
    return s->width < TABLE_COLUMNS ? s->width : TABLE_COLUMNS;
}
/* A row of names may be shorter than the others; a title is much shorter, and no name. */
size_t look_titles(const struct look *s)
{
    enum { TITLES_MAX = 20 };
    size_t widest = 0;

    for (size_t c = 0; c < columns_of(s); c++)
        if (name_rank(str_of(column_name(s, c))) < NAME_UNKNOWN)
            return 0;
    for (size_t k = 1; k < s->rows && k <= TITLES_MAX && (!s->has_item || k <= s->first_item);
         k++) {
        size_t same = 0;

        widest = s->width_of[k - 1] > widest ? s->width_of[k - 1] : widest;
        if (2 * widest > s->width_of[k])
            continue;
        for (size_t i = k; i < s->rows; i++)
            same += s->width_of[i] == s->width_of[k];
        if (same >= 2 && same * 5 >= (s->rows - k) * 4)
            return k;
    }
    return 0;
}

/* ---- the column ---- */
static int column_named(const struct look *s, const char *want, struct table_plan *plan,
                        struct err *err)
{
    uint64_t n;
    struct buf have = { 0 };

    plan->named = true;
    for (size_t c = 0; c < columns_of(s) && !s->first_has_link; c++)
        if (str_eq_nocase(str_of(column_name(s, c)), str_of(want))) {
            plan->column = c;
            plan->header = true;
            return 0;
        }
    if (str_u64(str_of(want), &n) && n >= 1 && n <= s->width) {
        plan->column = (size_t)n - 1;
        return 0;
    }
    for (size_t c = 0; c < s->width && c < 12 && has_header(s); c++)
        buf_printf(&have, "%s%s", c ? ", " : "", column_name(s, c));
    if (have.n)
        err_set(err, ERR_USAGE, "line 1: there is no column %s; there are: %.150s", want,
                buf_cstr(&have));
    else
        err_set(err, ERR_USAGE, "line 1: there is no column %s: expected a number from 1 to %zu",
                want, s->width);
    buf_release(&have);
    return -1;
}
/* What a column is worth: cells that are items; those that something rounded; those with a
 * link among words. */
enum worth { WORTH_WHOLE, WORTH_SPOILED, WORTH_IN_TEXT, WORTHS };
static int64_t worth_of(const struct look_column *c, enum worth w)
{
    bool rounded = endings_spoiled(&c->endings) != 0;

    switch (w) {
    case WORTH_WHOLE: return rounded ? 0 : c->links + c->ids;
    case WORTH_SPOILED: return c->spoiled + (rounded ? c->endings.ids : 0);
    default: return c->in_text;
    }
}
static int column_rank(const struct look *s, size_t c)
{
    struct str name = has_header(s) ? str_of(column_name(s, c)) : STR_NONE;

    if (name_is_provenance(name))
        return TABLE_NEVER;
    if (name_is_relation(name))
        return NAME_UNKNOWN + 1;
    /* ids of accounts and sounds: a few look like a post's */
    return name_rank(name) == NAME_UNKNOWN && s->column[c].odd > s->column[c].ids &&
                   !endings_spoiled(&s->column[c].endings)
               ? NAME_UNKNOWN + 1
               : name_rank(name);
}
/* Of the columns with at least half as many such cells as the fullest that which is named
 * best, then the fullest, then that of links. allow: the worst rank that may be. */
static bool column_of_worth(const struct look *s, enum worth w, int allow, size_t *column)
{
    int64_t most = 0, have = 0;
    int rank = 0;

    for (size_t c = 0; c < columns_of(s); c++) {
        int64_t n = column_rank(s, c) <= allow ? worth_of(&s->column[c], w) : 0;

        most = n > most ? n : most;
    }
    for (size_t c = 0; c < columns_of(s); c++) {
        int64_t n = worth_of(&s->column[c], w);
        int r = column_rank(s, c);

        if (!n || r > allow || 2 * n < most)
            continue;
        if (!have || r < rank || (r == rank && n > have) ||
            (r == rank && n == have && s->column[c].links > s->column[*column].links)) {
            *column = c;
            rank = r;
            have = n;
        }
    }
    return have > 0;
}
static bool column_by_content(const struct look *s, struct table_plan *plan)
{
    static const int allow[] = { NAME_UNKNOWN, NAME_UNKNOWN + 1 };    // relations after all others

    for (size_t a = 0; a < 2; a++)
        for (enum worth w = WORTH_WHOLE; w < WORTH_IN_TEXT; w++)
            if (column_of_worth(s, w, allow[a], &plan->column))
                return true;
    if (column_of_worth(s, WORTH_WHOLE, TABLE_NEVER, &plan->column)) {
        plan->provenance = true;
        return true;
    }
    return column_of_worth(s, WORTH_IN_TEXT, NAME_UNKNOWN, &plan->column);
}
/* By name alone, for a file whose first rows hold nothing. */
static bool column_by_name(const struct look *s, size_t *column)
{
    size_t best = 0;

    for (size_t c = 1; c < columns_of(s); c++)
        if (column_rank(s, c) < column_rank(s, best))
            best = c;
    *column = best;
    return column_rank(s, best) < NAME_UNKNOWN;
}
static bool several_hold_items(const struct look *s)
{
    int n = 0;

    for (size_t c = 0; c < columns_of(s); c++)
        n += s->column[c].links + s->column[c].ids > 0;
    return n > 1;
}
static void plan_ranks(const struct look *s, struct table_plan *plan)
{
    const char *name = column_name(s, plan->column);

    memset(plan->rank, NAME_UNKNOWN, sizeof plan->rank);
    for (size_t c = 0; c < columns_of(s); c++) {
        int r = column_rank(s, c);

        plan->rank[c] = (unsigned char)(r > NAME_UNKNOWN ? TABLE_NEVER : r);
    }
    if (plan->header && name[0])
        snprintf(plan->name, sizeof plan->name, "%s", name);
    else
        snprintf(plan->name, sizeof plan->name, "%zu", plan->column + 1);
}
int look_plan(const struct look *s, bool is_table, const struct import_opts *opts,
              struct table_plan *plan, struct err *err)
{
    int rc = 0;

    *plan = (struct table_plan){ .skip = s->skip, .header = has_header(s) };
    if (opts->column)
        rc = column_named(s, opts->column, plan, err) ? -1 : 1;
    else if (is_table && column_by_content(s, plan))
        /* without a header, several columns of links are a list */
        rc = plan->header || !several_hold_items(s);
    else if (plan->header && (is_table || column_rank(s, 0) < NAME_UNKNOWN))
        rc = column_by_name(s, &plan->column);
    if (rc > 0)
        plan_ranks(s, plan);
    return rc;
}

/* ---- all rows ---- */
void table_init(struct table *t, struct collector *in, const struct table_plan *plan)
{
    *t = (struct table){ .in = in, .plan = *plan };
}
static bool is_name(const struct table *t)
{
    return t->skipped < t->plan.skip || (t->row == 0 && t->plan.header);
}
static int own_cell(struct table *t, const struct cell *c, struct err *err)
{
    t->seen = true;
    if (is_item(c) && t->plan.provenance) {
        collect_skip(t->in, SKIP_PROVENANCE);
        t->done = true;
    } else if (is_item(c)) {
        t->done = true;
        return collect_link(t->in, &c->link, err);
    } else if (c->kind == CELL_IN_TEXT && c->link.what != LINK_SKIPPED) {
        t->done = true;
        return collect_text(t->in, c->text, NULL, err);
    } else {
        t->own = *c;
        t->own.text = cell_is_number(cell_bare(c->text)) ? STR("0") : STR_NONE;
        buf_clear(&t->own_text);
        if (c->kind == CELL_IN_TEXT)
            buf_str(&t->own_text, c->text);
    }
    return 0;
}
static void other_cell(struct table *t, size_t at, const struct cell *c)
{
    if (is_item(c) &&
        (t->other.kind == CELL_NOTHING || t->plan.rank[at] < t->plan.rank[t->other_at])) {
        t->other = *c;
        t->other_at = at;
    }
}
/* An other cell matters while the row has given nothing. */
static bool is_wanted(const struct table *t, size_t at)
{
    return !t->done && !is_name(t) &&
           (at == t->plan.column || (!t->plan.named && !t->plan.provenance && at < TABLE_COLUMNS &&
                                     t->plan.rank[at] != TABLE_NEVER));
}
int table_cell(struct table *t, const struct cell *c, struct err *err)
{
    size_t at = t->at++;

    /* An id in a cell of numbers is told of, whatever else the row gives. */
    if (c->kind == CELL_SPOILED && !is_name(t) && at != t->plan.column && at < TABLE_COLUMNS &&
        t->plan.rank[at] != TABLE_NEVER)
        collect_spoiled(t->in);
    if (!is_wanted(t, at))
        return 0;
    if (at == t->plan.column)
        return own_cell(t, c, err);
    other_cell(t, at, c);
    return 0;
}
int table_text(struct table *t, struct str text, struct err *err)
{
    struct cell c = { .text = text };
    size_t at = t->at++;

    if (!is_wanted(t, at))
        return 0;
    if (at == t->plan.column) {
        c.kind = cell_read(text, t->in->opts->now, &c.link);
        return own_cell(t, &c, err);
    }
    c.kind = cell_read_whole(text, t->in->opts->now, &c.link);
    other_cell(t, at, &c);
    return 0;
}
/* The row has no item: what its cell holds instead is counted. An odd id is taken. */
static int nothing_given(struct table *t, struct err *err)
{
    if (t->own.kind == CELL_OTHER && t->own.link.what != LINK_SKIPPED)
        return collect_link(t->in, &t->own.link, err);
    t->gave_nothing++;
    if (!t->seen) {
        collect_skip(t->in, SKIP_UNREADABLE_ROW);
        return 0;
    }
    switch (t->own.kind) {
    case CELL_OTHER: return collect_link(t->in, &t->own.link, err);
    case CELL_IN_TEXT: return collect_text(t->in, buf_view(&t->own_text), NULL, err);
    case CELL_SPOILED: collect_spoiled(t->in); break;
    case CELL_NOTHING: collect_skip(t->in, SKIP_PLACEHOLDER); break;
    default: collect_skip(t->in, t->own.text.n ? SKIP_BAD_ID : SKIP_NO_LINK); break;
    }
    return 0;
}
int table_row(struct table *t, struct err *err)
{
    int rc = 0;

    if (!is_name(t)) {
        t->rows++;
        if (!t->done && t->other.kind != CELL_NOTHING) {
            t->fell_back++;
            if (t->own.kind == CELL_SPOILED)
                collect_spoiled(t->in);
            rc = collect_link(t->in, &t->other.link, err);
        } else if (!t->done) {
            rc = nothing_given(t, err);
        }
    }
    t->done = t->seen = false;
    t->own.kind = t->other.kind = CELL_NOTHING;
    t->at = 0;
    if (t->skipped < t->plan.skip)
        t->skipped++;
    else
        t->row++;
    return rc;
}
void table_release(struct table *t) { buf_release(&t->own_text); }
void table_end(struct table *t)
{
    struct import_count *c = &t->in->count;

    if (c->tables++)
        collect_note(t->in, "a further table: column %s was taken", t->plan.name);
    else
        snprintf(c->column, sizeof c->column, "%s", t->plan.name);
    if (t->plan.provenance)
        collect_note(t->in,
                     "column %s says where rows were collected, not what they are about: its links "
                     "are no items (--column takes them)",
                     t->plan.name);
    c->rows += t->rows;
    c->fell_back += t->fell_back;
    c->gave_nothing += t->gave_nothing;
}
