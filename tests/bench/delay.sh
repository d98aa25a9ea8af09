#!/bin/sh
# A whole audit whose store is on a PostgreSQL that is 25 ms away, there and back, beside the same
# audit without the delay: pages and the API answer at once, so all that is waited for is the
# store. The link is tests/e2e/slow_link.py. DELAY_ITEMS: how many, else 20,000.
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
python3 tests/e2e/slow_link.py 127.0.0.1 0 127.0.0.1 "$port" "$T/link" 25 >"$T/link.out" 2>&1 &
pids="$pids $!"
until [ -s "$T/link" ]; do sleep 0.05; done
make_world "$T/w" 11 "$ITEMS"
SETS="--set api.requests_per_second=100000 --set page.requests_per_second=100000"

# audited NAME SERVER: seconds.
audited() {
    rm -f "$T/w/clock"
    start_standin "$T/w" --mild
    "$BLINDSPOT" init "$2?schema=delay_$1" "$T/$1" --seed "the same words" >/dev/null 2>&1
    audited_from=$(date +%s.%N)
    audit_until_done "$T/$1" "$T/w/all.txt" || { tail -n 3 "$T/err" >&2; exit 1; }
    echo "$(date +%s.%N) $audited_from" | awk '{ printf "%.2f", $1 - $2 }' >"$T/$1.took"
    stop_standin
}
audited near "$server"
audited far "$(echo "$server" | sed "s/:$port/:$(cat "$T/link")/")"
for name in near far; do verdicts "$T/$name" >"$T/$name.verdicts"; done
cmp -s "$T/near.verdicts" "$T/far.verdicts" || { echo "delay.sh: other labels" >&2; exit 1; }
awk -v what="$what" -v near="$(cat "$T/near.took")" -v far="$(cat "$T/far.took")" -v items="$ITEMS" 'BEGIN {
    printf "%-58s | %10.1f s | %10.1f s | %6.2fx | at most 1.3 x: %s (%d items)\n", what, far, near, far / near,
        far <= 1.3 * near ? "ok" : "missed", items }'
