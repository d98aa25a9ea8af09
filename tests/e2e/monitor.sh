#!/bin/sh
# A watch list over thirty simulated days: posts that the API loses and returns,
# removals, new handles, blocks, outages, failures of our own, days without a
# look, and rounds that are killed. Every state of every day and every event is
# what the world says it is, and there is no other.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite monitor
POSTS=22

clock_to() { "$STANDIN" clock "$BLINDSPOT_CLOCK" "$1" >/dev/null; }
ids() { tr '\n' ' ' <"$1"; }
# watch_list FOLDER WORLD: a list of the world's posts, with its canaries.
watch_list() {
    # shellcheck disable=SC2046  # ids are words
    "$BLINDSPOT" -q -C "$1" monitor init "$1" && quiet "$1" monitor add $(ids "$2/watch.txt") &&
        quiet "$1" monitor add --canary $(ids "$2/canaries.txt")
}
# killed_round LIST LINES: monitor run, killed when so many further lines stand in the
# stand-in's log; 137 where it came to that.
killed_round() {
    kill_from=$(log_lines); kill_naps=0
    bs_start "$1" monitor run
    while is_ours "$BS_PID" && [ $(($(log_lines) - kill_from)) -lt "$2" ] && [ $kill_naps -lt 2000 ]; do
        kill_naps=$((kill_naps + 1)); sleep 0.005
    done
    signal KILL "$BS_PID"
    wait "$BS_PID" 2>/dev/null
    kill_rc=$?
    cat "$T/err" >>"$ERRLOG"
    return $kill_rc
}
# states SITE, events SITE: what the site says, as the world writes its truth.
states() { csv "$1/data.csv" date id api page | tr '\t' ',' | grep -Ff "$2" | sort; }
events() {
    jq -r '.events[] | [(.at[0:10]), (.id // ""), .kind] | join(",")' "$1/data.json" | sort
}
compare_watch() {       # WORLD SITE: lines that differ
    cut -d, -f1-4 "$1/watch_days.csv" | sed 1d | sort >"$T/want.days"
    states "$2" "$1/watch.txt" >"$T/got.days"
    diff "$T/want.days" "$T/got.days" >"$T/days.diff"
    cut -d, -f1-3 "$1/watch_events.csv" | sed 1d | sort >"$T/want.events"
    events "$2" >"$T/got.events"
    diff "$T/want.events" "$T/got.events" >"$T/events.diff"
}

# ---- nobody is killed ----

make_world "$T/w" 7 600 --watch $POSTS
cp -R "$T/w" "$T/v"
start_standin "$T/w" --quirk "swallow_dead 0.3" --tick-ms 20
watch_list "$T/m" "$T/w"; expect "a watch list is made" 0 $?
while read -r at; do
    clock_to "$at"
    quiet "$T/m" monitor run || echo "$at $quiet_rc" >>"$T/codes"
done <"$T/w/watch_runs.txt"
quiet "$T/m" monitor site "$T/site"; expect "the site is written" 0 $?
compare_watch "$T/w" "$T/site"
expect_empty "$POSTS posts on 30 days: every state equals the truth" "$T/days.diff"
expect_empty "the events are those of the truth, none more" "$T/events.diff"
grey() { grep -c 'fill="#6a6a6a"' "$1/badge.svg"; }
expect "the badge has its colour after a round" 0 "$(grey "$T/site")"
clock_to +133200
quiet "$T/m" monitor site "$T/later"
expect "and is grey 37 hours later" "1 true" "$(grey "$T/later") $(jq .stale "$T/later/data.json")"
# A post's page says what was replied and where in the archive it lies; the place is true.
post=$(head -n 1 "$T/w/watch.txt")
expect_text "a post's page has the words of the API's reply" "$T/site/item/$post.html" ': HTTP 200, ok<br><code>'
place=$(grep -o '<code>[^<]*sha256:[0-9a-f]*</code>' "$T/site/item/$post.html" | head -n 1 | sed 's/<[^>]*>//g')
file=${place%%:*}
expect "and the file of evidence that it names is there" yes "$([ -n "$file" ] && [ -n "$(find "$T/m/evidence" -name "${file##*/}")" ] && echo yes)"
stop_standin

# ---- rounds are killed, and go on ----

export XDG_STATE_HOME="$T/state2"
start_standin "$T/v" --quirk "swallow_dead 0.3" --tick-ms 20
watch_list "$T/k" "$T/v"
kills=0; n=0
while read -r at; do
    clock_to "$at"
    n=$((n + 1))
    if [ $((n % 3)) -ne 1 ]; then
        killed_round "$T/k" $((n % 41 * 2 + 1)); [ $? -ne 137 ] || kills=$((kills + 1))
    fi
    quiet "$T/k" monitor run
done <"$T/v/watch_runs.txt"
if [ $kills -ge 8 ]; then ok "rounds were killed ($kills)"; else not_ok "rounds were killed" "$kills"; fi
quiet "$T/k" monitor site "$T/killed"
compare_watch "$T/v" "$T/killed"
expect_empty "killed and resumed: every state equals the truth" "$T/days.diff"
expect_empty "and the events are those of the truth, none more" "$T/events.diff"
stop_standin
expect_no_leak "key, secret and token stand in no file"
