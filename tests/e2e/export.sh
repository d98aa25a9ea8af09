#!/bin/sh
# What other programs read: every CSV has a datapackage.json beside it that is true of each
# cell, and scripts that load it with ids exact; records under the API's own names.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite export

# described DIR: each table's cells against datapackage.json, by a reading of its own.
described() {
    python3 - "$1" <<'PYTHON'
import csv, json, re, sys

here = sys.argv[1]
package = json.load(open(here + "/datapackage.json", encoding="utf-8"))
forms = {
    "integer": r"-?\d+", "number": r"-?\d+(\.\d+)?(e-?\d+)?", "string": r"(?s).*",
    "datetime": r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
}
for resource in package["resources"]:
    fields = resource["schema"]["fields"]
    text = open(here + "/" + resource["path"], encoding="utf-8", newline="").read()
    table = list(csv.reader(text.splitlines(True)))
    if table[0] != [f["name"] for f in fields]:
        print(resource["name"], "header", table[0])
    if len(table) < 2 or len({f["name"] for f in fields}) != len(fields):
        print(resource["name"], "rows or names")
    if not all(f["description"] for f in fields):
        print(resource["name"], "a column without a description")
    if any(f["name"] == "id" and f["type"] != "string" for f in fields):
        print(resource["name"], "an id that is no string")
    keys = set()
    for row in table[1:]:
        cells = dict(zip([f["name"] for f in fields], row))
        keys.add(tuple(cells[k] for k in resource["schema"]["primaryKey"]))
        if len(row) != len(fields):
            print(resource["name"], "cells", row)
        for f in fields:
            cell, rules = cells[f["name"]], f.get("constraints", {})
            if cell == "":
                if rules.get("required"):
                    print(resource["name"], f["name"], "empty")
            elif f["type"] == "boolean":
                if cell not in f["trueValues"] + f["falseValues"]:
                    print(resource["name"], f["name"], cell)
            elif not re.fullmatch(forms[f["type"]], cell) or cell not in rules.get("enum", [cell]):
                print(resource["name"], f["name"], cell)
    if len(keys) != len(table) - 1:
        print(resource["name"], "a primary key twice")
PYTHON
}
# ids FILE.csv: the ids of a table, by a reader that knows nothing of its types.
ids() { python3 -c 'import csv, sys; [print(r["id"]) for r in csv.DictReader(open(sys.argv[1], newline=""))]' "$1" | sort; }

