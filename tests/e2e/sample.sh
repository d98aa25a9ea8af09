#!/bin/sh
# The second experiment from beginning to end: 339 creators, ten posts drawn of each, with the shares
# that were published (69.3 % all ten, 1.5 % none), beside creators from Canada, private and banned
# ones. Every creator's number is the world's truth, and the intervals are Wilson's. Then a smaller
# world in which posts go private, are young, or show no page.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite sample

# creators_truth WORLD AUDIT: of each creator of whom something was drawn, as truth.csv has its posts:
# handle available missing gone restricted open canada.
creators_truth() {
    csv "$1/truth.csv" id handle state label reason notes >"$T/truth.tsv"
    csv "$2/report/labels.csv" id >"$T/drawn.tsv"
    awk -F '\t' '
    NR == FNR { handle[$1 ""] = $2; state[$1 ""] = $3; label[$1 ""] = $4; reason[$1 ""] = $5; notes[$1 ""] = $6; next }
    {
        h = handle[$1 ""]; l = label[$1 ""]; all[h]
        if (state[$1 ""] == "retrieved") available[h]++
        else if (state[$1 ""] == "open") open[h]++
        else if (l == "deleted" || l == "private") gone[h]++
        else if (l == "unknown" && reason[$1 ""] != "unexplained") restricted[h]++
        else missing[h]++
        if (l == "canada" || (state[$1 ""] == "retrieved" && (" " notes[$1 ""] " ") ~ / place_ca /)) canada[h]++
    }
    END { for (h in all) print h "\t" available[h] + 0 "\t" missing[h] + 0 "\t" gone[h] + 0 "\t" restricted[h] + 0 "\t" open[h] + 0 "\t" canada[h] + 0 }' \
        "$T/truth.tsv" "$T/drawn.tsv" | sort
}
creators_got() {
    csv "$1/report/creators.csv" handle available missing gone restricted open canada drawn |
        awk -F '\t' '$8 > 0 { print $1 "\t" $2 "\t" $3 "\t" $4 "\t" $5 "\t" $6 "\t" $7 }' | sort
}
# sample_of AUDIT FILTER: a value of summary.json's "sample".
sample_of() { jq -r ".sample | $2" "$1/report/summary.json"; }
# ledger AUDIT: creators, less those of each part: 0.
ledger() { sample_of "$1" '.creators - .counted - .canada - .open - .gone - .not_drawn - ([.left_out[]] | add)'; }
# spread AUDIT: creators.csv counted by available, as by_available has it.
spread() {
    csv "$1/report/creators.csv" fate available | awk -F '\t' '$1 == "counted" { n[$2]++ } END { for (i = 0; i <= 10; i++) printf "%s%d", i ? " " : "", n[i] }'
}

# make_sample WORLD AUDIT [WORDS OF DRAW...]: frame, lists and draw.
make_sample() {
    sample_world=$1; sample_audit=$2; shift 2
    csv "$sample_world/truth.csv" handle | sort -u >"$T/handles"
    mkdir "$sample_audit"
    quiet "$sample_audit" sample add "$T/handles" --day 2026-03-01 --place NL && quiet "$sample_audit" sample list &&
        quiet "$sample_audit" sample draw "$@"
}

# schema FILE: what it breaks of docs/json/sample.schema.json.
schema() {
    python3 -W ignore - "$1" 2>&1 <<'PYTHON'
import json, os, sys
import jsonschema
path = os.path.abspath("docs/json/sample.schema.json")
with open(path, encoding="utf-8") as f:
    schema = json.load(f)
check = jsonschema.Draft202012Validator(schema, resolver=jsonschema.RefResolver("file://" + path, schema))
for error in list(check.iter_errors(json.load(open(sys.argv[1], encoding="utf-8"))))[:5]:
    print("/".join(str(part) for part in error.absolute_path), error.message[:200])
PYTHON
}

# ---- the published shares ----

W=$T/world
A=$T/audit
make_world "$W" 7 4204 --shares none --set account_least=12 --set account_max=12 --set embed_least=12 \
    --set creators_some=99 --set excluded_account=0.01427212 --set canada_accounts=0.02283539 \
    --set private_account=0.0047574 --set account_gone=0.0047574
