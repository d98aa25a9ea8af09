#!/bin/sh
# A few short courses of `make soak`: whole audits on a platform that is simulated, under a model of
# corruption each, run to their end with every label right. The simulation answers whatever witness
# an audit asks.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite courses

soak=build/release/soak
if [ ! -x "$soak" ]; then skip "courses" "not built: $soak"; exit 0; fi
for model in none dead_share:0.3 handles vanish outage:1; do
    if "$soak" --model "$model" --items 1200 --daily 60 >"$T/out" 2>"$T/err"; then ok "$model: to its end"; else
        not_ok "$model: to its end" "$(tail -n 3 "$T/out" "$T/err")"; fi
    # open ones and wrong labels, as the head of the table names them
    awk '/^model/ { for (i = 1; i <= NF; i++) at[$i] = i; next } NF > 15 && !/MISS/ { print $at["label"], $at["open"] }' "$T/out" >"$T/wrong"
    expect "$model: no label is wrong, no item left open" "0 0" "$(cat "$T/wrong")"
done
for witness in page,embed,oembed embed,page,oembed; do
    if "$soak" --model dead_share:0.3 --items 1200 --daily 60 --set page.witnesses="$witness" --set page.retrieved_sample=all >"$T/out" 2>"$T/err"; then
        ok "$witness: to its end"; else not_ok "$witness: to its end" "$(tail -n 3 "$T/out" "$T/err")"; fi
done
