#!/bin/sh
# The day's quota, as the platform counts it: never exceeded, shared by the
# audits of one key, charged per UTC day.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite quota
DAYS_MAX=40
# over LIMIT: UTC days on which the stand-in counted more queries.
over() {
    for day in $(log_days); do
        [ "$(log_queries "$day")" -le "$1" ] || echo "day $day: $(log_queries "$day") queries, allowed $1"
    done
}

make_world "$T/w" 31 600
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "rate_500 0.05"
SETS="--set api.daily_requests=10"
quiet "$T/a" audit "$T/w/all.txt"
expect "ten requests a day: the first run is unfinished" 3 $?
expect "and used all ten" 10 "$(log_queries)"
expect_text "it says when to go on" "$T/err" '2026-03-03T00:00:00Z'
before=$(log_queries)
quiet "$T/a" fetch
expect "a second run on the same day: unfinished" 3 $?
expect "and sends no query" "$before" "$(log_queries)"
expect_done "over days, it ends" "$T/a"
over 10 >"$T/diff"
expect_empty "no UTC day has more queries than allowed" "$T/diff"
compare_truth "$T/w" "$T/a" >"$T/diff"
# Items come of age meanwhile; and where the first ask falls on a later day,
# what the API returns from its second day on comes back at once.
csv "$T/w/truth.csv" id notes | awk -F '\t' '$2 ~ /returned_from_day_2/ { print $1 }' >"$T/slow"
awk -F '\t' 'NR == FNR { slow[$1 ""]; next } !(($1 "") in slow && $3 == "retrieved||at_once|")' "$T/slow" "$T/diff" >"$T/diff2"
expect_empty "the verdicts equal the truth" "$T/diff2"
stop_standin

# ---- two audits, one key, one ledger ----

export XDG_STATE_HOME="$T/state2"
make_world "$T/x" 32 500
start_standin "$T/x" --quirk "swallow_dead 0"
head -n 250 "$T/x/all.txt" >"$T/one.txt"; tail -n 250 "$T/x/all.txt" >"$T/two.txt"
SETS="--set api.daily_requests=12"
"$BLINDSPOT" -q init "$T/b"; "$BLINDSPOT" -q init "$T/c"
quiet "$T/b" add "$T/one.txt"; quiet "$T/c" add "$T/two.txt"
day=1; b=3; c=3
while [ $day -le $DAYS_MAX ] && { [ $b -eq 3 ] || [ $c -eq 3 ]; }; do
    # Both at the same time: the ledger must hold against the other process too.
    bs "$T/b" audit >"$T/out.b" 2>"$T/err.b" &
    first=$!
    bs "$T/c" audit >"$T/out.c" 2>"$T/err.c"
    c=$?
    wait $first
    b=$?
    cat "$T/err.b" "$T/err.c" >>"$ERRLOG"
    move_clock +86400
    day=$((day + 1))
done
expect "two audits that share a ledger both end" "0 0" "$b $c"
over 12 >"$T/diff"
expect_empty "and together never exceed the day's quota" "$T/diff"
stop_standin

# ---- the platform's own count is smaller than the setting ----

export XDG_STATE_HOME="$T/state3"
make_world "$T/y" 33 400
start_standin "$T/y" --quota 6 --quirk "swallow_dead 0"
SETS=
quiet "$T/d" audit "$T/y/all.txt"
expect "the platform says that the quota is used up: unfinished" 3 $?
before=$(log_queries)
quiet "$T/d" fetch
expect "which is remembered for the day" "$before" "$(log_queries)"
stop_standin
expect_no_leak "key, secret and token stand in no file"
