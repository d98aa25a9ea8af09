#!/bin/sh
# tests/demo.sh: a whole audit in front of your eyes. A made-up platform on
# loopback serves 2,000 made-up posts through a research API and a public site,
# with the faults of an ordinary day; blindspot audits them from three files
# as people send them in. Days pass on a simulated clock.
# From a package it stands below the platform's programs, and writes where DEMO says (a full path).
set -u
cd "$(dirname "$0")/.." || exit 1
if [ -x ./standin ]; then
    B=.
    D=${DEMO:-${XDG_CACHE_HOME:-$HOME/.cache}/blindspot-demo}
    BLINDSPOT=${BLINDSPOT:-blindspot}
    report=$D
else
    B=build/release
    D=build/demo
    BLINDSPOT=build/release/blindspot
    report=$PWD/$D
fi
rm -rf "$D"
mkdir -p "$D" || exit 1
server=
finish() {
    code=$?
    trap - EXIT
    [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null; wait "$server" 2>/dev/null; }
    exit $code
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

say() { printf '\n== %s\n' "$*"; }

say "a made-up platform: 2,000 posts whose truth is known"
"$B/world" 2026 2000 "$D/world" || exit 1
"$B/standin" "$D/world" --port-file "$D/port" --clock "$D/clock" --log "$D/requests.log" --mild >/dev/null &
server=$!
tries=0
while [ ! -s "$D/port" ]; do
    tries=$((tries + 1))
    if [ $tries -gt 100 ] || ! kill -0 $server 2>/dev/null; then echo "the stand-in server did not start" >&2; exit 1; fi
    sleep 0.1
done
url=http://127.0.0.1:$(cat "$D/port")
echo "its research API and its site answer at $url, with some errors and blocks"

# The stand-in's clock replaces the time, its key ours, a ledger of its own the user's.
export BLINDSPOT_CLOCK="$D/clock" XDG_STATE_HOME="$D/state" BLINDSPOT_CLIENT_KEY=test-key BLINDSPOT_CLIENT_SECRET=test-secret
unset BLINDSPOT_CLIENT_KEY_FILE BLINDSPOT_CLIENT_SECRET_FILE http_proxy HTTP_PROXY all_proxy ALL_PROXY
blindspot() {
    command "$BLINDSPOT" -C "$D/audit" --set api.base_url="$url" --set page.base_url="$url" --set page.short_url="$url" \
        --set api.requests_per_second=100000 --set page.requests_per_second=100000 "$@"
}

say "blindspot init"
blindspot init || exit 1
say "blindspot audit links.txt list.csv donation.zip"
blindspot audit "$D/world/links.txt" "$D/world/list.csv" "$D/world/donation.zip" >"$D/waterfall"
code=$?
day=1
while [ $code -eq 3 ] && [ $day -lt 12 ]; do
    day=$((day + 1))
    say "next day: blindspot audit (day $day; a post is called missing after two days without it)"
    "$B/standin" clock "$D/clock" +86400 >/dev/null
    blindspot audit >"$D/waterfall"
    code=$?
done
[ $code -eq 0 ] || { echo "the audit ended with code $code" >&2; exit 1; }

say "what the API does not show"
cat "$D/waterfall"

say "and what is true, which only the maker of a world knows"
sh tests/truth.sh "$D/world" "$D/audit" || exit 1
cat <<END

The report:  $report/audit/report/index.html
Every post:  $D/audit/report/labels.csv     the truth: $D/world/truth.csv
Both sides:  $D/audit/report/differences.csv
One post:    $BLINDSPOT -C $D/audit explain ID
END
