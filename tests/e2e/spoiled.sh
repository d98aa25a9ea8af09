#!/bin/sh
# Counters that the API has wrong, in two of a hundred rows and in forty: the differences
# are those of the truth, and the scorecard shows what verdicts cannot.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite spoiled
COUNTERS='^(view|like|comment|share)_count$|^favorites_count$'

# judge WORLD AUDIT: ID, age in days, what spoiled it or "honest", views on the page, verdict
# of views, how many counters differ; of each pair with differences of counters.
judge() {
    csv "$1/truth.csv" id created_at notes >"$T/truth"
    csv "$2/report/differences.csv" id field verdict page_value >"$T/rows"
    awk -F '\t' -v now="$(awk '{ print int($1) }' "$1/clock")" -v counters="$COUNTERS" '
    function at(text) { gsub(/[-T:Z]/, " ", text); return mktime(text) }
    NR == FNR {
        age[$1 ""] = int((now - at($2)) / 86400)
        spoil[$1 ""] = "honest"
        if (match($3, /spoiled:[a-z_0-9]+/)) spoil[$1 ""] = substr($3, RSTART + 8, RLENGTH - 8)
        next
    }
    $2 ~ counters { seen[$1 ""]; differs[$1 ""] += $3 == "differs" }
    $2 == "view_count" { views[$1 ""] = $3; page[$1 ""] = $4 }
    END { for (id in seen) print id "\t" age[id] "\t" spoil[id] "\t" page[id] + 0 "\t" views[id] "\t" differs[id] }' \
        "$T/truth" "$T/rows"
}

# one NAME SEED ITEMS HONEST_MOST SETS...
one() {
    one_name=$1; one_items=$3; one_most=$4; one_seed=$2
    shift 4
    make_world "$T/w" "$one_seed" "$one_items" --set growth=1 --set age_least=4 --set span_days=1826 --set wrong_counter=0 "$@"
    rm -f "$T/w/clock"; rm -rf "$T/a"
    start_standin "$T/w"
    SETS="--set page.retrieved_sample=all"
    expect_done "$one_name: the audit ends" "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
    stop_standin
    judge "$T/w" "$T/a" >"$T/judged"
    honest=$(awk -F '\t' '$3 == "honest"' "$T/judged" | wc -l)
    accused=$(awk -F '\t' '$3 == "honest" && $6 > 0' "$T/judged" | wc -l)
    [ "$accused" -le "$one_most" ]; expect "$one_name: of $honest honest rows at most $one_most are accused: $accused" 0 $?
    awk -F '\t' '$3 ~ /^(views_10|views_137|zero)$/ && $2 >= 30 && $4 >= 1000' "$T/judged" >"$T/tenths"
    awk -F '\t' '$5 != "differs"' "$T/tenths" >"$T/missed"
    expect_empty "$one_name: each of $(wc -l <"$T/tenths") rows of a tenth of the views and less is found" "$T/missed"
}

one "40 in 100" 21 700 1 --set spoil_views_3=0.06 --set spoil_views_10=0.1 --set spoil_views_137=0.06 \
    --set spoil_frozen=0.06 --set spoil_zero=0.06 --set spoil_other=0.06
[ "$(wc -l <"$T/tenths")" -ge 40 ]; expect "there are such rows" 0 $?
other=$(awk -F '\t' '$3 == "other" && $2 >= 30 && $4 >= 1000' "$T/judged" | wc -l)
found=$(awk -F '\t' '$3 == "other" && $2 >= 30 && $4 >= 1000 && $6 > 0' "$T/judged" | wc -l)
[ "$found" -ge $((other * 8 / 10)) ] && [ "$other" -ge 8 ]; expect "of another post's counters most are found: $found of $other" 0 $?
csv "$T/a/report/labels.csv" id snapshot >"$T/snapshot"
awk -F '\t' 'NR == FNR { instant[$1 ""] = $2; next } $6 > 0 && instant[$1 ""] != "no"' "$T/snapshot" "$T/judged" >"$T/diff"
expect_empty "a row whose counters differ has no common instant" "$T/diff"

# The scorecard: value of a number of accuracy.
accuracy() {
    jq -r --arg name "$1" '.criteria.accuracy[$name] | "\(.value) \(.n) \(.of) \(.low) \(.high)"' "$T/a/report/summary.json"
}
accuracy tenfold_low_view_count >"$T/low"
awk '{ exit !($1 > 0.12 && $1 < 0.4 && $4 < $1 && $5 > $1) }' "$T/low"; expect "the share of tenths, with an interval: $(cat "$T/low")" 0 $?
accuracy above_l90_view_count_chance >"$T/chance"
awk '{ exit !($1 < 0.001) }' "$T/chance"; expect "that many views above the limit are no chance: $(cat "$T/chance")" 0 $?

one "2 in 100" 22 700 1 --set spoil_views_10=0.02
accuracy above_l90_view_count_chance >"$T/chance"
awk '{ exit !($1 > 0.5) }' "$T/chance"; expect "honest counters are not suspected: $(cat "$T/chance")" 0 $?
accuracy median_ratio_view_count >"$T/median"
awk '{ exit !($1 > -0.02 && $1 < 0.002) }' "$T/median"; expect "their median is that of the page: $(cat "$T/median")" 0 $?

# Whole rows that were frozen 200 days ago escape most verdicts; the scorecard sees them.
one "frozen" 23 600 1 --set spoil_frozen=0.9
accuracy above_l90_view_count >"$T/above"
awk '{ exit !($1 > 0.1) }' "$T/above"; expect "more rows than a tenth are above the 10 % limit: $(cat "$T/above")" 0 $?
expect_no_leak "key, secret and token stand in no file"
