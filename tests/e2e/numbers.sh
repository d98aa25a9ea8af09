#!/bin/sh
# Each number is made once, and can be followed: an unfinished audit gives a range and no
# point, a file of ids stands behind what counts items, and labels.csv and the truth hold the same.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite numbers
# Numbers and criteria of a summary, a line each: NAME HAS N VALUE LOW HIGH IDS
numbers() {
    jq -r '[.numbers, .criteria[]] | .[] | to_entries[] | [.key, (.value.value != null), .value.n,
        .value.value, (.value.low // .value.value), (.value.high // .value.value), .value.unit,
        (.value.ids // "")] | @tsv' "$1/report/summary.json"
}
number() { numbers "$1" | awk -F '\t' -v name="$2" -v column="$3" '$1 == name { print $column }'; }
# Every file of ids holds as many as its number counts, and no file is there without a number.
files_fit() {
    numbers "$1" | awk -F '\t' '$8 != "" { print $8 "\t" ($7 == "count" ? $4 : $3) }' | sort >"$T/named"
    while IFS="$(printf '\t')" read -r file n; do
        [ "$(wc -l <"$1/report/$file")" -eq "$n" ] || echo "$file: not $n lines"
    done <"$T/named"
    (cd "$1/report" && find ids -type f) | sort >"$T/there"
    cut -f 1 "$T/named" | diff - "$T/there"
}

make_world "$T/w" 12 900
start_standin "$T/w"
SETS="--set page.retrieved_sample=all"
quiet "$T/a" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
expect "day 1 leaves absences that wait" 3 $?
expect "it is not final" false "$(json "$T/a/report/summary.json" final)"
files_fit "$T/a" >"$T/diff"
expect_empty "day 1: files of ids and numbers fit" "$T/diff"
low=$(number "$T/a" public_not_returned 5) high=$(number "$T/a" public_not_returned 6)
expect_done "the audit ends" "$T/a"
stop_standin
expect "it is final" true "$(json "$T/a/report/summary.json" final)"
end=$(number "$T/a" public_not_returned 4)
expect "what it says in the end ($end) lies within the range of day 1 ($low to $high)" 1 \
    "$(awk -v a="$low" -v b="$high" -v x="$end" 'BEGIN { print a <= x && x <= b && a < b }')"

files_fit "$T/a" >"$T/diff"
expect_empty "files of ids and numbers fit" "$T/diff"
expect "numbers with a file of ids: all of the ledger, and more" 1 "$([ "$(wc -l <"$T/named")" -gt 35 ]; echo $((1 - $?)))"
csv "$T/a/report/labels.csv" id bucket basis account >"$T/labels"
for name in missing_public missing_public_canada retrieved_after_retries missing_not_public; do
    path=$(echo "$name" | sed 's,missing_public_,missing/public/,; s,^missing_,missing/,; s,^retrieved_,retrieved/,')
    awk -F '\t' -v path="$path" 'index($2 "/", path "/") == 1 { print $1 }' "$T/labels" >"$T/rows"
    expect "ids/$name.txt holds the ids of that bucket of labels.csv" "" "$(diff "$T/rows" "$T/a/report/ids/$name.txt")"
done
csv "$T/w/truth.csv" id label | awk -F '\t' '$2 == "canada" { print $1 }' | sort >"$T/truth"
sort "$T/a/report/ids/missing_public_canada.txt" >"$T/rows"
expect "and of the truth" "" "$(diff "$T/truth" "$T/rows")"
expect "the parts of the public posts add up" 1.0000 "$(numbers "$T/a" |
    awk -F '\t' '/^public_(returned|missing)_/ { sum += $4 } END { printf "%.4f\n", sum }')"
expect "headline and completeness say one thing" "$(number "$T/a" public_not_returned 5)" "$(number "$T/a" missing_after_all_asks 5)"

expect "an account's number is one for all posts of a handle" "" "$(csv "$T/a/report/labels.csv" username account |
    awk -F '\t' '$1 != "" && (($1 in of) && of[$1] != $2 || $2 == "") { print; exit } { of[$1] = $2 }')"

# ---- what pages show ----
named=$(csv "$T/a/report/labels.csv" username | sort | uniq -c | sort -rn | awk 'NF == 2 { print $2; exit }')
csv "$T/a/report/labels.csv" username | sort -u | grep -v '^$' | grep -v tiktok >"$T/handles"
# Not items.html, which holds packed bytes.
shown() { cat "$T/a/report/index.html" | grep -cwFf "$T/handles"; }
quiet "$T/a" report; expect "report" 0 $?
expect "no page shows a handle" 0 "$(shown)"
quiet "$T/a" report --min-cell 30 --names
expect "with --names and --min-cell" 0 $?
expect "pages show handles" 1 "$([ "$(shown)" -gt 0 ]; echo $((1 - $?)))"
quiet "$T/a" report --min-cell nothing
expect "a cell that is no number is refused" 2 $?
expect_text "and said" "$T/err" "min_cell"
printf '# known\n@%s\n' "$named" >"$T/known"
quiet "$T/a" report --public-figures "$T/known"; expect "a list of public figures is taken" 0 $?
quiet "$T/a" report --public-figures "$T/nowhere"; expect "one that is not there is refused" 2 $?

# ---- the workbook ----
quiet "$T/a" report --xlsx; expect "report --xlsx" 0 $?
cp "$T/a/report/tables.xlsx" "$T/first.xlsx"
quiet "$T/a" report --xlsx; expect "once more" 0 $?
expect "the same bytes" "" "$(cmp "$T/first.xlsx" "$T/a/report/tables.xlsx" 2>&1)"
python3 - "$T/a/report/tables.xlsx" "$T/a/report/labels.csv" >"$T/diff" <<'PY'
import csv, sys, zipfile, xml.etree.ElementTree as tree
ns = {"x": "http://schemas.openxmlformats.org/spreadsheetml/2006/main"}
book = zipfile.ZipFile(sys.argv[1])
rows = tree.fromstring(book.read("xl/worksheets/sheet1.xml")).findall("x:sheetData/x:row", ns)
labels = list(csv.DictReader(open(sys.argv[2], newline="")))
text = lambda cell: "".join(t.text or "" for t in cell.iter("{%s}t" % ns["x"]))
if len(rows) != len(labels) + 1:
    print("rows:", len(rows), "labels:", len(labels))
for row, label in zip(rows[1:], labels):
    first = row.find("x:c", ns)
    if first.get("t") != "inlineStr" or text(first) != label["id"]:
        print("an id is no text:", label["id"])
if any(b"<f>" in book.read(n) or b"<hyperlink" in book.read(n) for n in book.namelist()):
    print("there is a formula or a link")
PY
expect_empty "ids are text, one row an item, no formula and no link" "$T/diff"
quiet "$T/b" init >/dev/null 2>&1
quiet "$T/b" add --json "$T/first.xlsx"; expect "add reads the workbook" 0 $?
expect "and finds every item in it" 900 "$(json "$T/out" items)"
quiet "$T/a" report
expect "a report without one leaves none of another day" 0 "$(find "$T/a/report" -name '*.xlsx' | wc -l)"
expect_no_leak "key, secret and token stand in no file"
