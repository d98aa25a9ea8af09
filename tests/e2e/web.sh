#!/bin/sh
# The site as it is today: it shows a plain client its challenge, at times or always, it has enough
# after so many pages of a day, or its pages cannot be had at all. What an audit makes of each is
# held against the truth.
#   WEB=whole    every world by browser, one of them of 3,000 items (make browser)
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite web
find_browser
short_tmp

left() { find "$S" -maxdepth 1 -name 'blindspot-b-*' 2>/dev/null | wc -l; }
pages() { awk -F '\t' -v what="$1" '$2 == "page" && (what == "" || $5 == what) { n++ } END { print n + 0 }' "$LOG"; }
# begin NAME ENGINE QUIRK...: a site and a state folder of its own; sets A, the audit.
begin() {
    A=$T/a.$1
    export XDG_STATE_HOME="$T/state.$1"
    SETS="--set page.engine=$2 --set page.browser=$CHROMIUM"
    shift 2
    for quirk; do shift; set -- "$@" --quirk "$quirk"; done
    rm -f "$W/clock"
    start_standin "$W" --page-kb 80 --quirk "swallow_dead 0" "$@"
}
# done_as_true NAME: the audit ends, and every verdict is what the world says.
done_as_true() {
    begun=$(date +%s)
    expect_done "$1: the audit ends" "$A" "$W/all.txt"
    took=$(($(date +%s) - begun))
    compare_truth "$W" "$A" >"$T/diff"
    expect_empty "$1: every verdict equals the truth" "$T/diff"
    echo "# $1: $(pages '') pages, $(pages challenge) challenges, $DAYS days, $took s"
}
# Posts read by an engine; the pages of others never answer.
read_by() { csv "$A/report/labels.csv" page_outcome page_engine | awk -F '\t' -v e="$1" '$1 ~ /public|refused/ && $2 == e { n++ } END { print n + 0 }'; }

# ---- a site that has enough of us ----
# enough NAME N DAYS: the first run of an audit whose site blocks all pages of a day after the
# Nth, and which takes so many days more at least.
enough() {
    quiet "$A" audit "$W/all.txt"
    expect "$1: unfinished" 3 $?
    expect_text "$1: the site is to blame" "$T/err" 'the site blocks us'
    expect_text "$1: and it says when to come back" "$T/err" 'run it again from 20[0-9-]+T'
    enough_in_vain=$(($(pages '') - $2))
    if [ $enough_in_vain -le 40 ]; then ok "$1: the reading ends early"; else not_ok "$1: the reading ends early" "$enough_in_vain pages after the block"; fi
    quiet "$A" report
    # Its answers, but for codes that no label rests on: of pages read and of labels.
    awk -F '\t' '$2 == "page" && ($5 == "public" || ($5 == "refused" && $6 != 10101 && $6 != 10298)) { print $4 }' "$LOG" | sort -u >"$T/answered"
    csv "$A/report/labels.csv" id page_outcome | awk -F '\t' '$2 ~ /public|refused/ { print $1 }' | sort >"$T/kept"
    comm -23 "$T/answered" "$T/kept" >"$T/diff"
    expect_empty "$1: no page that was read is lost" "$T/diff"
    awk -F '\t' '($2 == "page" && $5 != "enough" && $5 != "challenge") || ($2 == "embed" && $5 ~ /^(public|refused|no_post)$/) { print $4 }' "$LOG" | sort -u >"$T/answered"
    csv "$A/report/labels.csv" id label | awk -F '\t' '$2 != "" { print $1 }' | sort >"$T/labelled"
    comm -23 "$T/labelled" "$T/answered" >"$T/diff"
    expect_empty "$1: no label rests on a block" "$T/diff"
    move_clock +86400
    done_as_true "$1"
    if [ "$DAYS" -ge "$3" ]; then ok "$1: over $3 days at least"; else not_ok "$1: over $3 days at least" "$DAYS"; fi
    stop_standin
}
W=$T/w; make_world "$W" 68 120
begin enough http "block_after 40 403"
enough enough 40 1
begin captcha http "block_after 40 200"
# Nobody else is asked of them, so that the pages take their days.
SETS="$SETS --set page.witnesses=page,oembed"
enough "enough, by a captcha" 40 2

# ---- a challenge to one visit of two ----
begin half http "challenge 0.5" "spare_solved 5"
done_as_true "half, plain"
expect "half, plain: by plain HTTP alone" 0 "$(read_by browser)"
stop_standin

