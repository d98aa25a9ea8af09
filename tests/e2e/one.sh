#!/bin/sh
# An audit of one item: what stands behind a 1 is singular, in every command and
# in the report.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite one
NOUNS="items requests sends pages links files records accounts canaries windows batches days times answers exchanges replies
    rows codes keys shapes verdicts tasks questions posts trials duplicates bytes asks public.items short.links"

# singular NAME FILE...: no plural behind a 1.
singular() {
    singular_name=$1; shift
    cat "$@" | sed 's/<\/*data[^>]*>//g; s/<[^>]*>/\n/g' |
        grep -E "(^|[^0-9.,:-])1 ([a-z]+ )?($(echo $NOUNS | tr ' ' '|')|are|were|have|wait)([^a-z]|\$)" >"$T/plural"
    expect_empty "$singular_name" "$T/plural"
}
said() { singular "$1 $2" "$T/out" "$T/err"; }

make_world "$T/w" 71 40
start_standin "$T/w" --quirk "swallow_dead 0"
of() { csv "$T/w/truth.csv" id reason | awk -F '\t' -v reason="$1" '$2 == reason { print $1; exit }'; }
for kind in unexplained not_found at_once unobserved; do
    id=$(of "$kind")
    [ -n "$id" ] || continue
    echo "$id" >"$T/id.txt"
    discard "$T/a"
    export XDG_STATE_HOME="$T/state.$kind"
    "$BLINDSPOT" -q init "$T/a"
    for words in "add $T/id.txt" "add $T/id.txt" plan fetch status scrape status "explain $id" audit classify diff export \
        report status verify "scrape --replay" next audit status next audit status plan "explain $id" verify \
        "purge --older 0" status verify; do
        if [ "$words" = next ]; then move_clock +86400; continue; fi
        # shellcheck disable=SC2086  # words
        quiet "$T/a" $words
        said "$kind:" "$(echo "$words" | cut -d ' ' -f 1)"
    done
    singular "$kind: the report" "$T/a/report/index.html" "$T/a/report/method.html"
done
SETS="--set api.daily_requests=1"
"$BLINDSPOT" -q init "$T/b"
sed 1q "$T/w/all.txt" >"$T/first.txt"
quiet "$T/b" add "$T/first.txt"; quiet "$T/b" fetch; quiet "$T/b" fetch
said "a quota of" 1
stop_standin
expect_no_leak "key, secret and token stand in no file"
