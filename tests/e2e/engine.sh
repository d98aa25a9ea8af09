#!/bin/sh
# Pages read by a browser, in real Chromium: a site that shows a plain client nothing but its
# challenge, and every fault that a page or the browser can have. What is read is the truth, what is
# kept can be read again, and nothing is left behind.
set -u
cd "$(dirname "$0")/../.." || exit 1
. tests/lib.sh
suite engine
find_browser
short_tmp

# site LIFE [ID FAULT]...: a front of the stand-in, whose pages misbehave; sets FRONT and SEEN.
site() {
    site_life=$1; shift
    SEEN=$T/seen; rm -f "$T/front.port" "$SEEN"; : >"$SEEN"
    python3 tests/e2e/engine.py "$T/front.port" "$SEEN" "${URL##*:}" "$site_life" "$@" 2>"$T/front.err" &
    FRONT_PID=$!
    pids="$pids $FRONT_PID"
    for _ in $(seq 200); do [ -s "$T/front.port" ] && break; sleep 0.05; done
    FRONT=http://127.0.0.1:$(cat "$T/front.port")
}
close_site() { signal TERM "$FRONT_PID"; wait "$FRONT_PID" 2>/dev/null; }
# walled SECONDS: a stand-in that shows its pages to who solved its challenge, for some seconds.
walled() {
    start_standin "$T/w" --quirk "swallow_dead 0" --quirk "challenge 1" --quirk "spare_solved $1"
    FRONT=$URL
}
logged() { awk -F '\t' -v kind="$1" -v what="${2:-}" '$2 == kind && (what == "" || $5 == what) { n++ } END { print n + 0 }' "$LOG"; }
seen() { awk -F '\t' -v what="$1" '$1 == what { n++ } END { print n + 0 }' "$SEEN"; }
use() { SETS="--set page.base_url=$FRONT --set page.engine=$1 --set page.browser=$CHROMIUM --set net.timeout_s=${2:-30}"; }
left() { find "$S" -maxdepth 1 -name 'blindspot-b-*' 2>/dev/null | wc -l; }
running() { pgrep -fc "user-data-dir=$S" 2>/dev/null || true; }
# by ID: what the store has of its page: the answer, and why there is none.
by() { sqlite3 "$1/audit.db" "SELECT answer || coalesce(' ' || why, '') FROM v_answers WHERE id = $2 AND witness = 'page' ORDER BY request DESC LIMIT 1"; }

if ! command -v python3 >/dev/null 2>&1; then skip "pages by a browser" "not installed: python3"; exit 0; fi
make_world "$T/w" 61 44

# ---- no browser: one sentence, and plain HTTP ----
walled 30
use browser
SETS="$SETS --set page.browser=$T/no-such-browser"
quiet "$T/none" audit "$T/w/all.txt"
expect "no browser: the challenge stays one, and the run unfinished" 3 $?
expect "no browser: one sentence says so" 1 "$(grep -c 'pages are read without a browser: .*no-such-browser: there is no browser' "$T/err")"
expect_text "no browser: and the site blocks" "$T/err" 'the site blocks us'
stop_standin
if [ -z "$CHROMIUM" ]; then
    skip "pages by a browser" "not installed (make deps): chromium"
    exit 0
fi

# ---- every page a challenge to the plain client ----
# world NAME ENGINE LIFE: an audit to its end; equal to the truth.
world() {
    export XDG_STATE_HOME="$T/state.$1"
    rm -f "$T/w/clock"
    walled "$3"
    use "$2"
    begun=$(date +%s)
    expect_done "$1: the audit ends" "$T/a.$1" "$T/w/all.txt"
    took=$(($(date +%s) - begun))
    compare_truth "$T/w" "$T/a.$1" >"$T/diff"
    expect_empty "$1: every verdict equals the truth" "$T/diff"
    awk -F '\t' '$2 == "other"' "$LOG" >"$T/others"
    expect_empty "$1: nothing but pages was asked for" "$T/others"
    expect "$1: no folder is left" 0 "$(left)"
    expect "$1: and no process" 0 "$(running)"
    stop_standin
}
world browser browser 2
most=$((took / 2 + 2))
if [ "$(logged page challenge)" -le $most ] && [ "$(logged page challenge)" -ge 1 ]; then ok "browser: a challenge is solved once in its cookie's life"; else
    not_ok "browser: a challenge is solved once in its cookie's life" "$(logged page challenge) in $took s, expected 1 to $most"; fi
