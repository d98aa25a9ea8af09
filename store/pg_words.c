/* store/pg_words.c: SQL of ours in PostgreSQL's words, word by word. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/err.h"
#include "store/columns.h"
#include "store/pg_words.h"

/* ---- what is wanted ---- */
static unsigned type_of(char kind, bool many)
{
    switch (tolower((unsigned char)kind)) {
    case 'i': return many ? PG_INT8S : PG_INT8;
    case 'r': return many ? PG_FLOAT8S : PG_FLOAT8;
    case 'b': return many ? PG_BYTEAS : PG_BYTEA;
    case 'v': return many ? PG_JSONS : PG_JSON;
    default: return many ? PG_TEXTS : PG_TEXT;
    }
}

static void want(struct pg_wants *w, char kind, int arg, int column)
{
    if (w->n == PG_PARAMS_MAX)
        die("a statement has more than %d parameters", PG_PARAMS_MAX);
    w->type[w->n] = type_of(kind, column >= 0);
    w->kind[w->n] = kind;
    w->arg[w->n] = (short)arg;
    w->column[w->n++] = (short)column;
}

/* Of the columns "iit{drift}"; gives what stands behind them. */
static const char *want_columns(struct pg_wants *w, const char *args, int arg)
{
    int column = 0;

    for (; *args != ')'; args++) {
        const struct columns_list *l;

        if (*args != '{') {
            want(w, *args, arg, column++);
            continue;
        }
        l = columns_of(args[1] == 'a' ? COLUMNS_ALL : COLUMNS_DRIFT);
        for (int i = 0; i < l->len; i++)
            want(w, strcmp(columns_type(l->f[i]), "TEXT") ? 'i' : 't', arg, column++);
        args = strchr(args, '}');
    }
    return args + 1;
}

void pg_wants(struct pg_wants *w, const char *args)
{
    w->n = 0;
    for (int arg = 0; *args; arg++) {
        if (*args == 's') {
            args = want_columns(w, args + 2, arg);
        } else {
            want(w, *args++, arg, -1);
        }
    }
}

/* ---- words ---- */
static const struct {
    const char *ours, *theirs;
} words[] = {
    { "CROSS", "" },    // it only says what is walked first
    { "INTEGER", "bigint" },
    { "BLOB", "bytea" },
    { "REAL", "double precision" },
    { "TEXT", "text COLLATE \"C\"" },    // texts are compared byte by byte
    { "WITHOUT", "" },
    { "ROWID", "" },
    { "VIRTUAL", "STORED" },
    { "offset", "\"offset\"" },
    { "group_concat", "string_agg" },
};
/* Longer ones: a column of values of a field has no type in SQLite; an instant as text. */
static const struct {
    const char *ours, *theirs;
} phrases[] = {
    { "api, page,\n", "api json, page json,\n" },
    { "strftime('%Y-%m-%dT%H:%M:%SZ', ", "to_char(to_timestamp(" },
    { ", 'unixepoch')", ") AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS\"Z\"')" },
};

static bool in_word(char c) { return isalnum((unsigned char)c) || c == '_'; }

/* Arguments between the parenthesis at p and its end. */
static int arguments(const char *p)
{
    int depth = 0, n = 1;

    do {
        depth += (*p == '(') - (*p == ')');
        n += *p == ',' && depth == 1;
    } while (*++p && depth > 0);
    return n;
}

static size_t put_word(struct buf *out, const char *sql)
{
    size_t n = 0;
    struct str word;

    while (in_word(sql[n]))
        n++;
    word = (struct str){ sql, n };
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++)
        if (str_eq(word, str_of(words[i].ours))) {
            buf_puts(out, words[i].theirs);
            return n;
        }
    if (sql[n] == '(' && (str_eq(word, STR("max")) || str_eq(word, STR("min"))) &&
        arguments(sql + n) > 1)
        buf_puts(out, sql[1] == 'a' ? "greatest" : "least");
    else
        buf_str(out, word);
    return n;
}

/* "{rows 1} g" */
static size_t put_rows(struct buf *out, const char *sql, const struct pg_wants *w)
{
    const size_t n = sizeof "{rows 1} g" - 1;
    const int arg = sql[6] - '1';
    const char *comma = "";

    buf_puts(out, "unnest(");
    for (int i = 0; i < w->n; i++)
        if (w->arg[i] == arg) {
            buf_printf(out, "%s$%d", comma, i + 1);
            comma = ", ";
        }
    buf_puts(out, ") AS g(");
    comma = "";
    for (int i = 0; i < w->n; i++)
        if (w->arg[i] == arg) {
            buf_printf(out, "%sc%d", comma, w->column[i]);
            comma = ", ";
        }
    buf_puts(out, ")");
    return n;
}

static size_t put_parameter(struct buf *out, const char *sql, const struct pg_wants *w)
{
    char *end;
    const long arg = strtol(sql + 1, &end, 10) - 1;

    for (int i = 0; i < w->n; i++)
        if (w->arg[i] == arg)
            buf_printf(out, "$%d", i + 1);
    return (size_t)(end - sql);
}

/* A text, a quoted name or a comment: as it stands. */
static size_t put_quoted(struct buf *out, const char *sql)
{
    const char end = *sql == '-' ? '\n' : *sql;
    size_t n = 1;

    while (sql[n] && sql[n] != end)
        n++;
    n += sql[n] != 0;
    buf_add(out, sql, n);
    return n;
}

static size_t put_phrase(struct buf *out, const char *sql)
{
    for (size_t i = 0; i < sizeof phrases / sizeof phrases[0]; i++)
        if (strncmp(sql, phrases[i].ours, strlen(phrases[i].ours)) == 0) {
            buf_puts(out, phrases[i].theirs);
            return strlen(phrases[i].ours);
        }
    return 0;
}

void pg_words(struct buf *out, const char *sql, const struct pg_wants *w)
{
    struct buf lists = { 0 };
    const char *p;
    size_t n;

    columns_expand(&lists, sql);
    for (p = buf_cstr(&lists); *p; p += n) {
        if ((n = put_phrase(out, p)))
            continue;
        if (*p == '\'' || *p == '"' || (*p == '-' && p[1] == '-')) {
            n = put_quoted(out, p);
        } else if (w && strncmp(p, "{rows ", 6) == 0) {
            n = put_rows(out, p, w);
        } else if (w && *p == '?') {
            n = put_parameter(out, p, w);
        } else if (isalpha((unsigned char)*p) || *p == '_') {
            n = put_word(out, p);
        } else {
            buf_char(out, *p);
            n = in_word(*p) ? strspn(p, "0123456789") : 1;
            buf_add(out, p + 1, n - 1);
        }
    }
    buf_release(&lists);
}
