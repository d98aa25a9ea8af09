#!/bin/sh
# Posts whose page is always a block while all others are read: after page.attempts days they
# are unobserved, the audit ends, and every other verdict is the truth. No run pauses for them.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite blocked_posts
make_world "$T/w" 43 300

# The pages that the stand-in blocked, and what the audit makes of their items.
blocked_ids() { awk -F '\t' '$2 == "page" && $5 == "blocked_post" { print $4 }' "$LOG" | sort -u; }

# posts NAME CODE SHARE
posts() {
    rm -f "$T/w/clock"
    export XDG_STATE_HOME="$T/state.$1"
    start_standin "$T/w" --quirk "swallow_dead 0" --quirk "block_posts $3 $2"
    expect_done "$1: the audit ends" "$T/a.$1" "$T/w/all.txt"
    if grep -q 'the site blocks us' "$ERRLOG"; then not_ok "$1: no run takes the site to block"; else ok "$1: no run takes the site to block"; fi
    if [ "$DAYS" -le 7 ]; then ok "$1: after page.attempts days"; else not_ok "$1: after page.attempts days" "$DAYS days"; fi
    expect_text "$1: and says what became of them" "$T/err" 'gave no answer'
    blocked_ids >"$T/blocked"
    if [ -s "$T/blocked" ]; then ok "$1: some posts are blocked"; else not_ok "$1: some posts are blocked"; fi
    csv "$T/a.$1/report/labels.csv" id state reason | awk -F '\t' '$3 == "unobserved" { print $1 }' | sort >"$T/unobserved"
    csv "$T/w/truth.csv" id state reason | awk -F '\t' '$3 == "unobserved" { print $1 }' | sort >"$T/never"
    comm -23 "$T/unobserved" "$T/never" >"$T/now"
    comm -23 "$T/now" "$T/blocked" >"$T/diff"
    expect_empty "$1: only they are unobserved" "$T/diff"
    compare_truth "$T/w" "$T/a.$1" | awk -F '\t' 'NR == FNR { b[$1]; next } !($1 in b)' "$T/blocked" - >"$T/diff"
    expect_empty "$1: every other verdict equals the truth" "$T/diff"
    most=$(awk -F '\t' '$2 == "page" && $5 == "blocked_post" { n[$4]++ } END { for (i in n) if (n[i] > m) m = n[i]; print m + 0 }' "$LOG")
    if [ "$most" -le 20 ]; then ok "$1: none is read more than 3 times a day"; else not_ok "$1: none is read more than 3 times a day" "$most reads"; fi
    one=$(sed 1q "$T/now")
    if [ -n "$one" ]; then
        quiet "$T/a.$1" explain "$one"
        expect_text "$1: explain says why" "$T/out" 'blocked_alone'
    fi
    quiet "$T/a.$1" scrape --replay
    expect_text "$1: a replay keeps to it" "$T/err" ' 0 pages are read differently'
    quiet "$T/a.$1" audit
    expect "$1: and to its end" 0 $?
    stop_standin
}
posts forbidden 403 0.06
posts captcha 200 0.06
posts region 451 0.06

# No post's page is shown, and nobody else is asked: the run ends, on a day of its own each time.
SETS="--set page.witnesses=page,oembed"
export XDG_STATE_HOME="$T/state.site"
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0" --quirk "block_posts 1 403"
quiet "$T/a.site" audit "$T/w/all.txt"
expect "all posts blocked: unfinished" 3 $?
expect_text "and the site is to blame" "$T/err" 'the site blocks us'
for day in 1 2 3 4 5 6 7; do
    move_clock +86400
    quiet "$T/a.site" audit
done
expect "$day days later still unfinished" 3 $?
quiet "$T/a.site" --set page.pause_ms=1 scrape
expect_text "page.pause_ms is the first pause" "$T/err" 'waiting 1 s'
stop_standin
expect_no_leak "key, secret and token stand in no file"
