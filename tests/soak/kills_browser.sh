#!/bin/sh
# tests/soak/kills_browser.sh: while pages are read by a browser, KILLS times (100) the browser and
# KILLS times the program itself is killed (kill -9), each time at another moment: the verdicts equal
# the truth, and neither a process nor a folder is left. A moment is so many pages after the kill
# before, and a while: one in four comes while the browser starts, and none so fast that no page
# could be read in its days. An audit that has ended is followed by a new one, until there were that
# many kills that hit. KILLED=browser or program: that part alone.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite kills_browser
KILLS=${KILLS:-100}
find_browser
short_tmp
command -v pgrep >/dev/null 2>&1 || { skip "a browser killed" "not installed: pgrep"; exit 0; }
[ -n "$CHROMIUM" ] || { skip "a browser killed" "not installed (make deps): chromium"; exit 0; }

browsers() { pgrep -f "user-data-dir=$S" 2>/dev/null; }
left() { find "$S" -maxdepth 1 -name 'blindspot-b-*' 2>/dev/null | wc -l; }
# The head of its group: what a user would see as the browser.
head_of() { browsers | while read -r pid; do [ "$(ps -o pgid= -p "$pid" 2>/dev/null | tr -d ' ')" != "$pid" ] || echo "$pid"; done | sed 1q; }
# The browser is there: 0; the run ended without one: 1.
wait_browser() {
    while is_ours "$BS_PID"; do
        [ -z "$(head_of)" ] || return 0
        sleep 0.02
    done
    return 1
}
# hit WHAT: kills it, and says whether it was there to be killed.
hit() {
    if [ "$1" = program ]; then signal KILL "$BS_PID"; return; fi
    victim=$(head_of)
    [ -n "$victim" ] && kill -KILL "$victim" 2>/dev/null
}
pages() { awk -F '\t' '$2 == "page" && $5 != "challenge" { n++ } END { print n + 0 }' "$LOG" 2>/dev/null || echo 0; }
# moment NTH: it has come: 0; the run ended before: 1.
moment() {
    until_pages=$(($(pages) + $1 % 4))
    while [ "$(pages)" -lt $until_pages ]; do
        is_ours "$BS_PID" || return 1
        sleep 0.05
    done
    sleep "$(awk -v n="$1" 'BEGIN { printf "%.2f", (n * 0.377) % 1.5 }')"
}
# Nothing of a run that is over may be there ten seconds later.
expect_nothing() {
    for _ in $(seq 100); do [ -z "$(browsers)" ] && [ "$(left)" -eq 0 ] && return; sleep 0.1; done
    not_ok "$1: nothing is left" "$(left) folders; processes: $(browsers | tr '\n' ' ')"
}
# begin NTH: a site of challenges, and an audit that knows nothing yet.
begin() {
    A=$T/a
    rm -rf "$A" "$T/state"; rm -f "$T/w/clock"
    export XDG_STATE_HOME="$T/state"
    start_standin "$T/w" --quirk "swallow_dead 0" --quirk "challenge 1" --quirk "spare_solved 2"
    SETS="--set page.engine=browser --set page.browser=$CHROMIUM --set page.tabs=$((1 + $1 % 2))"
}
make_world "$T/w" 61 44
for what in ${KILLED:-browser program}; do
    audits=0; kills=0; runs=0
    begin $audits
    while [ $kills -lt "$KILLS" ] && [ $runs -lt $((KILLS * 3 + 20)) ]; do
        runs=$((runs + 1))
        bs_start "$A" audit "$T/w/all.txt"
        # The program survives its browser: in one run it is killed again and again.
        while wait_browser && [ $kills -lt "$KILLS" ] && moment $kills; do
            hit $what && kills=$((kills + 1))
            [ $what = browser ] || break
        done
        wait "$BS_PID" 2>/dev/null
        rc=$?
        expect_nothing "$what killed, run $runs"
        case $rc in
        137) continue ;;
        3) move_clock +86400; continue ;;
        0) ;;
        *) not_ok "$what killed, run $runs: exit code $rc" "$(tail -n 4 "$T/err")"; break ;;
        esac
        audits=$((audits + 1))
        compare_truth "$T/w" "$A" >"$T/diff"
        expect_empty "$what killed, audit $audits: every verdict equals the truth" "$T/diff"
        stop_standin
        begin $audits
    done
    expect "$what killed" "$KILLS times" "$kills times"
    expect_done "$what killed: the last audit ends" "$A" "$T/w/all.txt"
    compare_truth "$T/w" "$A" >"$T/diff"
    expect_empty "$what killed: and equals the truth" "$T/diff"
    expect_nothing "$what killed"
    echo "# $what: $kills kills in $runs runs of $((audits + 1)) audits"
    stop_standin
done
