#!/bin/sh
# The ledger over inputs: lists with duplicates, every kind of what is skipped, and short
# links that resolve, die, lead to no item, never answer or answer late. At each stage what
# add, status and summary.json say closes, and is what the stand-in's log says is true.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite inputs
FATES="new_item duplicate no_item dead given_up waiting"

# of FILE FILTER: jq, ids and texts raw.
of() { jq -r "$2" "$1"; }
# closes NAME FILE PATH: seen is what the parts add up to, and the file says residual 0.
closes() {
    expect "$1" "0 0" "$(jq -r "$3"' | "\(.seen - .new - .duplicates - ([.skipped[]] | add // 0)
        - ([.short_links[]] | add)) \(.residual)"' "$2")"
}
# fates FILE PATH: the six numbers in their order.
fates() {
    for fates_one in $FATES; do printf '%s ' "$(of "$1" "$2.$fates_one")"; done | sed 's/ $//'
}
# stage NAME AUDIT: status, report and summary.json close and agree.
stage() {
    bs "$2" status --json >"$T/status" 2>>"$ERRLOG"
    closes "$1: status closes" "$T/status" .summary.inputs.all
    expect "$1: nothing is left over in all" 0 "$(of "$T/status" .summary.inputs.residual)"
    expect "$1: each source closes" 0 "$(of "$T/status" '[.summary.inputs.sources[].residual | select(. != 0)] | length')"
    expect "$1: the sources add up" "$(of "$T/status" .summary.inputs.all.seen)" \
        "$(of "$T/status" '[.summary.inputs.sources[].seen] | add')"
    quiet "$2" report
    closes "$1: summary.json closes" "$2/report/summary.json" .inputs.all
    expect "$1: and is what status says" "$(of "$T/status" '.summary.inputs | tojson')" \
        "$(of "$2/report/summary.json" '.inputs | tojson')"
    expect_text "$1: the page says so" "$2/report/method.html" 'added up: <data value="0" data-at="/inputs/residual">0</data>\.'
    bs "$2" status --all >"$T/text" 2>>"$ERRLOG"
    expect_text "$1: status says so" "$T/text" '^residual of the inputs +0$'
}
# truth: where each code of codes.txt stands by the stand-in's log: of its last reply.
truth() {
    awk -F '\t' 'NR == FNR { want[$1]++; next }
        $2 == "short" { code = $4; sub(/\/.*/, "", code); status[code] = $3; id[code] = $5; tries[code] += $3 == 200 }
        END { for (c in want) {
            if (!(c in status)) f = "waiting"
            else if (status[c] == 200) f = tries[c] >= 5 ? "given_up" : "waiting"
            else if (id[c] != 0) f = "resolved"
            else f = c ~ /^ZUser/ ? "no_item" : "dead"
            n[f] += want[c] }
          print n["resolved"] + 0, n["no_item"] + 0, n["dead"] + 0, n["given_up"] + 0, n["waiting"] + 0 }' "$1" "$LOG"
}
# said FILE PATH: the same five numbers, as the ledger says them.
said() {
    of "$1" "$2"' | "\(.new_item + .duplicate) \(.no_item) \(.dead) \(.given_up) \(.waiting)"'
}

make_world "$T/w" 77 60 --set short_links=0.4 --set short_only=0.3
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "short_silent 0.4 3"
A=$T/a

# Every short link of the world, once; some twice; others that nobody made.
grep -ho 'https://v[mt].tiktok.com/Z[A-Za-z0-9]*/\|https://www.tiktok.com/t/Z[A-Za-z0-9]*/' "$T/w/links.txt" "$T/w/all.txt" |
    sort -u | grep -v Dead >"$T/short.txt"
{
    cat "$T/short.txt"
    sed 3q "$T/short.txt"
    echo https://vm.tiktok.com/ZDeadAgain1/
    echo https://lite.tiktok.com/t/ZDeadLite22/
    echo https://vt.tiktok.com/ZUserOne11/
    sed 5q "$T/w/all.txt"; sed 5q "$T/w/all.txt"
    id=$(sed -n 's/.*\/video\/\([0-9]*\).*/\1/p' "$T/w/all.txt" | sed 1q)
    echo "$id"; echo "https://t.tiktok.com/i18n/share/video/$id/"
    cat <<'LIST'
https://www.tiktok.com/music/made-up-6818281828459045235
https://www.tiktok.com/tag/cooking
https://www.tiktok.com/@made.up/live
https://www.tiktok.com/@made.up
https://www.tiktok.com/@made.up/playlist/mine-7100000000000000001
https://www.tiktok.com/search?q=cooking
https://www.tiktok.com/login
https://video-i18n.tiktokv.com/storage/v1/tos/oMadeUp
https://www.tiktok.com/about
https://www.example.org/@made.up/video/7100000000000000001
12345
https://www.tiktok.com/@made.up/video/9300000000000000001
no link at all
N/A
LIST
} >"$T/list.txt"
sed 's/.*\/\(Z[A-Za-z0-9]*\)\/$/\1/; t; d' "$T/list.txt" >"$T/codes.txt"

# ---- add ----

"$BLINDSPOT" -q init "$A"
bs "$A" add --json "$T/list.txt" >"$T/added" 2>>"$ERRLOG"
expect "add takes the list" 0 $?
closes "add: the file closes" "$T/added" '.files[0].ledger'
closes "add: the audit closes" "$T/added" .inputs.all
expect "add: every line is seen" "$(wc -l <"$T/list.txt")" "$(of "$T/added" '.files[0].ledger.seen')"
expect "add: every kind is named" "bad_id cdn_file hashtag id_too_large live login no_link other_host other_page placeholder playlist search sound user_profile" \
    "$(of "$T/added" '.files[0].ledger.skipped | keys | join(" ")')"
expect "add: each of them once" 1 "$(of "$T/added" '[.files[0].ledger.skipped[]] | max')"
expect "add: all short links wait" "$(truth "$T/codes.txt")" "$(said "$T/added" .inputs.all.short_links)"
stage "added" "$A"
cp "$T/list.txt" "$T/again.txt"
bs "$A" add --json "$T/again.txt" "$T/w/list.csv" "$T/w/donation.zip" >"$T/added" 2>>"$ERRLOG"
expect "the same file again brings nothing new" 0 "$(of "$T/added" '.files[0].new')"
closes "and closes" "$T/added" '.files[0].ledger'
closes "a CSV closes" "$T/added" '.files[1].ledger'
closes "a donation closes" "$T/added" '.files[2].ledger'
closes "and the audit" "$T/added" .inputs.all
expect "the same bytes are one source, read twice" "3 2" "$(of "$T/added" '.inputs | "\(.count) \(.sources[0].times)"')"
cat "$T/again.txt" >>"$T/w/taken"
sed 's/.*\/\(Z[A-Za-z0-9]*\)\/$/\1/; t; d' "$T/again.txt" >>"$T/codes.txt"

# ---- over days ----

day=1
quiet "$A" audit
rc=$?
expect "day 1: links that gave no answer wait" 3 $rc
expect_text "which is said" "$T/err" 'short links? gave no answer today'
stage "day 1" "$A"
expect "day 1: links stand where the log says" "$(truth "$T/codes.txt")" "$(said "$T/status" '.summary.inputs.sources[0].short_links')"
[ "$(of "$T/status" .summary.inputs.links.waiting)" -gt 0 ]; expect "day 1: some wait" 0 $?
quiet "$A" scrape
expect "a second run of the day is unfinished" 3 $?
tries=$(awk -F '\t' '$2 == "short" && $3 == 200 { n[$4]++ } END { for (c in n) if (n[c] > 1) print c }' "$LOG")
expect "and tries no link twice on a day" "" "$tries"
while [ $rc -eq 3 ] && [ $day -lt 12 ]; do
    move_clock +86400
    day=$((day + 1))
    quiet "$A" audit
    rc=$?
    bs "$A" status --json >"$T/status" 2>>"$ERRLOG"
    closes "day $day: closes" "$T/status" .summary.inputs.all
    expect "day $day: links stand where the log says" "$(truth "$T/codes.txt")" \
        "$(said "$T/status" '.summary.inputs.sources[0].short_links')"
done
expect "the audit ends once no link waits" 0 $rc
stage "the end" "$A"
expect "no link waits, none was given up: silent for three days" "0 0" \
    "$(of "$T/status" '.summary.inputs.links | "\(.given_up) \(.waiting)"')"
expect "items are those of the sources, and those that links led to" "$(of "$T/status" .summary.waterfall.items.count)" \
    "$(of "$T/status" '.summary.inputs.all | .new + .short_links.new_item')"
expect "short links are not counted among the pages read" 0 \
    "$(of "$T/status" '[.summary.drift[] | select(.kind == "page_read" and .name == "other")] | length')"
bs "$A" add --json "$T/list.txt" >"$T/added" 2>>"$ERRLOG"
closes "a list that was resolved before closes" "$T/added" '.files[0].ledger'
expect "none of its links waits" 0 "$(of "$T/added" '.files[0].ledger.short_links.waiting')"
stop_standin

# ---- links that never answer ----

export XDG_STATE_HOME="$T/state2"
make_world "$T/x" 78 20 --set short_links=1
start_standin "$T/x" --quirk "swallow_dead 0" --quirk "short_agent Mozilla"
B=$T/b
"$BLINDSPOT" -q init "$B"
printf 'https://vm.tiktok.com/ZNeverOne1/\nhttps://vm.tiktok.com/ZNeverTwo2/\n' >"$T/two.txt"
quiet "$B" audit "$T/two.txt"
expect "two links that give no answer: unfinished" 3 $?
expect "and no page stands for the site being to blame" 0 "$(grep -c 'blocks us\|pages changed' "$T/err")"
stage "two silent links" "$B"
DAYS=1
while [ $DAYS -lt 5 ]; do
    move_clock +86400
    DAYS=$((DAYS + 1))
    quiet "$B" audit
    rc=$?
    [ $DAYS -eq 5 ] || expect "day $DAYS of two silent links: unfinished" 3 $rc
done
expect "after page.attempts days they are given up" 0 $rc
expect_text "which the last sentence says" "$T/err" 'no item came of 2 short links: 2 given up'
stage "given up" "$B"
expect "none is called dead" "0 2" "$(of "$T/status" '.summary.inputs.links | "\(.dead) \(.given_up)"')"
expect "both are listed" "https://vm.tiktok.com/ZNeverOne1/ https://vm.tiktok.com/ZNeverTwo2/" \
    "$(of "$T/status" '[.summary.inputs.given_up[].url] | join(" ")')"
expect_text "in the page too" "$B/report/method.html" 'ZNeverTwo2'
stop_standin

# ---- links that are dead ----

export XDG_STATE_HOME="$T/state3"
start_standin "$T/x" --quirk "swallow_dead 0"
C=$T/c
"$BLINDSPOT" -q init "$C"
quiet "$C" audit "$T/two.txt"
expect "two dead links: nothing is left to do" 0 $?
expect_text "and it is said what became of them" "$T/err" 'no item came of 2 short links: 2 dead'
expect "not that nothing came in" 0 "$(grep -c 'holds no item yet' "$T/err")"
stage "two dead links" "$C"

# ---- a kill in the middle of add ----

D=$T/d
"$BLINDSPOT" -q init "$D"
awk 'BEGIN { for (i = 0; i < 400000; i++) printf "73%017d\nhttps://vm.tiktok.com/ZK%07d/\n", i * 7, i % 50000 }' >"$T/big.txt"
bs_start "$D" add "$T/big.txt"
sleep 0.3
signal KILL "$BS_PID"
wait "$BS_PID" 2>/dev/null
bs "$D" add --json "$T/list.txt" >"$T/added" 2>>"$ERRLOG"
closes "after a kill the ledger closes" "$T/added" .inputs.all
expect "with nothing of the killed one, or all of it" 0 "$(of "$T/added" .inputs.residual)"

# ---- loaded answers stand in the same ledger ----

echo '{"data":{"videos":[{"id":7301234567890123456,"username":"made.up"},{"id":7301234567890123456},{"id":"x"}],
"cursor":1,"has_more":false},"error":{"code":"ok","message":"","log_id":"1"}}' >"$T/reply.json"
bs "$D" load --json --api --at 2026-03-01 "$T/reply.json" >"$T/loaded" 2>>"$ERRLOG"
closes "load closes" "$T/loaded" .ledger
closes "and so does each file of it" "$T/loaded" '.ledgers[0]'
expect "by kind" "3 1 1 1" "$(of "$T/loaded" '.ledger | "\(.seen) \(.new) \(.duplicates) \(.skipped.no_id)"')"
stage "loaded" "$D"
stop_standin
expect_no_leak "key, secret and token stand in no file"
