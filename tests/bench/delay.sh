#!/bin/sh
# A whole audit whose store is on a PostgreSQL that is 25 ms away, there and back, beside the same
# audit without the delay: pages and the API answer at once, so all that is waited for is the
# store. The link is tests/e2e/slow_link.c. DELAY_ITEMS: how many, else 20,000.
# How many days it takes hangs on which requests the stand-in's faults meet, and so on the order of
# what flies at once: the days that both took are compared, and the labels of each with the truth of
# its last day.
# Run by tests/bench/run.sh, or: sh tests/pg.sh sh tests/bench/delay.sh
set -u
cd "$(dirname "$0")/../.." || exit 5
what="an audit whose store is 25 ms away, without the delay"
if [ -z "${BLINDSPOT_TEST_PG:-}" ]; then
    printf '%-58s | skipped: no server: sh tests/pg.sh\n' "$what"
    exit 0
fi
. tests/lib.sh
ITEMS=${DELAY_ITEMS:-20000}
server=$BLINDSPOT_TEST_PG
suite delay
port=${server##*:}
port=${port%%/*}
build_link || { cat "$T/link.err" >&2; exit 1; }
"$T/slow_link" 127.0.0.1 0 127.0.0.1 "$port" "$T/link" 25 >"$T/link.out" 2>&1 &
pids="$pids $!"
until [ -s "$T/link" ]; do sleep 0.05; done
make_world "$T/w" 11 "$ITEMS"
SETS="--set api.requests_per_second=100000 --set page.requests_per_second=100000"

# audited NAME SERVER: the seconds of each day, a line each.
audited() {
    rm -f "$T/w/clock"
    start_standin "$T/w" --mild
    "$BLINDSPOT" init "$2?schema=delay_$1" "$T/$1" --seed "the same words" >/dev/null 2>&1
    audited_what=$T/w/all.txt
    audited_days=0
    audited_rc=3
    while [ $audited_rc -eq 3 ] && [ $audited_days -lt "$DAYS_MAX" ]; do
        [ $audited_days -eq 0 ] || move_clock +86400
        audited_days=$((audited_days + 1))
        audited_from=$(date +%s.%N)
        quiet "$T/$1" audit ${audited_what:+"$audited_what"}
        audited_rc=$?
        audited_what=
        echo "$(date +%s.%N) $audited_from" | awk '{ printf "%.2f\n", $1 - $2 }' >>"$T/$1.days"
    done
    [ $audited_rc -eq 0 ] || { tail -n 3 "$T/err" >&2; exit 1; }
    stop_standin
    compare_truth "$T/w" "$T/$1" swallow >"$T/wrong"
    [ ! -s "$T/wrong" ] && return
    echo "delay.sh: labels of $1 that are not the truth (id, truth, label), after $audited_days days:" >&2
    sed 8q "$T/wrong" >&2
    exit 1
}
audited near "$server"
audited far "$(echo "$server" | sed "s/:$port/:$(cat "$T/link")/")"
paste "$T/far.days" "$T/near.days" | awk -F '\t' -v what="$what" -v items="$ITEMS" '
    $1 != "" && $2 != "" { far += $1; near += $2; days = days sprintf(", %.1f and %.1f s", $1, $2) }
    $1 != "" { of_far++ }
    $2 != "" { of_near++ }
    END {
        printf "%-58s | %10.1f s | %10.1f s | %6.2fx | at most 1.3 x: %s (%d items; %d days and %d%s)\n", what,
            far, near, far / near, far <= 1.3 * near ? "ok" : "missed", items, of_far, of_near, days
    }'
