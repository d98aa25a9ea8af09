#!/bin/sh
# A site whose pages show no post at all, in each way that is known: nothing is called
# deleted or private, the run ends by itself and says why and when to come back,
# and no post has used up a try. What its embed pages show meanwhile is the truth, and no more.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite blocked

make_world "$T/w" 41 400
ALONE="--set page.witnesses=page,oembed"

# without_pages NAME: nothing rests on a page; without embed pages, or where they are blocked too,
# nothing is missing, and with them no more than in truth.
without_pages() {
    expect "$1: nothing rests on a page" 0 "$(count "$A" page_witness page)"
    if [ -n "$SETS" ] || [ "$1" = block_all ]; then
        expect "$1: none is missing at all" 0 "$(count "$A" state missing)"
        return
    fi
    csv "$A/report/labels.csv" id state label | awk -F '\t' '$2 == "missing" { print $1 "\t" $3 }' | sort >"$T/missing"
    csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "missing" { print $1 }' | sort >"$T/true"
    cut -f 1 "$T/missing" | comm -23 - "$T/true" >"$T/diff"
    expect_empty "$1: what is missing is so in truth" "$T/diff"
    expect "$1: for a reason that nobody saw" unknown "$(cut -f 2 "$T/missing" | sort -u)"
}

# blocked NAME QUIRK SENTENCE
blocked() {
    rm -f "$T/w/clock"
    export XDG_STATE_HOME="$T/state.$1"
    A=$T/a.$1
    start_standin "$T/w" --quirk "swallow_dead 0" --quirk "$2"
    quiet "$A" audit "$T/w/all.txt"
    expect "$2: unfinished" 3 $?
    expect_text "$2: a sentence says why" "$T/err" "$3"
    expect_text "$2: and when to come back" "$T/err" 'run it again from 20'
    expect "$2: no other page was read, and no sentence says so" 0 "$(grep -c 'while others were read' "$T/err")"
    quiet "$T/a.$1" report
    expect "$2: no item is called deleted or private" 0 "$(count "$T/a.$1" label 'deleted|private')"
    without_pages "$2"
    pages=$(awk -F '\t' '$2 == "page" { n++ } END { print n + 0 }' "$LOG")
    if [ "$pages" -le 60 ]; then ok "$2: the reading ends early"; else
        not_ok "$2: the reading ends early" "$pages pages were asked for"; fi
    # Later runs meet the same wall; no item is given up by it.
    for hour in 1 2 3 4 5 6; do
        move_clock +7300
        quiet "$T/a.$1" scrape
    done
    expect "$2: $hour runs later still unfinished" 3 $?
    quiet "$T/a.$1" status --all
    if grep -q '^given up' "$T/out"; then not_ok "$2: no item is given up" "$(grep '^given up' "$T/out")"; else
        ok "$2: no item is given up"; fi
    stop_standin
}

SETS=
blocked all 'block_all' 'the site blocks us'
blocked challenge 'challenge 1' 'the site blocks us'
blocked region 'page_451 1' 'the site blocks us'
blocked stripped 'stripped 1' 'pages changed: 0 of the last [0-9]+ had a known shape .*see evidence .*warc.gz:[0-9]+'
blocked code 'page_code 1 77001' 'pages changed: [0-9]+ of the last [0-9]+ carry status code 77001, which is not known.*see evidence'
blocked login 'login_wall 1' 'the site asks for a login'
SETS=$ALONE
blocked captcha 'captcha 1' 'the site blocks us'
blocked later 'page_429 1' 'the site blocks us'
blocked empty 'empty_body 1' 'the site blocks us: the last [0-9]+ pages were empty'
blocked down 'page_5xx 1' 'the site fails|the site asks us to come back later'
SETS=

start_standin "$T/w" --quirk "swallow_dead 0"
for name in stripped code login; do
    export XDG_STATE_HOME="$T/state.$name"
    expect_done "$name: when the site answers again, the audit ends" "$T/a.$name"
    compare_truth "$T/w" "$T/a.$name" >"$T/diff"
    expect_empty "$name: and its verdicts equal the truth" "$T/diff"
    quiet "$T/a.$name" status --all
    expect_text "$name: status tells what the pages gave" "$T/out" '^pages of the last run: rehydration [0-9]+'
done
stop_standin
# That the site had changed stands in no page's own bytes; a replay keeps to it.
quiet "$T/a.code" scrape --replay
expect_text "code: its replay reads every page as before" "$T/err" ' 0 pages are read differently'
compare_truth "$T/w" "$T/a.code" >"$T/diff"
expect_empty "code: and comes to the same verdicts" "$T/diff"
expect_no_leak "key, secret and token stand in no file"
