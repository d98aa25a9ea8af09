#!/bin/sh
# Whoever asks and whoever reads may have clocks that differ: each is corrected by that of the
# database, how wrong it may still be is kept, and an absence that lies closer to a page counts for
# nothing. Where one machine's clock times all, nothing changes.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite clocks
confirmed_public() { csv "$1/report/labels.csv" id state bucket | awk -F '\t' '$2 == "missing" && $3 ~ /^missing.public/'; }

# ---- a bound that is kept decides what counts ----
if command -v sqlite3 >/dev/null 2>&1; then
    make_world "$T/w" 31 160
    start_standin "$T/w" --mild
    audit_until_done "$T/a" "$T/w/list.csv"
    expect "an audit ends" 0 "$until_rc"
    stop_standin
    confirmed_public "$T/a" >"$T/public"
    if [ -s "$T/public" ]; then ok "with public posts that are missing"; else not_ok "with public posts that are missing"; fi
    expect "one clock has no bound" 0 "$(sqlite3 "$T/a/audit.db" "SELECT count(*) FROM meta WHERE key = 'clock_bound'")"
    cp -R "$T/a" "$T/b"
    # Two clocks each right to two days: what was read and asked within four is in no order.
    sqlite3 "$T/b/audit.db" "INSERT INTO meta (key, value) VALUES ('clock_bound', '172800000')"
    quiet "$T/b" classify
    quiet "$T/b" report
    confirmed_public "$T/b" >"$T/still"
    expect_empty "within the bound of the clocks no absence of a public post is confirmed" "$T/still"
    expect "what came back has come back" "$(count "$T/a" state retrieved)" "$(count "$T/b" state retrieved)"
    post=$(head -n 1 "$T/public" | cut -f 1)
    quiet "$T/a" explain "$post" && cp "$T/out" "$T/plain"
    quiet "$T/b" explain "$post"
    expect "explain names the clocks where they are why, and only there" "0 yes" \
        "$(grep -c "clocks of the machines" "$T/plain") $(grep -q "does not count: .*the clocks of the machines leave open which came first" "$T/out" && echo yes)"
else
    skip "a bound that is kept decides what counts" "sqlite3 is not installed"
fi

# ---- machines up to four seconds apart, under a server with a clock of its own ----
why=$(pg_why_no_store)
${CC:-cc} -shared -fPIC -D_GNU_SOURCE -o "$T/skew.so" tests/e2e/skew.c 2>"$T/out" || why="skew.c cannot be built"
if [ -n "$why" ]; then skip "clocks of several machines" "$why"; exit 0; fi
trap 'pg_end; suite_end' EXIT
pg_begin || exit 1
pg_stop
cp "$T/skew.so" "$PG_DIR/skew.so"
chmod 644 "$PG_DIR/skew.so"
make_world "$T/v" 32 200
start_standin "$T/v" --mild
ADDRESS="$PG_URL?schema=real"
SETS="--set api.base_url=$URL --set page.base_url=$URL --set page.short_url=$URL --set page.requests_per_second=1000 --set page.embed_requests_per_second=1000 --set page.oembed_requests_per_second=1000 --set api.requests_per_second=1000 --set page.retry_base_ms=10 --set page.read_by=workers --set page.workers_wait_s=30"

