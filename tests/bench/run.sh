#!/bin/sh
# Every speed goal beside its alternative, both measured in this run. Machines
# differ and are shared: the ratio counts, not the seconds.
set -u
cd "$(dirname "$0")/../.." || exit 5
. tests/pg.sh
printf '%-58s | %12s | %12s | %7s | %s\n' what ours other ratio goal
status=0
for bench in build/release/bench/bench_*; do
    case $bench in *.d|*.o) continue ;; esac
    set -- "$bench"
    # Beside a file, whose commits are synced, a server that syncs its own.
    [ "$bench" != build/release/bench/bench_engines ] || [ -n "$(pg_why_not)" ] || set -- sh tests/pg.sh "$bench"
    PG_CONFIG='fsync = on' "$@" >build/bench.out || status=1
    grep -v '^what ' build/bench.out
done
rm -f build/bench.out
exit $status
