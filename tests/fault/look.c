/* tests/fault/look.c: looks at databases with SQLite alone, not with the product.
 *   look sound FILE...     "PRAGMA integrity_check" of each that exists; says what is wrong
 *   look labels AUDIT.db   one line an item: id and the label that was given
 *   look columns FILE      every column that holds something, as TABLE.COLUMN
 *   look set FILE TABLE.COLUMN VALUE   VALUE (SQL) in every row of it
 *   look flip FILE SEED    damages the file: a byte, a page, or the end, by seed */
#include <sqlite3.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

static int each_row(const char *path, const char *sql, int sound)
{
    sqlite3 *db = NULL;
    sqlite3_stmt *st = NULL;
    int rc = sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL), bad = 0;

    if (rc == SQLITE_OK)
        rc = sqlite3_prepare_v2(db, sql, -1, &st, NULL);
    while (rc == SQLITE_OK || rc == SQLITE_ROW) {
        const char *text;

        if ((rc = sqlite3_step(st)) != SQLITE_ROW)
            break;
        text = (const char *)sqlite3_column_text(st, 0);
        if (sound && text && strcmp(text, "ok") == 0)
            continue;
        bad = sound;
        printf("%s%s%s\n", sound ? path : "", sound ? ": " : "", text ? text : "");
    }
    if (rc != SQLITE_DONE) {
        printf("%s: %s\n", path, sqlite3_errmsg(db));
        bad = 1;
    }
    sqlite3_finalize(st);
    sqlite3_close(db);
    return bad;
}

static int columns(const char *path)
{
    return each_row(
        path,
        "SELECT m.name || '.' || t.name FROM sqlite_schema m JOIN pragma_table_xinfo(m.name) t"
        " WHERE m.type = 'table' AND m.name NOT LIKE 'sqlite%' AND t.hidden = 0 ORDER BY 1",
        0);
}

static int set_column(const char *path, const char *column, const char *value)
{
    const char *dot = strchr(column, '.');
    sqlite3 *db = NULL;
    char *sql = NULL, *why = NULL;
    int rc = dot ? sqlite3_open_v2(path, &db, SQLITE_OPEN_READWRITE, NULL) : SQLITE_MISUSE;

    if (rc == SQLITE_OK && (sql = sqlite3_mprintf("UPDATE OR IGNORE \"%.*s\" SET \"%s\" = %s",
                                                  (int)(dot - column), column, dot + 1, value)))
        rc = sqlite3_exec(db, sql, NULL, NULL, &why);
    if (rc != SQLITE_OK)
        printf("%s = %s: %s\n", column, value, why ? why : "?");
    sqlite3_free(why);
    sqlite3_free(sql);
    sqlite3_close(db);
    return rc != SQLITE_OK;
}

/* One byte of three in the first pages, where a small store keeps its schema. */
static int flip(const char *path, unsigned seed)
{
    FILE *f = fopen(path, "r+b");
    long size, at;
    int c;

    if (!f || fseek(f, 0, SEEK_END) || (size = ftell(f)) <= 0)
        return 1;
    srand(seed);
    at = rand() % 3 ? rand() % size : rand() % (size < 8192 ? size : 8192);
    switch (seed % 5) {
    case 0:
        return ftruncate(fileno(f), at) || fclose(f);
    case 1:
        for (long i = at; i < at + 512 && i < size; i++)
            if (fseek(f, i, SEEK_SET) || fputc(rand() % 2 ? 0 : rand() % 256, f) == EOF)
                return 1;
        return fclose(f);
    default:
        if (fseek(f, at, SEEK_SET) || (c = fgetc(f)) == EOF || fseek(f, at, SEEK_SET) ||
            fputc(c ^ (1 << rand() % 8), f) == EOF)
            return 1;
        return fclose(f);
    }
}

int main(int argc, char **argv)
{
    const char *what = argc > 2 ? argv[1] : "";
    int bad = 0, sound = !strcmp(what, "sound");

    if (!strcmp(what, "columns") && argc == 3)
        return columns(argv[2]);
    if (!strcmp(what, "set") && argc == 5)
        return set_column(argv[2], argv[3], argv[4]);
    if (!strcmp(what, "flip") && argc == 4)
        return flip(argv[2], (unsigned)strtoul(argv[3], NULL, 10));
    if (!sound && strcmp(what, "labels") != 0) {
        fputs("usage: look sound|labels|columns|set|flip FILE ...\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (sound && access(argv[i], F_OK))
            continue;
        bad |= each_row(
            argv[i],
            sound
                ? "PRAGMA integrity_check"
                : "SELECT i.id || ' ' || coalesce(l.state, '') || ' ' || coalesce(l.label,"
                  " '') || ' ' ||"
                  " coalesce(l.reason, '') || ' ' || coalesce(l.basis,"
                  " '') || ' ' || coalesce(l.confirmed, '')"
                  " FROM item i LEFT JOIN label l ON l.item = i.n ORDER BY i.id",
            sound);
    }
    return bad;
}
