#!/bin/sh
# Workers: pages are read by others for an audit on PostgreSQL, and the labels are those of one
# machine with SQLite.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite work
pg_wanted "pages that workers read"
pg_begin || exit 1
ITEMS=${BLINDSPOT_WORK_ITEMS:-400}
make_world "$T/w" 29 "$ITEMS"
SETS="--set page.concurrency=1 --set api.concurrency=1"
PORT=
begin() {
    rm -f "$T/w/clock"
    # shellcheck disable=SC2086  # the port stands in the evidence's bytes
    start_standin "$T/w" --mild ${PORT:+--port $PORT}
    PORT=${URL##*:}
}
# worker NAME [SET]: one in the background; its pid in WORKER.
worker() {
    mkdir -p "$T/$1"
    "$BLINDSPOT" -C "$T/$1" --progress=never --set "${2:-page.tabs=1}" work "$ADDRESS" --name "$1" --idle 60 >"$T/$1.out" 2>"$T/$1.err" &
    WORKER=$!
    pids="$pids $WORKER"
}
stop_workers() {
    for worker_pid; do signal TERM "$worker_pid"; done
    for worker_pid; do wait "$worker_pid" 2>/dev/null; done
}
FAR="--set page.read_by=workers --set page.workers_wait_s=30"

# ---- one machine with SQLite, then one worker ----
begin
"$BLINDSPOT" init "$T/file" --seed "the same words" >/dev/null 2>&1
expect_done "the audit of one machine ends" "$T/file" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
stop_standin
begin
ADDRESS="$PG_URL?schema=one"
"$BLINDSPOT" init "$ADDRESS" "$T/one" --seed "the same words" >/dev/null 2>&1
expect "init in a schema" 0 $?
worker wa
SETS="$SETS $FAR"
expect_done "the audit ends, and a worker reads its pages" "$T/one" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
stop_workers "$WORKER"
compare_truth "$T/w" "$T/one" swallow >"$T/diff"
expect_empty "one worker: every state, label, reason and basis equals the truth" "$T/diff"
verdicts "$T/file" >"$T/file.verdicts"
verdicts "$T/one" >"$T/one.verdicts"
expect "one worker: the labels of one machine with SQLite" "" "$(diff "$T/file.verdicts" "$T/one.verdicts" 2>&1 | head -n 4)"
# The worker closed its last file when the run was over: that is told to the next one.
quiet "$T/one" scrape
expect "a run with nothing to read ends well" 0 $?
expect "nothing is left in the tables of work" "0|0|0|0" \
    "$(pg_sql "SELECT (SELECT count(*) FROM one.work), (SELECT count(*) FROM one.parcel), (SELECT count(*) FROM one.parcel_page), (SELECT count(*) FROM one.upload)")"
expect "the run itself asks for no page" "" "$(find "$T/one/evidence" -name "*-wa-*" | head -n 1)"
mv "$T/wa/evidence/"* "$T/one/evidence/"
quiet "$T/one" verify
expect "with the worker's files beside its own verify finds all of it" 0 $?
expect "each page was asked for once" "$(awk -F '\t' '$2 == "page"' "$LOG" | wc -l)" \
    "$(pg_sql "SELECT count(*) FROM one.request WHERE witness = 3")"
stop_standin

# ---- several workers, killed at any moment, under a server that is killed as well ----
# Every second somebody is killed -9 and another one begins, and the clock moves past a lease.
# WORKERS at once, KILLS of them; the whole is the run of an audit, as many days as it takes.
WORKERS=${BLINDSPOT_WORKERS:-2}
KILLS=${BLINDSPOT_WORK_KILLS:-10}
begin
ADDRESS="$PG_URL?schema=rough"
"$BLINDSPOT" init "$ADDRESS" "$T/rough" --seed "the same words" >/dev/null 2>&1
# Its workers may do what contrib/postgresql/audit.sql lets them, and nothing else.
"$PG_BIN/psql" -X -q -h 127.0.0.1 -p "$PG_PORT" -U "$PG_USER" -w -d postgres -v schema=rough \
    -f contrib/postgresql/audit.sql >"$T/roles" 2>&1
expect "the roles of an audit are made" "0 " "$? $(cat "$T/roles")"
for who in worker:wanda reader:rita owner:olga; do
    od -An -N16 -tx1 /dev/urandom | tr -d ' \n' >"$T/pw"
    pg_sql "CREATE ROLE ${who#*:} LOGIN PASSWORD '$(cat "$T/pw")'; GRANT blindspot_${who%:*} TO ${who#*:}" >>"$T/roles"
    echo "*:*:*:${who#*:}:$(cat "$T/pw")" >>"$PGPASSFILE"
done
rm -f "$T/pw"
may_not() { pg_sql "$2" "$1" | grep -q "permission denied" || echo "$1 may: $2"; }
{
    for table in meta item label request evidence upload page_answer; do may_not wanda "SELECT 1 FROM rough.$table"; done
    may_not wanda "DELETE FROM rough.upload"
    may_not wanda "DELETE FROM rough.parcel"
    may_not wanda "UPDATE rough.upload SET body = ''"
    may_not wanda "UPDATE rough.work SET settings = ''"
    may_not wanda "UPDATE rough.parcel_page SET id = 5"
    may_not wanda "UPDATE rough.store_head SET holder = 0"
    may_not wanda "INSERT INTO rough.page_answer (item) VALUES (1)"
    may_not wanda "INSERT INTO rough.work (n) VALUES (1)"
    may_not wanda "CREATE TABLE rough.x (n integer)"
    may_not wanda "TRUNCATE rough.upload"
    for table in meta item label upload work worker; do may_not rita "DELETE FROM rough.$table"; done
    may_not rita "INSERT INTO rough.upload VALUES ('x', 1, '', '')"
    may_not rita "UPDATE rough.store_head SET holder = 0"
    may_not rita "CREATE TABLE rough.x (n integer)"
    for table in meta label upload; do pg_sql "SELECT count(*) FROM rough.$table" rita | grep -qx '[0-9]*' || echo "rita sees no $table"; done
    pg_sql "UPDATE rough.store_head SET holder = holder" olga
} >"$T/rights" 2>&1
expect_empty "worker and reader are refused what is not theirs; the owner is not" "$T/rights"
OWNER=$PG_URL
ADDRESS="postgresql://wanda@${OWNER#*@}?schema=rough"
long_audit() {
    quiet "$T/rough" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
    long_rc=$?; long_days=1; long_tries=1
    while [ $long_rc -ne 0 ] && [ ! -f "$T/long.stop" ] && [ $long_days -lt "$DAYS_MAX" ] && [ $long_tries -lt 40 ]; do
        if [ $long_rc -eq 3 ]; then move_clock +86400; long_days=$((long_days + 1)); else sleep 0.5; fi
        long_tries=$((long_tries + 1))
        # A run that was cut off before its files were in takes them in now.
        quiet "$T/rough" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
        long_rc=$?
    done
    echo $long_rc >"$T/long.rc"
}
long_audit &
LONG=$!
kills=0; number=0; alive=; ended=
while [ ! -f "$T/long.rc" ] && [ $kills -lt "$KILLS" ]; do
    n=0; for pid in $alive; do n=$((n + 1)); done
    while [ $n -lt "$WORKERS" ]; do
        number=$((number + 1)); worker "r$number"; alive="$alive $WORKER"; n=$((n + 1))
    done
    sleep "0.$((3 + (kills * 7) % 7))"
    # shellcheck disable=SC2086  # a list of pids
    set -- $alive
    # Without a worker each day would wait for one, and end without having read a page.
    signal KILL "$1"; wait "$1" 2>/dev/null
    if [ $? -ne 137 ]; then ended=$(tail -qn 1 "$T"/r[0-9]*.err); : >"$T/long.stop"; break; fi
    kills=$((kills + 1)); shift; alive=$*
    move_clock +601
    if [ $kills -eq 6 ]; then
        pg_stop QUIT
        pg_start || { not_ok "the server starts again" "$(tail -n 3 "$PG_DIR/log")"; break; }
    fi
done
wait $LONG
# shellcheck disable=SC2086  # a list of pids
stop_workers $alive
expect "no worker ends before it is killed" "" "$ended"
expect "an audit ends, whoever is killed meanwhile ($kills workers and the server)" 0 "$(cat "$T/long.rc")"
compare_truth "$T/w" "$T/rough" swallow >"$T/diff"
expect_empty "killed workers: every state, label, reason and basis equals the truth" "$T/diff"
for dir in "$T"/r[0-9]*/evidence; do [ ! -d "$dir" ] || mv "$dir"/* "$T/rough/evidence/" 2>/dev/null; done
quiet "$T/rough" scrape
quiet "$T/rough" verify
expect "verify finds the bytes of every answer, those of the killed too" 0 $?
read_twice=$(($(awk -F '\t' '$2 == "page"' "$LOG" | wc -l) - $(pg_sql "SELECT count(*) FROM rough.request WHERE witness = 3")))
[ "$read_twice" -le $((kills * 70)) ]
expect "read and not committed when it was killed: at most an upload a kill ($read_twice pages)" 0 $?
stop_standin

# ---- a clock that is half a minute off ----
if ${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o "$T/skew.so" tests/e2e/skew.c 2>"$T/skew.err"; then
    (unset BLINDSPOT_CLOCK
     SKEW_S=30 LD_PRELOAD="$T/skew.so" timeout 60 "$BLINDSPOT" -C "$T/wa" work "$PG_URL?schema=one" --idle 5 >"$T/out" 2>"$T/err")
    expect "a worker whose clock is 30 s off is refused, in a sentence" "4 yes" \
        "$? $(grep -q "clock is 30.0 s ahead of" "$T/err" && echo yes)"
else
    skip "a worker whose clock is 30 s off" "no compiler"
fi

# ---- two who would run the audit: one does, and who hangs is taken over ----
begin
ADDRESS="$PG_URL?schema=two"
"$BLINDSPOT" init "$ADDRESS" "$T/two" --seed "the same words" >/dev/null 2>&1
cp -r "$T/two" "$T/other"
bs_exec "$T/two" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip" >"$T/two.out" 2>"$T/two.err" &
BS_PID=$!
pids="$pids $BS_PID"
tries=0
until [ "$(pg_sql "SELECT count(*) FROM two.work")" = 1 ] || [ $tries -gt 300 ]; do sleep 0.1; tries=$((tries + 1)); done
quiet "$T/other" audit
expect "another with the same folder is refused while it runs" "3 yes" \
    "$? $(grep -q 'another blindspot works on' "$T/err" && echo yes)"
signal STOP "$BS_PID"
pg_sql "UPDATE two.store_head SET seen_at = seen_at - interval '31 minutes'"
worker wt
DOWN=$WORKER
worker cut page.proxy=http://127.0.0.1:1
expect_done "who comes after half an hour without a word takes it over" "$T/other" "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
signal CONT "$BS_PID"
wait "$BS_PID"
expect "who hung commits nothing any more, and says so" "5 yes" \
    "$? $(grep -q 'took .* over' "$T/two.err" && echo yes)"
stop_workers "$WORKER" "$DOWN"
expect_text "a worker whose network is down ends nothing for the others" "$T/cut.err" "cannot be reached"
compare_truth "$T/w" "$T/other" swallow >"$T/diff"
expect_empty "taken over: every state, label, reason and basis equals the truth" "$T/diff"
stop_standin
expect_no_leak "key, secret and token stand in no file"