start_standin "$W"

# ---- how large, before there is one ----

quiet "$T" sample --power 1.5% --rate 0.95 --rho 0.4 --json
expect "the size of a sample is told without a folder" 0 $?
cp "$T/out" "$T/power.json"
expect "more posts of each take fewer creators" "true" "$(jq '.power.needed | .[1].creators >= .[3].creators and all(.power >= 0.8 or .creators == null)' "$T/power.json")"
quiet "$T" sample --power 1.5 --rate 0.95 --rho 0.4
expect "a share above one is none" 2 $?
expect_text "and the sentence says what is" "$T/err" 'expected a share from 0.001 to 0.5, as in 0.015 or 1.5%, not "1.5"'
quiet "$T/plain" init
quiet "$T/plain" sample
expect_text "an audit is no sample" "$T/err" 'sample is for a sample of creators, and .* holds an audit'

# ---- from the frame to the report ----

make_sample "$W" "$A"
expect "339 creators and some others are in the frame, and ten posts of each are drawn" 0 $?
quiet "$A" sample
expect_text "and its state says what is next" "$T/out" '^next +blindspot audit$'
quiet "$A" sample --power 2%
expect_text "nothing is decided, so the size has nothing to go by" "$T/err" 'no creator of this sample is decided yet'
quiet "$A" report
expect "before anything is asked every creator is open" "347 0" "$(sample_of "$A" '"\(.open) \(.counted)"')"
expect_done "the drawn posts are audited" "$A"
quiet "$A" report --names
expect "every creator is in one place of the ledger" 0 "$(ledger "$A")"
expect "339 are counted, 8 from Canada are apart, nobody is open" "339 8 0 0" "$(sample_of "$A" '"\(.counted) \(.canada) \(.open) \(.gone)"')"
creators_truth "$W" "$A" >"$T/want"
creators_got "$A" >"$T/got"
diff "$T/want" "$T/got" >"$T/wrong"
expect_empty "each creator's numbers are the truth's" "$T/wrong"
expect "all ten of 235: 69.3 % (64.2 to 74.0)" "235 339 69.3 64.2 74.0" \
    "$(sample_of "$A" '.all | "\(.n) \(.of) \(.share) \(.low) \(.high)"' | awk '{ printf "%d %d %.1f %.1f %.1f", $1, $2, 100 * $3, 100 * $4, 100 * $5 }')"
expect "none of 5: 1.5 % (0.6 to 3.4)" "5 339 1.5 0.6 3.4" \
    "$(sample_of "$A" '.none | "\(.n) \(.of) \(.share) \(.low) \(.high)"' | awk '{ printf "%d %d %.1f %.1f %.1f", $1, $2, 100 * $3, 100 * $4, 100 * $5 }')"
expect "the numbers say the same" "$(sample_of "$A" '"\(.all.share) \(.all.low) \(.none.high) \(.posts.low)"')" \
    "$(jq -r '.numbers | "\(.sample_all.value) \(.sample_all.low) \(.sample_none.high) \(.sample_posts.low)"' "$A/report/summary.json")"
expect "creators by available posts, 0 to 10, are those of creators.csv" "$(spread "$A")" "$(sample_of "$A" '[.by_available[]] | map(tostring) | join(" ")')"
expect "posts add up" "$(creators_got "$A" | wc -l)0" "$(awk -F '\t' '{ n += $2 + $3 + $4 + $5 + $6 } END { print n }' "$T/got")"
expect "the five with none are listed, and Canada's behind them" "5 counted, 8 canada" \
    "$(sample_of "$A" '[.with_none[].fate] | "\(map(select(. == "counted")) | length) counted, \(map(select(. == "canada")) | length) canada"')"
