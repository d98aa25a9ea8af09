#!/bin/sh
# page.first = embed: every item's embed page is asked for before round 1, a refusal there goes
# into batches of its own and is read on its page afterwards, one confirming round is saved, and
# the labels are the truth. What `plan` said of it comes.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite first_embed

# A post that the API shows from some hour on may be there by the time that it is asked first.
make_world "$T/w" 53 300 --set late_found=0
start_standin "$T/w" --quirk "swallow_dead 0"
posts() { awk -F '\t' '$2 == "embed" && $4 !~ /^@/' "$LOG"; }
number() { python3 -c 'import json, sys; d = json.load(open(sys.argv[1])); print(eval("d" + sys.argv[2]))' "$T/out" "$1"; }

SETS="--set page.first=embed --set page.witnesses=page,oembed"
quiet "$T/a" init
quiet "$T/a" plan
expect "a witness that is left out cannot come first" 2 $?
expect_text "which says what to do" "$T/err" 'page.first: embed is left out by page.witnesses.*name it in page.witnesses'
for left_out in page.witnesses=page,embed page.oembed=never; do
    SETS="--set page.first=oembed --set $left_out"
    quiet "$T/a" plan
    expect "nor can oEmbed, with $left_out" 2 $?
    expect "which is one sentence" 1 "$(wc -l <"$T/err")"
    expect_text "that names it" "$T/err" 'page.first: oembed is left out by page.witnesses or page.oembed'
done

SETS="--set page.first=embed --set page.retrieved_sample=20"
quiet "$T/a" add "$T/w/all.txt"
quiet "$T/a" plan --json
expect "the plan has three ways" "none oembed embed" "$(number '["ways"][0]["page_first"] + " " + d["ways"][1]["page_first"] + " " + d["ways"][2]["page_first"]')"
expect "of which this one is set" "False False True" "$(number '["ways"][0]["set"], d["ways"][1]["set"], d["ways"][2]["set"]' | tr -d '(),')"
low=$(number '["ways"][2]["embed"]["low"]'); high=$(number '["ways"][2]["embed"]["high"]')
expect_done "the audit ends" "$T/a"
compare_truth "$T/w" "$T/a" >"$T/wrong"
expect_empty "every item has its true label" "$T/wrong"
first=$(awk -F '\t' '$2 == "query" { print NR; exit }' "$LOG")
items=$(awk -F '\t' -v n="$first" 'NR < n && $2 == "embed" && $4 !~ /^@/ { seen[$4] = 1 } END { c = 0; for (i in seen) c++; print c }' "$LOG")
young=$(csv "$T/a/report/labels.csv" reason | grep -c too_recent)
all=$(csv "$T/a/report/labels.csv" id | grep -c .)
if [ "$items" -gt $((all - young - 12)) ]; then ok "before the first query of the API $items of $all embed pages were asked for"; else
    not_ok "before the first query of the API all embed pages are asked for" "$items of $all, $young too recent"; fi
sent=$(posts | wc -l)
if [ "$sent" -ge "$low" ] && [ "$sent" -le "$high" ]; then ok "as many embed pages as were planned ($sent of $low to $high)"; else
    not_ok "as many embed pages as were planned" "$sent, and $low to $high were planned"; fi
