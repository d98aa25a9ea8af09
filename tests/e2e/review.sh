#!/bin/sh
# review: a sample of labels goes to two coders and comes back. Coders who know the truth agree,
# and find as many labels right as the truth does; coders who roll dice do not agree.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite review
plain() { (unset BLINDSPOT_CLOCK; exec "$BLINDSPOT" -C "$@") >"$T/out" 2>"$T/err"; }
# fill SHEET TO CODES: the codes by id, a tab between; `code` is the fourth column, none of the first four is quoted.
fill() {
    awk -F, -v OFS=, 'NR == FNR { split($0, f, "\t"); code[f[1] ""] = f[2]; next } FNR > 1 { $4 = code[$3 ""] } { print }' "$3" "$1" >"$2"
}
dice() { awk -F, -v seed="$2" 'BEGIN { srand(seed); split("deleted private canada ad unknown", c, " ") } FNR > 1 { print $3 "\t" c[1 + int(rand() * 5)] }' "$1"; }
asked() { jq -r "$1" "$T/out"; }

command -v sqlite3 >/dev/null 2>&1 || { skip "labels are judged again" "sqlite3 is not installed"; exit 0; }
make_world "$T/w" 67 500
start_standin "$T/w" --quirk "swallow_dead 0"
# One seed: of a hundred samples some lie outside their limits.
"$BLINDSPOT" -q init "$T/a"
sqlite3 "$T/a/audit.db" "UPDATE meta SET value = '$(printf %064d 12)' WHERE key = 'seed'" || exit 1
audit_until_done "$T/a" "$T/w/all.txt"
# A rule of its own, which calls deleted posts private: wrong, and the truth knows.
{
    printf '[wrong]\nlabel = private\nreason = self_only\nbasis = not_public\nsource = the test\nwhen = page.status_code = 10204\n\n'
    cat "$T/a/rules.ini"
} >"$T/rules" && cp "$T/rules" "$T/a/rules.ini"
quiet "$T/a" report
stop_standin
csv "$T/w/truth.csv" id label >"$T/truth"

quiet "$T/a" review
expect "without a review it says so" "0 1" "$? $(grep -c '^no review was drawn' "$T/out")"
plain "$T/a" review 90
expect "a sample is drawn" 0 $?
S=$T/a/review
expect "two sheets of so many rows, with a codebook" "91 91 yes" \
    "$(wc -l <"$S/coder-1.csv") $(wc -l <"$S/coder-2.csv") $([ -s "$S/codebook.txt" ] && [ -s "$S/datapackage.json" ] && echo yes)"
csv "$S/coder-1.csv" row id | sort >"$T/one"; csv "$S/coder-2.csv" row id | sort >"$T/two"
expect "the same rows for both" same "$(cmp -s "$T/one" "$T/two" && echo same)"
expect "in another order" other "$(csv "$S/coder-1.csv" row | cmp -s - "$T/order" || { csv "$S/coder-1.csv" row >"$T/order"; csv "$S/coder-2.csv" row | cmp -s - "$T/order" || echo other; })"
expect "no sheet says what the tool says" "" "$(sed 1q "$S/coder-1.csv" | tr , '\n' | grep -Ex 'label|reason|rule|basis|state|bucket')"
csv "$T/a/report/labels.csv" id label >"$T/labels"
# id, label, truth of the rows that were drawn
awk -F '\t' 'FILENAME ~ /labels$/ { label[$1 ""] = $2; next } FILENAME ~ /truth$/ { truth[$1 ""] = $2; next } { print $2 "\t" label[$2 ""] "\t" truth[$2 ""] }' \
    "$T/labels" "$T/truth" "$T/one" >"$T/drawn"
awk -F '\t' '$2 != "" { n[$2]++ } END { for (l in n) print l, n[l] }' "$T/labels" | sort >"$T/all"
awk -F '\t' '{ n[$2]++ } END { for (l in n) print l, n[l] }' "$T/drawn" | sort | join "$T/all" - |
    awk '{ if ($3 < $2 && (!least || $3 < least)) least = $3; if ($3 > most) most = $3; few += $3 == $2 } END { print (most - least <= 1 ? "even" : "uneven " least " " most) }' >"$T/even"
expect "as many of each class as of any other, all of those that are fewer" even "$(cat "$T/even")"
copy_audit "$T/a" "$T/b"
plain "$T/b" review --again 90
expect "drawn again it is the same sample" same "$(cmp -s "$S/coder-1.csv" "$T/b/review/coder-1.csv" && echo same)"
plain "$T/a" review 90
expect "nothing is drawn over a review that is there" "2 1" "$? $(grep -c 'a review of 90 labels was drawn at .*--again' "$T/err")"

# ---- coders who know the truth ----

