#!/bin/sh
# tests/fuzz/run.sh: every fuzz target for FUZZ_SECONDS (60), by libFuzzer; a
# crash becomes a file in its corpus, and the exit code is then 1.
#   FUZZ_ONLY="page json"   these targets alone
#   FUZZ_JOBS=2             so many at once (1)
# A target takes the words of tests/fuzz/dict/TARGET.dict where there are any.
# tests/fuzz/run.sh replay DIR: the corpora through the binaries of DIR, each
# input once.
set -u
cd "$(dirname "$0")/../.." || exit 1
failed=0
if [ "${1:-}" = replay ]; then
    for source in tests/fuzz/fuzz_*.c; do
        target=$(basename "$source" .c)
        corpus=tests/fuzz/corpus/${target#fuzz_}
        if said=$("$2/$target" "$corpus" 2>&1); then
            echo "ok - corpus: $target, $said" | tail -n 1
        else
            echo "not ok - corpus: $target"
            printf '%s\n' "$said" | sed 40q | sed 's/^/# /'
            failed=1
        fi
    done
    exit $failed
fi

stat_of() {     # LOG NAME
    sed -n "s/^stat::$2: *//p" "$1"
}

# fuzz NAME: one target, from its start to its line. Coverage is what libFuzzer
# printed last: edges, and features (edges by how often they were taken).
fuzz() {
    found=build/fuzz/found/$1
    log=build/fuzz/fuzz_$1.log
    mkdir -p "$found"
    set -- "$1" "$(date +%s)"
    words=tests/fuzz/dict/$1.dict
    [ -f "$words" ] && words=-dict=$words || words=
    # shellcheck disable=SC2086  # one word or none
    "build/fuzz/fuzz/fuzz_$1" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -print_final_stats=1 $words -artifact_prefix="tests/fuzz/corpus/$1/" "$found" "tests/fuzz/corpus/$1" \
        >"$log" 2>&1
    rc=$?
    covered=$(sed -n 's/.* cov: \([0-9]*\) ft: \([0-9]*\) .*/\1 edges, \2 features/p' "$log" | tail -n 1)
    echo "$1: $(stat_of "$log" number_of_executed_units) inputs, $(($(date +%s) - $2)) s, ${covered:-no coverage}"
    [ $rc -eq 0 ] && return 0
    tail -n 40 "$log"
    echo "$1: FAILED; the input lies in tests/fuzz/corpus/$1/"
    return 1
}
if [ "${1:-}" = one ]; then
    fuzz "$2"
    exit
fi

names=$(for source in tests/fuzz/fuzz_*.c; do basename "$source" .c | sed 's/^fuzz_//'; done)
if [ -n "${FUZZ_ONLY:-}" ]; then
    for name in $FUZZ_ONLY; do
        [ -f "tests/fuzz/fuzz_$name.c" ] && continue
        echo "there is no target \"$name\"; there are:" $names >&2
        exit 2
    done
    names=$FUZZ_ONLY
fi
# xargs: several at once, each line whole, and any failure is its exit code.
printf '%s\n' $names | xargs -n 1 -P "${FUZZ_JOBS:-1}" sh tests/fuzz/run.sh one || failed=1
exit $failed
