#!/bin/sh
# Posts that their page refuses by region or by age, and that their embed page shows: labels are
# the truth, and labels.csv, explain, summary.json, the report and status tell of the disagreement.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite disagree
make_world "$T/w" 77 300 --set region_blocked=0.06 --set age_gated=0.03
csv "$T/w/truth.csv" id reason | awk -F '\t' '$2 == "region_blocked" { print $1 }' | sort >"$T/region"

# told NAME AUDIT N: every place says that N posts are shown by their embed page alone.
told() {
    expect "$1: the number of summary.json" "$3" "$(jq -r '.numbers.witnesses_disagree.n' "$2/report/summary.json")"
    quiet "$2" status --all
    expect_text "$1: a line of status" "$T/out" "^Witnesses that disagree: of [0-9]+ posts that their page refused and whose embed page answered since, it shows $3\\.\$"
    sed 's/<[^>]*>//g' "$2/report/method.html" >"$T/method"
    expect_text "$1: a sentence of the report" "$T/method" "Witnesses that disagree: of [0-9]+ posts .* the embed page shows $3\\."
}

start_standin "$T/w" --quirk "swallow_dead 0" --quirk "embed_gated 1"
expect_done "gated: the audit ends" "$T/a" "$T/w/all.txt"
compare_truth "$T/w" "$T/a" >"$T/diff"
expect_empty "gated: every label equals the truth" "$T/diff"
csv "$T/a/report/labels.csv" id rule page_witness | awk -F '\t' '$2 == "witnesses-disagree" { print $1 "\t" $3 }' | sort >"$T/rule"
cut -f 1 "$T/rule" >"$T/ruled"
# A page that says that it is the region is believed: its embed page is not asked.
comm -13 "$T/region" "$T/ruled" >"$T/diff"
expect_empty "gated: where they disagree the page refuses by region" "$T/diff"
shown=$(awk -F '\t' '$2 == "embed" && $5 == "public" { print $4 }' "$LOG" | sort -u | comm -12 - "$T/region")
expect "gated: all are labelled by it that only their embed page showed" "$shown" "$(cat "$T/ruled")"
if [ "$(wc -l <"$T/ruled")" -ge 3 ]; then ok "gated: some do"; else not_ok "gated: some do" "$(wc -l <"$T/ruled")"; fi
expect "gated: the page is who refused" page "$(cut -f 2 "$T/rule" | sort -u)"
told gated "$T/a" "$(wc -l <"$T/ruled")"
quiet "$T/a" explain "$(sed 1q "$T/ruled")"
expect_text "gated: explain tells of it" "$T/out" 'witnesses disagree .*its page refused it on .*, and its embed page shows it since'
cp "$T/a/report/labels.csv" "$T/labels"
quiet "$T/a" scrape --replay; expect "gated: its replay ends" 0 $?
quiet "$T/a" report
expect "gated: and gives the same labels" "" "$(diff "$T/labels" "$T/a/report/labels.csv" | sed 6q)"
stop_standin

# The same posts where the embed page refuses as the page does.
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "embed_gated 0"
expect_done "agreed: the audit ends" "$T/b" "$T/w/all.txt"
compare_truth "$T/w" "$T/b" >"$T/diff"
expect_empty "agreed: every label equals the truth" "$T/diff"
expect "agreed: no label rests on a disagreement" 0 "$(count "$T/b" rule witnesses-disagree)"
told agreed "$T/b" 0
stop_standin
