#!/bin/sh
# `make demo`: a whole audit of about 2,000 made-up posts against the stand-in
# server, over as many simulated days as the confirmation takes. Everything it
# makes lies in build/demo.
set -eu
cd "$(dirname "$0")/.."
DEMO=build/demo
rm -rf "$DEMO"
mkdir -p "$DEMO"

echo "A made-up platform: 2,000 posts with known truth, an API and a site that misbehave mildly."
build/world 7 2000 "$DEMO/world"
build/standin "$DEMO/world" --mild --port-file "$DEMO/port" --clock "$DEMO/clock" --log "$DEMO/requests.log" \
    >"$DEMO/standin.out" 2>&1 &
standin=$!
trap 'kill "$standin" 2>/dev/null; wait "$standin" 2>/dev/null || :' EXIT INT TERM
tries=0
while [ ! -s "$DEMO/port" ]; do
    tries=$((tries + 1))
    [ "$tries" -lt 200 ] || { echo "the stand-in does not start; see $DEMO/standin.out" >&2; exit 5; }
    sleep 0.1
done
url=http://127.0.0.1:$(cat "$DEMO/port")

# The key and the secret are the stand-in's; the clock is moved by it.
BLINDSPOT_CLOCK=$PWD/$DEMO/clock
BLINDSPOT_CLIENT_KEY=test-key
BLINDSPOT_CLIENT_SECRET=test-secret
XDG_STATE_HOME=$PWD/$DEMO/state
export BLINDSPOT_CLOCK BLINDSPOT_CLIENT_KEY BLINDSPOT_CLIENT_SECRET XDG_STATE_HOME
blindspot() {
    build/blindspot -C "$DEMO/audit" --set api.base_url="$url" --set page.base_url="$url" --set page.short_url="$url" \
        --set api.requests_per_second=100000 --set page.requests_per_second=100000 "$@"
}

echo
echo "\$ blindspot init audit"
build/blindspot init "$DEMO/audit"
echo
echo "\$ blindspot add donation.zip links.txt list.csv"
blindspot add "$DEMO/world/donation.zip" "$DEMO/world/links.txt" "$DEMO/world/list.csv"
echo
echo "\$ blindspot plan"
blindspot plan
code=3
day=1
while [ "$code" -eq 3 ] && [ "$day" -le 8 ]; do
    echo
    echo "\$ blindspot audit     # simulated day $day"
    set +e
    blindspot audit
    code=$?
    set -e
    if [ "$code" -eq 3 ]; then
        build/standin clock "$DEMO/clock" +86400 >/dev/null
        day=$((day + 1))
    fi
done
[ "$code" -eq 0 ] || { echo "the audit ended with exit code $code" >&2; exit 1; }
echo
echo "The report lies in $DEMO/audit/report: open index.html, labels.csv, figures/breakdown.pdf"