# ---- no page can be had: the embed pages and oEmbed alone ----
# alone NAME QUIRK...: every state is the truth; of a label what these two can tell, else unknown.
alone() {
    alone_name=$1; shift
    begin "alone.${alone_name##* }" http "challenge 1" "$@"
    SETS="$SETS --set page.witnesses=embed,oembed"
    expect_done "$alone_name: the audit ends" "$A" "$W/all.txt"
    expect "$alone_name: no page is asked for" 0 "$(pages '')"
    compare_truth "$W" "$A" >"$T/others"
    awk -F '\t' '{ split($2, want, "|"); split($3, got, "|"); if (want[1] != got[1]) print }' "$T/others" >"$T/diff"
    expect_empty "$alone_name: every state equals the truth" "$T/diff"
    expect "$alone_name: no refusal is called deleted or private" 0 "$(count "$A" label 'deleted|private')"
    awk -F '\t' '{ split($3, got, "|"); if (got[2] != "unknown") print }' "$T/others" >"$T/diff"
    expect_empty "$alone_name: a label that needs the page itself is unknown" "$T/diff"
    csv "$A/report/labels.csv" id label rule page_witness >"$T/rules"
    awk -F '\t' 'NR == FNR { other[$1]; next } ($1 in other || $2 == "unknown") && ($3 !~ /embed/ || $4 != "embed")' "$T/others" "$T/rules" >"$T/diff"
    expect_empty "$alone_name: and its rule names the embed page" "$T/diff"
    awk -F '\t' '$2 != "" && $4 != "embed"' "$T/rules" >"$T/diff"
    expect_empty "$alone_name: every label says that it rests on the embed page" "$T/diff"
    echo "# $alone_name: $(wc -l <"$T/others") labels differ, $(awk -F '\t' '$2 == "embed"' "$LOG" | wc -l) embed pages, $DAYS days"
}
W=$T/alone; make_world "$W" 71 400
alone alone "embed_gated 0"
for reason in branded item_deleted; do
    one=$(awk -F '\t' -v reason="$reason" '$2 ~ reason { print $1; exit }' "$T/others")
    quiet "$A" explain "$one"
    expect_text "alone: explain says so of a post that is $reason" "$T/out" 'rests on the embed page alone'
done
stop_standin
alone "alone, and it stumbles" "embed_overload 0.1" "embed_shell 0.05" "embed_404 0.02" "embed_moved 0.02" "embed_changed 0.02"
stop_standin
# Nothing but overload: the run ends with the time, and says nothing of any post.
begin alone.none http "challenge 1" "embed_overload 1"
SETS="$SETS --set page.witnesses=embed"
quiet "$A" audit "$W/all.txt"
expect "an overload without end: unfinished" 3 $?
expect_text "an overload without end: and it says when to come back" "$T/err" 'run it again from 20[0-9-]+T'
quiet "$A" report
expect "an overload without end: no post has a label" 0 "$(csv "$A/report/labels.csv" label | grep -c .)"
stop_standin

# ---- by browser ----
if [ -z "$CHROMIUM" ]; then
    skip "a site of challenges, by browser" "not installed (make deps): chromium"
    exit 0
fi
W=$T/small; make_world "$W" 69 40
begin both auto "challenge 0.5" "spare_solved 3" "block_after 25 403"
enough "half, and enough" 25 2
if [ "$(read_by browser)" -ge 3 ] && [ "$(read_by http)" -ge 3 ]; then ok "half: each engine reads its part"; else
    not_ok "half: each engine reads its part" "$(read_by browser) by browser, $(read_by http) by plain HTTP"; fi
expect "half: no folder is left" 0 "$(left)"
[ "${WEB:-}" = whole ] || { expect_no_leak "key, secret and token stand in no file"; exit 0; }

for share in 0 1; do
    begin "auto.$share" auto "challenge $share" "spare_solved 5"
    done_as_true "auto, challenges $share"
    if [ $share -eq 0 ]; then expect "auto, no challenge: no page by browser" 0 "$(read_by browser)"; else
        expect "auto, challenges alone: all by browser" 0 "$(read_by http)"; fi
    stop_standin
done
# The site lets a browser pass by its name, and shows others the login, its shell or nothing.
for fault in login_wall stripped; do
    begin "$fault" browser "$fault 1" "spare_agent Chrome"
    done_as_true "$fault to all but browsers"
    stop_standin
done
begin spent browser "challenge 1" "spare_solved 5" "block_after 25 403"
enough "challenges alone, and enough" 25 2
W=$T/great; make_world "$W" 67 3000
begin great browser "challenge 1" "spare_solved 5"
done_as_true "3,000 items, every page a challenge"
most=$((took / 5 + 3 * DAYS))
if [ "$(pages challenge)" -le $most ]; then ok "3,000 items: a challenge is solved once in its cookie's life"; else
    not_ok "3,000 items: a challenge is solved once in its cookie's life" "$(pages challenge) in $took s, expected at most $most"; fi
expect "3,000 items: by browser alone" 0 "$(read_by http)"
expect "3,000 items: no folder is left" 0 "$(left)"
stop_standin
alone "alone, 3000"
stop_standin
expect_no_leak "key, secret and token stand in no file"
