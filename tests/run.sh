#!/bin/sh
# tests/run.sh: everything that `make test` promises, in three lanes for two
# cores, as much of it waits for the disk: each lane takes the next suite that none has.
# One line a suite when it ends; then what failed, in full; the last line is
# "N passed, N failed, N skipped", which also stands in build/tally.
#   tests/run.sh                    all of it
#   tests/run.sh --lane X FOLDER    for itself: one lane
#   tests/run.sh --suite NAME       for itself: one suite
# A suite that does not end in TEST_SECONDS (2400) is stopped and has failed, and so is what
# has not ended TEST_ALL_SECONDS (4200) after the start.
set -u
cd "$(dirname "$0")/.." || exit 1
OUT=build/test
MAKE=${MAKE:-make}
unset MAKEFLAGS MFLAGS MAKELEVEL
# The longest first, so that no lane is left alone with one; asan builds what corpus replays.
FIRST="asan lint fault unit golden e2e-web e2e-engine e2e-browser e2e-criteria tsan pg"
SUITES=$FIRST
for script in tests/e2e/*.sh; do
    name=e2e-$(basename "$script" .sh)
    case " $FIRST " in *" $name "*) ;; *) SUITES="$SUITES $name" ;; esac
done
SUITES="$SUITES corpus canary"
if [ -z "${BLINDSPOT_SHARED:-}" ] && [ -d ../shared ]; then BLINDSPOT_SHARED=$(cd ../shared && pwd); fi
[ -z "${BLINDSPOT_SHARED:-}" ] || export BLINDSPOT_SHARED

. tests/canary.sh
# Runs a suite: TAP lines into $OUT/NAME.tap; its code, seconds and seconds of processor into .rc.
suite_run() {   # NAME COMMAND...
    suite_name=$1; shift
    suite_from=$(date +%s)
    times >"$OUT/$suite_name.before"
    "$@" >"$OUT/$suite_name.tap" 2>"$OUT/$suite_name.err" & suite_pid=$!
    wait $suite_pid
    suite_rc=$?
    times >"$OUT/$suite_name.after"
    # The second line is of the children: 1m2.5s 0m3.5s.
    suite_cpu=$(awk -F '[ms ]+' 'FNR == 2 { spent = 60 * ($1 + $3) + $2 + $4 - spent } END { printf "%d", spent }' \
        "$OUT/$suite_name.before" "$OUT/$suite_name.after")
    rm -f "$OUT/$suite_name.before" "$OUT/$suite_name.after"
    echo "$suite_rc $(($(date +%s) - suite_from)) $suite_cpu" >"$OUT/$suite_name.rc"
}

# Counts what a suite said into p, f and s, and prints its line.
suite_line() {  # NAME
    suite_tap=$OUT/$1.tap
    rc=1; seconds=0; cpu=0
    [ -f "$OUT/$1.rc" ] && read -r rc seconds cpu <"$OUT/$1.rc"
    [ -f "$suite_tap" ] || : >"$suite_tap"
    s=$(grep -c '^ok .*# SKIP' "$suite_tap"); p=$(($(grep -c '^ok ' "$suite_tap") - s))
    f=$(grep -c '^not ok ' "$suite_tap")
    # A suite that ends badly, or says nothing, has failed whatever it printed.
    if [ "$f" -eq 0 ] && { [ "$rc" -ne 0 ] || [ $((p + s)) -eq 0 ]; }; then
        f=1
        suite_ended="ended with code $rc"
        case $rc in 124 | 137) suite_ended="did not end in $seconds s; the last it said was: $(tail -n 1 "$suite_tap")" ;; esac
        echo "not ok - $1: $suite_ended" >>"$suite_tap"
        tail -n 40 "$OUT/$1.err" 2>/dev/null | sed 's/^/# /' >>"$suite_tap"
    fi
    printf '%-16s %5d passed, %3d failed, %3d skipped  (%d s, %d s of processor)\n' \
        "$1" "$p" "$f" "$s" "$seconds" "$cpu"
}

units_why="what it needs is not here: real pages, or a server"
# All unit tests of a build, or those of these sources; a program that ends early fails by its name.
units() {
    units_failed=0
    units_build=$1; shift
    [ $# -gt 0 ] || set -- tests/unit/test_*.c
    for source; do
        unit=$(basename "$source" .c)
        CMOCKA_MESSAGE_OUTPUT=TAP "$units_build/$unit" >"$TMPDIR/unit.out" 2>&1
        units_rc=$?
        sed -n "s/^ok [0-9]* - /ok - $unit: /p; s/^ok [0-9]* # SKIP */ok - $unit: # SKIP /p;
            s/^not ok [0-9]* # SKIP */ok - $unit: # SKIP /p; s/^not ok [0-9]* - /not ok - $unit: /p; /^# \(not \)*ok - /d; s/^#/&/p" "$TMPDIR/unit.out" |
            sed "s/^\(ok - [a-z_]*:\) # SKIP \(.*\)$/\1 \2 # SKIP $units_why/"
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
# Those that a server of PostgreSQL can be given to, with one.
. tests/pg.sh
pg_suite() {
    pg_skipped=$(pg_why_not)
    if [ -n "$pg_skipped" ]; then echo "ok - pg: unit tests on PostgreSQL # SKIP $pg_skipped"; return; fi
    if pg_begin; then
        units_why="it is about a store that is a file"
        # shellcheck disable=SC2046  # no blanks in names of ours
        BLINDSPOT_TEST_PG=$PG_URL units build/release/tests $(grep -l BLINDSPOT_TEST_PG tests/unit/test_*.c)
        pg_failed=$?
        # A cut of `make pg`.
        BLINDSPOT_TEST_PG=$PG_URL sh tests/far/all.sh handle_change quota_day one || pg_failed=1
    else
        echo "not ok - pg: a server starts"; pg_failed=1
    fi
    pg_end
    return $pg_failed
}

