#!/bin/sh
# Every speed goal beside its alternative, both measured in this run. Machines
# differ and are shared: the ratio counts, not the seconds.
# Without PostgreSQL its rows are skipped by name; PG=1 (make bench PG=1) insists on it, and adds an
# audit of SCALE_IDS (300,000) items on it.
set -u
cd "$(dirname "$0")/../.." || exit 5
. tests/pg.sh
if [ "${PG:-}" = 1 ] && [ -n "$(pg_why_not)" ]; then
    echo "bench: PG=1: $(pg_why_not)" >&2
    exit 77
fi
# As a server comes from Debian, which syncs what it commits.
PG_CONFIG='fsync = on
shared_buffers = 128MB'
export PG_CONFIG
far() { if [ -n "$(pg_why_not)" ]; then "$@"; else sh tests/pg.sh "$@"; fi; }
printf '%-58s | %12s | %12s | %7s | %s\n' what ours other ratio goal
status=0
for bench in build/release/bench/bench_*; do
    case $bench in *.d|*.o) continue ;; esac
    case $bench in
    *_engines) far "$bench" ;;
    *) "$bench" ;;
    esac >build/bench.out || status=1
    grep -v '^what ' build/bench.out
done
far sh tests/bench/delay.sh || status=1
if [ "${PG:-}" = 1 ]; then
    # shellcheck disable=SC2016  # for the shell inside
    SCALE_IDS=${SCALE_IDS:-300000} far sh -c 'SCALE_STORE=$BLINDSPOT_TEST_PG build/release/bench/bench_scale' || status=1
fi
rm -f build/bench.out
exit $status
