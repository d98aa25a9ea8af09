#!/bin/sh
# A whole audit of 3,000 items on a platform with the faults of an ordinary
# day: every state and label is what the world says it is, and reports repeat.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
FIGURES=drawn
suite truth
make_world "$T/w" 7 3000
start_standin "$T/w" --mild
expect_done "an audit of 3,000 items ends within $DAYS_MAX days" "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
compare_truth "$T/w" "$T/a" swallow >"$T/diff"
expect_empty "every state, label, reason and basis equals the truth" "$T/diff"
expect "one row an item" 3000 "$(csv "$T/a/report/labels.csv" id | wc -l)"
csv "$T/a/report/labels.csv" id >"$T/order"
expect "sorted by id as a number" "" "$(LC_ALL=C sort -c "$T/order" 2>&1)"
expect "the ledger of the waterfall closes" 0 "$(json "$T/a/report/summary.json" residual)"

cp -R "$T/a/report" "$T/first"
quiet "$T/a" report; expect "report once more" 0 $?
expect "two reports hold the same bytes" "" "$(diff -rq "$T/first" "$T/a/report" 2>&1)"
discard "$T/a/report"
quiet "$T/a" report; expect "report into an empty place" 0 $?
expect "which also gives the same bytes" "" "$(diff -rq "$T/first" "$T/a/report" 2>&1)"
figures=0
for kind in svg pdf png; do
    for name in breakdown waterfall fields counters accounts timeline criteria; do
        [ -s "$T/a/report/figures/$name.$kind" ] && figures=$((figures + 1))
    done
done
expect "seven figures, each as SVG, PDF and PNG" 21 $figures

before=$(log_lines)
quiet "$T/a" audit; expect "audit of a finished audit is done" 0 $?
expect "and sends nothing" "$before" "$(log_lines)"
expect "and changes no report" "" "$(diff -rq "$T/first" "$T/a/report" 2>&1)"
stop_standin
expect_no_leak "key, secret and token stand in no file"
