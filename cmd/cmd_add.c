/* cmd/cmd_add.c: items in. */
#include "cmd/cmd.h"
#include "cmd/sentences.h"

static struct { const char *column, *key; bool json; } given;
static const struct opt options[] = {
    OPT_TEXT("column", &given.column, "NAME|N",
             "of CSV and TSV: the column that holds links or ids"),
    OPT_TEXT("key", &given.key, "NAME", "of JSON: the key that holds links or ids"),
    OPT_FLAG("json", &given.json, "print the counts as JSON"),
    OPT_END
};
static const char about[] =
    "Takes items in: lists of links or ids, CSV and TSV, Excel workbooks (.xlsx), JSON and "
    "JSONL, donation packages of TikTok (JSON, TXT or ZIP), archives (WARC, WACZ, HAR: the "
    "posts whose pages were archived), ZIP files of any of these. The content of a file decides "
    "what it is, not its name. Of a folder every file is read, in the order of their names, in "
    "folders within it too; hidden ones are left out.\n\n"
    "Of each file it says how many links it saw, how many items it took, how many were there "
    "already, and what it skipped and why; of a table which column was taken and how many rows "
    "gave nothing. All that was seen is a new item, a duplicate, skipped by kind, or a short "
    "link, and `status` and the report go on to say of each short link where it stands. A file "
    "of which nothing could be taken costs the others nothing: it is named, and the exit code "
    "is 2.\n\n"
    "In a table without `--column` the column is found by what it holds, and a row whose cell "
    "is empty gives its next best one. Ids that a program or a spreadsheet rounded are skipped "
    "as spoiled_id: they are told by how many ids of the file end alike. Of a donation package "
    "links alone are read: never messages, logins, searches, or times of watching. Of what "
    "Zeeschuimer, 4CAT, yt-dlp, TikTok-Api, pyktok, Apify and gallery-dl write, the posts that "
    "are listed are the items; links in captions, and pages that a collector came by, are none.";

static int run(struct app *app, struct err *err)
{
    const struct add_opts o = { .column = given.column, .key = given.key };

    return sentences_add(&app->audit, app->operand, app->operands, &o,
                         given.json ? &app->out : NULL, &app->code, err);
}

const struct action cmd_add = {
    .options = options, .about = about, .run = run, .series = SERIES_AUDIT
};
