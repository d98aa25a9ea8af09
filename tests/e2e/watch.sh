#!/bin/sh
# A watch list is made from an audit, asked for round by round, killed, limited, held up by
# another run and by the quota, and its events are told once. What thirty days of it show is
# for monitor.sh.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite watch
SETS="--set page.retry_base_ms=10 --set api.retry_base_ms=10"
# The days that the stand-in's own log has: ids asked for alone, on the day DAY.
alone() { awk -F '\t' -v day="$1" '$2 == "query" && $3 == 200 && int($1 / 86400) == day && $7 !~ /,/ { n[$7]++ }
    END { for (id in n) print id, n[id] }' "$LOG" | sort; }
states() { jq -c '.posts[] | [.id, .role, .api, .page]' "$1"; }

# ---- the examples for cron and systemd ----

if command -v systemd-analyze >/dev/null; then
    mkdir "$T/units"
    for unit in service timer; do
        sed "s#/usr/bin/blindspot#$BLINDSPOT#" "contrib/systemd/blindspot-watch@.$unit" >"$T/units/blindspot-watch@.$unit"
    done
    systemd-analyze verify --man=no "$T/units/blindspot-watch@srv-watch.service" \
        "$T/units/blindspot-watch@srv-watch.timer" >"$T/said" 2>&1
    expect "systemd takes the units" 0 $?
    expect_empty "and has nothing to say of them" "$T/said"
else
    skip "systemd takes the units" "systemd-analyze is not installed"
fi
grep -ho 'blindspot \(-q \|--progress=never \)\{0,1\}monitor [a-z]*' contrib/watch.cron contrib/systemd/* | sed 's/.*monitor //' | sort -u >"$T/named"
while read -r name; do
    "$BLINDSPOT" monitor "$name" --help >/dev/null 2>>"$ERRLOG" || echo "$name"
done <"$T/named" >"$T/said"
expect_empty "every command that they name is there ($(tr '\n' ' ' <"$T/named"))" "$T/said"

# ---- made from an audit ----

make_world "$T/w" 61 260 --watch 12 --days 6
start_standin "$T/w"
audit_until_done "$T/a" "$T/w/all.txt"
before=$(cd "$T/a" && sha256sum audit.db blindspot.ini rules.ini)
quiet "$T" monitor init "$T/m" --from "$T/a" --top 7 --json
expect "a list is made from an audit" 0 $?
expect "with as many posts as were asked for" 7 "$(json "$T/out" posts)"
expect "the audit is not touched" "$before" "$(cd "$T/a" && sha256sum audit.db blindspot.ini rules.ini)"
quiet "$T" monitor init "$T/m2" --from "$T/a" --top 7
bs "$T/m" monitor --json >"$T/one" 2>>"$ERRLOG"
bs "$T/m2" monitor --json >"$T/two" 2>>"$ERRLOG"
expect "the same audit gives the same list" "$(states "$T/one")" "$(states "$T/two")"
csv "$T/a/report/labels.csv" id state bucket page_outcome | sort >"$T/labels"
jq -r '.posts[] | select(.role == "watch") | .id' "$T/one" | sort >"$T/posts"
join -t '	' "$T/posts" "$T/labels" | grep -vcE '	missing	missing/public/[a-z_]+	public$' >"$T/said"
expect "all of it is missing and public" 0 "$(cat "$T/said")"
jq -r '.posts[] | select(.role == "canary") | .id' "$T/one" | sort >"$T/canaries"
expect "every canary was retrieved" "$(wc -l <"$T/canaries")" "$(join -t '	' "$T/canaries" "$T/labels" | grep -c '	retrieved	')"
# The most viewed one of each label is on the list, and never a less viewed one before it.
bs "$T/a" export --format csv --side page >"$T/records" 2>>"$ERRLOG"
csv "$T/records" id view_count | sort >"$T/views"
join -t '	' "$T/labels" "$T/views" | awk -F '	' 'NR == FNR { on[$1 ""] = 1; next }
    $2 == "missing" && $3 ~ /^missing\/public\// && $4 == "public" { n[$3]++
        if (($1 "") in on) { if (!($3 in least) || $5 < least[$3]) least[$3] = $5 }
        else if (!($3 in most) || $5 > most[$3]) most[$3] = $5 }
    END { for (l in n) if (!(l in least)) print l " has none"; else if (l in most && most[l] > least[l]) print l ": " most[l] " was passed over for " least[l] }' \
    "$T/posts" - >"$T/said"
expect_empty "labels take turns, the most viewed post first" "$T/said"
quiet "$T" monitor init "$T/m" --from "$T/a"
expect "where a list lies already nothing is made" 2 $?
quiet "$T" monitor init "$T/m3" --from "$T/w"
expect "nor from what is no audit" 2 $?
[ ! -e "$T/m3" ]; expect "no folder is left of that" 0 $?
quiet "$T/a" monitor run
expect "an audit is no watch list" 2 $?
expect_text "which is said in a sentence" "$T/err" 'monitor run is for a watch list'
quiet "$T/m" monitor run
expect "the list can be asked for at once" 0 $?
bs "$T/m" monitor --json >"$T/one" 2>>"$ERRLOG"
expect "and none of it is returned" 7 "$(jq .today.absent "$T/one")"

# ---- its site ----

# Handles that the list's own posts have; short ones and words would be found in other words.
jq -r '.posts[].id' "$T/one" | sort >"$T/listed"
csv "$T/w/truth.csv" id handle | sort | join -t '	' "$T/listed" - | cut -f 2 | grep -E '.{6}' | grep -v '^tiktok' | sort -u >"$T/handles"
# seen DIR: those of them that stand in any file of it, packed ones too.
seen() {
    find "$1" -name '*.gz' -exec gzip -dk {} +
    grep -rhowFf "$T/handles" "$1" | sort -u
}
idle=$(csv "$T/a/report/labels.csv" id state | awk -F '\t' '$2 == "retrieved" { print $1 }' | grep -vxFf "$T/listed" | sed 1q)
quiet "$T/m" monitor add --canary "$idle"
quiet "$T/m" monitor site "$T/public" || not_ok "a site is made" "$(tail -n 3 "$T/err")"
quiet "$T/m" monitor site "$T/with-names" --names || not_ok "a site with names is made" "$(tail -n 3 "$T/err")"
expect "the posts have handles" yes "$([ "$(wc -l <"$T/handles")" -ge 5 ] && echo yes)"
expect "no handle stands in any file of a site" "" "$(seen "$T/public")"
seen "$T/with-names" | comm -13 - "$T/handles" >"$T/said"
expect_empty "with --names every handle does" "$T/said"
expect_text "a canary that nobody asked for has no row" "$T/public/index.html" '>1</data> of the list.s canaries was never asked for'
expect "but in the table of all" "0 1" "$(grep -c "$idle" "$T/public/index.html") $(grep -c "$idle" "$T/public/list.html")"
quiet "$T/m" monitor add --canary "$(head -n 1 "$T/posts")" --json
expect_text "a post that turns into a canary is told" "$T/err" '^warning: 1 post watched until now turned into a canary'
expect_text "for programs too" "$T/out" '"turned":1'
quiet "$T/m" monitor add "$(head -n 1 "$T/posts")"
expect_text "and so is the way back" "$T/err" '1 canary turned into a post that is watched'
quiet "$T/m" monitor add "$(head -n 1 "$T/posts")"
expect "nothing turns twice" 0 "$(grep -c turned "$T/err")"

# ---- rounds ----

rm -rf "$T/m"
export XDG_STATE_HOME="$T/state2"
bs "$T" monitor init "$T/m" 2>>"$ERRLOG"
quiet "$T/m" monitor run
expect "an empty list cannot be asked for" 2 $?
quiet "$T/m" monitor add not-an-id
expect "what is no post is not taken" 2 $?
# shellcheck disable=SC2046  # ids
quiet "$T/m" monitor add $(cat "$T/w/watch.txt")
expect_text "a list without canaries is warned of" "$T/err" 'the list has no canary'
# shellcheck disable=SC2046
bs "$T/m" monitor add --canary $(cat "$T/w/canaries.txt") 2>>"$ERRLOG"
copy_audit "$T/m" "$T/u"
move_clock +86400
quiet "$T/u" monitor run --json
expect "a round that nobody disturbs" "done" "$(json "$T/out" ending)"
bs "$T/u" monitor --json >"$T/whole" 2>>"$ERRLOG"
expect "measures everybody" 0 "$(jq .today.not_measured "$T/whole")"
sent=$(log_queries "$(today)")
quiet "$T/u" monitor run
expect "the next one has nothing to do" 0 $?
expect "and sends nothing" "$sent" "$(log_queries "$(today)")"

# Killed again and again, on one simulated day: what came in is not asked for again.
move_clock +86400
export XDG_STATE_HOME="$T/state3"
day=$(today)
first_line=$(log_lines)
kills=0
for lines in 1 4 9 13 18 24 30 38; do
    from=$(log_lines)
    bs_start "$T/m" monitor run
    while is_ours "$BS_PID" && [ $(($(log_lines) - from)) -lt $lines ]; do sleep 0.005; done
    signal KILL "$BS_PID" && kills=$((kills + 1))
    wait "$BS_PID" 2>/dev/null
done
quiet "$T/m" monitor run
expect "a run after $kills kills comes to the end" 0 $?
bs "$T/m" monitor --json >"$T/killed" 2>>"$ERRLOG"
quiet "$T/u" monitor run
bs "$T/u" monitor --json >"$T/whole" 2>>"$ERRLOG"
expect "with the states of one that was not killed" "$(states "$T/whole" | grep -v canary)" "$(states "$T/killed" | grep -v canary)"
bs "$T/m" verify >/dev/null 2>>"$ERRLOG"
expect "store, ledger and archive are whole" 0 $?
bs "$T/a" status --json >"$T/status" 2>>"$ERRLOG"    # of the same key, so of the same ledger
[ "$(json "$T/status" used_today)" -ge "$(awk -F "\t" -v day="$day" -v from="$first_line" 'NR > from && $2 == "query" && int($1 / 86400) == day' "$LOG" | wc -l)" ]
expect "the quota was charged for each request" 0 $?

# Two at once: the second one leaves the first alone.
move_clock +86400
from=$(log_lines)
bs_start "$T/m" monitor run
while is_ours "$BS_PID" && [ "$(log_lines)" -eq "$from" ]; do sleep 0.005; done
signal STOP "$BS_PID"
bs "$T/m" monitor run >"$T/two.out" 2>"$T/two.err"
expect "a second run beside the first is turned away" 3 $?
expect_text "in a sentence" "$T/two.err" 'another blindspot works'
signal CONT "$BS_PID"
wait "$BS_PID"
expect "and the first one ends well" 0 $?
stop_standin

# A round that takes too long: the next one goes on.
start_standin "$T/w" --tick-ms 6000
move_clock +86400
quiet "$T/m" monitor run --limit 1 --json
expect "a round that is limited is unfinished" 3 $?
expect "and says by what" limit "$(json "$T/out" ending)"
rounds=1
while ! quiet "$T/m" monitor run --limit 2 --json && [ $rounds -lt 30 ]; do rounds=$((rounds + 1)); done
[ $rounds -lt 30 ]; expect "further ones come to the end ($rounds)" 0 $?
bs "$T/m" monitor --json >"$T/one" 2>>"$ERRLOG"
expect "then everybody is measured" 0 "$(jq .today.not_measured "$T/one")"
stop_standin

# A server that takes a connection and says nothing. A real clock's alarm ends the round two minutes
# after its time, once what is in flight has had net.timeout_s; here it is rung by hand.
start_standin "$T/w"
copy_audit "$T/m" "$T/h"
clock=$BLINDSPOT_CLOCK
unset BLINDSPOT_CLOCK
SETS="--set net.timeout_s=4"
signal STOP "$STANDIN_PID"
bs_start "$T/h" monitor run --limit 1 --json
naps=0
while [ $((0x$(awk '/^SigCgt/ { print substr($2, 13) }' "/proc/$BS_PID/status" 2>/dev/null || echo 0) & 0x2000)) -eq 0 ] && [ $naps -lt 400 ]; do naps=$((naps + 1)); sleep 0.05; done
sleep 1
signal ALRM "$BS_PID"
naps=0
while is_ours "$BS_PID" && [ $naps -lt 400 ]; do naps=$((naps + 1)); sleep 0.05; done
signal KILL "$BS_PID"
wait "$BS_PID" 2>/dev/null
expect "a round under a server that hangs ends when its alarm rings" "3 limit" "$? $(json "$T/out" ending)"
signal CONT "$STANDIN_PID"
SETS=
quiet "$T/h" monitor run --json
expect "and the next one goes on" "0 0" "$quiet_rc $(jq .today.not_measured "$T/out")"
export BLINDSPOT_CLOCK="$clock"
stop_standin

# The day's quota: what was asked alone has its canaries behind it.
start_standin "$T/w"
move_clock +86400
quiet "$T/m" --set api.daily_requests=14 monitor run --json
expect "a quota that is too small leaves something" 3 $?
expect "and says so" quota "$(json "$T/out" ending)"
bs "$T/m" monitor --json >"$T/one" 2>>"$ERRLOG"
expect "what was not asked is ours, not an outage" '["ours"]' "$(jq -c '[.posts[] | select(.role == "watch" and .api == "not_measured") | .api_why] | unique' "$T/one")"
[ "$(jq '.today.found + .today.absent' "$T/one")" -ge 3 ]; expect "what was asked is measured" 0 $?
quiet "$T/m" monitor run
expect "with more of it the day is whole" 0 $?
unset BLINDSPOT_CLIENT_KEY
move_clock +86400
quiet "$T/m" monitor run --json
expect "without a key a person must act" 4 $?
expect "and the pages are read all the same" 0 "$(jq '.today.page_not_measured' "$T/out")"
export BLINDSPOT_CLIENT_KEY=$KEY

# ---- events, once each ----

while read -r at; do
    clock=$(date -u -d "$at" +%s)
    [ "$clock" -gt "$(awk '{ print int($1) }' "$BLINDSPOT_CLOCK")" ] || continue
    "$STANDIN" clock "$BLINDSPOT_CLOCK" "$at" >/dev/null
    quiet "$T/m" monitor run
done <"$T/w/watch_runs.txt"
move_clock +200000
quiet "$T/m" monitor alert --exec 'exit 7' --json
expect "a program that takes no event: it is told again" 3 $?
failed_events=$(json "$T/out" failed)
[ "$failed_events" -ge 2 ]; expect "there are events to be told of ($failed_events)" 0 $?
expect_text "its exit code is told" "$T/err" 'exit code 7'
quiet "$T/m" monitor alert --exec "cat >>$T/told" --json
expect "all of them are told by the next call" "$failed_events" "$(wc -l <"$T/told")"
quiet "$T/m" monitor alert --exec "cat >>$T/told"
expect "and none of them again" "$failed_events" "$(wc -l <"$T/told")"
expect "each with a name of its own" "$failed_events" "$(jq -r .event "$T/told" | sort -u | wc -l)"
# Killed while it tells: whether it was taken is not known, so that it is not told twice.
move_clock +200000
quiet "$T/m" monitor run
move_clock +200000
bs_start "$T/m" monitor alert --exec "cat >>$T/told; sleep 2"
waited=0
while [ "$(wc -l <"$T/told")" -eq "$failed_events" ] && [ $waited -lt 400 ]; do waited=$((waited + 1)); sleep 0.01; done
signal KILL "$BS_PID"; wait "$BS_PID" 2>/dev/null
quiet "$T/m" monitor alert --exec "cat >>$T/told"
expect_text "of an event that a kill cut off is warned" "$T/err" 'it is not told again'
expect "no event was told twice" "$(wc -l <"$T/told")" "$(jq -r .event "$T/told" | sort -u | wc -l)"

# ---- as the schemas say ----

if python3 -c 'import jsonschema' 2>/dev/null; then
    quiet "$T/m" monitor --json
    mv "$T/out" "$T/monitor.json"
    bs "$T/m" monitor alert --exec true --json >"$T/monitor-alert.json" 2>>"$ERRLOG"
    bs "$T/m" monitor add --canary "$(head -n 1 "$T/w/canaries.txt")" --json >"$T/monitor-add.json" 2>>"$ERRLOG"
    move_clock +86400
    bs "$T/m" monitor run --json >"$T/monitor-run.json" 2>>"$ERRLOG"
    bs "$T" monitor init "$T/m4" --from "$T/a" --json >"$T/monitor-init.json" 2>>"$ERRLOG"
    for schema in monitor monitor-alert monitor-add monitor-run monitor-init; do
        python3 -W ignore - "docs/json/$schema.schema.json" "$T/$schema.json" <<'PYTHON'
import json, sys
import jsonschema
schema, value = (json.load(open(name, encoding="utf-8")) for name in sys.argv[1:3])
jsonschema.Draft202012Validator.check_schema(schema)
for error in list(jsonschema.Draft202012Validator(schema).iter_errors(value))[:5]:
    print(sys.argv[1], "/".join(map(str, error.absolute_path)), error.message[:160])
PYTHON
    done >"$T/said" 2>&1
    expect_empty "what --json prints is what the schemas say" "$T/said"
else
    skip "what --json prints is what the schemas say" "python3-jsonschema is not installed"
fi

# ---- off the list ----

first=$(head -n 1 "$T/w/watch.txt")
quiet "$T/m" monitor add --remove "$first"
expect "a post is taken off the list" 0 $?
move_clock +86400
quiet "$T/m" monitor run
expect "and is not asked for any more" 0 "$(awk -F '\t' -v day="$(today)" -v id="$first" '$2 == "query" && int($1 / 86400) == day && index($7, id)' "$LOG" | wc -l)"
quiet "$T/m" monitor add --remove 7000000000000000000
expect "one that never was on it cannot be" 2 $?
expect_no_leak "no secret is written anywhere"