# loads DIR TABLE...: each script gives the ids and the number of rows that the file has.
loads() {
    loads_dir=$1; shift
    for table; do
        ids "$loads_dir/$table.csv" >"$T/want"
        python3 -c 'import sys; sys.path.insert(0, sys.argv[1]); import load; [print(r["id"]) for r in load.load()[sys.argv[2]]]' \
            "$loads_dir" "$table" 2>&1 | sort | diff "$T/want" - >"$T/differ"
        expect_empty "load.py: $table" "$T/differ"
        if command -v Rscript >/dev/null 2>&1; then
            Rscript -e 'a <- commandArgs(TRUE); source(file.path(a[1], "load.R")); cat(get(a[2])$id, sep = "\n")' \
                "$loads_dir" "$table" 2>&1 | sort | diff "$T/want" - >"$T/differ"
            expect_empty "load.R: $table" "$T/differ"
        else
            skip "load.R: $table" "Rscript is not installed"
        fi
        if command -v node >/dev/null 2>&1 && node -e 'require("@duckdb/node-api")' 2>/dev/null; then
            (cd "$loads_dir" && node -e '
                const { DuckDBInstance } = require("@duckdb/node-api"), sql = require("fs").readFileSync("load.sql", "utf8");
                (async () => {
                    const db = await (await DuckDBInstance.create(":memory:")).connect();
                    for (const one of sql.split(";\n")) if (one.trim()) await db.run(one);
                    const ids = await db.runAndReadAll("SELECT id FROM " + process.argv[1]);
                    console.log(ids.getRows().map(row => row[0]).join("\n"));
                })().catch(e => console.log(e.message));' "$table") 2>&1 | sort | diff "$T/want" - >"$T/differ"
            expect_empty "load.sql: $table" "$T/differ"
        elif command -v duckdb >/dev/null 2>&1; then
            (cd "$loads_dir" && { cat load.sql; echo "COPY (SELECT id FROM $table) TO '/dev/stdout' (HEADER false);"; } | duckdb -noheader) 2>&1 |
                sort | diff "$T/want" - >"$T/differ"
            expect_empty "load.sql: $table" "$T/differ"
        else
            skip "load.sql: $table" "neither duckdb nor its package for node, @duckdb/node-api, is installed"
        fi
    done
}

make_world "$T/w" 31 120
start_standin "$T/w" --mild
"$BLINDSPOT" -q init "$T/a"
audit_until_done "$T/a" "$T/w/links.txt"
quiet "$T/a" report

described "$T/a/report" >"$T/differ" 2>&1
expect_empty "datapackage.json is true of labels.csv and differences.csv" "$T/differ"
loads "$T/a/report" labels differences

for names in own api; do
    quiet "$T/a" export --names "$names" --to "$T/$names"
    described "$T/$names" >"$T/differ" 2>&1
    expect_empty "--names $names: datapackage.json is true of records.csv" "$T/differ"
    loads "$T/$names" records
    quiet "$T/a" export --names "$names"
    cmp "$T/out" "$T/$names/records.csv" >"$T/differ" 2>&1
    expect_empty "--names $names: the same table on stdout" "$T/differ"
done

# Under the API's names the API's side is what the API sent, value by value.
quiet "$T/a" export --names api --side api --format jsonl
cp "$T/out" "$T/api.jsonl"
quiet "$T/a" export --side api --format jsonl
python3 - "$T/api.jsonl" "$T/out" >"$T/differ" 2>&1 <<'PYTHON'
import datetime, json, sys

def seconds(text):
    return int(datetime.datetime.fromisoformat(text.replace("Z", "+00:00")).timestamp())

api, own = ([json.loads(line) for line in open(name, encoding="utf-8")] for name in sys.argv[1:])
if len(api) != len(own) or not api:
    print("rows", len(api), len(own))
seen = set()
for a, o in zip(api, own):
    seen.update(a)
    for name, other in (("id", "id"), ("video_description", "description"), ("username", "username"),
                        ("view_count", "view_count"), ("music_id", "music_id"), ("hashtag_names", "hashtag_names")):
        if a.get(name) != o.get(other):
            print(name, a.get(name), o.get(other))
    if a["create_time"] != seconds(o["created_at"]):
        print("create_time", a["create_time"], o["created_at"])
    if [h["hashtag_id"] for h in a.get("hashtag_info_list", [])] != o.get("hashtag_ids", []):
        print("hashtag_info_list", a.get("hashtag_info_list"))
    if not isinstance(a.get("is_stem_verified", True), bool) or not isinstance(a.get("video_label", {}), dict):
        print("types", a)
known = set("""id side at video_description create_time region_code share_count view_count like_count comment_count
    music_id hashtag_names username effect_ids playlist_id voice_to_text is_stem_verified favorites_count video_duration
    hashtag_info_list sticker_info_list effect_info_list video_mention_list video_label video_tag""".split())
if seen - known:
    print("names that the API does not have", seen - known)
PYTHON
expect_empty "--names api: the API's names and values" "$T/differ"

quiet "$T/a" export --names theirs
expect "--names of another word is refused" 2 $quiet_rc
expect_text "it says which words there are" "$T/err" 'expects own or api, not "theirs"'
quiet "$T/a" export --to "$T/x" --format jsonl
expect "--to writes no JSON Lines" 2 $quiet_rc
expect_text "it says where they go" "$T/err" 'JSON Lines go to stdout'
quiet "$T/a" export --to "$T/w/links.txt/x"
expect "--to a place that cannot be" 5 $quiet_rc
