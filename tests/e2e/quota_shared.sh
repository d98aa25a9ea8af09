#!/bin/sh
# One quota for several machines, in a PostgreSQL of the tests' own: never exceeded, whoever is
# killed, whatever link is cut; what each role must not do; passwords, certificates, clocks, replicas.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
why=$(pg_why_not)
[ -n "$why" ] || ldd "$BLINDSPOT" | grep -q libpq || why="blindspot is built without libpq"
[ -z "$why" ] || { echo "ok - quota_shared: one quota for several machines # SKIP $why"; exit 0; }
suite quota_shared
AT_END="pg_end"
DAYS_MAX=40
PG_CONFIG="synchronous_commit = off
wal_writer_delay = 10s
wal_level = replica
max_wal_senders = 4"
pg_begin || { not_ok "a server starts" "$(tail -n 5 "$PG_DIR/log")"; exit 1; }
printf '*:*:*:anna:%s\n*:*:*:rita:%s\n*:*:*:zoe:%s\n*:*:*:nick:wrong\n' "$PG_PASSWORD" "$PG_PASSWORD" "$PG_PASSWORD" >>"$PGPASSFILE"
psql_in() { "$PG_BIN/psql" -X -q -A -t -v ON_ERROR_STOP=1 -h 127.0.0.1 -p "$PG_PORT" -U "${1:-$PG_USER}" -w -d quota 2>&1; }
quota_of() { echo "SELECT coalesce(sum($1), 0) FROM blindspot_quota.$2" | psql_in; }
at() { echo "postgresql://$1@127.0.0.1:${2:-$PG_PORT}/quota"; }
over() { for day in $(log_days); do [ "$(log_queries "$day")" -le "$1" ] || echo "day $day: $(log_queries "$day") of $1"; done; }

# ---- made by its owner, used by others ----

pg_sql "CREATE DATABASE quota" >"$T/out"
make_world "$T/w" 32 260
start_standin "$T/w" --quirk "swallow_dead 0"
SETS="--set api.daily_requests=12 --set api.quota=$(at anna)"
printf "CREATE ROLE anna LOGIN PASSWORD '%s'; CREATE ROLE rita LOGIN PASSWORD '%s'; CREATE ROLE zoe LOGIN PASSWORD '%s'; CREATE ROLE nick LOGIN PASSWORD 'x'" \
    "$PG_PASSWORD" "$PG_PASSWORD" "$PG_PASSWORD" | psql_in >>"$T/out"
"$BLINDSPOT" -q init "$T/a"; quiet "$T/a" add "$T/w/all.txt"
quiet "$T/a" fetch
expect "without its tables, and without the right to make them: a person must act" 4 $?
expect_text "it says who" "$T/err" 'ledger of requests: .*/quota.*cannot be made: .*permission denied.*ledger\.sql'
bs "$T/a" --set api.quota="$(at $PG_USER)" doctor --offline >"$T/out" 2>"$T/err"
expect_text "doctor --offline leaves it out" "$T/out" 'lies in a database'
bs "$T/a" --set api.quota="$(at $PG_USER)" doctor >"$T/out" 2>"$T/err"
expect_text "who made the database makes them" "$T/out" '0 of 12 requests used today'
"$PG_BIN/psql" -X -q -h 127.0.0.1 -p "$PG_PORT" -U $PG_USER -w -d quota -f contrib/postgresql/ledger.sql >"$T/out" 2>&1
expect "contrib/postgresql/ledger.sql runs" "0 " "$? $(cat "$T/out")"
"$PG_BIN/psql" -X -q -h 127.0.0.1 -p "$PG_PORT" -U $PG_USER -w -d quota -f contrib/postgresql/ledger.sql >"$T/out" 2>&1
expect "and again" "0 " "$? $(cat "$T/out")"
echo "GRANT blindspot_worker TO anna; GRANT blindspot_reader TO rita" | psql_in >"$T/out"
quiet "$T/a" plan
expect "a worker is let in" 0 $?

