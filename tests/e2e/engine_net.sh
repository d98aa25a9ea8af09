#!/bin/sh
# What of a browser leaves this machine: through proxies with name and password, and in a network
# namespace whose one way out is counted, while a page tries all that it can to reach others.
set -u
cd "$(dirname "$0")/../.." || exit 1

# ---- inside the namespace: loopback, and one link whose other end nobody listens at ----
if [ "${1:-}" = fenced ]; then
    ip link set lo up
    ip link add out0 type veth peer name out1 || exit 3
    for link in out0 out1; do
        echo 1 >"/proc/sys/net/ipv6/conf/$link/disable_ipv6"
        ip link set $link arp off up
    done
    ip addr add 192.0.2.2/24 dev out0
    ip route add default dev out0
    exec sh tests/e2e/engine_net.sh inside
fi

. tests/lib.sh
suite engine_net
find_browser
short_tmp
for tool in python3 pgrep sqlite3; do
    command -v $tool >/dev/null 2>&1 || { skip "what of a browser leaves the machine" "not installed: $tool"; exit 0; }
done
[ -n "$CHROMIUM" ] || { skip "what of a browser leaves the machine" "not installed (make deps): chromium"; exit 0; }

# server PORT_FILE COMMAND...: sets PORT.
server() {
    port_file=$1; shift
    "$@" 2>"$T/server.err" &
    pids="$pids $!"
    for _ in $(seq 200); do [ -s "$port_file" ] && break; sleep 0.05; done
    PORT=$(cat "$port_file")
}
browsers() { pgrep -f "user-data-dir=$S" 2>/dev/null; }
# A site of a few posts: one tries to reach others, one leads there, one is a captcha, so that the next
# proxy is taken.
begin() {
    make_world "$T/w" 61 "$1"
    start_standin "$T/w" --quirk "swallow_dead 0"
    csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "retrieved" { print $1 }' >"$T/public"
    : >"$T/seen"
    server "$T/front.port" python3 tests/e2e/engine.py "$T/front.port" "$T/seen" "${URL##*:}" 600 \
        "$(sed -n 1p "$T/public")" reach "$(sed -n 2p "$T/public")" scripted "$(sed -n 3p "$T/public")" captcha \
        "$(sed -n 4p "$T/public")" leads_away
    FRONT=127.0.0.1:$PORT
    SETS="--set page.base_url=http://$FRONT --set page.engine=browser --set page.browser=$CHROMIUM --set page.attempts=1"
}
read_pages() { sqlite3 "$T/a/audit.db" "SELECT count(DISTINCT id) FROM v_answers WHERE witness = 'page' AND answer IN ('public', 'refused')"; }
reached() { sqlite3 "$T/a/audit.db" "SELECT count(*) FROM v_answers WHERE id = $(sed -n 1p "$T/public") AND witness = 'page' AND answer = 'public'"; }

if [ "${1:-}" = inside ]; then
    sent() { sed -n 's/^ *out0: *//p' /proc/net/dev | awk '{ print $10 }'; }
    python3 tests/e2e/engine_sniff.py out1 "$T/sniffed" &
    pids="$pids $!"
    for _ in $(seq 100); do [ -e "$T/sniffed" ] && break; sleep 0.05; done
    before=$(sent)
    python3 -c 'import socket; socket.socket(socket.AF_INET, socket.SOCK_DGRAM).sendto(b"a", ("198.51.100.99", 9))'
    expect "in a namespace: what goes out is counted" $((before + 1)) "$(sent)"
    begin 8
    before=$(sent)
    quiet "$T/a" audit "$T/w/all.txt"
    expect "in a namespace: a page tries to reach others" 2 "$(grep -c '^reach' "$T/seen")"
    expect "in a namespace: and is read" 1 "$(reached)"
    expect "in a namespace: 0 packets to other hosts" 0 $(($(sent) - before))
    [ "$(sent)" -eq "$before" ] || sed 's/^/# /' "$T/sniffed"
    stop_standin
    [ "${ENGINE:-}" = whole ] || exit 0

    # A thousand pages and more, to be had behind a challenge alone, in one run.
    make_world "$T/k" 62 1300
    start_standin "$T/k" --page-kb 280 --quirk "swallow_dead 0" --quirk "challenge 1" --quirk "spare_solved 5"
    tabs=2
    SETS="--set page.engine=browser --set page.browser=$CHROMIUM --set page.tabs=$tabs"
    before=$(sent); begun=$(date +%s)
    quiet "$T/k.a" audit "$T/k/all.txt"
    took=$(($(date +%s) - begun))
    awk -F '\t' '$2 == "page" { n[$5]++; if ($5 != "challenge") asked[$4] } END { for (i in asked) ids++; print ids + 0, n["challenge"] + 0 }' "$LOG" >"$T/n"
    read -r asked challenges <"$T/n"
    echo "# $asked posts' pages, $challenges challenges, $took s, $tabs tabs"
    if [ "$asked" -ge 1000 ]; then ok "behind challenges: a thousand pages in one run"; else not_ok "behind challenges: a thousand pages in one run" "$asked"; fi
    most=$((took / 5 + tabs))
    if [ "$challenges" -le $most ]; then ok "behind challenges: at most one in a cookie's life, and one a tab"; else
        not_ok "behind challenges: at most one in a cookie's life, and one a tab" "$challenges, expected at most $most"; fi
    awk -F '\t' '$2 == "page" && $5 ~ /public|refused/ { print $4 }' "$LOG" | sort -u >"$T/given"
    sqlite3 "$T/k.a/audit.db" "SELECT DISTINCT id FROM v_answers WHERE witness = 'page' AND answer IN ('public', 'refused')" | sort >"$T/kept"
    comm -23 "$T/given" "$T/kept" >"$T/diff"
    expect_empty "behind challenges: none of them is lost" "$T/diff"
    expect "behind challenges: 0 packets to other hosts" 0 $(($(sent) - before))
    exit 0
