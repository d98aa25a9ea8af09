#!/bin/sh
# tests/soak/kills.sh: 520 times kill -9: tests/e2e/kill.sh with other moments
# each time, 40 of them a run. Prints what failed, and one line at the end.
set -u
cd "$(dirname "$0")/../.." || exit 1
out=$(mktemp "${TMPDIR:-/tmp}/blindspot-kills.XXXXXX") || exit 1
trap 'rm -f "$out"' EXIT
runs=0; failed=0
while [ $runs -lt 13 ]; do
    KILL_SEED=$((1000 + 2 * runs)) sh tests/e2e/kill.sh >"$out" 2>&1 || {
        failed=$((failed + 1))
        echo "moments of seed $((1000 + 2 * runs)):"
        grep -v '^ok ' "$out"
    }
    runs=$((runs + 1))
done
echo "kill -9: $((runs * 40)) times in $runs runs, $failed runs failed"
[ $failed -eq 0 ]
