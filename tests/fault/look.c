/* tests/fault/look.c: looks at databases with SQLite alone, not with the product.
 *   look sound FILE...     "PRAGMA integrity_check" of each that exists; says what is wrong
 *   look labels AUDIT.db   one line an item: id and the label that was given */
#include <sqlite3.h>
#include <stdio.h>
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

int main(int argc, char **argv)
{
    int bad = 0, sound = argc > 1 && strcmp(argv[1], "sound") == 0;

    if (argc < 3 || (!sound && strcmp(argv[1], "labels") != 0)) {
        fputs("usage: look sound FILE... | look labels AUDIT.db\n", stderr);
        return 2;
    }
    for (int i = 2; i < argc; i++) {
        if (sound && access(argv[i], F_OK))
            continue;
        bad |= each_row(argv[i], sound ? "PRAGMA integrity_check"
            : "SELECT i.id || ' ' || coalesce(l.state, '') || ' ' || coalesce(l.label, '') || ' ' ||"
              " coalesce(l.reason, '') || ' ' || coalesce(l.basis, '') || ' ' || coalesce(l.confirmed, '')"
              " FROM item i LEFT JOIN label l ON l.item = i.n ORDER BY i.id", sound);
    }
    return bad;
}