# must_not ROLE WHAT SQL
must_not() {
    said=$(echo "$3" | psql_in "$1")
    case $said in
    *"permission denied"* | *"must be owner"*) ok "$1 may not $2" ;;
    *) not_ok "$1 may not $2" "$said" ;;
    esac
}
must_not anna "delete charges" "DELETE FROM blindspot_quota.charge"
must_not anna "delete a day" "DELETE FROM blindspot_quota.quota"
must_not anna "empty it" "TRUNCATE blindspot_quota.quota"
must_not anna "move a charge to another day" "UPDATE blindspot_quota.quota SET day = 0"
must_not anna "change the version" "UPDATE blindspot_quota.version SET number = 9"
must_not anna "make a table" "CREATE TABLE blindspot_quota.x (a int)"
must_not anna "drop one" "DROP TABLE blindspot_quota.charge"
must_not anna "give rights away" "ALTER TABLE blindspot_quota.quota OWNER TO anna"
must_not anna "become the owner" "SET ROLE blindspot_owner"
must_not rita "charge" "INSERT INTO blindspot_quota.quota VALUES ('', 1, 1)"
must_not rita "change" "UPDATE blindspot_quota.quota SET used = 0"
must_not rita "hold a day's row" "SELECT * FROM blindspot_quota.quota FOR UPDATE"
must_not rita "delete" "DELETE FROM blindspot_quota.quota"
must_not zoe "look, being nobody here" "SELECT * FROM blindspot_quota.quota"
expect "nobody logs in as owner, worker or reader" 0 \
    "$(echo "SELECT count(*) FROM pg_roles WHERE rolname LIKE 'blindspot_%' AND (rolcanlogin OR rolsuper OR rolcreaterole)" | psql_in)"
quiet "$T/a" --set api.quota="$(at rita)" plan
expect "a reader sees what is left" 0 $?
quiet "$T/a" --set api.quota="$(at rita)" fetch
expect "and can send nothing" "4 0" "$? $(log_queries)"
quiet "$T/a" --set api.quota="$(at nick)" fetch
expect "a wrong password: a person must act, nothing is sent" "4 0" "$? $(log_queries)"
expect_text "it says so" "$T/err" 'password authentication failed'
quiet "$T/a" --set api.quota="postgresql://anna:$PG_PORT@127.0.0.1/quota" fetch
expect "a password in the address is refused" 2 $?
PGPASSWORD=x quiet "$T/a" fetch
expect "and one of the environment" 2 $?

# ---- two machines, one key: killed, cut off, their server stopped ----

# Roles and rights were made by psql, whose commits here may be lost in a crash.
echo CHECKPOINT | psql_in

python3 tests/e2e/cut_link.py "$PG_PORT" "$T/cut" >"$T/cuts" 2>"$T/cut.err" &
pids="$pids $!"
while [ ! -s "$T/cut" ]; do sleep 0.05; done
head -n 130 "$T/w/all.txt" >"$T/one.txt"; tail -n 130 "$T/w/all.txt" >"$T/two.txt"
for m in b c; do
    "$BLINDSPOT" -q init "$T/$m"
    [ $m = b ] && list=one.txt || list=two.txt
    quiet "$T/$m" add "$T/$list"
done
on() {      # MACHINE PORT: its audit, in a shell of its own with a state folder of its own
    XDG_STATE_HOME=$T/state.$1 SETS="--set api.daily_requests=8 --set api.quota=$(at anna "$2")" bs_exec "$T/$1" audit
}
day=1; b=3; c=3; kills=0
while [ $day -le $DAYS_MAX ] && { [ $b -eq 3 ] || [ $c -eq 3 ]; }; do
    (on c "$(cat "$T/cut")") >"$T/out.c" 2>"$T/err.c" & second=$!
    for wait in 0.$((day % 5))5 0.$((day % 7))3; do
        (on b "$PG_PORT") >>"$T/out.b" 2>>"$T/err.b" & first=$!
        sleep "$wait"
        signal KILL $first && kills=$((kills + 1))
        wait $first 2>/dev/null
    done
    if [ $day -le 2 ]; then pg_stop QUIT; pg_start || not_ok "the server starts again"; fi
    (on b "$PG_PORT") >"$T/out.b" 2>"$T/err.b"; b=$?
    wait $second; c=$?
    cat "$T/err.b" "$T/err.c" >>"$ERRLOG"
    move_clock +86400
    day=$((day + 1))
