#!/bin/sh
# tests/fuzz/run.sh: every fuzz target for FUZZ_SECONDS (60), by libFuzzer; a
# crash becomes a file in its corpus. tests/fuzz/run.sh replay DIR: the corpora
# through the binaries of DIR, each input once.
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
for source in tests/fuzz/fuzz_*.c; do
    target=$(basename "$source" .c)
    corpus=tests/fuzz/corpus/${target#fuzz_}
    found=build/fuzz/found/${target#fuzz_}
    mkdir -p "$found"
    echo "$target: ${FUZZ_SECONDS:-60} s"
    if ! "build/fuzz/fuzz/$target" -max_total_time="${FUZZ_SECONDS:-60}" -timeout=10 -rss_limit_mb=2048 -max_len=65536 \
        -print_final_stats=1 -artifact_prefix="$corpus/crash-" "$found" "$corpus" >"build/fuzz/$target.log" 2>&1; then
        tail -n 40 "build/fuzz/$target.log"
        echo "$target: the input lies in $corpus/"
        failed=1
    fi
    sed -n 's/^stat::number_of_executed_units: */  inputs: /p' "build/fuzz/$target.log"
done
exit $failed
