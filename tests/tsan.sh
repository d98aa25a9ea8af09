#!/bin/sh
# ThreadSanitizer over what starts threads: the writer of an archive's files
# (archive/writer.c), whenever an audit keeps evidence, and replay (audit/keep/replay.c),
# whose threads fetch, inflate and parse. All else runs on one thread: it would be built
# and run ten times slower to find nothing. The stand-in's own threads are libmicrohttpd's,
# which Debian builds without the sanitizer, so its handshakes are unseen; it is not built here.
# A program with a race stands at the beginning, to show that a race would be found.
set -u
cd "$(dirname "$0")/.." || exit 1
. tests/lib.sh
suite tsan
TSAN=build/tsan
export TSAN_OPTIONS="exitcode=66 halt_on_error=0"
cat >"$T/race.c" <<'END'
#include <pthread.h>
static int n;
static void *work(void *p) { for (int i = 0; i < 1000; i++) n++; return p; }
int main(void) { pthread_t t; pthread_create(&t, 0, work, 0); work(0); pthread_join(t, 0); return 0; }
END
# shellcheck disable=SC2086  # CC may be two words
if ! ${CC:-gcc} -g -O1 -fsanitize=thread -o "$T/race" "$T/race.c" >"$T/out" 2>&1; then
    skip "threads" "the compiler has no ThreadSanitizer"
    exit 0
fi
"$T/race" >"$T/out" 2>&1
code=$?
if [ $code -ne 66 ] && ! grep -q 'WARNING: ThreadSanitizer' "$T/out"; then
    skip "threads" "ThreadSanitizer does not run on this kernel: $(sed 1q "$T/out")"
    exit 0
fi
expect "a race is found" 66 $code
if ! (unset MAKEFLAGS MFLAGS MAKELEVEL; "${MAKE:-make}" --no-print-directory -j2 V=tsan $TSAN/blindspot $TSAN/tests/test_writer) >"$T/out" 2>&1; then
    not_ok "it is built" "$(grep -E 'error|\*\*\*' "$T/out" | sed 12q)"
    exit 1
fi

# without_race NAME COMMAND...: ends with 0 and reports no race.
without_race() {
    race_name=$1; shift
    "$@" >"$T/out" 2>"$T/err"
    race_code=$?
    if [ $race_code -eq 0 ] && ! grep -q 'ThreadSanitizer' "$T/err"; then ok "$race_name"; else
        not_ok "$race_name" "ended with code $race_code" "$(grep -A 12 'ThreadSanitizer' "$T/err" | sed 40q)" "$(tail -n 3 "$T/err")"; fi
    cat "$T/err" >>"$ERRLOG"
}

without_race "the writer's unit tests" $TSAN/tests/test_writer

# An audit whose archive the writer's thread writes; small, with all kinds of exchanges.
BLINDSPOT=$PWD/$TSAN/blindspot
make_world "$T/w" 41 120
start_standin "$T/w" --mild
SETS="--set api.validation=yes"
DAYS_MAX=6
without_race "an audit keeps its evidence" audit_until_done "$T/a" "$T/w/links.txt" "$T/w/list.csv"
stop_standin
unset BLINDSPOT_CLOCK
"$BUILD/blindspot" -C "$T/a" -q report >"$T/out" 2>&1
cp "$T/a/report/labels.csv" "$T/want"
without_race "four threads replay it" "$BLINDSPOT" -C "$T/a" scrape --replay --threads 4
"$BUILD/blindspot" -C "$T/a" -q classify >"$T/out" 2>&1
"$BUILD/blindspot" -C "$T/a" -q report >"$T/out" 2>&1
diff "$T/want" "$T/a/report/labels.csv" >"$T/diff" 2>&1
expect_empty "and the labels are the same" "$T/diff"
expect_no_leak "key, secret and token stand in no file"
