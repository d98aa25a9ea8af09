#!/bin/sh
# Late checks on a platform with posts that come and go: what the check says is
# what the platform's own log of those days says, before the dates nothing is
# owed, and kill -9 in the middle changes nothing.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite late

# late_part AUDIT CHECK SIDE KEY: a number of that check (1, 2) in summary.json.
late_part() {
    tr -d ' \n' <"$1/report/summary.json" |
        sed 's/"interval_95":[^]]*]/"interval_95":0/g; s/.*"late_checks":{//; s/].*//; s/{"days"/\
&/g' | grep '^{"days"' | sed -n "$2p" | sed -n "s/.*\"$3\":{[^}]*\"$4\":\([0-9]*\).*/\1/p"
}
# seen DAY: what the log says of that day: ID TAB 1 where a query returned it, else 0.
seen() {
    awk -F '\t' -v day="$1" '$2 == "query" && int($1 / 86400) == day {
        n = split($7, id, ","); for (i = 1; i <= n; i++) if (!(id[i] in back)) back[id[i]] = 0
        n = split($8, id, ","); for (i = 1; i <= n; i++) back[id[i]] = 1
    } END { for (i in back) if (i != "-") print i "\t" back[i] }' "$LOG"
}
# labelled AUDIT FILE: ID TAB STATE TAB PAGE.
labelled() { csv "$1/report/labels.csv" id state page_outcome >"$2"; }
# of DAY LABELS STATE PAGE RETURNED: items with that label that the log of that day has so.
of() {
    seen "$1" | awk -F '\t' -v state="$3" -v page="$4" -v back="$5" '
        NR == FNR { l[$1 ""] = $2 "\t" $3; next }
        { split(l[$1 ""], v, "\t"); if (v[1] == state && (page == "" || v[2] == page) && $2 == back) n++ }
        END { print n + 0 }' "$2" -
}

make_world "$T/w" 41 600 --set intermittent=0.3 --set too_recent=0 --set vanish_later=0 --set vanish_early=0 \
    --set unobserved=0
start_standin "$T/w" --quirk "swallow_dead 0.3"
SETS="--set api.late_check=1000"
expect_done "the audit itself ends" "$T/a" "$T/w/all.txt"
labelled "$T/a" "$T/before"
compare_truth "$T/w" "$T/a" swallow >"$T/diff"
awk -F '\t' '$2 ~ /^retrieved/' "$T/diff" >"$T/hidden"
hidden=$(wc -l <"$T/hidden")
if [ "$hidden" -gt 5 ]; then ok "posts that were away are called missing"; else not_ok "some were away" "only $hidden"; fi
quiet "$T/a" status --all
expect_text "status names the day of the first late check" "$T/out" \
    '^late check: [0-9]+ items are asked again when the audit is run from 2026-03-1[0-9]T00:00:00Z on$'
expect_text "and the audit is finished" "$T/out" '^finished'
first=$(sed -n 's/^late check: .* from \(2026-03-..\)T.*/\1/p' "$T/out")

move_clock +$((9 * 86400))
before=$(log_lines)
quiet "$T/a" audit
expect "before that day a run is done" 0 $?
expect "and asks nothing" "$before" "$(log_lines)"

# ---- day 20 makes the check of day 14 ----

move_clock +$((9 * 86400))
day=$(today)
quiet "$T/a" audit
expect "the late check is made in one run" 0 $?
if [ $((day * 86400)) -gt "$(date -u -d "$first" +%s)" ]; then ok "days after it was due"; else not_ok "it was late"; fi
expect "missing items that came back" "$(of "$day" "$T/before" missing public 1)" \
    "$(late_part "$T/a" 1 missing came_back)"
expect "missing items that stayed away" "$(of "$day" "$T/before" missing public 0)" \
    "$(($(late_part "$T/a" 1 missing asked) - $(late_part "$T/a" 1 missing came_back)))"
expect "retrieved items that were absent" "$(of "$day" "$T/before" retrieved "" 0)" \
    "$(late_part "$T/a" 1 retrieved absent)"
expect "retrieved items that were there" "$(of "$day" "$T/before" retrieved "" 1)" \
    "$(($(late_part "$T/a" 1 retrieved asked) - $(late_part "$T/a" 1 retrieved absent)))"
if [ "$(late_part "$T/a" 1 missing came_back)" -gt 0 ] && [ "$(late_part "$T/a" 1 retrieved absent)" -gt 0 ]; then
    ok "both kinds occur"
else
    not_ok "both kinds occur"
fi
labelled "$T/a" "$T/after"
seen "$day" | awk -F '\t' 'NR == FNR { if ($2 == "missing") was[$1 ""]; next }
    FILENAME == "-" { if ($2 && ($1 "") in was) want[$1 ""]; next }
    ($1 "") in was && (($1 "") in want) != ($2 == "retrieved") { print }' "$T/before" - "$T/after" >"$T/diff"
expect_empty "what came back is retrieved now, and nothing else" "$T/diff"
seen "$day" | awk -F '\t' 'NR == FNR { if ($2 == "missing" && $3 != "public") dead[$1 ""]; next } ($1 "") in dead' \
    "$T/before" - >"$T/diff"
expect_empty "no id that was not public was sent" "$T/diff"
expect_text "the report shows both rates" "$T/a/report/index.html" 'After <data value="14" [^>]*>14</data> days'
before=$(log_lines)
quiet "$T/a" audit
expect "it is made once: a second run is done" 0 $?
expect "and asks nothing" "$before" "$(log_lines)"

# ---- day 31, killed again and again, beside a twin that nobody kills ----

cp -r "$T/a" "$T/b"
move_clock +$((13 * 86400))
day=$(today)
quiet "$T/a" audit
expect "the second check is made" 0 $?
expect "of day 30" "$(of "$day" "$T/before" missing public 1)" "$(late_part "$T/a" 2 missing came_back)"
kills=0; rc=137
while [ $kills -lt 12 ] && [ $rc -eq 137 ]; do
    from=$(log_lines)
    bs_start "$T/b" audit
    while is_ours "$BS_PID" && [ $(($(log_lines) - from)) -le $((2 + 3 * kills)) ]; do sleep 0.003; done
    signal KILL "$BS_PID"
    wait "$BS_PID" 2>/dev/null
    rc=$?
    [ $rc -ne 137 ] || kills=$((kills + 1))
done
quiet "$T/b" audit
expect "killed $kills times it ends as well" 0 $?
if [ $kills -gt 3 ]; then ok "it was killed"; else not_ok "it was killed" "only $kills times"; fi
for key in "missing asked" "missing came_back" "retrieved asked" "retrieved absent"; do
    # shellcheck disable=SC2086  # two words
    expect "as without kills: $key" "$(late_part "$T/a" 2 $key)" "$(late_part "$T/b" 2 $key)"
done
verdicts "$T/a" >"$T/one"; verdicts "$T/b" >"$T/two"
diff "$T/one" "$T/two" >"$T/diff"
expect_empty "and the verdicts" "$T/diff"
quiet "$T/b" status --all
if grep -q '^late check:' "$T/out"; then not_ok "no third check is announced"; else ok "no third check is announced"; fi
stop_standin