fi

# ---- two proxies, each with its name and password ----
begin 12
FIRST=proxy-canary-4d19aa07 SECOND=proxy-canary-e2c55b31
: >"$T/log1"; : >"$T/log2"
echo "auditor:$FIRST" >"$T/user1"; echo "au ditor:$SECOND" >"$T/user2"
server "$T/p1" python3 tests/e2e/engine_proxy.py "$T/p1" "$T/log1" 3<"$T/user1"; P1=127.0.0.1:$PORT
server "$T/p2" python3 tests/e2e/engine_proxy.py "$T/p2" "$T/log2" 3<"$T/user2"; P2=127.0.0.1:$PORT
printf '%s\n' "$FIRST" "$SECOND" >"$T.proxywords"
# Where a password must not stand, looked at while all runs: arguments, the browser's environment, its profile.
{
    while :; do
        grep -laF -f "$T.proxywords" /proc/[0-9]*/cmdline 2>/dev/null
        for pid in $(browsers); do grep -laF -f "$T.proxywords" "/proc/$pid/environ" 2>/dev/null; done
        grep -rlaF -f "$T.proxywords" "$S" 2>/dev/null
        [ -z "$(browsers)" ] || echo looked >>"$T/looked"
        sleep 0.3
    done >"$T/hits"
} &
pids="$pids $!"
: >"$T/looked"
export BLINDSPOT_PROXY="http://auditor:$FIRST@$P1,http://au%20ditor:$SECOND@$P2"
quiet "$T/a" audit "$T/w/all.txt"
unset BLINDSPOT_PROXY
cp "$T/err" "$T/err.scrape"
expect "proxies: it is shown as a challenge, and then as a page" 2 "$(grep -c '^reach' "$T/seen")"
expect "proxies: the page that tries to reach others is read" 1 "$(reached)"
expect "proxies: a page with scripts is read" 1 "$(grep -c '^scripted' "$T/seen")"
expect "proxies: and they do not run" 0 "$(grep -c '^ran' "$T/seen")"
pages=$(read_pages)
if [ "$pages" -ge 8 ]; then ok "proxies: $pages pages are read"; else not_ok "proxies: pages are read" "$pages" "$(tail -5 "$T/err.scrape")"; fi
for nth in 1 2; do
    expect_text "proxy $nth: lets pages through by name and password" "$T/log$nth" "^in	GET	$FRONT"
    expect "proxy $nth: refused no password" 0 "$(grep -c '^refused' "$T/log$nth")"
done
expect "proxies: nothing was asked for past them" 0 "$(grep -cv '127.0.0.1' "$T/seen" | sed 's/[1-9][0-9]*/0/')"
cut -f 2,3 "$T/log1" "$T/log2" | grep -v "GET	$FRONT$" | sort | uniq -c >"$T/others"
expect_empty "proxies: 0 requests to other hosts" "$T/others"
expect "proxies: looked for passwords while the browser ran" yes "$([ -s "$T/looked" ] && echo yes)"
sort -u "$T/hits" >"$T/where"
expect_empty "proxies: no password in an argument, in the browser's environment or profile" "$T/where"
cp "$T.proxywords" "$T.words"
rm -f "$T.proxywords" "$T/user1" "$T/user2"
quiet "$T/a" status --all; cp "$T/out" "$T/status"
rm -rf "$S"
canary_in "$T" >"$T.leaks"
expect_empty "proxies: none in log, store or archive" "$T.leaks"
rm -f "$T.leaks"
stop_standin

# ---- the same page in a namespace ----
if [ "$(id -u)" -eq 0 ] && unshare -n true 2>/dev/null && command -v ip >/dev/null 2>&1; then
    TMPDIR=/tmp unshare -n sh tests/e2e/engine_net.sh fenced || { [ $? -eq 3 ] && skip "in a namespace" "this kernel has no veth"; }
else
    skip "in a namespace: what goes out is counted" "needs root and ip"
fi
