#!/bin/sh
# `status` fits one screen of 80 x 24 with its prompt, wherever an audit stands, and says "final"
# where audit, report and summary.json do; --watch draws it on a terminal alone and ends with 130.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite screen

# screen WHEN FINISHED-BY-AUDIT(0 or 3): the screen of $T/a.
screen() {
    bs "$T/a" status >"$T/screen" 2>>"$ERRLOG"
    expect "$1: it fits" "" "$(awk 'length > 80 { print "long: " $0 } END { if (NR > 23) print NR " lines" }' "$T/screen")"
    bs "$T/a" status --json >"$T/status.json" 2>>"$ERRLOG"
    bs "$T/a" report >/dev/null 2>>"$ERRLOG"
    word=$(sed -n '1s/ .*//p' "$T/screen")
    case $2 in 0) want="final true true" ;; *) want="provisional false false" ;; esac
    expect "$1: the screen, its JSON and summary.json say the same" "$want" \
        "$word $(jq -r .finished "$T/status.json") $(jq -r .final "$T/a/report/summary.json")"
    case $word in
    final) expect "$1: final, and nothing is due" "" "$(grep -E ' to (ask|read|resolve)|wait' "$T/screen")" ;;
    *) expect_text "$1: provisional, with a range and no point" "$T/screen" \
        'not returned +([0-9.]+ % to [0-9.]+ % .* so far|unknown before|[0-9.]+ % .* so far)' ;;
    esac
}

if ! command -v jq >/dev/null 2>&1; then
    skip "status on one screen" "jq is not installed"
    exit 0
fi
make_world "$T/w" 47 200
start_standin "$T/w" --mild
SETS="--set api.daily_requests=9"
"$BLINDSPOT" -q init "$T/a"
bs "$T/a" status >"$T/screen" 2>>"$ERRLOG"
expect_text "no item: it says what to do" "$T/screen" '^next +blindspot add FILE'
quiet "$T/a" add "$T/w/links.txt" "$T/w/list.csv" "$T/w/donation.zip"
screen "nothing asked" 3
# With --progress=never or without a terminal nothing of it appears; on one it says how far it is.
if python3 -c 'import pty' 2>/dev/null; then
    # shellcheck disable=SC2086  # SETS is a list of words
    python3 tests/terminal.py "$T/shown" "$BLINDSPOT" -C "$T/a" --set api.base_url="$URL" --set page.base_url="$URL" \
        --set page.short_url="$URL" --set page.requests_per_second=100000 --set api.requests_per_second=100000 $SETS audit
    expect "the first day is unfinished" 3 $?
    tr '\r' '\n' <"$T/shown" >"$T/lines"
    expect_text "on a terminal: how many of how many pages" "$T/lines" '^read [0-9]+ of [0-9]+ pages.*: [0-9]+ public'
    expect_text "on a terminal: how many of how many posts" "$T/lines" '^asked for [0-9]+ of [0-9]+ posts.*: [0-9]+ came back, in'
    expect "on a terminal: no line is wider than it" "" "$(awk 'length > 79 && /^(read|asked for) [0-9]/ { print }' "$T/lines")"
else
    skip "progress on a terminal" "python3 is not installed"
    quiet "$T/a" audit
    expect "the first day is unfinished" 3 $?
fi
bs "$T/a" --progress=auto fetch >"$T/out" 2>"$T/err"
expect "without a terminal: no line that changes" "" "$(grep "$(printf '\r')" "$T/err")"
screen "the first day" 3
expect_text "the first day: what is next, and when" "$T/screen" '^next +blindspot audit, from 2026-03-03T00:00:00Z on, in [0-9]+ h$'
expect_text "the first day: the quota" "$T/screen" '^quota +9 of 9 used today; newest answer '
SETS=
move_clock +86400
expect_done "the audit ends" "$T/a"
screen "the end" 0
expect_text "the end: a point with its range" "$T/screen" 'not returned +[0-9.]+ % (\([0-9.]+ % to [0-9.]+ %\))? +[0-9]+$'
expect_text "the end: the waterfall closes" "$T/screen" '^items .* residual 0$'
bs "$T/a" status --batches >"$T/out" 2>>"$ERRLOG"
expect "batches stand behind --batches" "0 yes" \
    "$(grep -c '^batches' "$T/screen") $(grep -q '^batches with sound mates' "$T/out" && echo yes)"

# ---- items come of age: what was final is so no longer, and says since when ----

move_clock +$((4 * 86400))
bs "$T/a" status >"$T/screen" 2>>"$ERRLOG"
expect_text "later: more can be asked" "$T/screen" '^provisional +more can be asked since 2026-03-'
expect_text "later: which it counts" "$T/screen" '^ +[0-9]+ items? to ask'
expect "later: never finished and due together" "" "$(grep -E '^final|finished' "$T/screen")"

# ---- --watch ----

bs "$T/a" status --watch >"$T/out" 2>"$T/err"
expect "--watch without a terminal is refused" 2 $?
expect_text "with the reason" "$T/err" '^blindspot: --watch draws on a terminal, and stdout is none'
bs "$T/a" status --watch --json >"$T/out" 2>"$T/err"
expect "--watch --json is refused" 2 $?
if ! python3 -c 'import pty' 2>/dev/null; then
    skip "--watch on a terminal" "python3 is not installed"
    exit 0
fi
"$BLINDSPOT" -q init "$T/b"
python3 tests/terminal.py --rows 24 --columns 80 --until 'blindspot add FILE' --int-after 2 \
        --then "env -u BLINDSPOT_CLOCK $BLINDSPOT -q -C $T/b add $T/w/links.txt 2>/dev/null" "$T/shown" \
    "$BLINDSPOT" -C "$T/b" --set api.base_url="$URL" --set page.base_url="$URL" --set page.short_url="$URL" status --watch
expect "--watch ends with 130 on SIGINT" 130 $?
tr -d '\r' <"$T/shown" >"$T/drawn"
expect_text "it is drawn at the upper left" "$T/drawn" "$(printf '\033')\[Hempty +there is no item"
expect_text "and drawn again when the audit has changed" "$T/drawn" '^.{0,3}provisional +[0-9]+ of [0-9]+ items are open|items are open'
expect "each drawing is of 23 lines at most" "" \
    "$(awk 'BEGIN { RS = "\033\\[H" } { n = gsub(/\n/, "\n"); if (n > 23) print n " lines" }' "$T/drawn")"
expect "nothing on stderr but what is drawn" "" "$(grep -a '^blindspot:' "$T/drawn")"
python3 tests/terminal.py --rows 10 --columns 40 --until 'public posts' --int-after 0 "$T/shown" \
    "$BLINDSPOT" -C "$T/a" --set api.base_url="$URL" --set page.base_url="$URL" --set page.short_url="$URL" status --watch
expect "a small terminal: 130 as well" 130 $?
expect "a small terminal: nothing scrolls" "" "$(tr -d '\r' <"$T/shown" | sed "s/$(printf '\033')\[[HKJ]//g" | awk 'length > 40 { print } END { if (NR > 10) print NR " lines" }')"
stop_standin
expect_no_leak "key, secret and token stand in no file"
