#!/bin/sh
# Who is asked about a post, in the order of page.witnesses: where the page itself gives a plain
# client nothing but challenges, its embed page and oEmbed decide what every post is, no more than
# that, and say that they did. One that is left out is never asked.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite witnesses
make_world "$T/w" 71 250

# asked KIND: requests that the site had, of page, embed or oembed.
asked() { awk -F '\t' -v kind="$1" '$2 == kind { n++ } END { print n + 0 }' "$LOG"; }
# states NAME AUDIT: every item is retrieved, missing or open as in truth.
states() {
    compare_truth "$T/w" "$2" | awk -F '\t' '{ split($2, want, "|"); split($3, got, "|") } want[1] != got[1]' >"$T/diff"
    expect_empty "$1: every state equals the truth" "$T/diff"
}
# a refusal whose cause nobody saw.
causeless() {
    expect "$1: no refusal is called deleted or private" 0 "$(count "$2" label 'deleted|private')"
    csv "$2/report/labels.csv" id page_outcome label reason | awk -F '\t' '$2 == "refused" && $3 != "" && $3 != "unknown"' >"$T/diff"
    expect_empty "$1: a refusal is unknown" "$T/diff"
}

# ---- the page is a challenge, always ----
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "challenge 1"
# What gives no answer as its embed page either stays due: a block uses up no try of the page.
# What the embed page refuses is asked of the page again on two days, then of oEmbed.
SETS="--set page.attempts=2"
quiet "$T/a" audit "$T/w/all.txt"
expect "every page a challenge: the first run is unfinished" 3 $?
expect_text "every page a challenge: for the site blocks pages" "$T/err" 'the site blocks us; run again after'
for _ in 1 2 3 4 5 6 7 8 9 10; do
    move_clock +86400
    quiet "$T/a" audit; rc=$?
done
expect "every page a challenge: it ends by itself, though the site shows no page" 0 "$rc"
expect_text "every page a challenge: and says on what it rests" "$T/err" '[0-9]+ items rest on their embed page alone'
states "every page a challenge" "$T/a"
causeless "every page a challenge" "$T/a"
expect "nothing rests on the page" 0 "$(count "$T/a" page_witness page)"
expect "what is public or refused is so by the embed page" "$(count "$T/a" page_outcome 'public|refused')" "$(count "$T/a" page_witness embed)"
csv "$T/a/report/labels.csv" label rule | awk -F '\t' '$1 == "unknown" && $2 !~ /embed/' >"$T/diff"
expect_empty "a label that needs the page's own fields says so by its rule" "$T/diff"
expect "only what truth calls unobserved is left" "$(csv "$T/w/truth.csv" reason | grep -c '^unobserved$')" "$(count "$T/a" reason unobserved)"
expect "each of the refused is asked of oEmbed once" "$(count "$T/a" page_outcome refused)" "$(asked oembed)"
expect "the report counts what rests on the embed page alone" "$(count "$T/a" page_witness embed)" "$(jq -r '.numbers.rests_on_embed.n' "$T/a/report/summary.json")"
expect_text "and method.html says so" "$T/a/report/method.html" 'What rests on the embed page alone'
id=$(csv "$T/a/report/labels.csv" page_outcome id | awk '$1 == "refused" { print $2; exit }')
quiet "$T/a" explain "$id"
expect_text "explain says of a refusal that it rests on the embed page alone" "$T/out" 'rests on the embed page alone'
id=$(csv "$T/a/report/labels.csv" reason id | awk '$1 == "unexplained" { print $2; exit }')
quiet "$T/a" explain "$id"
expect_text "and of a public post" "$T/out" 'rests on the embed page alone'
quiet "$T/a" status --all
expect_text "status says so too" "$T/out" '^embed page alone: [0-9]+ items'
before=$(log_lines)
quiet "$T/a" audit; expect "audit of a finished audit is done" 0 $?
expect "and sends nothing" "$before" "$(log_lines)"
cp "$T/a/report/labels.csv" "$T/labels"
quiet "$T/a" scrape --replay; expect "its replay ends" 0 $?
quiet "$T/a" report
expect "and gives the same labels" "" "$(diff "$T/labels" "$T/a/report/labels.csv" | sed 6q)"
stop_standin

# ---- each has its own blocks ----
rm -f "$T/w/clock"
SETS=
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "embed_overload 1" --quirk "challenge 0.3"
quiet "$T/b" audit "$T/w/all.txt"
expect_text "the embed pages are overloaded, and the pages are read" "$T/err" 'pages: [0-9]+ read'
expect "nothing rests on an overload" 0 "$(count "$T/b" page_witness embed)"
if [ "$(count "$T/b" page_witness page)" -gt 100 ]; then ok "what the page shows is taken from it"; else not_ok "what the page shows is taken from it" "$(count "$T/b" page_witness page)"; fi
stop_standin
# ---- a page that was blocked for a day is owed, for the cause that it alone names ----
rm -f "$T/w/clock"
SETS=
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "block_pages 0.3"
expect_done "where many pages are blocked for a day the audit ends" "$T/c" "$T/w/all.txt"
compare_truth "$T/w" "$T/c" >"$T/diff"
expect_empty "every state, label and reason equals the truth" "$T/diff"
sqlite3 "$T/c/audit.db" "SELECT count(DISTINCT id) FROM v_answers WHERE witness = 'embed' AND answer = 'refused'" >"$T/n"
if [ "$(cat "$T/n")" -ge 3 ]; then ok "embed pages showed $(cat "$T/n") of the posts not"; else not_ok "embed pages refused some" "$(cat "$T/n")"; fi
# What one of the two alone has stays in the record, and explain says whose it is.
sqlite3 -separator '|' "$T/c/audit.db" "SELECT i.id, r.lent FROM record r JOIN current c ON c.page = r.n JOIN item i ON i.n = c.item WHERE r.lent <> '' ORDER BY i.id LIMIT 1" >"$T/lent"
IFS='|' read -r id fields <"$T/lent"
quiet "$T/c" explain "$id"
expect_text "explain names the fields that one of the page's witnesses alone has" "$T/out" "of the page's fields its (own|embed) page alone has: $fields\$"
quiet "$T/c" explain --json "$id"
expect "and so does its JSON" "$fields" "$(jq -r '.lent.fields | join(" ")' "$T/out")"
stop_standin
# ---- a page that was public and is blocked when it is read again ----
# That its embed page refuses it today stands beside what the page said: nobody asks that twice.
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0"
quiet "$T/d" audit "$T/w/all.txt"
stop_standin
move_clock +86400
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "block_pages 0.3" --quirk "vanish_per_day 0.4"
bs_start "$T/d" audit
# Real time: an audit that asks without end has no other.
waited=0
while is_ours "$BS_PID" && [ $waited -lt 600 ]; do waited=$((waited + 1)); sleep 0.1; done
signal KILL "$BS_PID"
wait "$BS_PID"; expect "the second day ends" 3 $?
awk -F '\t' '$2 == "embed" && $5 == "refused" { n[$4]++ } END { for (i in n) print n[i] }' "$LOG" | sort | uniq -c | awk '{ print $1, $2 }' >"$T/n"
if [ -s "$T/n" ]; then ok "some embed pages refused"; else not_ok "some embed pages refused"; fi
expect "and each was asked once" 1 "$(cut -d ' ' -f 2 "$T/n" | sort -u | tr '\n' ' ' | sed 's/ $//')"
stop_standin
expect_no_leak "key, secret and token stand in no file"