done
expect "two machines that share a quota both end" "0 0" "$b $c"
echo "# $kills kills, $(grep -c before "$T/cuts") links cut before a COMMIT, $(grep -c after "$T/cuts") after it, $day days, $(log_queries) queries, $(quota_of used quota) charged"
expect "links were cut around a COMMIT, and runs killed" 1 "$([ "$(wc -l <"$T/cuts")" -ge 4 ] && [ $kills -ge 5 ] && echo 1)"
over 8 >"$T/diff"
expect_empty "and together they never exceed the day's quota" "$T/diff"
expect "no more was charged on a day than is allowed" 8 "$(echo "SELECT max(used) FROM blindspot_quota.quota" | psql_in)"
expect "each query was charged" 1 "$([ "$(quota_of used quota)" -ge "$(log_queries)" ] && echo 1)"
expect "at most one charge too many a kill and a day" 1 "$([ "$(quota_of used quota)" -le $(($(log_queries) + kills + day)) ] && echo 1)"
expect "the days count what the audits charged" "$(quota_of used quota)" "$(quota_of count charge)"
for m in b c; do
    quiet "$T/$m" verify
    expect "verify of $m is content" 0 $?
    compare_truth "$T/w" "$T/$m" swallow >>"$T/diff"
done
# Each has half of the posts; and of an account whose posts are cut apart no half need be telling.
csv "$T/w/truth.csv" id notes | awk -F '\t' '$2 ~ /returned_from_day_2/ { print $1 }' >"$T/slow"
awk -F '\t' 'NR == FNR { slow[$1 ""]; next }
    !(($1 "") in slow) && !/\(no row\)/ && !($2 ~ /excluded_account/ && $3 ~ /\|unknown\|unexplained/)' "$T/slow" "$T/diff" >"$T/diff2"
expect_empty "the verdicts equal the truth" "$T/diff2"

# Where the reply alone is lost, what was charged is found again: not one too many.
python3 tests/e2e/cut_link.py "$PG_PORT" "$T/cut2" after pass >"$T/cuts" 2>"$T/cut.err" &
pids="$pids $!"
while [ ! -s "$T/cut2" ]; do sleep 0.05; done
move_clock +86400
before="$(quota_of used quota)"; sent=$(log_queries)
SETS="--set api.daily_requests=6 --set api.quota=$(at anna "$(cat "$T/cut2")")"
quiet "$T/a" fetch
expect "replies to COMMITs are lost: the run goes on to the quota's end" "3 6" "$? $(($(log_queries) - sent))"
expect "and no charge is made twice" 6 "$(($(quota_of used quota) - before))"
expect "though every second reply was lost" 1 "$([ "$(grep -c after "$T/cuts")" -ge 3 ] && echo 1)"

# Commits are asynchronous here by default: what a crash would take away are confirmed charges.
move_clock +86400
before="$(quota_of used quota)"; sent=$(log_queries)
SETS="--set api.daily_requests=6 --set api.quota=$(at anna)"
quiet "$T/a" fetch
pg_stop QUIT
pg_start || not_ok "the server starts again"
sent=$(($(log_queries) - sent))
expect "what was sent before a crash of the server stays charged" "6 6" "$sent $(($(quota_of used quota) - before))"

# ---- a server that is not there ----

