#!/bin/sh
# What is handed to the platform's API team: posts with what was expected and what came, requests as
# they were sent, log ids and times; nothing about donors, sources, settings, keys or tokens.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite handover

make_world "$T/w" 53 400
start_standin "$T/w" --mild
mkdir "$T/donors"
cp "$T/w/donation.zip" "$T/donors/Philomena-Quist-1987.zip"
cp "$T/w/links.txt" "$T/donors/browser_of_Osric_Vane.txt"
"$BLINDSPOT" -q init "$T/a"
audit_until_done "$T/a" "$T/w/all.txt" "$T/donors/Philomena-Quist-1987.zip" "$T/donors/browser_of_Osric_Vane.txt"
quiet "$T/a" report
quiet "$T/a" export --for-platform "$T/folder"
expect "the folder is written" 0 $quiet_rc
expect "it holds these files" "README.md asks.csv datapackage.json differences.csv items.csv load.R load.py load.sql requests.csv" \
    "$(cd "$T/folder" && echo * | tr ' ' '\n' | LC_ALL=C sort | tr '\n' ' ' | sed 's/ $//')"

csv "$T/w/truth.csv" id state label reason | awk -F '\t' '$2 == "missing" && $3 != "deleted" && $3 != "private" &&
    ($3 != "unknown" || $4 == "unexplained") { print $1 }' | sort >"$T/want"
csv "$T/folder/items.csv" id got | awk -F '\t' '$2 == "not returned" { print $1 }' | sort | diff "$T/want" - >"$T/differ"
expect_empty "what was not returned is what the truth says" "$T/differ"
csv "$T/a/report/differences.csv" id verdict | awk -F '\t' '$2 == "differs" { print $1 }' | sort -u >"$T/want"
csv "$T/folder/differences.csv" id | sort -u | diff "$T/want" - >"$T/differ"
expect_empty "what differs is what the report says" "$T/differ"

python3 - "$T/folder" "$T/a/report" >"$T/differ" 2>&1 <<'PYTHON'
import csv, json, sys
folder, report = sys.argv[1:]
read = lambda name: list(csv.DictReader(open(name, newline="", encoding="utf-8")))
items = {r["id"]: r for r in read(folder + "/items.csv")}
requests = {r["request"]: r for r in read(folder + "/requests.csv")}
labels = {r["id"]: r for r in read(report + "/labels.csv")}
asks = read(folder + "/asks.csv")
complete = {}
for a in asks:
    if a["id"] not in items:
        print("an ask of another post", a)
    if requests[a["request"]]["complete"] == "yes":
        complete[a["id"]] = complete.get(a["id"], 0) + 1
    body = json.loads(requests[a["request"]]["body"])
    if a["id"] not in body["query"]["and"][0]["field_values"]:
        print("a body without its id", a)
for i, row in items.items():
    if int(row["api_asked"]) != complete.get(i, 0) or row["api_asked"] != labels[i]["api_asked"]:
        print("asks", i, row["api_asked"], complete.get(i))
    if row["url"] != labels[i]["url"] or row["page_outcome"] != "public":
        print("page", row)
used = {a["request"] for a in asks}
for n, r in requests.items():
    if n not in used or not r["answered_at"] or (r["complete"] == "yes" and not r["log_id"]):
        print("request", r)
    if r["body_from"] != "archive":
        print("not as it was sent", r["request"], r["body_from"])
PYTHON
expect_empty "posts, asks and requests belong together, with log ids and bodies as they were sent" "$T/differ"

# The stand-in's own log of the same requests.
grep -rlE 'Philomena|Quist|Osric|Vane|donat|donor|\.zip|links\.txt|all\.txt' "$T/folder" >"$T/differ"
expect_empty "nothing tells of a donor or a source" "$T/differ"
grep -rlE "Authorization:|[Bb]earer [a-zA-Z0-9]|clt[.][a-zA-Z0-9]|client_(key|secret)" "$T/folder" >"$T/differ"
expect_empty "no request carries a token" "$T/differ"
grep -rlF "$T" "$T/folder" >"$T/differ"
expect_empty "no path of this machine stands in it" "$T/differ"
(cd "$T/folder" && python3 -c 'import load; print(*sorted(load.load()))') >"$T/said" 2>&1
expect "load.py reads it" "asks differences items requests" "$(cat "$T/said")"

sed 2q "$T/want" | head -n 1 >"$T/one"
csv "$T/folder/items.csv" id got | awk -F '\t' '$2 == "not returned" { print $1 }' | sed -n '3p' >"$T/one"
quiet "$T/a" export --for-platform "$T/one.folder" --ids "$T/one"
expect "of one post alone" "$(cat "$T/one")" "$(csv "$T/one.folder/items.csv" id)"
echo 7000000000000000001 >"$T/other"
quiet "$T/a" export --for-platform "$T/x" --ids "$T/other"
expect "an id of another audit is refused" 2 $quiet_rc
expect_text "with its line" "$T/err" 'other:1: 7000000000000000001 is no item of this audit'
quiet "$T/a" export --for-platform "$T/x" --bundle "$T/b.tar"
expect "it goes with no other export" 2 $quiet_rc
cp -R "$T/folder" "$T/first"
quiet "$T/a" export --for-platform "$T/folder"
diff -r "$T/first" "$T/folder" >"$T/differ" 2>&1
expect_empty "the same audit gives the same bytes" "$T/differ"
expect_no_leak "no key stands anywhere"