echo "# $(logged page) pages, $(logged page challenge) challenges, $took s"
quiet "$T/a.browser" verify
expect "browser: verify finds nothing wrong" 0 $?
quiet "$T/a.browser" scrape --replay
expect_text "browser: a replay reads the same" "$T/err" ' 0 pages are read differently'
one=$(csv "$T/a.browser/report/labels.csv" id page_outcome | awk -F '\t' '$2 == "public" { print $1; exit }')
quiet "$T/a.browser" explain "$one"
expect_text "browser: explain names it" "$T/out" 'page: public, by a browser'
engines=$(csv "$T/a.browser/report/labels.csv" page_outcome page_engine | awk -F '\t' '$1 ~ /public|refused/ { print $2 }' | sort -u)
expect "browser: labels.csv says so of every page" browser "$engines"
quiet "$T/a.browser" status --all
expect_text "browser: status counts by engine" "$T/out" '^pages of the last run: .*by browser [0-9]+'
expect "browser: and so does the report" yes "$(jq -r 'if [.. | objects | select(.kind? == "page_engine" and .name? == "by browser")] | length == 1 then "yes" else "no" end' "$T/a.browser/report/summary.json")"
zcat "$T/a.browser"/evidence/*.warc.gz >"$T/warc" 2>/dev/null
expect_text "browser: the archive says by what it was read" "$T/warc" '^software: .*Chrome/[0-9.]+'
expect_text "browser: and that the scripts of pages were withheld" "$T/warc" '^scripts: withheld'
expect_text "browser: and that a challenge was let run" "$T/warc" '^scripts: run, to solve the challenge'
expect_text "browser: the challenge's page is kept too" "$T/warc" '_wafchallengeid'
# Of what was shown to its renderer: whether it came whole is told there alone.
awk '/^engine: browser/ { wire = 0 } /^wire-bytes: [0-9]/ { wire = 1 } /^scripts: withheld/ && !wire { n++ } END { print n + 0 }' "$T/warc" >"$T/unheard"
expect "browser: the end of every page was heard" 0 "$(cat "$T/unheard")"
expect "browser: no cookie is" 0 "$(grep -ciE '^(set-)?cookie:' "$T/warc")"

# ---- four tabs, and a site that is slow to answer: all of them are under way when the cookie ends ----
export XDG_STATE_HOME="$T/state.tabs"
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0"
export LATENCY=0.3; site 2; unset LATENCY
use browser
SETS="$SETS --set page.tabs=4 --set page.concurrency=4"
quiet "$T/a.tabs" audit "$T/w/all.txt"
echo "# four tabs: $(seen page) pages, $(seen challenge) challenges, $(seen needless) of them while the one before was solved"
if [ "$(seen challenge)" -ge 2 ]; then ok "four tabs: the cookie ends"; else not_ok "four tabs: the cookie ends" "$(seen challenge) challenges"; fi
if [ "$(seen needless)" -le 1 ]; then ok "four tabs: one of them meets its end"; else not_ok "four tabs: one of them meets its end" "$(seen needless) needless ones"; fi
stop_standin; close_site

# ---- what is read is the document that was asked for: no frame of it, nothing that a challenge leads to ----
export XDG_STATE_HOME="$T/state.asked"
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0"
csv "$T/w/truth.csv" id state | awk -F '\t' '$2 == "retrieved" { print $1 }' >"$T/public"
site 0 "$(sed -n 1p "$T/public")" framed "$(sed -n 2p "$T/public")" leads "$(sed -n 3p "$T/public")" forged
use browser
quiet "$T/a.asked" audit "$T/w/all.txt"
expect "asked: the challenge's frame is not its page" public "$(by "$T/a.asked" "$(sed -n 1p "$T/public")")"
expect "asked: a challenge that leads elsewhere gives no answer" "no_answer transport" "$(by "$T/a.asked" "$(sed -n 2p "$T/public")")"
expect "asked: and nobody went there" 0 "$(grep -cE '/(login|framed)$' "$SEEN")"
zcat "$T/a.asked"/evidence/*.warc.gz | tr -d '\r' >"$T/warc" 2>/dev/null
expect "asked: a site cannot say what the browser took off" 0 "$(grep -ciE '^x-orig-content-(encoding: br|length: 7)$' "$T/warc")"
expect "asked: what it said so is kept under another name" 2 "$(grep -ciE '^x-orig-x-orig-content-(encoding: br|length: 7)$' "$T/warc")"
quiet "$T/a.asked" scrape --replay
expect_text "asked: a replay reads the same" "$T/err" ' 0 pages are read differently'
stop_standin; close_site

# ---- stopped, and the browser with it, as by a service manager that ends all of a unit at once ----
export XDG_STATE_HOME="$T/state.unit"
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0"
FRONT=$URL
use browser
bs_start "$T/a.unit" audit "$T/w/all.txt"
for _ in $(seq 1200); do [ "$(logged page)" -lt 12 ] || break; sleep 0.05; done
signal TERM "$BS_PID"
pgrep -f "user-data-dir=$S" | xargs -r kill -KILL
wait "$BS_PID"
expect "stopped with its browser: exit code" 130 $?
given=$(awk -F '\t' '$2 == "page" && $5 ~ /public|refused/ { print $4 }' "$LOG" | sort -u | wc -l)
kept=$(sqlite3 "$T/a.unit/audit.db" "SELECT count(DISTINCT id) FROM v_answers WHERE witness = 'page' AND answer IN ('public', 'refused')")
if [ "$kept" -ge $((given - 1)) ]; then ok "stopped with its browser: what came in is kept"; else not_ok "stopped with its browser: what came in is kept" "$kept of $given"; fi
stop_standin

# ---- a browser that does not come up: at first, and not while the run is stopped ----
export XDG_STATE_HOME="$T/state.late"
rm -f "$T/w/clock"
walled 30
mkdir -p "$T/late"
# Its name says which one it is.
late=$T/late/$(basename "$CHROMIUM")
printf '#!/bin/sh\n[ -e "%s" ] || { : >"%s"; exit 1; }\nexec "%s" "$@"\n' "$late.tried" "$late.tried" "$CHROMIUM" >"$late"
chmod 755 "$late"
use browser
SETS="$SETS --set page.browser=$late"
quiet "$T/a.late" audit "$T/w/all.txt"
expect "up at the second try: pages are read by it" yes "$([ "$(logged page public)" -ge 10 ] && echo yes)"
expect "up at the second try: and nobody says that there is none" 0 "$(grep -c 'without a browser' "$T/err")"
stop_standin
export XDG_STATE_HOME="$T/state.hangs"
rm -f "$T/w/clock"
walled 30
SETS="$SETS --set page.base_url=$FRONT"
printf '#!/bin/sh\n: >"%s"\nexec sleep 60\n' "$late.began" >"$late"
bs_start "$T/a.hangs" audit "$T/w/all.txt"
for _ in $(seq 600); do [ -e "$late.began" ] && break; sleep 0.05; done
sleep 0.5
signal TERM "$BS_PID"
wait "$BS_PID"
expect "stopped while it comes up: exit code" 130 $?
expect "stopped while it comes up: no page is asked for by plain HTTP" 0 "$(logged page)"
stop_standin

# ---- auto: plain ones come first, three in a row and what was under way beside them; then all
# pages begin in one browser, those that are tried again in a later turn too ----
export XDG_STATE_HOME="$T/state.turns"
rm -f "$T/w/clock"
mkdir -p "$T/counts"
counts=$T/counts/$(basename "$CHROMIUM")
printf '#!/bin/sh\necho >>"%s"\nexec "%s" "$@"\n' "$counts.starts" "$CHROMIUM" >"$counts"
chmod 755 "$counts"
walled 30
use auto
SETS="$SETS --set page.browser=$counts"
begun=$(date +%s)
quiet "$T/a.turns" audit "$T/w/all.txt"
most=$((3 + 3 + 1 + ($(date +%s) - begun) / 30))
expect "auto: a page without its data is tried in each turn" yes "$([ "$(logged page stripped)" -ge 4 ] && echo yes)"
expect "auto: one browser reads all turns of a run" 1 "$(wc -l <"$counts.starts")"
if [ "$(logged page challenge)" -ge 4 ] && [ "$(logged page challenge)" -le $most ]; then ok "auto: a later turn begins in the browser"; else
    not_ok "auto: a later turn begins in the browser" "$(logged page challenge) challenges, expected 4 to $most"; fi
stop_standin

# The rest takes minutes: `make browser` runs it.
[ "${ENGINE:-}" = whole ] || exit 0

# One in each life of the cookie, and one at the start of each browser, one a pass.
world auto auto 30
most=$((8 * DAYS + took / 30))
if [ "$(logged page challenge)" -ge 3 ] && [ "$(logged page challenge)" -le $most ]; then ok "auto: after three in a row pages begin in the browser"; else
    not_ok "auto: after three in a row pages begin in the browser" "$(logged page challenge) challenges in $DAYS runs, expected 3 to $most"; fi

# ---- every fault ----
export XDG_STATE_HOME="$T/state.faults"
rm -f "$T/w/clock"
start_standin "$T/w" --quirk "swallow_dead 0"
csv "$T/w/truth.csv" id state label | awk -F '\t' '$2 == "retrieved" { print $1 } $3 == "ad" { ads = ads $1 "\n" } END { printf "%s", ads }' >"$T/public"
faults="silent drip endless_script redirect 204 nothing short short_chunk bad_gzip download no_end gzip chunked captcha hopeless windows crash bomb cut_gzip_20 cut_gzip_95"
set --
n=0
for fault in $faults; do
    n=$((n + 1))
    set -- "$@" "$(sed -n "${n}p" "$T/public")" "$fault"
done
site 600 "$@"
use browser 8
SETS="$SETS --set page.tabs=2 --set page.blocks=1000 --set page.unread=1000 --set page.attempts=1"
quiet "$T/a.faults" audit "$T/w/all.txt"
expect "faults: unfinished, for some pages gave no answer" 3 $?
n=0
# fault NAME WANT: what the answer of its page is; "a|b" either of them. Of a challenge and a captcha
# of one post alone, while others are read, the run says so.
fault() {
    for nth in $faults; do n=$((n + 1)); [ "$nth" = "$1" ] && break; done
    got=$(by "$T/a.faults" "$(sed -n "${n}p" "$T/public")")
    n=0
    case "|$2|" in *"|$got|"*) ok "fault $1: $got" ;; *) not_ok "fault $1" "expected: $2" "     got: $got" ;; esac
}
fault silent 'no_answer timeout'
fault drip 'no_answer timeout'
fault endless_script 'no_answer timeout'
fault redirect 'no_answer login_wall'
fault 204 'no_answer empty'
fault nothing 'no_answer empty'
fault short 'no_answer transport'
fault short_chunk 'no_answer transport|no_answer not_json'    # the latter where the machine is too busy to say so in time
fault bad_gzip 'no_answer transport'
fault download 'no_answer unknown_shape'
fault no_end 'no_answer too_large|no_answer timeout'
fault gzip public
fault chunked public
fault captcha 'no_answer captcha|no_answer blocked_alone'
fault hopeless 'no_answer challenge|no_answer blocked_alone'
fault windows public
fault crash public
fault bomb 'no_answer too_large|no_answer timeout'
# A gzip that ends early under a right length no browser tells: what came whole of its data is read.
for part in 20 95; do fault cut_gzip_$part 'no_answer not_json|no_answer unknown_shape|no_answer timeout|public'; done
hopeless=$(seen hopeless)
expect "faults: a hopeless challenge is met three times a try" 0 $((hopeless % 3))
expect "faults: no window was opened, no image, no XHR asked for" 0 "$(grep -cE '/(window|xhr|image)$' "$SEEN")"
other=$(sqlite3 "$T/a.faults/audit.db" "SELECT count(DISTINCT id) FROM v_answers WHERE witness = 'page' AND answer IN ('public', 'refused')")
if [ "$other" -ge 24 ]; then ok "faults: the other pages are read"; else not_ok "faults: the other pages are read" "$other of 44"; fi
expect "faults: no folder is left" 0 "$(left)"
expect "faults: and no process" 0 "$(running)"

# ---- the browser stopped, again and again ----
browsers() { pgrep -f "user-data-dir=$S" 2>/dev/null; }
wait_browser() { for _ in $(seq 400); do [ -n "$(browsers)" ] && return; sleep 0.05; done; }
rm -f "$T/w/clock"; stop_standin; close_site
export XDG_STATE_HOME="$T/state.stopped"
start_standin "$T/w" --quirk "swallow_dead 0"
site 600
use browser 8
bs_start "$T/a.stopped" audit "$T/w/all.txt"
while is_ours "$BS_PID"; do browsers | xargs -r kill -STOP 2>/dev/null; sleep 0.5; done
wait "$BS_PID"
expect "stopped four times: the run ends with exit code 3" 3 $?
expect_text "stopped four times: and says why" "$T/err" 'the browser (ended 4 times in a row|does not answer)'
expect "stopped four times: no label comes of it" 0 "$(sqlite3 "$T/a.stopped/audit.db" "SELECT count(*) FROM v_answers WHERE witness = 'page' AND answer IN ('public', 'refused')")"
expect "stopped four times: no folder is left" 0 "$(left)"
expect "stopped four times: and no process" 0 "$(running)"
expect_done "stopped no more: the audit ends" "$T/a.stopped"
compare_truth "$T/w" "$T/a.stopped" >"$T/diff"
expect_empty "stopped no more: every verdict equals the truth" "$T/diff"
stop_standin; close_site