SETS="--set api.daily_requests=100 --set api.quota=$(at anna)"
move_clock +86400
sent=$(log_queries)
pg_stop
quiet "$T/a" fetch
expect "a server that is stopped: nothing is sent" "5 0" "$? $(($(log_queries) - sent))"
expect_text "it says so, without a user" "$T/err" 'ledger of requests: postgresql://127.0.0.1:[0-9]*/quota.*refused'
quiet "$T/a" verify
expect "verify needs no server" 0 $?
pg_start || not_ok "the server starts again"

# ---- a standby that may be behind ----

(cd "$PG_DIR" && pg_as env PGPASSFILE="$PG_DIR/own" true) 2>/dev/null
cp "$PGPASSFILE" "$PG_DIR/own"; chmod 600 "$PG_DIR/own"
[ "$(id -u)" != 0 ] || chown "$pg_owner" "$PG_DIR/own"
standby_port=$((PG_PORT == 31999 ? 20000 : PG_PORT + 1))
if (cd "$PG_DIR" && pg_as env PGPASSFILE="$PG_DIR/own" "$PG_BIN/pg_basebackup" -w -h 127.0.0.1 -p "$PG_PORT" -U $PG_USER \
    -D "$PG_DIR/standby" -c fast --no-sync -R) >"$T/out" 2>&1; then
    (cd "$PG_DIR" && pg_as env PGPASSFILE="$PG_DIR/own" "$PG_BIN/postgres" -D "$PG_DIR/standby" -p $standby_port) >>"$PG_DIR/log" 2>&1 &
    standby=$!
    tries=0
    until [ "$(echo "SELECT count(*) FROM pg_stat_replication WHERE state = 'streaming'" | psql_in)" = 1 ] || [ $tries -gt 200 ]; do
        tries=$((tries + 1)); sleep 0.05
    done
    quiet "$T/a" fetch
    expect "an asynchronous standby: nothing is sent" "4 0" "$? $(($(log_queries) - sent))"
    expect_text "it says how to protect charges" "$T/err" 'synchronous_standby_names'
    quiet "$T/a" --set api.quota="$(at anna $standby_port)" fetch
    expect "the standby itself takes no charge" 4 $?
    expect_text "it says so" "$T/err" 'is a replica'
    echo "ALTER SYSTEM SET synchronous_standby_names = '*'" | psql_in >"$T/out"
    echo "SELECT pg_reload_conf()" | psql_in >"$T/out"
    tries=0
    until [ "$(echo "SELECT count(*) FROM pg_stat_replication WHERE sync_state = 'sync'" | psql_in)" = 1 ] || [ $tries -gt 200 ]; do
        tries=$((tries + 1)); sleep 0.05
    done
    quiet "$T/a" fetch
    quiet_rc=$?
    expect "a synchronous one protects charges: the run goes on" 1 "$([ $quiet_rc -eq 0 ] || [ $quiet_rc -eq 3 ] && [ "$(log_queries)" -gt "$sent" ] && echo 1)"
    signal QUIT $standby; wait $standby 2>/dev/null
    echo "ALTER SYSTEM RESET synchronous_standby_names" | psql_in >"$T/out"
    echo "SELECT pg_reload_conf()" | psql_in >"$T/out"
else
    not_ok "a standby can be made" "$(tail -n 3 "$T/out")"
fi

# ---- clocks; certificates ----

if ${CC:-gcc} -shared -fPIC -D_GNU_SOURCE -o "$T/skew.so" tests/e2e/skew.c 2>"$T/out"; then
    skewed() { (unset BLINDSPOT_CLOCK; SKEW_S=$1 LD_PRELOAD=$T/skew.so bs "$T/a" doctor) >"$T/out" 2>"$T/err"; }
    skewed 30
    expect_text "a clock 30 s ahead: a person must act" "$T/out" "this machine's clock is (29\.9|30\.[01]) s ahead of that of"
    skewed -30
    expect_text "and behind" "$T/out" "this machine's clock is (29\.9|30\.[01]) s behind that of"
    skewed 1
    expect_text "one second is corrected" "$T/out" 'of 100 requests used today'
