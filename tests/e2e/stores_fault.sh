#!/bin/sh
# An audit on PostgreSQL through what can go wrong with one process and its server: killed at many
# moments, the link cut, the server stopped at once and started again, hanging, a disk that is full, a
# schema of a newer program. Afterwards labels and archive are those of an audit that nothing befell.
# KILLS: how often it is killed (make pg: more).
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite stores_fault
why=$(pg_why_no_store)
if [ -n "$why" ]; then skip "faults of a store on PostgreSQL" "$why"; exit 0; fi
SMALL=
trap '[ -z "$SMALL" ] || umount -l "$SMALL" 2>/dev/null; pg_end; suite_end' EXIT
# What the server would lose in a crash by default is not to be lost.
PG_CONFIG="synchronous_commit = off
wal_writer_delay = 10s"
pg_begin || exit 1
KILLS=${KILLS:-8}
make_world "$T/w" 31 120
start_standin "$T/w" --mild
begin() { "$BLINDSPOT" -q init "$PG_URL?schema=$1" "$T/$1"; quiet "$T/$1" add "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"; }
# ends NAME: to its end whatever happened before, as the truth says, and whole.
ends() {
    expect_done "$1: the audit comes to its end" "$T/$1"
    compare_truth "$T/w" "$T/$1" swallow >"$T/diff"
    expect_empty "$1: every state, label and reason is the truth" "$T/diff"
    quiet "$T/$1" verify; ends_rc=$?
    if [ $ends_rc -eq 0 ] && grep -q '^everything is as it was written' "$T/out"; then ok "$1: store and archive are whole"; else
        not_ok "$1: store and archive are whole" "$ends_rc" "$(sed 12q "$T/out")" "$(sed 4q "$T/err")"; fi
}

begin killed
kills=0
while [ $kills -lt "$KILLS" ]; do
    bs_start "$T/killed" audit
    sleep "0.$(printf '%02d' $((kills * 7 % 40 + 3)))"
    signal KILL "$BS_PID"; wait "$BS_PID" 2>/dev/null
    kills=$((kills + 1))
done
ends killed

begin crashed
items=$(pg_sql "SELECT count(*) FROM crashed.item")
pg_stop QUIT
pg_start || not_ok "the server starts again"
[ "${items:-0}" -ge 100 ]
expect "where commits are asynchronous by default, one that was confirmed outlives a crash of the server" "0 $items" \
    "$? $(pg_sql "SELECT count(*) FROM crashed.item")"

begin stopped
bs_start "$T/stopped" audit; sleep 0.3
pg_stop QUIT
wait "$BS_PID"; code=$?
expect "the server stops at once: the run ends with a sentence" "5 1" "$code $(grep -c "^blindspot: " "$T/err")"
pg_start || not_ok "the server starts again"
ends stopped

begin hangs
bs_start "$T/hangs" audit; sleep 0.3
# All of it: the postmaster and whoever works for it.
pkill_group() { for pid in $PG_PID $(pgrep -P "$PG_PID"); do kill "-$1" "$pid" 2>/dev/null; done; }
pkill_group STOP
from=$(date +%s)
naps=0
while is_ours "$BS_PID" && [ $naps -lt 600 ]; do naps=$((naps + 1)); sleep 0.1; done
signal KILL "$BS_PID"
wait "$BS_PID"; code=$?
pkill_group CONT
expect "a server that hangs is waited for half a minute, not for ever" "5 yes" "$code $([ $(($(date +%s) - from)) -lt 45 ] && echo yes)"
expect_text "with a sentence" "$T/err" "does not answer"
ends hangs

begin cut
python3 tests/e2e/cut_link.py "$PG_PORT" "$T/cut.port" before after >"$T/cuts" 2>"$T/cut.err" &
cut=$!; pids="$pids $cut"
tries=0
until [ -s "$T/cut.port" ] || [ $tries -gt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
cp "$T/cut/audit.db" "$T/address"
sed "s/:$PG_PORT/:$(cat "$T/cut.port")/" "$T/address" >"$T/cut/audit.db"
codes=
for _ in 1 2 3 4; do quiet "$T/cut" audit; codes="$codes $?"; done
expect "a link that is cut around a COMMIT ends the run, each time" " 5 5 5 5" "$codes"
expect "before it was handed on, and after it was carried out" "2 2" \
    "$(grep -c before "$T/cuts") $(grep -c after "$T/cuts")"
signal TERM $cut; cp "$T/address" "$T/cut/audit.db"
ends cut

# Not below a folder of root's alone.
SMALL=$PG_DIR/small
mkdir "$SMALL"
if [ "$(id -u)" = 0 ] && mount -t tmpfs -o size=40m none "$SMALL" 2>/dev/null; then
    chown --reference="$PG_DIR" "$SMALL"; chmod 700 "$SMALL"
    pg_sql "CREATE TABLESPACE small LOCATION '$SMALL'" >"$T/sql"
    pg_sql "CREATE DATABASE small TABLESPACE small" >>"$T/sql"
    "$BLINDSPOT" -q init "${PG_URL%/*}/small?schema=full" "$T/full"
    quiet "$T/full" add "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
    dd if=/dev/zero of="$SMALL/rest" bs=4k 2>/dev/null
    quiet "$T/full" audit
    expect "a disk that is full ends the run with a sentence" "5 yes" "$? $(grep -q "No space left\|could not extend" "$T/err" && echo yes)"
    rm -f "$SMALL/rest"
    ends full
    pg_sql "DROP DATABASE small WITH (FORCE)" >>"$T/sql"
    pg_sql "DROP TABLESPACE small" >>"$T/sql"
    umount "$SMALL" || umount -l "$SMALL"
else
    skip "a disk that is full" "no small disk can be mounted here"
fi

# A newer program has been here.
pg_sql "UPDATE killed.store_head SET version = version + 1" >/dev/null
quiet "$T/killed" status
expect "a schema of a newer program is refused, in one sentence" "2 1" "$? $(grep -c . "$T/err")"
expect_text "which says so" "$T/err" "newer"
expect_no_leak "key, secret and token stand in no file"
