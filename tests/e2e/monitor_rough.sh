#!/bin/sh
# A watch list on bad days: an outage that begins within a round, a canary that is gone, clocks
# that are wrong, two rounds at once, folders that hold something else, a post that nobody made.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite monitor_rough
clock_to() { "$STANDIN" clock "$BLINDSPOT_CLOCK" "$1" >/dev/null; }
ids() { tr '\n' ' ' <"$1"; }
watch_list() {          # FOLDER WORLD
    # shellcheck disable=SC2046  # ids are words
    quiet "$1" monitor init "$1" && quiet "$1" monitor add $(ids "$2/watch.txt") &&
        quiet "$1" monitor add --canary $(ids "$2/canaries.txt")
}
# round LIST: one round; today's found, absent and not measured posts, and how it ended.
round() {
    quiet "$1" monitor run --json
    jq -r '"\(.today.found) \(.today.absent) \(.today.not_measured) \(.ending)"' "$T/out"
}
world_with() {          # FOLDER LINES: a world whose schedule has these lines more
    make_world "$1" 7 600 --watch 22
    printf '%s\n' "$2" >>"$1/schedule.csv"
}

# ---- an outage begins within a round: one request a second, and from the fifteenth on nothing ----

world_with "$T/w" "1.333507-1.5,,quirk swallow_batch 1"
start_standin "$T/w" --quirk "swallow_dead 0" --tick-ms 1000
SETS="--set api.concurrency=1"
watch_list "$T/m" "$T/w"; expect "a watch list is made" 0 $?
clock_to 2026-03-02T08:00:00Z
expect "an ordinary day" "12 10 0 done" "$(round "$T/m")"
clock_to 2026-03-03T08:00:00Z
round "$T/m" >"$T/cut"
if [ "$(cut -d ' ' -f 3 "$T/cut")" -ge 9 ]; then ok "an outage in the middle: what lies behind it is not measured"
else not_ok "an outage in the middle: what lies behind it is not measured" "$(cat "$T/cut")"; fi
clock_to 2026-03-03T15:00:00Z
expect "the next round measures what is left, and no post had been called absent that was not" "12 10 0 done" "$(round "$T/m")"

# ---- a canary is gone since yesterday, and silences whoever is asked with it ----

stop_standin
export XDG_STATE_HOME="$T/state2"
make_world "$T/x" 7 600 --watch 22
sed 's/$/,item_deleted/; s/^/1,/' "$T/x/canaries.txt" | sed 5q >>"$T/x/schedule.csv"
start_standin "$T/x" --quirk "swallow_dead 1"
watch_list "$T/n" "$T/x"
clock_to 2026-03-02T08:00:00Z
expect "canaries that are all there" "12 10 0 done" "$(round "$T/n")"
clock_to 2026-03-03T08:00:00Z
expect "five of six are gone: no outage, and nothing is lost" "12 10 0 done" "$(round "$T/n")"
expect_text "nobody tells of an outage" "$T/out" '"events":\[\]'

# ---- clocks ----

clock_to 2027-03-03T08:00:00Z
round "$T/n" >"$T/future"
clock_to 2026-03-04T08:00:00Z
expect "a clock that was a year ahead keeps nobody from asking today" "12 10 0 done" "$(round "$T/n")"
expect_text "and is spoken of" "$T/err" 'readings of 2027-03-03T.* yet to come'
clock_to 2026-03-01T08:00:00Z
round "$T/n" >"$T/past"
clock_to 2026-03-04T09:00:00Z
expect "nor does one that went back" "12 10 0 nothing_due" "$(round "$T/n")"

# ---- two at once ----

clock_to 2026-03-05T08:00:00Z
bs_start "$T/n" monitor run
naps=0; from=$(log_lines)
while [ "$(log_lines)" -le "$from" ] && [ $naps -lt 500 ]; do naps=$((naps + 1)); sleep 0.002; done
signal STOP "$BS_PID"    # a fast disk would let it end before the second looks
bs "$T/n" monitor run >"$T/out2" 2>"$T/err2"; beside_rc=$?
signal CONT "$BS_PID"
expect "a second round beside the first leaves it alone" 3 $beside_rc
expect_text "and says so" "$T/err2" 'another blindspot works on '
wait "$BS_PID"; expect "the first one ends well" 0 $?

# ---- what is not its folder, what is no post ----

quiet "$T/n" add "$T/x/all.txt"; expect "add is refused in a watch list" 2 $?
expect_text "in one sentence" "$T/err" "^blindspot: add is for an audit, and $T/n holds a watch list\$"
quiet "$T/n" audit "$T/x/all.txt"; expect "and so is an audit of links" 2 $?
"$BLINDSPOT" -q init "$T/a"
quiet "$T/a" monitor run; expect "a round is refused in an audit" 2 $?
expect_text "in one sentence as well" "$T/err" "monitor run is for a watch list, and $T/a holds an audit"
quiet "$T/n" monitor add 7399999999999999999; expect "a post that nobody made is watched" 0 $?
clock_to 2026-03-06T08:00:00Z
round "$T/n" >"$T/none"; expect "it is absent, and the round is done" "done" "$(cut -d ' ' -f 4 "$T/none")"
quiet "$T/n" monitor add hello 7399999999999999998; expect "what is no id is refused" 2 $?
expect "and nothing is taken" "23" "$(quiet "$T/n" monitor run --json; json "$T/out" posts)"
# ---- what is gone from the site is purged, and its days stay ----

bring_home "$T/n"
quiet "$T/n" monitor site "$T/before"; quiet "$T/n" purge --gone; expect "what is gone is purged" 0 $?
quiet "$T/n" monitor site "$T/after"; expect "the site is made again" 0 $?
expect "with the same sums" "$(jq -c '.totals, (.events | length)' "$T/before/data.json")" "$(jq -c '.totals, (.events | length)' "$T/after/data.json")"
gone=
for id in $(ids "$T/x/watch.txt"); do [ -e "$T/after/item/$id.html" ] || gone="$gone $id"; done
if [ -n "$gone" ]; then ok "some posts were gone"; else not_ok "some posts were gone"; fi
for id in $gone; do grep -rl "$id" "$T/after"; done >"$T/named"
expect_empty "no file of the site names them" "$T/named"
quiet "$T/n" verify; expect "archive and ledger are whole" 0 $?
stop_standin
expect_no_leak "key, secret and token stand in no file"
