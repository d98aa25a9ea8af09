#!/bin/sh
# tests/run.sh: everything that `make test` promises, in three lanes for two
# cores, as much of it waits for the disk. One line a suite; what failed is printed in full; the last line is
# "N passed, N failed, N skipped", which also stands in build/tally.
#   tests/run.sh             all of it
#   tests/run.sh --lane X    for itself: one lane
set -u
cd "$(dirname "$0")/.." || exit 1
OUT=build/test
MAKE=${MAKE:-make}
unset MAKEFLAGS MFLAGS MAKELEVEL
SUITES="unit asan golden"
for script in tests/e2e/*.sh; do SUITES="$SUITES e2e-$(basename "$script" .sh)"; done
SUITES="$SUITES fault corpus tsan lint canary"
if [ -z "${BLINDSPOT_SHARED:-}" ] && [ -d ../shared ]; then BLINDSPOT_SHARED=$(cd ../shared && pwd); fi
[ -z "${BLINDSPOT_SHARED:-}" ] || export BLINDSPOT_SHARED

# Runs a command as a suite: TAP lines into $OUT/NAME.tap, the code into .rc.
. tests/canary.sh
suite_run() {
    suite_name=$1; shift
    suite_from=$(date +%s)
    "$@" >"$OUT/$suite_name.tap" 2>"$OUT/$suite_name.err"
    echo "$? $(($(date +%s) - suite_from))" >"$OUT/$suite_name.rc"
}

# All unit tests of a build; a program that ends early fails by its name.
units() {
    units_failed=0
    for source in tests/unit/test_*.c; do
        unit=$(basename "$source" .c)
        CMOCKA_MESSAGE_OUTPUT=TAP "$1/$unit" >"$TMPDIR/unit.out" 2>&1
        units_rc=$?
        sed -n "s/^ok [0-9]* - /ok - $unit: /p; s/^ok [0-9]* # SKIP */ok - $unit: # SKIP /p;
            s/^not ok [0-9]* # SKIP */ok - $unit: # SKIP /p; s/^not ok [0-9]* - /not ok - $unit: /p; /^# \(not \)*ok - /d; s/^#/&/p" "$TMPDIR/unit.out" |
            sed 's/^\(ok - [a-z_]*:\) # SKIP \(.*\)$/\1 \2 # SKIP what it reads is not here/'
        if [ $units_rc -ne 0 ] && ! grep -q '^not ok [0-9]* - ' "$TMPDIR/unit.out"; then
            echo "not ok - $unit: ended with code $units_rc"
            tail -n 40 "$TMPDIR/unit.out" | sed 's/^/# /'
        fi
        [ $units_rc -eq 0 ] || units_failed=1
    done
    return $units_failed
}

build_or_fail() {       # NAME ARGUMENTS OF make...
    build_name=$1; shift
    "$MAKE" --no-print-directory "$@" >"$OUT/$build_name.build" 2>&1 && return 0
    echo "not ok - build: make $*"
    grep -E 'error|undefined|Error|\*\*\*' "$OUT/$build_name.build" | sed 30q | sed 's/^/# /'
    return 1
}
asan_suite() { build_or_fail asan -j2 V=asan unit fuzzers && units build/asan/tests; }
corpus_suite() { sh tests/fuzz/run.sh replay build/asan/fuzz; }
unit_suite() { units build/release/tests; }

if [ "${1:-}" = --lane ]; then
    TMPDIR=$3/$2; export TMPDIR
    export CANARY_HITS="$OUT/canary.deleted"
    export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
    mkdir -p "$TMPDIR/state"
    XDG_STATE_HOME=$TMPDIR/state; export XDG_STATE_HOME
    case $2 in
    1)  suite_run asan asan_suite
        suite_run corpus corpus_suite
        suite_run lint sh tests/lint.sh ;;
    2)  suite_run golden sh tests/golden/run.sh
        for script in tests/e2e/[a-o]*.sh; do suite_run "e2e-$(basename "$script" .sh)" sh "$script"; done ;;
    *)  suite_run unit unit_suite
        suite_run tsan sh tests/tsan.sh
        suite_run fault sh tests/fault/run.sh
        for script in tests/e2e/[!a-o]*.sh; do suite_run "e2e-$(basename "$script" .sh)" sh "$script"; done ;;
    esac
    exit 0
fi

