/* tests/bench/bench_classify.c: a million items labelled by the shipped rules,
 * beside the same conditions as one SQL CASE over an SQLite table in memory
 * that holds the same facts, with REGEXP made of PCRE2 with JIT. Both label every
 * item, a hundred thousand different ones ten times over; that they agree on
 * each is checked. Run from the root of the checkout. */
#define PCRE2_CODE_UNIT_WIDTH 8
#include <math.h>
#include <pcre2.h>
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include "base/digest.h"
#include "base/file.h"
#include "classify/rule.h"

#define ITEMS 100000
#define TIMES 10

/* The facts of all items one behind the other, those that are there alone, as
 * compact as a row of the table. */
struct cell {
    uint16_t fact; uint16_t kind; uint32_t len;
    union { int64_t i; double real; const char *p; } as;
};
static struct cell *cell;
static size_t cells, cell_room, *begin;         // begin[n]: where item n begins
static bool needed[FACT_COUNT];
static int *ours;

static double seconds(void)
{
    struct timespec t;

    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec + (double)t.tv_nsec / 1e9;
}

static int load(void *from, const char *name, struct buf *out, struct err *err)
{
    char path[256];

    (void)from;
    snprintf(path, sizeof path, "classify/%s", name);
    return file_read(path, 1 << 20, out, err);
}

static const struct rules_loader loader = { load, NULL };

/* ---- a population: two thirds public, a third refused, as in real audits ---- */

static void put(enum fact f, struct value v)
{
    struct cell c = { (uint16_t)f, (uint16_t)v.kind, (uint32_t)v.text.n, { v.i } };

    if (!needed[f])
        return;
    if (v.kind == VAL_TEXT)
        c.as.p = v.text.p;
    else if (v.kind == VAL_REAL)
        c.as.real = v.real;
    if (cells == cell_room) {
        cell_room = cell_room ? 2 * cell_room : 1 << 16;
        cell = xrealloc(cell, cell_room * sizeof *cell);
    }
    cell[cells++] = c;
}

static struct value value_of(const struct cell *c)
{
    return c->kind == VAL_INT ? value_int(c->as.i) : c->kind == VAL_REAL ? value_real(c->as.real)
         : value_text((struct str){ c->as.p, c->len });
}

static void put_refused(uint64_t r)
{
    static const struct { int code; const char *msg;
    } said[] = {
        { 10204, "item doesn't exist" },
        { 10204, "item doesn't exist" },
        { 10204, "status_deleted" },
        { 10204, "item_privacy_authorization&status_deleted" },
        { 10204, "status_self_see" },
        { 10204, "item_privacy_authorization&status_self_see" },
        { 10222, "author_secret" },
        { 10204, "author_status" },
        { 10204, "status_friend_see" },
        { 10204, "content_classification" },
        { 10204, "cross_border_violation_ur" },
        { 10204, "status_audit_not_pass" },
        { 10217, "" },
    };
    size_t i = r % (sizeof said / sizeof *said);

    put(FACT_PAGE_OUTCOME, value_text(STR("refused")));
    put(FACT_PAGE_CODE, value_int(said[i].code));
    put(FACT_PAGE_MSG, value_text(str_of(said[i].msg)));
    if (i < 2)
        put(FACT_PAGE_OEMBED, value_text(r % 29 == 0 ? STR("public") : STR("refused")));
}

