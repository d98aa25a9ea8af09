#!/bin/sh
# Five workers, each on a machine of its own as far as the network can tell: a namespace with one link
# to the server and to the site. Links are cut and come back, workers are killed; the labels are the
# truth. WORK_NET_STEPS: how often something befalls one of them.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
. tests/pg.sh
suite work_net
what="workers on machines of their own"
why=$(pg_why_no_store)
for tool in ip nsenter openssl; do
    command -v $tool >/dev/null 2>&1 || why="not installed: $tool"
done
if [ -z "$why" ] && [ "${1:-}" != fenced ]; then
    unshare -n sh -c 'ip link set lo up && ip link add probe0 type veth peer name probe1' 2>/dev/null ||
        why="no network namespaces here"
fi
if [ -n "$why" ]; then skip "$what" "$why"; exit 0; fi
if [ "${1:-}" != fenced ]; then
    trap - EXIT
    rm -rf "$T" "$T.words"
    exec unshare -n sh tests/e2e/work_net.sh fenced
fi
trap 'pg_end; suite_end' EXIT

# ---- the network: 192.0.2.1 is the server and the site, for all ----
HERE=192.0.2.1
WORKERS=5
ip link set lo up
ip addr add $HERE/32 dev lo
# machine N: its namespace lives as long as the process whose pid is in MACHINE_N.
machine() {
    unshare -n sleep 3600 &
    eval "MACHINE_$1=$!"
    pids="$pids $!"
    tries=0
    until [ "$(readlink "/proc/$!/ns/net")" != "$(readlink /proc/self/ns/net)" ] || [ $tries -gt 100 ]; do
        sleep 0.02; tries=$((tries + 1))
    done
    ip link add "far$1" type veth peer name near netns $!
    ip addr add "10.77.$1.1/24" dev "far$1"
    ip link set "far$1" up
    nsenter -t $! -n sh -c "ip link set lo up; ip addr add 10.77.$1.2/24 dev near; ip link set near up
        ip route add default via 10.77.$1.1"
}
on_pid=; worker_at=; kill_pid=    # by eval, of the arrays that sh has not
on() { eval "on_pid=\$MACHINE_$1"; shift; nsenter -t "$on_pid" -n "$@"; }
for n in $(seq $WORKERS); do machine "$n"; done
sees() { on 1 ping -c 1 -W 2 "$1" >/dev/null 2>&1 && echo yes || echo no; }
# ---- the server with a certificate, the site behind a slow link ----
pg_begin || exit 1
pg_stop
(cd "$PG_DIR" && openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj "/CN=ca" -keyout ca.key -out ca.pem &&
    openssl req -newkey rsa:2048 -nodes -subj "/CN=db" -keyout server.key -out server.csr &&
    printf 'subjectAltName=IP:%s\n' $HERE >ext &&
    openssl x509 -req -in server.csr -CA ca.pem -CAkey ca.key -CAcreateserial -days 2 -extfile ext -out server.pem &&
    chmod 600 server.key && chmod 644 ./*.pem && printf 'host all all all scram-sha-256\n' >>data/pg_hba.conf &&
    printf "ssl = on\nssl_cert_file = '%s/server.pem'\nssl_key_file = '%s/server.key'\nlisten_addresses = '*'\n" \
        "$PG_DIR" "$PG_DIR" >>data/postgresql.conf) >"$T/openssl" 2>&1
[ "$(id -u)" != 0 ] || { chown "$pg_owner" "$PG_DIR/server.key" "$PG_DIR/server.pem"; chmod 711 "$PG_DIR"; }
pg_start || { not_ok "the server starts with a certificate" "$(tail -n 3 "$PG_DIR/log")"; exit 1; }
make_world "$T/w" 47 "${BLINDSPOT_WORK_ITEMS:-500}"
start_standin "$T/w" --mild
# Pages may be asked for in plain HTTP on loopback alone: each machine has a way from there to the site.
relay() { relay_file=$1; shift; "$@" "$relay_file" 25 2>>"$T/relay.err" & pids="$pids $!"; }
until_there() { tries=0; until [ -s "$1" ] || [ $tries -gt 200 ]; do sleep 0.05; tries=$((tries + 1)); done; }
SITE=${URL##*:}
build_link || { not_ok "the link is built" "$(cat "$T/link.err")"; exit 1; }
relay "$T/site.port" "$T/slow_link" $HERE 0 127.0.0.1 "$SITE"
until_there "$T/site.port"
for n in $(seq $WORKERS); do
    eval "on_pid=\$MACHINE_$n"    # a program, not a function: its pid is that of the relay, which ends with the test
    relay "$T/near$n" nsenter -t "$on_pid" -n "$T/slow_link" 127.0.0.1 "$SITE" $HERE "$(cat "$T/site.port")"
    until_there "$T/near$n"
done
ADDRESS="postgresql://$PG_USER@$HERE:$PG_PORT/postgres?schema=net&sslrootcert=$PG_DIR/ca.pem"
"$BLINDSPOT" init "$PG_URL?schema=net" "$T/net" --seed "the same words" >"$T/out" 2>&1
expect "init" 0 $?
SETS="--set page.concurrency=1 --set api.concurrency=1 --set net.timeout_s=3 --set page.read_by=workers --set page.workers_wait_s=60"

# ---- workers; number tells those of one machine apart ----
number=0
# worker MACHINE: its pid in WORKER_MACHINE.
worker() {
    number=$((number + 1))
    mkdir -p "$T/w$1.$number"
    eval "worker_at=\$MACHINE_$1"
    nsenter -t "$worker_at" -n "$BLINDSPOT" -C "$T/w$1.$number" --progress=never work "$ADDRESS" --name "m$1" --idle 120 \
        >"$T/w$1.$number.out" 2>"$T/w$1.$number.err" &
    eval "WORKER_$1=$!"
    pids="$pids $!"
}
# Until all that were begun have come.
all_there() {
    tries=0
    until [ "$(pg_sql "SELECT count(*) FROM net.worker")" = $number ] || [ $tries -gt 200 ]; do sleep 0.05; tries=$((tries + 1)); done
}
# Who was killed is replaced.
kill_worker() {
    eval "kill_pid=\$WORKER_$1"
    signal KILL "$kill_pid"; wait "$kill_pid" 2>/dev/null
    [ $? -eq 137 ] || ended="$ended $(tail -qn 1 "$T/w$1".*.err)"
    worker "$1"
    all_there
}
for n in $(seq $WORKERS); do worker "$n"; done
all_there
audit_days() {
    quiet "$T/net" audit "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
    days_rc=$?; days=1
    while [ $days_rc -ne 0 ] && [ $days -lt 30 ]; do
        if [ $days_rc -eq 3 ]; then move_clock +86400; else sleep 0.5; fi
        days=$((days + 1))
        quiet "$T/net" audit
        days_rc=$?
    done
    echo $days_rc >"$T/net.rc"
}
audit_days &
AUDIT=$!
STEPS=${WORK_NET_STEPS:-12}
steps=0; kills=0; cuts=0; down=; ended=
while [ ! -f "$T/net.rc" ] && [ $steps -lt "$STEPS" ]; do
    sleep "0.$((4 + steps * 7 % 6))"
    who=$((steps % WORKERS + 1))
    [ -z "$down" ] || ip link set "far$down" up
    down=
    if [ $((steps % 3)) -eq 2 ]; then
        kill_worker $who; kills=$((kills + 1))
        move_clock +601
    else
        # Long enough for the server to be given up, and short enough for a lease to live.
        ip link set "far$who" down; down=$who; cuts=$((cuts + 1))
        sleep 3
    fi
    steps=$((steps + 1))
done
[ -z "$down" ] || ip link set "far$down" up
wait $AUDIT
for n in $(seq $WORKERS); do eval "signal TERM \$WORKER_$n"; done
for n in $(seq $WORKERS); do eval "wait \$WORKER_$n 2>/dev/null"; done
expect "no worker ends before it is killed" "" "$ended"
expect "the audit ends ($WORKERS machines, $kills workers killed, $cuts links cut)" 0 "$(cat "$T/net.rc")"
[ $kills -ge 1 ] && [ $cuts -ge 3 ]
expect "workers were killed and links cut while it ran" 0 $?
expect "each machine read pages" "1 2 3 4 5" \
    "$(pg_sql "SELECT DISTINCT substring(name FROM '-m([1-5])-') FROM net.evidence_file WHERE name LIKE '%-m_-%' ORDER BY 1" | tr '\n' ' ' | sed 's/ $//')"
compare_truth "$T/w" "$T/net" swallow >"$T/diff"
expect_empty "every state, label, reason and basis equals the truth" "$T/diff"
quiet "$T/net" scrape
expect "no upload is left, and nothing handed out" "0|0" "$(pg_sql "SELECT (SELECT count(*) FROM net.upload), (SELECT count(*) FROM net.parcel)")"
for dir in "$T"/w[0-9].*/evidence; do [ ! -d "$dir" ] || mv "$dir"/* "$T/net/evidence/" 2>/dev/null; done
quiet "$T/net" scrape
quiet "$T/net" verify
expect "verify finds the bytes of every answer, those of the killed too" 0 $?
twice=$(($(awk -F '\t' '$2 == "page"' "$LOG" | wc -l) - $(pg_sql "SELECT count(*) FROM net.request WHERE witness = 3")))
[ $twice -le $(((kills + cuts) * 70)) ]
expect "read and not committed: at most an upload a kill or a cut ($twice pages)" 0 $?
expect_no_leak "key, secret and token stand in no file"