# Every file that a lane deletes, leaves or logs, and what `ps` would show while
# they run: key, secret and token of the tests stand in none. Each way of
# looking is tried on a decoy as well.
canary_suite() {
    mkdir "$scratch/decoys"
    printf 'x%s' "$SECRET" >"$scratch/decoys/plain"
    printf 'x%s' "$TOKEN" | gzip >"$scratch/decoys/packed.gz"
    setsid sh -c 'sleep 5; :' decoy "$KEY" & decoy=$!
    sleep 0.2
    found="$(canary_in "$scratch/decoys" | wc -l) $(canary_seen "$decoy" | wc -l)"
    kill -- "-$decoy" 2>/dev/null; rm -rf "$scratch/decoys"
    canary_in "$scratch" "$OUT" >"$scratch.hits"
    cat "$OUT/canary.deleted" >>"$scratch.hits"
    sort -u "$OUT/canary.processes" >>"$scratch.hits"
    if [ "$found" = "2 1" ]; then echo "ok - canary: decoys in a file, an archive and a process are found"
    else echo "not ok - canary: decoys in a file, an archive and a process are found"; echo "# found: $found"; fi
    if [ "$looks" -gt 10 ]; then echo "ok - canary: the list of processes was looked at all the while"
    else echo "not ok - canary: the list of processes was looked at all the while"; echo "# $looks times"; fi
    if [ -s "$scratch.hits" ]; then
        echo "not ok - canary: key, secret and token stand nowhere"
        sed 's/^/# /; 20q' "$scratch.hits"
    else
        echo "ok - canary: key, secret and token stand nowhere"
    fi
    rm -f "$scratch.hits"
}

# ---- the lanes, and what they said ----

rm -rf "$OUT"; mkdir -p "$OUT" || exit 1
scratch=$(mktemp -d "${TMPDIR:-/tmp}/blindspot-test.XXXXXX") || exit 1
lanes=
finish() {
    for lane in $lanes; do kill -TERM "-$lane" 2>/dev/null; done
    [ -z "$lanes" ] || sleep 0.2
    for lane in $lanes; do kill -KILL "-$lane" 2>/dev/null; done
    rm -rf "$scratch" "$scratch.words"
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

echo "building"
build_or_fail release -j2 programs unit faults benches build/release/soak || { echo "0 passed, 1 failed, 0 skipped" | tee build/tally; exit 1; }
canary_begin "$scratch.words"
: >"$OUT/canary.deleted"; : >"$OUT/canary.processes"
for lane in 1 2 3; do
    setsid sh tests/run.sh --lane $lane "$scratch" </dev/null &
    lanes="$lanes $!"
done
# Each lane is a session of its own.
looks=0; alive=yes
while [ -n "$alive" ]; do
    # shellcheck disable=SC2086  # a list of ids
    canary_seen $lanes >>"$OUT/canary.processes"
    looks=$((looks + 1))
    alive=
    for lane in $lanes; do kill -0 "$lane" 2>/dev/null && alive=yes; done
    sleep 0.2
done
wait
suite_run canary canary_suite

passed=0; wrong=0; skipped=0
for name in $SUITES; do
    tap=$OUT/$name.tap
    rc=1; seconds=0
    [ -f "$OUT/$name.rc" ] && read -r rc seconds <"$OUT/$name.rc"
    [ -f "$tap" ] || : >"$tap"
    s=$(grep -c '^ok .*# SKIP' "$tap"); p=$(($(grep -c '^ok ' "$tap") - s)); f=$(grep -c '^not ok ' "$tap")
    # A suite that ends badly, or says nothing, has failed whatever it printed.
    if [ "$f" -eq 0 ] && { [ "$rc" -ne 0 ] || [ $((p + s)) -eq 0 ]; }; then
        f=1
        echo "not ok - $name: ended with code $rc" >>"$tap"
        tail -n 40 "$OUT/$name.err" 2>/dev/null | sed 's/^/# /' >>"$tap"
    fi
    printf '%-14s %5d passed, %3d failed, %3d skipped  (%d s)\n' "$name" "$p" "$f" "$s" "$seconds"
    grep -E '^(not ok|#)' "$tap" | sed 's/^/    /'
    [ "$f" -eq 0 ] || sed 's/^/    stderr: /' "$OUT/$name.err" | sed 20q
    grep '^ok .*# SKIP' "$tap" | sed 's/^ok - /    skipped: /; s/ # SKIP /: /'
    passed=$((passed + p)); wrong=$((wrong + f)); skipped=$((skipped + s))
done
echo "$passed passed, $wrong failed, $skipped skipped" | tee build/tally
[ "$wrong" -eq 0 ]
