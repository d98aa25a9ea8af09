#!/bin/sh
# SIGINT finishes what is in flight, commits and ends with 130; the next run
# goes on from there and asks nothing twice.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite stop
make_world "$T/w" 22 1500
start_standin "$T/w" --quirk "swallow_dead 0"
for part in fetch scrape; do
    quiet "$T/a" add "$T/w/all.txt" 2>/dev/null || { "$BLINDSPOT" -q init "$T/a"; quiet "$T/a" add "$T/w/all.txt"; }
    from=$(log_lines)
    # The program must not inherit "ignore SIGINT", as background jobs of sh do.
    bs_start "$T/a" "$part"
    naps=0
    while [ $(($(log_lines) - from)) -lt 12 ] && [ $naps -lt 500 ]; do naps=$((naps + 1)); sleep 0.01; done
    signal INT "$BS_PID"
    wait "$BS_PID"
    expect "$part, interrupted: 130" 130 $?
    if [ "$part" = fetch ]; then
        expect_text "and says so in a sentence" "$T/err" 'stopped|interrupted'
        came=$(awk -F '\t' '$2 == "query" && $3 == 200 && $8 != "-" { n += split($8, id, ",") } END { print n + 0 }' "$LOG")
        bs "$T/a" status --json >"$T/status" 2>>"$ERRLOG"
        kept=$(tr -d '\n' <"$T/status" | sed 's/.*"retrieved": {  *"count": \([0-9]*\).*/\1/')
        expect "every row that was received is kept" "$came" "$kept"
    else
        read=$(awk -F '\t' '$2 == "page" { n++ } END { print n + 0 }' "$LOG")
    fi
done
quiet "$T/a" scrape
pages_once=$(awk -F '\t' '$2 == "page" && $5 == "public" { n[$4 ""]++ } END { for (i in n) if (n[i] > 1) twice++; print twice + 0 }' "$LOG")
expect "no public page is read a second time ($read before the stop)" 0 "$pages_once"
expect_done "the audit goes on to its end" "$T/a"
compare_truth "$T/w" "$T/a" >"$T/diff"
expect_empty "and every verdict equals the truth" "$T/diff"
stop_standin
expect_no_leak "key, secret and token stand in no file"