else
    skip "clocks" "skew.c cannot be built: $(head -n 1 "$T/out")"
fi
pg_stop
(cd "$PG_DIR" && for who in ca other; do
    openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=$who" -keyout $who.key -out $who.pem
 done
 openssl req -newkey rsa:2048 -nodes -subj "/CN=db" -addext "subjectAltName=IP:127.0.0.1,IP:192.0.2.1" -keyout server.key -out server.csr &&
 printf 'subjectAltName=IP:127.0.0.1,IP:192.0.2.1\n' >ext && openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out server.pem
 printf "ssl_cert_file = '%s/server.pem'\nssl_key_file = '%s/server.key'\n" "$PG_DIR" "$PG_DIR" >>data/postgresql.conf
 chmod 600 server.key; chmod 644 ./*.pem) >"$T/out" 2>&1
[ "$(id -u)" != 0 ] || { chown "$pg_owner" "$PG_DIR/server.key" "$PG_DIR/server.pem"; chmod 711 "$PG_DIR"; }
pg_start || not_ok "the server starts again" "$(tail -n 3 "$PG_DIR/log")"
SETS="--set api.quota=$(at anna)?sslmode=verify-full&sslrootcert=$PG_DIR/ca.pem"
quiet "$T/a" plan
expect "a server without TLS, where it is asked for: refused" 1 "$([ $? -ge 4 ] && grep -q 'does not support SSL' "$T/err" && echo 1)"
pg_stop
echo "ssl = on" >>"$PG_DIR/data/postgresql.conf"
pg_start || not_ok "the server starts with a certificate" "$(tail -n 3 "$PG_DIR/log")"
quiet "$T/a" plan
expect "the right certificate" 0 $?
SETS="--set api.quota=$(at anna)?sslmode=verify-full&sslrootcert=$PG_DIR/other.pem"
quiet "$T/a" plan
expect "another's certificate: a person must act" 4 $?
expect_text "it says so" "$T/err" 'certificate verify failed'
# Off loopback, in a network of its own, whatever a service file says.
if [ "$(id -u)" = 0 ] && unshare -n ip link set lo up 2>/dev/null; then
    pg_stop
    echo "listen_addresses = '*'" >>"$PG_DIR/data/postgresql.conf"
    printf 'host all all all scram-sha-256\n' >>"$PG_DIR/data/pg_hba.conf"
    printf '[weak]\nsslmode=disable\nhost=192.0.2.1\nport=%s\ndbname=quota\nuser=anna\n' "$PG_PORT" >"$T/service"
    pg_off="sslrootcert=$PG_DIR/ca.pem"
    export PG_BIN PG_DIR PG_PORT PG_USER URL T BLINDSPOT pg_off
    # shellcheck disable=SC2016  # for the shell inside
    unshare -n sh -c '
        ip link set lo up; ip addr add 192.0.2.1/32 dev lo
        . tests/pg.sh
        pg_start || exit 9
        try() { PGSERVICEFILE=$T/service "$BLINDSPOT" -C "$T/a" --set api.base_url="$URL" --set page.base_url="$URL" \
            --set page.short_url="$URL" --set api.quota="$1" plan >"$T/off.out" 2>"$T/off.err"; echo $?; }
        try "postgresql://anna@192.0.2.1:$PG_PORT/quota?$pg_off"
        try "postgresql://?service=weak&$pg_off"
        try "postgresql://?service=weak"
        try "postgresql://anna@192.0.2.1:$PG_PORT/quota?sslmode=prefer"
        pg_stop' >"$T/off"
    expect "off loopback: with a certificate, by a service file, without one, with another mode" "0 0 4 2" "$(tr '\n' ' ' <"$T/off" | sed 's/ $//')"
    sed -i '/^listen_addresses = .\*/d; /^ssl = on/d' "$PG_DIR/data/postgresql.conf"
else
    skip "off loopback the certificate is always checked" "no network namespaces here"
fi
expect_no_leak "key, secret, token and passwords stand in no file"
