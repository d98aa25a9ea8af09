#!/bin/sh
# tests/demo.sh: what blindspot does, in front of your eyes. Made-up platforms on loopback serve
# made-up posts through a research API and a public site, with the faults of an ordinary day:
# an audit of 2,000 posts from three files as people send them in, a sample of 40 creators, and a
# watch list over 20 days. Days pass on a simulated clock.
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
leave() { [ -z "$server" ] || { kill -TERM "$server" 2>/dev/null; wait "$server" 2>/dev/null; server=; }; }
finish() {
    code=$?
    trap - EXIT
    leave
    exit $code
}
trap finish EXIT
trap 'exit 130' INT
trap 'exit 143' TERM HUP PIPE

say() { printf '\n== %s\n' "$*"; }
stop() { echo "$*" >&2; exit 1; }

# The stand-in's clock replaces the time, its key ours, a ledger of its own the user's.
export XDG_STATE_HOME="$D/state" BLINDSPOT_CLIENT_KEY=test-key BLINDSPOT_CLIENT_SECRET=test-secret
unset BLINDSPOT_CLIENT_KEY_FILE BLINDSPOT_CLIENT_SECRET_FILE http_proxy HTTP_PROXY all_proxy ALL_PROXY

# platform WORLD [OPTIONS]: the stand-in serves it; whatever was served before is not any more.
platform() {
    leave
    rm -f "$D/port"
    export BLINDSPOT_CLOCK="$1.clock" XDG_STATE_HOME="$1.state"
    "$B/standin" "$1" --port-file "$D/port" --clock "$BLINDSPOT_CLOCK" --log "$1.log" --mild >/dev/null &
    server=$!
    tries=0
    while [ ! -s "$D/port" ]; do
        tries=$((tries + 1))
        if [ $tries -gt 100 ] || ! kill -0 $server 2>/dev/null; then stop "the stand-in server did not start"; fi
        sleep 0.1
    done
    url=http://127.0.0.1:$(cat "$D/port")
    echo "its research API and its site answer at $url, with some errors and blocks"
}
clock_to() { "$B/standin" clock "$BLINDSPOT_CLOCK" "$1" >/dev/null; }
# of FOLDER COMMAND...: blindspot in it, as often a second as a made-up platform bears.
of() {
    of_folder=$1; shift
    command "$BLINDSPOT" -C "$of_folder" --set api.base_url="$url" --set page.base_url="$url" --set page.short_url="$url" \
        --set api.requests_per_second=100000 --set page.requests_per_second=100000 "$@"
}
# until_done FOLDER FILES...: `blindspot audit` day after day.
until_done() {
    audited=$1; shift
    of "$audited" audit "$@" >"$D/waterfall"
    code=$?
    day=1
    while [ $code -eq 3 ] && [ $day -lt 12 ]; do
        day=$((day + 1))
        say "next day: blindspot audit (day $day; a post is called missing after two days without it)"
        clock_to +86400
        of "$audited" audit >"$D/waterfall"
        code=$?
    done
    [ $code -eq 0 ] || stop "the audit ended with code $code"
}

say "a made-up platform: 2,000 posts whose truth is known"
"$B/world" 2026 2000 "$D/world" || exit 1
platform "$D/world"

say "blindspot init"
of "$D/audit" init || exit 1
say "blindspot audit links.txt list.csv donation.zip"
until_done "$D/audit" "$D/world/links.txt" "$D/world/list.csv" "$D/world/donation.zip"

say "what the API does not show"
cat "$D/waterfall"

say "and what is true, which only the maker of a world knows"
sh tests/truth.sh "$D/world" "$D/audit" || exit 1

say "a sample: 40 creators that were seen on a feed, ten posts drawn of each"
"$B/world" 2027 520 "$D/creators" --set account_least=12 --set account_max=13 --set embed_least=12 --set creators_some=12 || exit 1
platform "$D/creators"
mkdir "$D/sample"
awk -F, 'NR == 1 { for (i = 1; i <= NF; i++) if ($i == "handle") c = i; next } { print $c }' "$D/creators/truth.csv" | sort -u | sed 40q >"$D/creators.txt"
say "blindspot sample add creators.txt --place NL; sample list; sample draw"
of "$D/sample" sample add "$D/creators.txt" --place NL && of "$D/sample" sample list &&
    of "$D/sample" sample draw || stop "nothing was drawn"
say "blindspot audit"
until_done "$D/sample"
of "$D/sample" sample || exit 1
sh tests/truth.sh "$D/creators" "$D/sample" || exit 1

say "a watch list: 12 posts, two looks a day for 20 days"
"$B/world" 2028 400 "$D/watched" --watch 12 --days 20 || exit 1
platform "$D/watched"
of "$D/watch" monitor init "$D/watch" || exit 1
# shellcheck disable=SC2046  # ids are words
of "$D/watch" monitor add --canary $(cat "$D/watched/canaries.txt") && of "$D/watch" monitor add $(cat "$D/watched/watch.txt") || exit 1
say "blindspot monitor run, from cron"
while read -r at; do
    clock_to "$at"
    of "$D/watch" -q monitor run >/dev/null
done <"$D/watched/watch_runs.txt"
of "$D/watch" monitor site "$D/watch/site" || exit 1
of "$D/watch" monitor || exit 1
cut -d, -f1-4 "$D/watched/watch_days.csv" | sed 1d | sort >"$D/days.truth"
cut -d, -f1-4 "$D/watch/site/data.csv" | grep -Ff "$D/watched/watch.txt" | sort >"$D/days.told"
wrong=$(comm -3 "$D/days.truth" "$D/days.told" | wc -l)
echo "Of $(wc -l <"$D/days.truth") days of a post $wrong differ from the truth."
[ "$wrong" -eq 0 ] || exit 1

say "all three on one public page: blindspot site"
of "$D" site "$D/site" "$D/audit" "$D/sample" "$D/watch" || exit 1
cat <<END

The report:  $report/audit/report/index.html
Every post:  $D/audit/report/labels.csv     the truth: $D/world/truth.csv
Both sides:  $D/audit/report/differences.csv
One post:    $BLINDSPOT -C $D/audit explain ID
The sample:  $report/sample/report/index.html
The watch:   $report/watch/site/index.html
All three:   $report/site/index.html
END
