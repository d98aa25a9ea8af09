#!/bin/sh
# kill -9 at twenty moments, which a seed draws: after a number of further
# lines in the stand-in's log, or after a while, so that all phases are hit.
# The verdicts are those of a run that nobody killed, nothing is asked again
# without need, and the quota was charged before each request was sent.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite kill
KILLS=20
SEED=${KILL_SEED:-42}

# watch MOMENT: waits until it is there ("lines N" of the log, "naps N" of
# 10 ms) or the run has ended; 0 = the moment came.
watch() {
    naps=0
    from=$2
    while is_ours "$BS_PID"; do
        case $1 in
        lines*) [ $(($(log_lines) - from)) -lt "${1#lines }" ] || return 0 ;;
        naps*) [ $naps -lt "${1#naps }" ] || return 0 ;;
        esac
        naps=$((naps + 1))
        sleep 0.01
    done
    return 1
}

# audit_killed AUDIT SEED LINES FILES...: as audit_until_done, killed $KILLS
# times: some on each of three days, within LINES lines of the log on the first
# and fewer on the others; what is left of them falls on writing the report.
# USED is what the ledger charged over all days, KILLED how often it was killed.
audit_killed() {
    killed_audit=$1; killed_seed=$2; killed_lines=$3; shift 3
    export XDG_STATE_HOME="$killed_audit.state"     # a ledger of its own
    awk -v seed="$killed_seed" -v lines="$killed_lines" -v n="$KILLS" 'BEGIN {
        srand(seed)
        for (i = 1; i <= n; i++) {
            day = i <= 9 ? 1 : i <= 15 ? 2 : 3
            print day, (i % 4 ? "lines " int(1 + rand() * lines / (day == 1 ? 1 : 8 * (day - 1))) : "naps " int(rand() * 60))
        } }' >"$T/moments"
    KILLED=0; USED=0; DAYS=1; killed_what=audit; reports=0
    while :; do
        moment=$(sed -n "$((KILLED + 1))p" "$T/moments")
        if [ "$killed_what" = report ]; then
            moment="naps $((KILLED % 5))"; reports=$((reports + 1))
        elif [ "${moment%% *}" -gt $DAYS ] 2>/dev/null; then
            moment=
        else
            moment=${moment#* }
        fi
        [ $KILLED -lt "$KILLS" ] || moment=
        from=$(log_lines)
        if [ $killed_what = report ]; then bs_start "$killed_audit" report; else bs_start "$killed_audit" audit "$@"; fi
        [ -z "$moment" ] || ! watch "$moment" "$from" || signal KILL "$BS_PID"
        wait "$BS_PID" 2>/dev/null
        killed_rc=$?
        cat "$T/err" >>"$ERRLOG"
        if [ $killed_rc -eq 137 ]; then
            KILLED=$((KILLED + 1))
        elif [ $killed_what = audit ]; then
            bs "$killed_audit" status --json >"$T/status" 2>>"$ERRLOG"
            USED=$((USED + $(json "$T/status" used_today)))
            if [ $killed_rc -eq 0 ]; then
                killed_what=report
            elif [ $killed_rc -eq 3 ] && [ $DAYS -lt "$DAYS_MAX" ]; then
                move_clock +86400
                DAYS=$((DAYS + 1))
            else
                return $killed_rc
            fi
        elif [ -z "$moment" ] || [ $killed_rc -ne 0 ] || [ $reports -gt 100 ]; then
            return $killed_rc
        fi
    done
}

# compare_runs CALM_WORLD CALM_AUDIT WORLD AUDIT: what the killed run decided
# otherwise. The simulated clock moves with every request and repeat, so the
# two runs end at different instants, and what was too recent at the start may
# have come of age in one of them: these rows are held against the truth, each
# at the clock of its own run, and all others must be the same.
compare_runs() {
    csv "$1/truth.csv" id reason | awk -F '\t' '$2 == "too_recent" { print $1 }' >"$T/recent"
    for side in want got; do
        if [ $side = want ]; then side_world=$1 side_audit=$2; else side_world=$3 side_audit=$4; fi
        verdicts "$side_audit" | grep -vwFf "$T/recent" >"$T/$side"
        compare_truth "$side_world" "$side_audit" | grep -wFf "$T/recent"
    done
    diff "$T/want" "$T/got"
}