# The other posts hang together so much here that chance leaves as many with none.
expect "five with none are no more than chance leaves where posts hang together" "true" "$(sample_of "$A" '.zeros.seen == 5 and .zeros.expected > 2 and .zeros.chance > 0.05 and .rho > 0.3')"
expect "the ids behind the missing posts are their number" "$(jq -r .numbers.sample_missing.n "$A/report/summary.json")" "$(wc -l <"$A/report/ids/sample_missing.txt")"
expect_text "the figure's words say the shares" "$A/report/figures/creators.txt" 'Every post came back of 235 \(69.3 %; 64.2 % to 74.0 %\), none of 5 \(1.5 %; 0.6 % to 3.4 %\)'
quiet "$A" sample
expect_text "the state shows the shares" "$T/out" '^every post +235 of 339 +69\.3 %  \(64\.2 % to 74\.0 %\)$'
quiet "$A" sample --json
cp "$T/out" "$T/sample.json"
expect "and is that of the report" "$(sample_of "$A" . | jq -c .)" "$(jq -c .sample "$T/sample.json")"
if python3 -c 'import jsonschema' 2>/dev/null; then
    for file in sample power; do
        schema "$T/$file.json" >"$T/wrong"
        expect_empty "$file: the schema holds" "$T/wrong"
    done
else
    skip "the schema holds" "python3-jsonschema is not installed"
fi
quiet "$A" report
expect "handles are pseudonyms unless they are asked for" 0 "$(csv "$A/report/creators.csv" handle | grep -cvE '^account-[0-9a-f]{10}$')"
cp "$A/report/summary.json" "$T/summary.json"
quiet "$A" report
cmp -s "$A/report/summary.json" "$T/summary.json"
expect "the same again are the same bytes" 0 $?
quiet "$A" purge --older 0d
quiet "$A" report
expect "a purge drops content, and no number of the sample" "$(jq -c '.sample | del(.with_none, .seen)' "$T/summary.json")" "$(sample_of "$A" 'del(.with_none, .seen)' | jq -c .)"
stop_standin

# ---- posts go private, are young, show no page; made in Canada or advertising ----

W=$T/traps
A=$T/trapped
make_world "$W" 23 960 --set account_least=12 --set embed_least=12 --set vanish_early=0.03 --set unobserved=0.01 \
    --set too_recent=0.02 --set unexplained=0.1 --set short_links=0 --set short_only=0
start_standin "$W"
SETS='--set page.retrieved_sample=all'
make_sample "$W" "$A" --min-age 0h
expect "a world with every trap: ten posts of each are drawn" 0 $?
expect_done "they are audited" "$A"
quiet "$A" report --names
expect "there, too, every creator is in one place" 0 "$(ledger "$A")"
creators_truth "$W" "$A" >"$T/want"
creators_got "$A" >"$T/got"
# One that was too recent at the start may have come of age since: open in truth, available by then.
awk -F '\t' 'NR == FNR { open[$1] = $6; avail[$1] = $2; rest[$1] = $3 "|" $4 "|" $5 "|" $7; next }
    { if (!($1 in open) || $3 "|" $4 "|" $5 "|" $7 != rest[$1] || $2 + $6 != avail[$1] + open[$1] || $6 > open[$1]) print $0 " is not: " $1 " " avail[$1] " " rest[$1] " " open[$1] }' \
    "$T/want" "$T/got" >"$T/wrong"
expect_empty "each creator's numbers are the truth's" "$T/wrong"
expect "posts that went private since are there, and missing nowhere" "true true" \
    "$(awk -F '\t' '{ n += $4 } END { printf "%s ", (n > 0 ? "true" : "false") }' "$T/got")$([ "$(count "$A" label 'deleted|private')" -eq "$(awk -F '\t' '{ n += $4 } END { print n }' "$T/got")" ] && echo true)"
expect "creators with an open post are counted apart" "$(awk -F '\t' '$6 > 0' "$T/got" | wc -l)" "$(sample_of "$A" .open)"
expect "and some are" "true" "$(sample_of "$A" '.open > 0')"
expect "an account that is shut out is more than chance leaves" "true" "$(sample_of "$A" '.zeros.seen == 1 and .zeros.expected < 0.01 and .zeros.chance < 0.05')"
# What was made in Canada and came back has no label that says so.
csv "$A/report/creators.csv" available missing gone restricted open canada | sort >"$T/want"
quiet "$A" purge --older 0d
quiet "$A" report
csv "$A/report/creators.csv" available missing gone restricted open canada | sort | diff "$T/want" - >"$T/wrong"
expect_empty "a purge makes no Canadian post an ordinary one" "$T/wrong"
stop_standin
