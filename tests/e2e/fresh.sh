#!/bin/sh
# monitor fresh: new posts are asked for at growing ages, in the rounds of the watch list, until the
# API returns them; the curve holds the truth; a promise of 48 hours fails by the ids that broke it,
# one of 72 does not; they count in no post-day and make no event; the site tells it, and how old
# the API's counters are.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite fresh
# Nothing that the platform returns later than at once but new posts: after 48 to 72 hours.
make_world "$T/w" 71 40 --shares none --set too_recent=0.35 --set delayed=1
start_standin "$T/w" --quirk "swallow_dead 0"
csv "$T/w/truth.csv" id label reason handle | awk -F '\t' '{ print $1, $3 }' >"$T/truth"
awk '$2 == "too_recent" { print $1 }' "$T/truth" | sort >"$T/young"
awk '$2 == "at_once" { print $1 }' "$T/truth" | sort | head -4 >"$T/canaries"
young=$(wc -l <"$T/young")
"$BLINDSPOT" -q monitor init "$T/watch"
# shellcheck disable=SC2046  # ids are words
quiet "$T/watch" monitor add --canary $(cat "$T/canaries")
expect "canaries stand on the list" 0 $quiet_rc
# shellcheck disable=SC2046
quiet "$T/watch" monitor fresh --json $(cat "$T/young") $(cat "$T/canaries")
expect "new posts are followed, older ones left out and counted" "$young 4 $young" \
    "$(jq -r '"\(.added) \(.too_old) \(.waiting)"' "$T/out")"

hours=0; rounds=0
while [ $hours -lt 80 ]; do
    quiet "$T/watch" monitor run --json
    [ "$quiet_rc" -eq 0 ] || { not_ok "a round of hour $hours" "$quiet_rc $(tail -3 "$T/err")"; break; }
    [ "$(jq -r .ending "$T/out")" = nothing_due ] || rounds=$((rounds + 1))
    [ $hours -ne 30 ] || quiet "$T/watch" monitor fresh --json
    [ $hours -ne 30 ] || cp "$T/out" "$T/early.json"
    move_clock +3600
    hours=$((hours + 1))
done
expect "most hours there is nothing to ask" yes "$([ $rounds -ge 25 ] && [ $rounds -le 50 ] && echo yes || echo $rounds)"
expect "after 30 hours none is back" "$young 0" "$(jq -r '"\(.waiting) \(.returned)"' "$T/early.json")"
expect "and by 24 hours that is known" "0 yes" \
    "$(jq -r '.marks[0] | "\(.value) \(if .high < 0.4 then "yes" else . end)"' "$T/early.json")"

quiet "$T/watch" monitor fresh --json
cp "$T/out" "$T/curve.json"
expect "after 80 all are" "$young 0 0 0 $young" "$(jq -r '"\(.returned) \(.waiting) \(.gone) \(.given_up) \(.says)"' "$T/curve.json")"
expect "none was there by 48 hours" "0 0 $young" "$(jq -r '.marks[1] | "\(.value) \(.found) \(.n)"' "$T/curve.json")"
expect "by 72 hours the truth lies within the bounds" yes \
    "$(jq -r '.marks[2] | if .low <= 1 and .high >= 0.99 and .value > 0.6 then "yes" else . end' "$T/curve.json")"
expect "the curve ascends to all of them" yes \
    "$(jq -r '.steps | if (map(.low) == (map(.low) | sort)) and (last.high > 0.999) and (first.hours >= 47) then "yes" else . end' "$T/curve.json")"
requests=$(awk -F '\t' '$2 == "query"' "$LOG" | wc -l)
quiet "$T/watch" monitor run --json
expect "what came is asked for no more" "$requests" "$(awk -F '\t' '$2 == "query"' "$LOG" | wc -l)"

# ---- as a promise ----

{
    printf '[%s]\nclaim = New posts are there.\nsource = https://example.org, 2026-02-26\ncriterion = timeliness\nlatency = %s\nat_least = 60 %%\n' \
        two-days 48h four-days 4d
} >"$T/claims.ini"
quiet "$T/watch" check "$T/claims.ini" --json --ids "$T/ids"
cp "$T/out" "$T/check.json"
expect "48 hours are not kept, four days are" "1 fail pass" "$quiet_rc $(jq -r '.claims | map(.verdict) | join(" ")' "$T/check.json")"
sort "$T/ids/two-days.failed.txt" | diff "$T/young" - >"$T/differ"
expect_empty "by the ids of the truth" "$T/differ"

# ---- the site ----

quiet "$T/watch" monitor site "$T/www"
expect "the site is made" 0 $quiet_rc
expect "no post-day counts them" 0 "$(jq '.totals.days' "$T/www/data.json")"
expect "nor is there an event of them" 0 "$(jq '[.events[] | select(.id != null)] | length' "$T/www/data.json")"
jq -S '{marks, steps}' "$T/curve.json" >"$T/want"
jq -S '.fresh | {marks, steps}' "$T/www/data.json" | diff "$T/want" - >"$T/differ"
expect_empty "its curve is that of the command" "$T/differ"
expect_text "the page tells it" "$T/www/index.html" 'How soon the API returns new posts'