for k in 1 2; do fill "$S/coder-$k.csv" "$T/true-$k.csv" "$T/truth"; done
plain "$T/a" review --take "$T/true-1.csv" --json
expect "one coder's sheet is taken in: no agreement yet" "0 0 90" "$? $(asked '[.review.coded_by_both, .review.coded[0]] | map(tostring) | join(" ")')"
plain "$T/a" review --take "$T/true-1.csv" "$T/true-2.csv" --json
expect "with both, kappa is 1" "0 1 true" "$? $(asked '.numbers.review_kappa | [.value, .low < 1] | map(tostring) | join(" ")')"
asked '.review.classes | to_entries[] | "\(.key) \(.value.right) \(.value.decided)"' | sort >"$T/got"
awk -F '\t' '{ n[$2]++; right[$2] += $2 == $3 } END { for (l in n) print l, right[l], n[l] }' "$T/drawn" | sort >"$T/want"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "the labels' precision is that of the truth, class by class" "$T/diff"
expect "the rule that is wrong shows" yes "$(asked '.numbers.review_precision_private | if .value < 0.9 and .high < 1 then "yes" else "\(.value) \(.high)" end')"
asked '.numbers.review_precision | "\(.low) \(.high)"' >"$T/bounds"
awk -F '\t' 'NR == FNR { truth[$1 ""] = $2; next } $2 != "" { n++; right += truth[$1 ""] == $2 } END { print right / n }' "$T/truth" "$T/labels" >"$T/share"
expect "the weighted precision holds that of all labels" yes \
    "$(awk 'NR == FNR { low = $1; high = $2; next } { print ($1 >= low && $1 <= high ? "yes" : $1 " not in " low " to " high) }' "$T/bounds" "$T/share")"
plain "$T/a" report
expect "summary.json has it" "90 1" "$(jq -r '"\(.review.coded_by_both) \(.numbers.review_kappa.value)"' "$T/a/report/summary.json")"
expect "and the page" 1 "$(grep -c '<h2>How people judged the labels</h2>' "$T/a/report/index.html")"

# ---- coders who roll dice ----

for k in 1 2; do dice "$S/coder-$k.csv" $k >"$T/codes"; fill "$S/coder-$k.csv" "$T/dice-$k.csv" "$T/codes"; done
plain "$T/b" review --take "$T/dice-1.csv" "$T/dice-2.csv" --json
expect "kappa of dice is about 0" yes "$(asked '.numbers.review_kappa | if .low < 0 and .high > 0 and (.value | fabs) < 0.2 then "yes" else "\(.value) \(.low) \(.high)" end')"
expect "where coders differ nothing is decided" yes "$(asked '[.review.classes[] | .decided + .undecided == .drawn] | if all then "yes" else "no" end')"

# ---- what a sheet may look like ----

copy_audit "$T/b" "$T/c"; plain "$T/c" review --again 90
{ printf '\357\273\277'; sed 's/,/;/; s/,/;/; s/,/;/; s/,/;/' "$T/true-1.csv" | cut -d ';' -f 1-4 |
    awk -F ';' -v OFS=';' 'NR > 1 { $3 = substr($3, 1, 15) "0000" } { print $4, $1, $2, $3 }' | sed 's/;*$/\r/'; } >"$T/excel.csv"
plain "$T/c" review --take "$T/excel.csv" --json
expect "a spreadsheet's: other separators, other order of columns, ids rounded" "0 90" "$? $(asked '.review.coded[0]')"
refused() {     # NAME PATTERN FILE...
    refused_name=$1 refused_text=$2; shift 2
    plain "$T/a" review --take "$@"; refused_rc=$?
    if [ $refused_rc -eq 2 ] && grep -Eq "$refused_text" "$T/err"; then ok "$refused_name"; else not_ok "$refused_name" "exit code $refused_rc" "$(cat "$T/err")"; fi
}
sed '7s/^\([^,]*,[^,]*,[^,]*\),[^,]*/\1,canda/' "$T/true-1.csv" >"$T/bad.csv"
refused "a code that is none" 'bad\.csv: line 7: code: expected deleted, .* or unsure, not "canda"' "$T/bad.csv"
sed '9s/^[^,]*/91/' "$T/true-1.csv" >"$T/bad.csv"
refused "a row that was not drawn" 'bad\.csv: line 9: row: expected a number from 1 to 90, not "91"' "$T/bad.csv"
{ cat "$T/true-1.csv"; sed -n 3p "$T/true-1.csv"; } >"$T/bad.csv"
refused "a row that stands twice" 'bad\.csv: line 92: row [0-9]* stands in line 3 already' "$T/bad.csv"
sed '1s/,code,/,kode,/' "$T/true-1.csv" >"$T/bad.csv"
refused "a sheet without its column" 'bad\.csv: line 1: there is no column "code"' "$T/bad.csv"
sed '5s/,[0-9]*/,7301234567890123456/2' "$T/true-1.csv" >"$T/bad.csv"
refused "a sheet of another review" 'bad\.csv: line 5: row [0-9]* is another post in this review, not 7301234567890123456' "$T/bad.csv"
refused "two sheets of one coder" 'are both of coder 1' "$T/true-1.csv" "$T/true-1.csv"
plain "$T/a" review --json
expect "and nothing of them was kept" "90 1" "$(asked '"\(.review.coded_by_both) \(.numbers.review_kappa.value)"')"
quiet "$T/w" review 5
expect "where no audit is" 2 $?
expect_no_leak "key, secret and token stand in no file"