static void put_public(uint64_t r)
{
    static const char *const places[] = { "US", "GB", "DE", "FR", "IT", "PL", "CA", "BR" };
    static const char *const names[] = { "ada.example", "bo_example",
                                         "tiktok",      "some.longer.user.name",
                                         "x1",          "example_five",
                                         "example_six", "tiktok_fan",
                                         "nine",        "ten.example" };

    put(FACT_PAGE_OUTCOME, value_text(STR("public")));
    put(FACT_PAGE_CODE, value_int(0));
    put(FACT_PAGE_MSG, value_text(STR("")));
    put(FACT_PAGE(FIELD_PLACE), value_text(str_of(places[r % 8])));
    put(FACT_PAGE(FIELD_AUTHOR), value_text(str_of(names[(r >> 8) % 10])));
    put(FACT_PAGE(FIELD_IS_AD), value_int((r >> 16) % 20 == 0));
    put(FACT_PAGE(FIELD_MUSIC_TITLE),
        value_text((r >> 24) % 50 ? STR("original sound - example") : STR("Promoted Music")));
    put(FACT_PAGE(FIELD_AUTHOR_AD), value_int(0));
    if ((r >> 32) % 10 == 0)
        put(FACT_PAGE(FIELD_ANCHORS), value_text((r >> 36) % 2 ? STR("28\n33") : STR("28")));
    if ((r >> 40) % 30 == 0)
        put(FACT_PAGE(FIELD_BA_INFO), value_text(STR("{\"name\":\"example\"}")));
    put(FACT_ACCOUNT_TRIALS, value_int((int64_t)((r >> 44) % 12)));
    put(FACT_ACCOUNT_MIN_ITEMS, value_int(5));
    put(FACT_ACCOUNT_RETRIEVED, value_int((r >> 48) % 3 ? 4 : 0));
    put(FACT_ACCOUNT_Q, value_real((r >> 52) % 4 ? 0.5 : 0.001));
    put(FACT_ACCOUNT_CANADA, value_real((r >> 56) % 40 ? 0.01 : 0.8));
}

static void population(const struct rules *rs)
{
    for (int f = 0; f < FACT_COUNT; f++)
        needed[f] = rules_need(rs, (enum fact)f);
    begin = xcalloc(ITEMS + 1, sizeof *begin);
    ours = xcalloc(ITEMS, sizeof *ours);
    for (int64_t n = 0; n < ITEMS; n++) {
        uint64_t r = mix64((uint64_t)n);

        begin[n] = cells;
        if (r % 3 == 0)
            put_refused(r >> 8);
        else
            put_public(r);
    }
    begin[ITEMS] = cells;
}

static double label_by_rules(const struct rules *rs)
{
    static struct facts g;
    double start = seconds();

    for (int64_t i = 0; i < (int64_t)ITEMS * TIMES; i++) {
        int64_t n = i % ITEMS;
        const struct rule *r, *gave_up;

        for (size_t c = begin[n]; c < begin[n + 1]; c++)
            g.val[cell[c].fact] = value_of(&cell[c]);
        r = rules_match(rs, &g, rules_len(rs), &gave_up);
        ours[n] = r ? (int)r->no : -1;
        for (size_t c = begin[n]; c < begin[n + 1]; c++)
            g.val[cell[c].fact].kind = VAL_NONE;
    }
    return seconds() - start;
}

/* ---- the same in SQL ---- */

static void free_code(void *code)
{
    pcre2_code_free(code);
}

static pcre2_match_data *found;

static void sql_regexp(sqlite3_context *ctx, int argc, sqlite3_value **argv)
{
    pcre2_code *code = sqlite3_get_auxdata(ctx, 0);
    PCRE2_SIZE at;
    int why;

    (void)argc;
    if (sqlite3_value_type(argv[1]) == SQLITE_NULL) {
        sqlite3_result_null(ctx);
        return;
    }
    if (!code) {
        code = pcre2_compile(sqlite3_value_text(argv[0]), PCRE2_ZERO_TERMINATED,
                             PCRE2_CASELESS | PCRE2_UTF | PCRE2_UCP | PCRE2_MATCH_INVALID_UTF, &why,
                             &at, NULL);
        if (!code) {
            sqlite3_result_error(ctx, "bad pattern", -1);
            return;
        }
        pcre2_jit_compile(code, PCRE2_JIT_COMPLETE);
        sqlite3_set_auxdata(ctx, 0, code, free_code);
        code = sqlite3_get_auxdata(ctx, 0);
        if (!code)
            return;
    }
    sqlite3_result_int(ctx,
                       pcre2_match(code, sqlite3_value_text(argv[1]),
                                   (size_t)sqlite3_value_bytes(argv[1]), 0, 0, found, NULL) >= 0);
}