# The day of the world's clock, in real time: all of them are so many seconds from this machine's.
begin_day() {
    BASE=$(($(awk '{ print int($1) }' "$1/clock") - $(date +%s)))
    export LD_PRELOAD="$PG_DIR/skew.so" SKEW_S=$BASE
    pg_start || { not_ok "the server starts" "$(tail -n 3 "$PG_DIR/log")"; exit 1; }
    unset LD_PRELOAD SKEW_S
}
# at SECONDS COMMAND..: as on a machine whose clock is that much ahead of the server's.
at_exec() {
    unset BLINDSPOT_CLOCK
    export SKEW_S=$((BASE + $1)) LD_PRELOAD="$T/skew.so"
    shift
    exec "$BLINDSPOT" --progress=never "$@"
}
at() { (at_exec "$@"); }
worker() {
    worker_dir=$T/$1
    mkdir -p "$worker_dir"
    worker_name=$1; worker_at=$2; shift 2
    (at_exec "$worker_at" -C "$worker_dir" work "$ADDRESS" --name "$worker_name" --idle 60 "$@" >"$worker_dir.out" 2>"$worker_dir.err") &
    working="$working $!"
    pids="$pids $!"
}
leave() { for pid in $working; do signal TERM "$pid"; wait "$pid"; done; working=; }
server_ms() { pg_sql "SELECT floor(1000 * extract(epoch FROM clock_timestamp()))::bigint"; }
working=; days=0; rc=3; lists="$T/v/links.txt $T/v/list.csv $T/v/donation.zip"
begin_day "$T/v"
at 0 init "$ADDRESS" "$T/far" >/dev/null 2>&1
expect "init in a schema" 0 $?
# shellcheck disable=SC2086  # settings, lists
while [ $rc -eq 3 ] && [ $days -lt $DAYS_MAX ]; do
    [ $days -eq 0 ] || { move_clock +86400; begin_day "$T/v"; }
    days=$((days + 1))
    if [ $days -eq 2 ]; then
        at 30 -C "$T/far" $SETS audit >"$T/out" 2>"$T/err"
        expect "a clock that is 30 s off: the run is refused" "4 1" "$? $(grep -c "clock is 30.0 s ahead of" "$T/err")"
        mkdir -p "$T/w-30"
        at -30 -C "$T/w-30" work "$ADDRESS" --idle 5 >"$T/out" 2>"$T/err"
        expect "and so is a worker" "4 1" "$? $(grep -c "clock is 30.0 s behind" "$T/err")"
    fi
    worker behind -2
    worker ahead 1
    from=$(server_ms)
    at 2 -C "$T/far" $SETS audit $lists >"$T/out" 2>"$T/err"
    rc=$?
    lists=
    to=$(server_ms)
    # Each table's instants of this day lie between what the server's clock said then, as far as
    # the clocks are known.
    bound=$(pg_sql "SELECT value FROM real.meta WHERE key = 'clock_bound'")
    from=$(((from - ${bound:-0}) / 1000)) to=$(((to + ${bound:-0}) / 1000))
    pg_sql "SELECT 'page', at - $from, at - $to FROM real.page_answer WHERE at NOT BETWEEN $from AND $to AND at > $from - 1800
        UNION ALL SELECT 'request', reserved_at - $from, done_at - $to FROM real.request
        WHERE reserved_at > $to OR done_at > $to OR reserved_at BETWEEN $from - 1800 AND $from - 1" >>"$T/outside"
    leave
    [ $rc -ne 3 ] || pg_stop
done
expect "an audit of several days ends, read by machines that are 2 s behind and 1 s ahead" "0 yes" \
    "$rc $([ $days -gt 1 ] && echo yes)" || tail -n 3 "$T/err"
expect_empty "every instant is by the server's clock, as far as that is known" "$T/outside"
compare_truth "$T/v" "$T/far" swallow >"$T/diff"
expect_empty "every state, label, reason and basis equals the truth" "$T/diff"
for name in behind ahead; do
    expect "the one who is $name read pages, and said by what clock" yes \
        "$([ "$(pg_sql "SELECT count(*) FROM real.event WHERE kind = 'clock' AND text ~ '^worker $name-'")" -gt 0 ] && echo yes)"
done
pg_sql "SELECT text FROM real.event WHERE kind = 'clock' ORDER BY n" >"$T/told"
expect "by how much their clocks were corrected, and how right that is, is kept" "" \
    "$(grep -Evx "worker (behind-[0-9a-f]+: corrected by (19[0-9][0-9]|20[0-9][0-9])|ahead-[0-9a-f]+: corrected by -(9[0-9][0-9]|10[0-9][0-9])) ms, right to [1-9][0-9]* ms" "$T/told")"
bound=$(pg_sql "SELECT value FROM real.meta WHERE key = 'clock_bound'")
expect "and the largest bound" yes "$([ "${bound:-0}" -ge 361 ] && [ "$bound" -lt 2000 ] && echo yes)"
slack=$(((2 * bound + 999) / 1000))
expect "pages and replies are so far apart that each has its order" 0 \
    "$(pg_sql "SELECT count(*) FROM real.page_answer p JOIN real.ask a ON a.item = p.item JOIN real.request r ON r.n = a.request WHERE r.complete = 1 AND abs(p.at - r.done_at) < $slack")"
at 0 gather "$ADDRESS" "$T/home" "$T/far" >"$T/out" 2>"$T/err"
expect "a gathered audit" 0 $?
if command -v sqlite3 >/dev/null 2>&1; then
    expect "takes the bound along" "$bound" "$(sqlite3 "$T/home/audit.db" "SELECT value FROM meta WHERE key = 'clock_bound'")"
