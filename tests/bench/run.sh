#!/bin/sh
# Every speed goal beside its alternative, both measured in this run. Machines
# differ and are shared: the ratio counts, not the seconds.
set -u
cd "$(dirname "$0")/../.." || exit 5
printf '%-58s | %12s | %12s | %7s | %s\n' what ours other ratio goal
status=0
for bench in build/release/bench/bench_*; do
    case $bench in *.d|*.o) continue ;; esac
    "$bench" >build/bench.out || status=1
    grep -v '^what ' build/bench.out
done
rm -f build/bench.out
exit $status
