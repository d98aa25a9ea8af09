#!/bin/sh
# Who reads need not wait for who writes: while an audit runs (a day and a night
# for 70,000 pages), status, explain, report, plan, export and verify end with 0,
# show what is true of the last commit, and leave the audit undisturbed.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite beside
READERS="status status_json explain explain_raw report report_json plan export verify"

# reads AUDIT WHAT: one of READERS; stdout to $T/out, stderr to $T/err.
reads() {
    case $2 in
    status_json) quiet "$1" status --json ;;
    explain) quiet "$1" explain "$ID" ;;
    explain_raw) quiet "$1" explain --raw "$ID" ;;
    report_json) quiet "$1" report --json ;;
    *) quiet "$1" "$2" ;;
    esac
}
said() { sed "s#$1#AUDIT#g" "$T/out" "$T/err"; }
folder() { (cd "$1" && find . -type f ! -name 'audit.db*' -exec sha256sum {} + | sort -k 2); }
# Holds the audit's lock, as one who writes does, until lock_end.
lock_begin() {
    mkfifo "$T/lock.fifo"
    (flock -x 8 && echo held >"$T/held" && cat >/dev/null) 8>"$1/audit.db-lock" <"$T/lock.fifo" &
    exec 7>"$T/lock.fifo"
    naps=0
    while [ ! -s "$T/held" ] && [ $naps -lt 500 ]; do naps=$((naps + 1)); sleep 0.01; done
}
lock_end() { exec 7>&-; wait $!; rm -f "$T/lock.fifo" "$T/held"; }

# ---- the same store twice: alone, and while somebody holds its lock ----

make_world "$T/w" 51 60
start_standin "$T/w" --quirk "swallow_dead 0"
ID=$(csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "missing" { print $1; exit }')
for at in "before the first answer" "with answers and no labels" "with labels"; do
    case $at in
    before*) "$BLINDSPOT" -q init "$T/a"; quiet "$T/a" add "$T/w/all.txt" ;;
    "with a"*) quiet "$T/a" fetch; quiet "$T/a" scrape ;;
    *) quiet "$T/a" report ;;
    esac
    for what in $READERS; do
        cp -R "$T/a" "$T/alone"
        reads "$T/alone" "$what"
        want_rc=$?
        said "$T/alone" >"$T/want"
        # It cannot note that it was here, and says so.
        [ "$what" != verify ] || echo "the report will not say that this was verified: another blindspot works on AUDIT/audit.db" >>"$T/want"
        cp -R "$T/a" "$T/held.d"
        cksum <"$T/held.d/audit.db" >"$T/db"
        lock_begin "$T/held.d"
        reads "$T/held.d" "$what"
        rc=$?
        said "$T/held.d" | diff "$T/want" - >"$T/diff"
        cksum <"$T/held.d/audit.db" | diff "$T/db" - >>"$T/diff"
        lock_end
        folder "$T/alone" >"$T/folder.want"
        folder "$T/held.d" | diff "$T/folder.want" - >>"$T/diff"
        expect "$at: $what beside another ends as it does alone" "$want_rc" $rc
        expect_empty "$at: $what says and writes the same, and the store stays as it is" "$T/diff"
        discard "$T/alone" "$T/held.d"
    done
done
stop_standin

# ---- the lock is taken only where labels have to be made ----

rm -f "$T/a/audit.db-lock"
quiet "$T/a" status; quiet "$T/a" explain "$ID"; quiet "$T/a" report
if [ -e "$T/a/audit.db-lock" ]; then not_ok "fresh labels are read without the lock"; else ok "fresh labels are read without the lock"; fi

# ---- a pager that keeps a reader waiting keeps nobody from the audit ----

mkfifo "$T/pager"
exec 8<>"$T/pager"
for words in "status --json" "report --json" "explain $ID"; do
    head -c 65536 /dev/zero >&8        # as much as it holds
    # shellcheck disable=SC2086  # words
    bs_exec "$T/a" $words >"$T/pager" 2>"$T/err" &
    pid=$!
    pids="$pids $pid"
    naps=0
    while ! grep -q pipe_write "/proc/$pid/wchan" 2>/dev/null && [ $naps -lt 500 ]; do naps=$((naps + 1)); sleep 0.01; done
    flock -n "$T/a/audit.db-lock" true
    expect "${words%% *}, while its output is not read: the audit is free" 0 $?
    flock -n "$T/a/report" true
    expect "${words%% *}, while its output is not read: and so is report/" 0 $?
    signal KILL $pid
    wait $pid 2>/dev/null
    cat "$T/err" >>"$ERRLOG"
    dd if="$T/pager" of=/dev/null bs=65536 count=1 iflag=nonblock 2>/dev/null
done
exec 8>&-
rm -f "$T/pager"

# ---- two who write report/: one after the other, each of them whole ----

quiet "$T/a" report
folder "$T/a" >"$T/folder.want"
(flock -x 8 && echo held >"$T/held" && sleep 1) 8<"$T/a/report" &
other=$!
while [ ! -s "$T/held" ]; do sleep 0.01; done
quiet "$T/a" report
expect "report waits for another that writes report/" 0 $?
if is_ours $other; then not_ok "and does not write before it has ended"; else ok "and does not write before it has ended"; fi
wait $other
rm -f "$T/held"
writers=
for n in 1 2 3 4; do
    bs "$T/a" report >"$T/out.$n" 2>"$T/err.$n" &
    writers="$writers $!"
done
codes=
for pid in $writers; do wait "$pid"; codes="$codes $?"; done
cat "$T"/err.[1-4] >>"$ERRLOG"
expect "four reports at once all end well" " 0 0 0 0" "$codes"
folder "$T/a" | diff "$T/folder.want" - >"$T/diff"
expect_empty "and report/ is what one of them writes" "$T/diff"
discard "$T/a"

# ---- a whole audit, with readers beside it all the time ----

make_world "$T/x" 52 60
start_standin "$T/x" --quirk "swallow_dead 0" --quirk "slow_ms 60"
ID=$(csv "$T/x/truth.csv" id | sed -n 7p)
SETS="--set api.concurrency=1 --set page.concurrency=1"
"$BLINDSPOT" -q init "$T/b"; quiet "$T/b" add "$T/x/all.txt"
bs_exec "$T/b" audit >"$T/audit.out" 2>"$T/audit.err" &
pid=$!
pids="$pids $pid"
naps=0
while [ "$(log_queries)" -lt 1 ] && [ $naps -lt 500 ]; do naps=$((naps + 1)); sleep 0.01; done
: >"$T/wrong"
round=0
while is_ours $pid; do
    round=$((round + 1))
    for what in $READERS; do
        reads "$T/b" "$what" || { echo "$what: exit code $?"; cat "$T/err"; } >>"$T/wrong"
    done
done
wait $pid
rc=$?
cat "$T/audit.err" >>"$ERRLOG"
[ $round -ge 2 ]; expect "readers were there while the audit ran ($round rounds)" 0 $?
expect_empty "each of them ended with 0" "$T/wrong"
[ $rc -eq 0 ] || [ $rc -eq 3 ]; expect "the audit ended as one that is alone ($rc)" 0 $?
expect_done "it goes on to its end" "$T/b"
compare_truth "$T/x" "$T/b" >"$T/diff"
expect_empty "and every verdict equals the truth" "$T/diff"
quiet "$T/b" verify
expect "and everything is as it was written" 0 $?
stop_standin
expect_no_leak "key, secret and token stand in no file"