fi
expect_no_leak "key, secret and token stand in no file"
stop_standin
pg_stop

# ---- two vantages, on machines whose clocks are four seconds apart ----
PASSWORD=canary-proxy-71c0d2
make_world "$T/x" 43 200 --set refused_abroad=0.05 --set region_blocked=0.02
start_standin "$T/x" --quirk "swallow_dead 0" --proxy CA --proxy-port-file "$T/x/proxy" --proxy-user "auditor:$PASSWORD"
ADDRESS="$PG_URL?schema=two"
RATES="--set api.base_url=$URL --set page.base_url=$URL --set page.short_url=$URL --set page.requests_per_second=1000 --set page.embed_requests_per_second=1000 --set page.oembed_requests_per_second=1000 --set api.requests_per_second=1000 --set page.retry_base_ms=10 --set page.retrieved_sample=all"
lists=$T/x/all.txt; rc=3; days=0
begin_day "$T/x"
at 0 init "$ADDRESS" "$T/two" >/dev/null 2>&1
# here COMMAND...: at the first vantage, two seconds ahead.
# shellcheck disable=SC2086  # settings
here() { at 2 -C "$T/two" $RATES "$@" >"$T/out" 2>"$T/err"; }
# there: a worker at the other one, two seconds behind, reads what is due there.
there() {
    (BLINDSPOT_PROXY="http://auditor:$PASSWORD@127.0.0.1:$(cat "$T/x/proxy")"
     export BLINDSPOT_PROXY
     worker abroad -2 --vantage ca
     here --set page.vantage=ca --set page.elsewhere=all --set page.read_by=workers --set page.workers_wait_s=30 scrape
     leave)
}
# shellcheck disable=SC2086  # a list, or none
while [ $rc -eq 3 ] && [ $days -lt $DAYS_MAX ]; do
    [ $days -eq 0 ] || { move_clock +86400; begin_day "$T/x"; }
    days=$((days + 1))
    here audit $lists
    rc=$?
    lists=
    [ $rc -ne 3 ] || pg_stop
done
expect "the first vantage, on a machine that is 2 s ahead, is done" 0 $rc || tail -n 3 "$T/err"
there
public=$(count "$T/two" page_outcome public)
abroad=$(awk -F '\t' '$2 == "page" && $NF == "from CA"' "$LOG" | wc -l)
if [ "$public" -gt 0 ] && [ "$abroad" -ge "$public" ]; then ok "a worker that is 2 s behind reads at the other one"; else
    not_ok "a worker that is 2 s behind reads at the other one" "$abroad pages of $public" "$(tail -n 3 "$T/err" "$T/abroad.err")"; fi
here scrape
here report
expect "none is undecided" 0 "$(jq -r .numbers.vantages_undecided.n "$T/two/report/summary.json")"
vantages_of_truth "$T/x" "$T/two/report/labels.csv" >"$T/beside"
for kind in public_refused refused_public; do
    awk -F '\t' -v kind=$kind '$1 == kind { print $2 }' "$T/beside" >"$T/kind"
    expect "as many posts are $kind as in the truth, some of them" "$(wc -l <"$T/kind") yes" \
        "$(jq -r ".vantages.pairs[0].$kind" "$T/two/report/summary.json") $([ -s "$T/kind" ] && echo yes)"
done
awk -F '\t' '$1 == "public_refused" { print $2 }' "$T/beside" >"$T/kind"
sort "$T/two/report/ids/public_at_1_refused_at_2.txt" | diff "$T/kind" - >"$T/odd"
expect_empty "public here, refused there: these very posts" "$T/odd"
slack=$(((2 * $(pg_sql "SELECT value FROM two.meta WHERE key = 'clock_bound'") + 999) / 1000))
pg_sql "SELECT i.id FROM two.item i JOIN two.page_answer r ON r.item = i.n AND r.vantage = 2 AND r.kind = 3 AND r.witness = 3
    WHERE EXISTS (SELECT 1 FROM two.page_answer p WHERE p.item = i.n AND p.vantage = 1 AND p.kind = 2 AND p.at <= r.at - $slack)
    AND EXISTS (SELECT 1 FROM two.page_answer p WHERE p.item = i.n AND p.vantage = 1 AND p.kind = 2 AND p.at >= r.at + $slack)" |
    sort -u | diff "$T/kind" - >"$T/odd"
expect_empty "each was public here before and after, as far away as the clocks may be wrong" "$T/odd"
SECRET=$PASSWORD
expect_no_leak "the proxy's password stands in no file"
SECRET=

