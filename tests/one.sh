#!/bin/sh
# one.sh NAME...: what `make test T=name` runs: every unit test (test_NAME or NAME), golden,
# end-to-end script and suite of that name, built first, and nothing else.
set -u
cd "$(dirname "$0")/.." || exit 1
MAKE=${MAKE:-make}
unset MAKEFLAGS MFLAGS MAKELEVEL
failed=0
. tests/pg.sh

build() { "$MAKE" --no-print-directory -j2 "$@" || exit 1; }
run() {
    echo "== $*"
    "$@" || failed=1
}

for name; do
    found=
    unit=test_${name#test_}
    if [ -f "tests/unit/$unit.c" ]; then
        found=yes
        build "build/release/tests/$unit"
        run "build/release/tests/$unit"
        # On PostgreSQL as well, where it can be asked to and there is one.
        if grep -q BLINDSPOT_TEST_PG "tests/unit/$unit.c" && [ -z "$(pg_why_not)" ]; then
            run sh tests/pg.sh "build/release/tests/$unit"
        fi
    fi
    if [ -f "tests/golden/$name/cmd" ]; then
        found=yes
        build programs
        run sh tests/golden/run.sh "$name"
    fi
    if [ -f "tests/e2e/$name.sh" ]; then
        found=yes
        build programs
        run sh "tests/e2e/$name.sh"
    fi
    case $name in
    unit) found=yes; build unit; for test in build/release/tests/test_*; do [ -f "$test" ] && run "$test"; done ;;
    golden) found=yes; build programs; run sh tests/golden/run.sh ;;
    lint) found=yes; run sh tests/lint.sh ;;
    tsan) found=yes; build programs; run sh tests/tsan.sh ;;
    fault) found=yes; build faults; run sh tests/fault/run.sh ;;
    corpus) found=yes; build V=asan fuzzers; run sh tests/fuzz/run.sh replay build/asan/fuzz ;;
    esac
    if [ -z "$found" ]; then
        {
            echo "there is no test \"$name\". Unit tests, goldens, end-to-end scripts, suites:"
            ls tests/unit/test_*.c | sed 's/.*test_//; s/\.c$//' | tr '\n' ' '; echo
            for cmd in tests/golden/*/cmd; do basename "$(dirname "$cmd")"; done | tr '\n' ' '; echo
            ls tests/e2e/*.sh | sed 's/.*\///; s/\.sh$//' | tr '\n' ' '; echo
            echo "unit golden lint tsan fault corpus"
        } >&2
        exit 2
    fi
done
exit $failed