if [ "${1:-}" = --suite ]; then
    case $2 in
    asan | unit | pg | corpus) "${2}_suite" ;;
    golden | fault) sh "tests/$2/run.sh" ;;
    lint | tsan) sh "tests/$2.sh" ;;
    e2e-*) sh "tests/e2e/${2#e2e-}.sh" ;;
    esac
    exit
fi

# One lane: the next suite that no other has taken, with no more time than the whole has left.
if [ "${1:-}" = --lane ]; then
    TMPDIR=$3/$2; export TMPDIR
    export CANARY_HITS="$OUT/canary.deleted"
    export ASAN_OPTIONS=detect_leaks=1:abort_on_error=0 UBSAN_OPTIONS=print_stacktrace=1
    mkdir -p "$TMPDIR/state"
    XDG_STATE_HOME=$TMPDIR/state; export XDG_STATE_HOME
    # A process group of its own, which gets what timeout gets.
    trap 'kill "$suite_pid" 2>/dev/null; exit 143' TERM
    suite_pid=
    for name in $SUITES; do
        if [ "$name" = canary ] || ! mkdir "$OUT/$name.taken" 2>/dev/null; then continue; fi
        while [ "$name" = corpus ] && [ ! -f "$OUT/asan.rc" ]; do sleep 1; done
        left=$((TEST_END - $(date +%s)))
        [ "$left" -lt "${TEST_SECONDS:-2400}" ] || left=${TEST_SECONDS:-2400}
        [ "$left" -gt 0 ] || left=1
        suite_run "$name" timeout -k 20 "$left" sh tests/run.sh --suite "$name"
        suite_line "$name"
    done
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

# Where the tests write: TMPDIR, or else memory where 4 GB of it are free and programs may run
# from there. Every commit of an audit waits for the disk, and a slow one makes minutes of it.
scratch_base() {
    if [ -z "${TMPDIR:-}" ] && [ "$(awk '/^MemAvailable:/ { print $2 }' /proc/meminfo 2>/dev/null || echo 0)" -ge 6000000 ] &&
        [ "$(df -Pk /dev/shm 2>/dev/null | awk 'NR == 2 { print $4 }')" -ge 4000000 ] 2>/dev/null; then
        trial=$(mktemp /dev/shm/blindspot-trial.XXXXXX 2>/dev/null)
        printf '#!/bin/sh\n' >"$trial" 2>/dev/null && chmod +x "$trial" && "$trial" 2>/dev/null && memory=/dev/shm
        rm -f "$trial"
    fi
    echo "${TMPDIR:-${memory:-/tmp}}"
}

# ---- the lanes, and what they said ----

rm -rf "$OUT"; mkdir -p "$OUT" || exit 1
TEST_END=$(($(date +%s) + ${TEST_ALL_SECONDS:-4200})); export TEST_END
scratch=$(mktemp -d "$(scratch_base)/bs-test.XXXXXX") || exit 1
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
    line=$(suite_line "$name")
    suite_line "$name" >/dev/null
    [ $((f + s)) -eq 0 ] || echo "$line"
    grep -E '^(not ok|#)' "$tap" | sed 's/^/    /'
    [ "$f" -eq 0 ] || sed 's/^/    stderr: /' "$OUT/$name.err" | sed 20q
    grep '^ok .*# SKIP' "$tap" | sed 's/^ok - /    skipped: /; s/ # SKIP /: /'
    passed=$((passed + p)); wrong=$((wrong + f)); skipped=$((skipped + s))
done
echo "$passed passed, $wrong failed, $skipped skipped" | tee build/tally
[ "$wrong" -eq 0 ]