static void sql_name(struct buf *sql, enum fact f)
{
    buf_printf(sql, "c%d", (int)f);
}

static void sql_text(struct buf *sql, struct str s)
{
    buf_char(sql, '\'');
    for (size_t i = 0; i < s.n; i++) {
        if (s.p[i] == '\'')
            buf_char(sql, '\'');
        buf_char(sql, s.p[i]);
    }
    buf_char(sql, '\'');
}

static void sql_list(struct buf *sql, const struct expr *e)
{
    struct buf file = {0};
    struct err err = {0};
    struct str rest = e->text, piece;
    char sep = ',', path[128];
    bool first = true;

    if (e->text.p[0] == '@') {
        snprintf(path, sizeof path, "%.*s", (int)e->text.n - 1, e->text.p + 1);
        if (load(NULL, path, &file, &err))
            die("%s", err.msg);
        rest = buf_view(&file);
        sep = '\n';
    }
    buf_puts(sql, e->is_handle ? "lower(" : "(");
    sql_name(sql, e->fact);
    buf_puts(sql, ") IN (");
    while (str_cut(&rest, sep, &piece)) {
        int64_t number;

        piece = str_trim(piece);
        if (piece.n == 0 || piece.p[0] == '#')
            continue;
        if (!first)
            buf_char(sql, ',');
        first = false;
        if (str_i64(piece, &number))
            buf_str(sql, piece);
        else
            sql_text(sql, piece);
    }
    buf_char(sql, ')');
    buf_release(&file);
}

static void sql_condition(struct buf *sql, const struct expr *e)
{
    static const char *const signs[] = { "=", "<>", "<", "<=", ">", ">=" };

    if (e->op == EXPR_IN) {
        sql_list(sql, e);
        return;
    }
    if (e->is_set) {
        buf_puts(sql, "instr(char(10)||");
        sql_name(sql, e->fact);
        buf_printf(sql, "||char(10),char(10)||'%.*s'||char(10))>0", STR_ARG(e->text));
        return;
    }
    if (e->op == EXPR_UNLIKE)
        buf_puts(sql, "NOT ");
    sql_name(sql, e->fact);
    if (e->op == EXPR_PRESENT || e->op == EXPR_ABSENT) {
        buf_puts(sql, e->op == EXPR_ABSENT ? " IS NULL" : " IS NOT NULL");
    } else if (e->op == EXPR_LIKE || e->op == EXPR_UNLIKE) {
        buf_puts(sql, " REGEXP ");
        sql_text(sql, e->text);
    } else {
        buf_puts(sql, signs[e->op]);
        if (e->other != FACT_COUNT)
            sql_name(sql, e->other);
        else if (e->is_int)
            buf_printf(sql, "%lld", (long long)e->i);
        else if (e->is_real)
            buf_printf(sql, "%.17g", e->real);
        else
            sql_text(sql, e->text);
    }
}

static void sql_must(sqlite3 *db, int rc, int want)
{
    if (rc != want)
        die("SQLite: %s", sqlite3_errmsg(db));
}

static void sql_bind(sqlite3_stmt *st, int at, const struct cell *c)
{
    if (c->kind == VAL_INT)
        sqlite3_bind_int64(st, at, c->as.i);
    else if (c->kind == VAL_REAL)
        sqlite3_bind_double(st, at, c->as.real);
    else
        sqlite3_bind_text(st, at, c->as.p, (int)c->len, SQLITE_STATIC);
}

