/* report/package.c: a table described for other programs, and read by them. */
#include "report/package.h"
#include <stdlib.h>
#include "base/embed.h"
#include "base/file.h"
#include "base/json_out.h"

EMBED(package_load_py, "report/package_load.py");
EMBED(package_load_r, "report/package_load.R");

/* ---- how each type is called elsewhere ---- */

static const struct { const char *frictionless, *format, *yes, *no, *r, *duckdb; } types[] = {
    [COLUMN_TEXT]    = { "string", NULL, NULL, NULL, "text", "VARCHAR" },
    [COLUMN_URL]     = { "string", "uri", NULL, NULL, "text", "VARCHAR" },
    [COLUMN_INSTANT] = { "datetime", NULL, NULL, NULL, "instant", "TIMESTAMP" },
    [COLUMN_SECONDS] = { "integer", NULL, NULL, NULL, "number", "BIGINT" },
    [COLUMN_INT]     = { "integer", NULL, NULL, NULL, "number", "BIGINT" },
    [COLUMN_REAL]    = { "number", NULL, NULL, NULL, "number", "DOUBLE" },
    [COLUMN_YES_NO]  = { "boolean", NULL, "yes", "no", "truth", "VARCHAR" },
    [COLUMN_FLAG]    = { "boolean", NULL, "1", "0", "truth", "VARCHAR" },
    [COLUMN_BOOL]    = { "boolean", NULL, "true", "false", "truth", "VARCHAR" },
    [COLUMN_JSON]    = { "string", NULL, NULL, NULL, "text", "VARCHAR" },
};

/* ---- datapackage.json ---- */

static void put_words(struct json_out *o, const struct column *c)
{
    const char *word;

    json_open_list(o, "enum");
    for (int i = 0; (word = column_word(c->words, i)); i++)
        json_put_word(o, NULL, word);
    json_close(o);
}

static void put_about(struct json_out *o, const struct column *c)
{
    const struct field_info *info;
    struct buf text = {0};

    if (c->field == FIELD_COUNT) {
        json_put_word(o, "description", c->about);
        return;
    }
    info = field_info(c->field);
    buf_printf(&text, "of the API: %s; of the page's item: %s",
               *info->api_key ? info->api_key : "not there",
               *info->page_path ? info->page_path : "not there");
    if (info->type == TYPE_SET && c->type == COLUMN_TEXT)
        buf_puts(&text, "; several, apart by blanks");
    if (c->type == COLUMN_JSON)
        buf_puts(&text, "; JSON");
    json_put_text(o, "description", buf_view(&text));
    buf_release(&text);
}

static void put_truth(struct json_out *o, const char *key, const char *word)
{
    json_open_list(o, key);
    json_put_word(o, NULL, word);
    json_close(o);
}

static void put_column(struct json_out *o, const struct column *c)
{
    json_open(o, NULL);
    json_put_text(o, "name", c->name);
    json_put_word(o, "type", types[c->type].frictionless);
    if (types[c->type].format)
        json_put_word(o, "format", types[c->type].format);
    if (types[c->type].yes) {
        put_truth(o, "trueValues", types[c->type].yes);
        put_truth(o, "falseValues", types[c->type].no);
    }
    put_about(o, c);
    if (*c->unit)
        json_put_word(o, "unit", c->unit);
    if (c->key || c->words) {
        json_open(o, "constraints");
        if (c->key)
            json_put_bool(o, "required", true);
        if (c->words)
            put_words(o, c);
        json_close(o);
    }
    json_close(o);
}

static void put_dialect(struct json_out *o)
{
    json_open(o, "dialect");
    json_put_word(o, "delimiter", ",");
    json_put_word(o, "quoteChar", "\"");
    json_put_bool(o, "doubleQuote", true);
    json_put_word(o, "lineTerminator", "\r\n");
    json_put_bool(o, "header", true);
    json_close(o);
}

static void put_schema(struct json_out *o, enum table table)
{
    struct column column[COLUMNS_MAX];
    size_t n = table_columns(table, column);

    json_open(o, "schema");
    json_open_list(o, "fields");
    for (size_t i = 0; i < n; i++)
        put_column(o, &column[i]);
    json_close(o);
    put_truth(o, "missingValues", "");
    json_open_list(o, "primaryKey");
    for (size_t i = 0; i < n; i++)
        if (column[i].key)
            json_put_text(o, NULL, column[i].name);
    json_close(o);
    json_close(o);
}

