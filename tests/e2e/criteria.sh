#!/bin/sh
# Whole audits on platforms whose faults are known: the numbers of the criteria are what
# the world says, and their bounds hold it.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite criteria
# number AUDIT NAME KEY: of summary.json, whatever its criterion; "null" where it has none.
number() { jq -r --arg name "$2" --arg key "$3" '[.criteria[][$name] // empty] | .[0][$key]' "$1/report/summary.json"; }
# holds WHAT AUDIT NAME TRUTH [WIDTH]: the bounds hold the truth, and are no wider.
holds() {
    holds_said=$(jq -r --arg name "$3" --argjson truth "$4" --argjson width "${5:-1e9}" '
        [.criteria[][$name] // empty] | .[0] | {value, low: (.low // .value), high: (.high // .value)} |
        if .value == null then "no value"
        elif .low > $truth + 1e-6 or .high < $truth - 1e-6 then "\(.low) to \(.high)"
        elif .high - .low > $width then "\(.low) to \(.high), which is wide"
        else "" end' "$2/report/summary.json")
    expect "$1" "" "$holds_said"
}
# is WHAT AUDIT NAME TRUTH: the value is the truth, to six decimals.
is() { expect "$1" "$(awk "BEGIN { printf \"%.6f\", $4 }")" "$(awk "BEGIN { printf \"%.6f\", $(number "$2" "$3" value) }")"; }

# about WHAT AUDIT NAME TRUTH APART: an audit's draws differ from run to run, so one in twenty of
# its 95 % intervals would not hold the truth; the value is nearer to it than four of its spreads.
about() { expect "$1" 1 "$(awk "BEGIN { x = $(number "$2" "$3" value) - $4; print (x < 0 ? -x : x) < $5 }")"; }

# ---- one ask in ten is lost, beside nobody in particular ----

make_world "$T/w" 51 900 --set wrong_counter=0 --set vanish_later=0 --set slow=0
start_standin "$T/w" --quirk "swallow_random 0.1"
SETS="--set page.retrieved_sample=all --set api.validation=true --set evidence.keep=none"
expect_done "an audit of a lossy platform ends" "$T/a" "$T/w/all.txt"
# How many days that takes differs from run to run. What was too young when the first round closed
# comes later, and its page is read like every other's.
move_clock +345600
expect_done "and goes on with what was too young" "$T/a"
compare_truth "$T/w" "$T/a" swallow >"$T/diff"
expect_empty "its verdicts are the truth" "$T/diff"
expect "the page of every returned post was read" "0 0" \
    "$(csv "$T/a/report/labels.csv" state page_outcome | awk '$1 == "retrieved" && $2 != "public" && $2 != "refused" { n++ } END { print n + 0 }') $(jq '.headline.retrieved - .headline.sampled' "$T/a/report/summary.json")"
about "agreement is nine in ten" "$T/a" agreement 0.9 0.06
about "so is it on the same day" "$T/a" agreement_same_day 0.9 0.14
about "and on later days" "$T/a" agreement_other_days 0.9 0.14
expect "no ask of it is open" "sample_95" "$(number "$T/a" agreement bounds)"
# Public posts by the truth: missing ones that are no refusal, returned ones that did not vanish.
csv "$T/w/truth.csv" state basis reason vanishes_at >"$T/truth.tsv"
csv "$T/a/report/labels.csv" id reason page_outcome >"$T/pages.tsv"
truth=$(awk -F '\t' '
    $1 == "missing" && $2 != "not_public" && $3 !~ /^(region_blocked|age_gated|under_review|story|refused_unexplained)$/ {
        missing++; documented += $2 == "documented" }
    END { print missing + 0, documented + 0 }' "$T/truth.tsv")
missing=${truth% *}; documented=${truth#* }
returned=$(awk -F '\t' '($2 == "at_once" || $2 == "after_retries") && $3 == "public"' "$T/pages.tsv" | wc -l)
again=$(awk -F '\t' '$2 == "after_retries" && $3 == "public"' "$T/pages.tsv" | wc -l)
expect "some came back only when asked again" 1 $((again > 20))
is "completeness after all asks" "$T/a" missing_after_all_asks "$missing / ($missing + $returned)"
is "asked once" "$T/a" missing_asked_once "($missing + $again) / ($missing + $returned)"
is "without documented exclusions" "$T/a" missing_undocumented "($missing - $documented) / ($missing - $documented + $returned)"
is "the headline is the same number" "$T/a" missing_after_all_asks "$(jq .numbers.public_not_returned.value "$T/a/report/summary.json")"
is "every row was asked for" "$T/a" rows_as_asked 1
is "no row is impossible" "$T/a" rows_impossible 0
is "the validity check knows what the query returned" "$T/a" validation_of_returned 1
expect "old posts say nothing of the first two days" null "$(number "$T/a" found_by_48h value)"
expect_text "and it says why" "$T/a/report/summary.json" 'by the age of 48 hours.*no value'
figures=0
for kind in svg pdf png; do [ -s "$T/a/report/figures/criteria.$kind" ] && figures=$((figures + 1)); done
expect "the figure as SVG, PDF and PNG" 3 $figures
expect_text "and the section" "$T/a/report/index.html" 'id="criteria"'
stop_standin

# ---- posts that come 48 to 72 hours after their creation ----

export XDG_STATE_HOME="$T/state2"
DAYS_MAX=20
make_world "$T/w2" 52 600 --set too_recent=0.5 --set delayed=1
start_standin "$T/w2"
SETS="--set api.min_age_hours=6 --set api.confirm_days=6 --set evidence.keep=none"
quiet "$T/b" audit "$T/w2/all.txt"
cp "$T/b/report/summary.json" "$T/first.json"
expect "while it goes on the headline is a range" 1 "$(jq '.criteria.completeness.missing_after_all_asks | .high - .low > 0.1' "$T/first.json" | grep -c true)"
expect_done "an audit of young posts ends" "$T/b"
holds "none is there by 48 hours" "$T/b" found_by_48h 0 0.9
expect "what lies between two daily looks is left open" null "$(number "$T/b" found_by_72h value)"
holds "and by 96" "$T/b" found_by_96h 1 0.2
holds "half of them by 60" "$T/b" age_first_found 60 30
stop_standin
expect_no_leak "key, secret and token stand in no file"