static void sql_fill(sqlite3 *db)
{
    struct buf create = {0}, insert = {0};
    int place[FACT_COUNT], columns = 1;
    sqlite3_stmt *st;

    buf_puts(&create, "CREATE TABLE f(n INTEGER PRIMARY KEY");
    buf_puts(&insert, "INSERT INTO f VALUES(?");
    for (int f = 0; f < FACT_COUNT; f++) {
        if (!needed[f])
            continue;
        place[f] = ++columns;
        buf_printf(&create, ",c%d", f);
        buf_puts(&insert, ",?");
    }
    buf_puts(&create, ")");
    buf_puts(&insert, ")");
    sql_must(db, sqlite3_exec(db, buf_cstr(&create), NULL, NULL, NULL), SQLITE_OK);
    sql_must(db, sqlite3_prepare_v2(db, buf_cstr(&insert), -1, &st, NULL), SQLITE_OK);
    sql_must(db, sqlite3_exec(db, "BEGIN", NULL, NULL, NULL), SQLITE_OK);
    for (int64_t n = 0; n < ITEMS; n++) {
        sqlite3_clear_bindings(st);
        sqlite3_bind_int64(st, 1, n);
        for (size_t c = begin[n]; c < begin[n + 1]; c++)
            sql_bind(st, place[cell[c].fact], &cell[c]);
        sql_must(db, sqlite3_step(st), SQLITE_DONE);
        sqlite3_reset(st);
    }
    sql_must(db, sqlite3_exec(db, "COMMIT", NULL, NULL, NULL), SQLITE_OK);
    sqlite3_finalize(st);
    buf_release(&create);
    buf_release(&insert);
}

/* The CASE is written with each rule's conditions in the order in which the
 * rules try them, so SQLite too compares before it searches. */
static double label_by_sql(sqlite3 *db, const struct rules *rs, int64_t *other)
{
    struct buf sql = {0};
    sqlite3_stmt *st;
    double start, took;

    buf_puts(&sql, "SELECT n, CASE");
    for (size_t i = 0; i < rules_len(rs); i++) {
        const struct rule *r = rules_at(rs, i);

        buf_puts(&sql, " WHEN ");
        for (size_t j = 0; j < r->len; j++) {
            buf_puts(&sql, j ? " AND " : "");
            sql_condition(&sql, &r->when[j]);
        }
        buf_printf(&sql, " THEN %zu", i);
    }
    buf_puts(&sql, " ELSE -1 END FROM f ORDER BY n");
    start = seconds();
    sql_must(db, sqlite3_prepare_v2(db, buf_cstr(&sql), -1, &st, NULL), SQLITE_OK);
    for (int i = 0; i < TIMES; i++) {
        while (sqlite3_step(st) == SQLITE_ROW)
            *other += sqlite3_column_int(st, 1) != ours[sqlite3_column_int64(st, 0)];
        sqlite3_reset(st);
    }
    took = seconds() - start;
    sqlite3_finalize(st);
    buf_release(&sql);
    return took;
}

int main(void)
{
    struct buf text = {0};
    struct err err = {0};
    struct rules *rs = NULL;
    sqlite3 *db = NULL;
    double rules_s = INFINITY, sql_s = INFINITY;
    int64_t other = 0;

    if (file_read("classify/default.rules", 1 << 20, &text, &err) ||
        rules_parse(&rs, "classify/default.rules", buf_view(&text), &loader, &err)) {
        fprintf(stderr, "%s\n", err.msg);
        return 2;
    }
    found = pcre2_match_data_create(1, NULL);
    population(rs);
    if (sqlite3_open(":memory:", &db) != SQLITE_OK)
        return 5;
    sqlite3_create_function(db, "regexp", 2, SQLITE_UTF8 | SQLITE_DETERMINISTIC, NULL, sql_regexp,
                            NULL, NULL);
    sql_fill(db);
    for (int turn = 0; turn < 3; turn++) {              // the best of three, taken in turns
        rules_s = fmin(rules_s, label_by_rules(rs));
        sql_s = fmin(sql_s, label_by_sql(db, rs, &other));
    }
    printf(
        "label 1,000,000 items by %zu rules | %.2f s | SQL CASE in SQLite %.2f s | %.1f x | at "
        "least 3 x\n",
        rules_len(rs), rules_s, sql_s, sql_s / rules_s);
    if (other)
        fprintf(stderr, "%lld labels differ\n", (long long)other);
    sqlite3_close(db);
    pcre2_match_data_free(found);
    rules_free(rs);
    buf_release(&text);
    free(cell);
    free(begin);
    free(ours);
    return other ? 1 : sql_s / rules_s >= 3 ? 0 : 1;
}