static void put_package(struct buf *out, const char *title, const struct package_table *table,
                        size_t len)
{
    struct json_out o = { .buf = out };
    struct buf path = {0};

    json_open(&o, NULL);
    json_put_word(&o, "profile", "tabular-data-package");
    json_put_word(&o, "name", "blindspot");
    json_put_word(&o, "title", title);
    json_put_word(&o, "description",
                  "Ids are text: as numbers they lose their last digits in most programs. Unless "
                  "it was written with --raw, a cell of outside text that a spreadsheet would "
                  "take for a formula begins with an apostrophe.");
    json_open_list(&o, "resources");
    for (size_t i = 0; i < len; i++) {
        buf_clear(&path);
        buf_printf(&path, "%s.csv", table[i].name);
        json_open(&o, NULL);
        json_put_word(&o, "profile", "tabular-data-resource");
        json_put_word(&o, "name", table[i].name);
        json_put_text(&o, "path", buf_view(&path));
        json_put_word(&o, "format", "csv");
        json_put_word(&o, "mediatype", "text/csv");
        json_put_word(&o, "encoding", "utf-8");
        put_dialect(&o);
        put_schema(&o, table[i].table);
        json_close(&o);
    }
    json_close(&o);
    json_close(&o);
    buf_char(out, '\n');
    buf_release(&path);
}

/* ---- load.R and load.sql ---- */

static void put_r(struct buf *out, const struct package_table *table, size_t len)
{
    struct column column[COLUMNS_MAX];

    buf_str(out, (struct str){ package_load_r, package_load_r_len });
    for (size_t t = 0; t < len; t++) {
        size_t n = table_columns(table[t].table, column);

        buf_printf(out, "\n%s <- blindspot_read(\"%s.csv\", c(", table[t].name, table[t].name);
        for (size_t i = 0; i < n; i++)
            buf_printf(out, "%s\n  %.*s = \"%s\"", i ? "," : "", STR_ARG(column[i].name),
                       types[column[i].type].r);
        buf_puts(out, "))\n");
    }
}

static void put_sql_table(struct buf *out, const struct package_table *table)
{
    struct column column[COLUMNS_MAX];
    size_t n = table_columns(table->table, column), truths = 0;

    buf_printf(out, "\nCREATE OR REPLACE TABLE %s AS SELECT *", table->name);
    for (size_t i = 0; i < n; i++)
        if (types[column[i].type].yes)
            buf_printf(out, "%s\n    %.*s = '%s' AS %.*s", truths++ ? "," : " REPLACE (",
                       STR_ARG(column[i].name), types[column[i].type].yes, STR_ARG(column[i].name));
    buf_printf(out,
               "%s FROM read_csv('%s.csv', auto_detect = false, header = true, delim = ',',\n"
               "    quote = '\"', escape = '\"', nullstr = '', new_line = '\\r\\n', columns = {",
               truths ? ")" : "", table->name);
    for (size_t i = 0; i < n; i++)
        buf_printf(out, "%s\n    '%.*s': '%s'", i ? "," : "", STR_ARG(column[i].name),
                   types[column[i].type].duckdb);
    buf_puts(out, "});\n");
}

static void put_sql(struct buf *out, const struct package_table *table, size_t len)
{
    buf_puts(out, "-- For DuckDB, run where the tables lie: .read load.sql. Ids stay text and\n"
                  "-- exact; an empty cell is NULL; instants are UTC. What a column means is said\n"
                  "-- in datapackage.json.\n");
    for (size_t i = 0; i < len; i++)
        put_sql_table(out, &table[i]);
}

/* ---- all four ---- */

static int put_file(const char *dir, const char *name, struct str text, struct err *err)
{
    char *path = file_join(dir, name);
    int rc = file_write_derived(path, text, err);

    free(path);
    return rc;
}

int report_package(const char *dir, const char *title, const struct package_table *table,
                   size_t len, struct err *err)
{
    const struct str py = { package_load_py, package_load_py_len };
    struct buf json = {0}, r = {0}, sql = {0};
    int rc;

    put_package(&json, title, table, len);
    put_r(&r, table, len);
    put_sql(&sql, table, len);
    rc = put_file(dir, "datapackage.json", buf_view(&json), err) ||
                 put_file(dir, "load.py", py, err) || put_file(dir, "load.R", buf_view(&r), err) ||
                 put_file(dir, "load.sql", buf_view(&sql), err)
             ? -1
             : 0;
    buf_release(&json);
    buf_release(&r);
    buf_release(&sql);
    return rc;
}
