#!/bin/sh
# The day: a run that crosses midnight UTC, a day on which the API answers
# nothing, a clock that jumps, two processes on one audit.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite day
# days_of LOG: id TAB UTC days on which a complete reply was asked for it, by the stand-in's log.
days_of() {
    awk -F '\t' '$2 == "query" && $3 == 200 { day = int($1 / 86400); n = split($7, id, ",")
        for (i = 1; i <= n; i++) if (!seen[id[i], day]++) days[id[i]]++ }
        END { for (i in days) print i "\t" days[i] }' "$1" | sort
}
clock_to() { "$STANDIN" clock "$BLINDSPOT_CLOCK" "$1" >/dev/null; }
midnight() { echo $((($(today) + 1) * 86400)); }

# ---- midnight in the middle of a run ----

make_world "$T/w" 41 700
start_standin "$T/w" --quirk "swallow_dead 0" --tick-ms 100
SETS="--set api.concurrency=1"
clock_to $(($(midnight) - 1))
quiet "$T/a" audit "$T/w/all.txt"
expect "a run that begins a second before midnight is unfinished" 3 $?
first=$(log_days | sed -n 1p)
expect "it asked on both sides of midnight" "$first $((first + 1))" "$(log_days | tr '\n' ' ' | sed 's/ $//')"
bs "$T/a" status --json >"$T/status" 2>>"$ERRLOG"
expect "each send is charged to its day" "$(log_queries "$(today)")" "$(json "$T/status" used_today)"
expect_done "the audit ends" "$T/a"
csv "$T/a/report/labels.csv" id api_days | awk -F '\t' '$2 > 0' | sort >"$T/kept"
days_of "$LOG" >"$T/logged"
diff "$T/logged" "$T/kept" >"$T/diff"
expect_empty "each item has the days on which it was asked" "$T/diff"
compare_truth "$T/w" "$T/a" swallow >"$T/diff"
expect_empty "and every verdict equals the truth" "$T/diff"
stop_standin

# ---- a day on which the API answers nothing ----

export XDG_STATE_HOME="$T/state2"
make_world "$T/x" 42 900 --set span_days=2800
start_standin "$T/x" --quirk "swallow_dead 0" --quirk "outage 1 1"
SETS="--set api.daily_requests=50"
quiet "$T/b" audit "$T/x/all.txt"
expect "round 1 takes more than a day" 3 $?
move_clock +86400
quiet "$T/b" audit
expect "the API answers nothing: unfinished" 3 $?
expect_text "which is said in a sentence" "$T/err" 'answers nothing to anybody since'
day=$(today)
out=$(log_queries "$day")
[ "$out" -le 20 ]; expect "and does not burn the day's quota ($out of 50)" 0 $?
quiet "$T/b" fetch
expect "the next run, too early, is unfinished" 3 $?
expect "and sends one canary" $((out + 1)) "$(log_queries "$day")"
bs "$T/b" status --all >"$T/out" 2>>"$ERRLOG"
expect_text "status names the stretch" "$T/out" "answered nothing to anybody from .* \\($((out + 1)) requests\\)"
move_clock +86400
expect_done "the audit goes on when the API is back" "$T/b"
[ "$(log_queries $((day + 1)))" -gt 25 ]; expect "with what was left ($(log_queries $((day + 1))) requests)" 0 $?
compare_truth "$T/x" "$T/b" swallow >"$T/diff"
expect_empty "and every verdict equals the truth" "$T/diff"
expect_text "summary.json names the stretch" "$T/b/report/summary.json" '"stretches": *\[$|"stretches": *\[ *\{'
expect "with its requests" $((out + 1)) "$(tr -d '\n' <"$T/b/report/summary.json" | sed 's/.*"stretches"[^]]*"requests": *\([0-9]*\).*/\1/')"
expect_text "and so does how it was done" "$T/b/report/method.html" 'API answered nothing to anybody'
stop_standin

# ---- a clock that jumps ----

export XDG_STATE_HOME="$T/state3"
make_world "$T/y" 43 500
start_standin "$T/y" --quirk "swallow_dead 0"
SETS="--set api.daily_requests=8"
quiet "$T/c" audit "$T/y/all.txt"
start=$(awk '{ print int($1) }' "$BLINDSPOT_CLOCK")
move_clock +86400
quiet "$T/c" audit
before=$(log_queries)
clock_to "$start"
quiet "$T/c" audit
expect "the clock goes back a day: unfinished" 3 $?
expect "and the ledger gives nothing back" "$before" "$(log_queries)"
clock_to $((start + 3600 - 86400))
quiet "$T/c" status
expect "status bears a clock before the first answer" 0 $?
csv "$T/c/report/labels.csv" id api_first_asked_at api_last_asked_at | awk -F '\t' '$2 > $3' >"$T/diff"
expect_empty "no item was asked last before it was asked first" "$T/diff"
clock_to $((start + 4 * 86400))
DAYS_MAX=40
expect_done "three days later it goes on, and ends" "$T/c"
for day in $(log_days); do
    [ "$(log_queries "$day")" -le 8 ] || echo "day $day: $(log_queries "$day") queries"
done >"$T/diff"
expect_empty "no UTC day has more queries than allowed" "$T/diff"
compare_truth "$T/y" "$T/c" swallow >"$T/diff"
expect_empty "and every verdict equals the truth" "$T/diff"
stop_standin

# ---- two processes on one audit ----

export XDG_STATE_HOME="$T/state4"
make_world "$T/z" 44 400
start_standin "$T/z" --quirk "swallow_dead 0" --quirk "slow_ms 40"
SETS="--set api.concurrency=1"
"$BLINDSPOT" -q init "$T/d"; quiet "$T/d" add "$T/z/all.txt"
bs_start "$T/d" fetch
naps=0
while [ "$(log_queries)" -lt 2 ] && [ $naps -lt 500 ]; do naps=$((naps + 1)); sleep 0.01; done
bs "$T/d" fetch >"$T/out2" 2>"$T/err2"
expect "a second process on the same audit: run again later" 3 $?
expect_text "which says that another one works on it" "$T/err2" 'another blindspot'
wait "$BS_PID"
first_rc=$?
[ $first_rc -eq 0 ] || [ $first_rc -eq 3 ]; expect "the first one goes on ($first_rc)" 0 $?
twice=$(awk -F '\t' '$2 == "query" && $3 == 200 { n = split($7, id, ","); for (i = 1; i <= n; i++) if (c[id[i]]++ == 1) t++ } END { print t + 0 }' "$LOG")
expect "and nothing was asked twice" 0 "$twice"
stop_standin
expect_no_leak "key, secret and token stand in no file"