# Lines of the log that ask the same set of ids in the same window as an
# earlier one, in the first round: before any of them had come back.
repeats() {
    awk -F '\t' '$2 == "query" && $3 == 200 && $6 == 0 {
        key = $4 " " $5 " " $7
        if (key in seen) n++
        seen[key]
    } END { print n + 0 }' "$1"
}
# Asks of each item that the platform never returns: ID TAB COUNT.
asks_of_missing() {
    csv "$2/truth.csv" id state >"$T/states"
    awk -F '\t' 'NR == FNR { if ($2 == "missing") missing[$1 ""]; next }
        $2 == "query" { n = split($7, id, ","); for (i = 1; i <= n; i++) if ((id[i] "") in missing) asked[id[i] ""]++ }
        END { for (i in asked) print i "\t" asked[i] }' "$T/states" "$1" | sort
}

# ---- an ordinary day's faults, the default concurrency ----

make_world "$T/w" 11 3000
cp -R "$T/w" "$T/v"
start_standin "$T/w" --mild --quirk "swallow_dead 0"
expect_done "the run that nobody kills" "$T/a" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
compare_truth "$T/w" "$T/a" >"$T/diff"
expect_empty "its verdicts equal the truth, at_once and after_retries too" "$T/diff"
stop_standin
start_standin "$T/v" --mild --quirk "swallow_dead 0"
audit_killed "$T/b" "$SEED" 400 "$T/v/links.txt" "$T/v/list.csv" "$T/v/donation.zip"
expect "killed $KILLS times, it ends as well" "0 $KILLS" "$? $KILLED"
compare_runs "$T/w" "$T/a" "$T/v" "$T/b" >"$T/diff"
expect_empty "id, state, label, reason, rule, basis and confirmed are the same in every row" "$T/diff"
sent=$(log_queries "")
if [ "$USED" -ge "$sent" ] && [ $((USED - sent)) -le $((KILLS * 4)) ]; then
    ok "the ledger charged each query before it was sent"
else
    not_ok "the ledger charged each query before it was sent" "charged $USED, the stand-in counted $sent"
fi
stop_standin

# ---- one request at a time, no faults: a kill costs at most one request ----

SETS="--set api.concurrency=1 --set page.concurrency=1"
make_world "$T/x" 12 1200
cp -R "$T/x" "$T/y"
start_standin "$T/x" --quirk "swallow_dead 0"
expect_done "one at a time, nobody kills" "$T/c" "$T/x/all.txt"
calm=$LOG
stop_standin
start_standin "$T/y" --quirk "swallow_dead 0"
audit_killed "$T/d" $((SEED + 1)) 140 "$T/y/all.txt"
expect "one at a time, killed $KILLS times" "0 $KILLS" "$? $KILLED"
compare_runs "$T/x" "$T/c" "$T/y" "$T/d" >"$T/diff"
expect_empty "the same verdicts again" "$T/diff"
sent=$(log_queries "")
if [ "$USED" -ge "$sent" ] && [ $((USED - sent)) -le $KILLS ]; then
    ok "at most one charge a kill was for a request that never left"
else
    not_ok "at most one charge a kill was for a request that never left" "charged $USED, the stand-in counted $sent"
fi
again=$(($(repeats "$LOG") - $(repeats "$calm")))
if [ $again -le $KILLS ]; then ok "at most one repeat of a request a kill"; else
    not_ok "at most one repeat of a request a kill" "$again requests were repeated after $KILLS kills"
fi
asks_of_missing "$calm" "$T/x" >"$T/calm.asks"
asks_of_missing "$LOG" "$T/y" >"$T/kill.asks"
awk -F '\t' -v kills=$KILLS 'NR == FNR { want[$1 ""] = $2; next } $2 > want[$1 ""] + kills { print $1 "\t" want[$1 ""] "\t" $2 }' \
    "$T/calm.asks" "$T/kill.asks" >"$T/diff"
expect_empty "no item is asked more often than calm asks and kills together" "$T/diff"
calm_sum=$(awk -F '\t' '{ n += $2 } END { print n }' "$T/calm.asks")
kill_sum=$(awk -F '\t' '{ n += $2 } END { print n }' "$T/kill.asks")
if [ "$kill_sum" -le $((calm_sum + KILLS * 100)) ]; then ok "all asks of missing items: at most a batch more a kill"; else
    not_ok "all asks of missing items: at most a batch more a kill" "$calm_sum without kills, $kill_sum with $KILLS"
fi
stop_standin
expect_no_leak "key, secret and token stand in no file"
