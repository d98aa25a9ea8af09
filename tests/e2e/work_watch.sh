#!/bin/sh
# A watch list whose pages a worker reads, with rounds that are killed while it does: what it commits
# then is late, and taken. Every state of every day is what the world says it is.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite work_watch
pg_wanted "a watch list that a worker reads for"
pg_begin || exit 1
make_world "$T/w" 7 300 --watch 12
start_standin "$T/w" --tick-ms 20
"$BLINDSPOT" -q -C "$T/list" monitor init "$PG_URL?schema=list" "$T/list"
# shellcheck disable=SC2046  # ids are words
quiet "$T/list" monitor add $(tr '\n' ' ' <"$T/w/watch.txt")
# shellcheck disable=SC2046
quiet "$T/list" monitor add --canary $(tr '\n' ' ' <"$T/w/canaries.txt")
mkdir "$T/ww"
"$BLINDSPOT" -C "$T/ww" --progress=never work "$PG_URL?schema=list" --name ww >"$T/ww.out" 2>"$T/ww.err" &
WORKER=$!
pids="$pids $WORKER"
SETS="--set page.read_by=workers --set page.workers_wait_s=60 --set page.concurrency=1 --set api.concurrency=1"
# Nobody asks for anything in a pause, and so this clock would stand still in it.
end_pause() {
    [ "$(pg_sql "SELECT count(*) FROM list.work WHERE paused_until > $(cut -d. -f1 "$BLINDSPOT_CLOCK")")" = 0 ] || move_clock +61
}
round() {
    bs_start "$T/list" monitor run
    while is_ours "$BS_PID"; do end_pause; done
    wait "$BS_PID" || echo "$at $?" >>"$T/codes"
    cat "$T/err" >>"$ERRLOG"
}
# A round that is killed as soon as the worker has pages of it; LATE counts those of which answers came.
LATE=0
killed_round() {
    bs_start "$T/list" monitor run
    while is_ours "$BS_PID"; do
        end_pause
        [ "$(pg_sql "SELECT count(*) > 0 FROM list.parcel WHERE leases > 0")" = f ] || break
    done
    signal KILL "$BS_PID"; wait "$BS_PID" 2>/dev/null
    [ $? -eq 137 ] || return 0
    tries=0
    until [ "$(pg_sql "SELECT count(*) > 0 FROM list.upload WHERE body LIKE '%answer%'")" = t ]; do
        tries=$((tries + 1))
        [ $tries -lt 60 ] || return 0
        sleep 0.05
    done
    LATE=$((LATE + 1))
}
rounds=0
while read -r at; do
    "$STANDIN" clock "$BLINDSPOT_CLOCK" "$at" >/dev/null
    [ $((rounds % 4)) -ne 0 ] || killed_round
    rounds=$((rounds + 1))
    round
done <"$T/w/watch_runs.txt"
signal TERM $WORKER; wait $WORKER
[ $LATE -ge 3 ]
expect "answers came late, for rounds that were killed ($LATE of $rounds)" 0 $?
expect "and were taken by the next round" 0 "$(pg_sql "SELECT count(*) FROM list.upload WHERE body LIKE '%answer%'")"
expect "the worker alone asked for pages" "" "$(find "$T/list/evidence" -name '*-ww-*')"
quiet "$T/list" monitor site "$T/site"
cut -d, -f1-4 "$T/w/watch_days.csv" | sed 1d | sort >"$T/want"
csv "$T/site/data.csv" date id api page | tr '\t' ',' | grep -Ff "$T/w/watch.txt" | sort >"$T/got"
diff "$T/want" "$T/got" >"$T/diff"
expect_empty "every state of every day equals the truth" "$T/diff"
expect "each page was read once, but for those of killed rounds" yes \
    "$([ $(($(awk -F '\t' '$2 == "page" || $2 == "oembed"' "$LOG" | wc -l) - $(pg_sql "SELECT count(*) FROM list.request WHERE witness IN (3, 4)"))) -le 0 ] && echo yes)"
stop_standin
expect_no_leak "key, secret and token stand in no file"
